"""The command `config`: what holds for a check, and where it comes from."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import click

from archive_check import configuration, options, output, spoken
from archive_check.configuration import Configuration
from archive_check.reports.words import flat
from archive_check.saying import Lang
from archive_check.texts import tell

SCHEMA = "archive-check/config/1"
Row = tuple[str, object, str]
"""A setting, its value, and where that comes from: a word of `config.from-*` or a path."""


@click.command(cls=spoken.SpokenCommand)
@options.choice("--format", "text", "json", default="text")
@options.fail_on
@options.fail_on_unchecked
@options.baseline
@options.rule_names("--select")
@options.rule_names("--ignore")
@options.severity
@options.engine
@options.reading
@click.pass_context
def config(context: click.Context, /, format: str, **given: Any) -> None:
    found: Configuration = context.meta[options.CONFIGURATION]
    lang: Lang = context.find_root().obj
    rows = list(_rows(context, found, given, lang))
    if format == "json":
        _print_json(rows, found)
    else:
        _print_table(rows, found, lang)


def _rows(
    context: click.Context, found: Configuration, given: dict[str, Any], lang: Lang
) -> Iterator[Row]:
    built_in = _built_in()
    line = click.core.ParameterSource.COMMANDLINE
    for key in configuration.KEYS:
        name = key.replace("-", "_")
        if key == "lang":
            yield key, lang, _source_of_language(context, found, lang)
        elif key == "severity":
            yield from _levels(found, given[name])
        elif key in ("formats", "outputs"):
            yield key, found.values.get(key, built_in[key]), "file" if key in found.values else ""
        elif context.get_parameter_source(name) is line:
            yield key, given[name], "line"
        elif key in found.values:
            yield key, found.values[key], "file"
        else:
            yield key, built_in.get(key, given.get(name)), ""


def _levels(found: Configuration, levels: Sequence[tuple[str, str]]) -> Iterator[Row]:
    configured = len(found.values.get("severity", {}))
    for number, (rule, level) in enumerate(levels):
        yield f"severity.{rule}", level, "file" if number < configured else "line"


def _source_of_language(context: click.Context, found: Configuration, lang: Lang) -> str:
    line = click.core.ParameterSource.COMMANDLINE
    both = (context, context.find_root())
    if any(each.get_parameter_source("lang") is line for each in both):
        return "line"
    if os.environ.get(spoken.ENVIRONMENT) == lang:
        return "environment"
    return "file" if found.values.get("lang") == lang else ""


def _built_in() -> dict[str, Any]:
    """What holds where nobody says anything."""
    from dataclasses import MISSING, fields

    from archive_check.check import Options
    from archive_check.engine import resolve

    known = {item.name: item.default for item in fields(Options) if item.default is not MISSING}
    stated = {"formats": ("text",), "outputs": ("-",), "engine": resolve(None), "cache": True}
    return {**known, **stated}


def _print_json(rows: Sequence[Row], found: Configuration) -> None:
    from archive_check.reports.json_report import dumps

    sources = {"": "default", "line": "command line", "environment": spoken.ENVIRONMENT}
    settings = {
        name: {
            "value": _plain(value),
            "source": str(found.path) if source == "file" else sources[source],
        }
        for name, value, source in rows
    }
    path = str(found.path) if found.path else None
    output.write_standard_output(dumps({"schema": SCHEMA, "file": path, "settings": settings}))


def _print_table(rows: Sequence[Row], found: Configuration, lang: Lang) -> None:
    from shutil import get_terminal_size

    from archive_check.reports.layout import table, wrap

    width = get_terminal_size().columns if sys.stdout.isatty() else 100
    file = flat(str(found.path)) if found.path else tell(lang, "config.no-file")
    heads = [tell(lang, f"column.{name}") for name in ("setting", "value", "source")]
    shown = [
        (name, _shown(value, lang), _source(source, file, lang)) for name, value, source in rows
    ]
    lines = [*wrap(tell(lang, "config.file", file=file), width), ""]
    lines += [line for block in table(heads, shown, width) for line in block]
    text = "".join(f"{line}\n" for line in lines)
    output.write_standard_output(text.encode("utf-8", "backslashreplace"))


def _source(source: str, file: str, lang: Lang) -> str:
    if source == "file":
        return file
    return tell(lang, f"config.from-{source or 'default'}", name=spoken.ENVIRONMENT)


def _shown(value: object, lang: Lang) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple | frozenset):
        value = ", ".join(sorted(value) if isinstance(value, frozenset) else value)
    return flat(str(value)) if value not in (None, "") else tell(lang, "config.nothing")


def _plain(value: object) -> object:
    if isinstance(value, tuple | frozenset):
        return sorted(value) if isinstance(value, frozenset) else list(value)
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
