"""Options that several commands share, and how their values are understood."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from math import isfinite
from pathlib import Path
from typing import Any, get_args

import click

from archive_check import configuration, spoken
from archive_check.saying import ArchiveCheckError, Severity, said

CONFIGURATION = "archive_check.configuration"
"""Where the context of a command keeps the configuration that it read."""

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def together(*decorators: Decorator) -> Decorator:
    """Several decorators as one, in the order in which help shows them."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return decorate


def choice(name: str, *known: str, default: str | None = None) -> Decorator:
    """An option that takes one of several words."""
    return click.option(
        name,
        metavar="|".join(known),
        default=default,
        callback=spoken.one_of(*known),
        shell_complete=_completing(known),
    )


def formats(*known: str) -> Decorator:
    """`--format` as often as there are outputs."""
    return click.option(
        "--format",
        "formats",
        metavar="|".join(known),
        multiple=True,
        callback=spoken.one_of(*known),
        shell_complete=_completing(known),
    )


def _completing(known: Sequence[str]) -> Callable[..., list[str]]:
    """What a shell offers where one of these words is expected."""

    def offered(_: click.Context, __: click.Parameter, begun: str) -> list[str]:
        return [word for word in known if word.startswith(begun)]

    return offered


def rule_names(name: str) -> Decorator:
    """An option of rules: repeatable, with commas."""

    def split(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(part.strip() for names in given for part in names.split(",") if part.strip())

    return click.option(name, metavar="RULE", multiple=True, callback=split)


def _levels(
    context: click.Context, option: click.Parameter, given: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    """Rules and levels, those of the configuration first: what stands later holds."""
    found: list[tuple[str, str]] = []
    for pair in given:
        rule, _, level = pair.partition("=")
        if not rule.strip() or level.strip() not in get_args(Severity):
            what = {"what": option.opts[0], "given": pair, "known": " ".join(get_args(Severity))}
            raise ArchiveCheckError(said("usage.level", **what))
        found.append((rule.strip(), level.strip()))
    configured = context.meta.get(CONFIGURATION)
    return (*(configured.values.get("severity", {}).items() if configured else ()), *found)


def _configure(context: click.Context, _: click.Parameter, given: Path | None) -> None:
    """Let the configuration state the defaults of the command's options.

    Formats and outputs are those of a check: other commands make other reports.
    """
    from archive_check.reports import FORMATS

    found = configuration.load(given, FORMATS)
    context.meta[CONFIGURATION] = found
    names = {parameter.name for parameter in context.command.params} - {"severity"}
    if context.command.name not in ("check", "unit"):
        names -= {"formats", "outputs"}
    context.default_map = {
        name: value
        for key, value in found.values.items()
        if (name := key.replace("-", "_")) in names
    }


def asked_for(
    formats: tuple[str, ...], outputs: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Formats and outputs, those of the configuration only where the command line has neither."""
    context, line = click.get_current_context(), click.core.ParameterSource.COMMANDLINE
    own = [context.get_parameter_source(name) is line for name in ("formats", "outputs")]
    return (
        (formats if own[0] else (), outputs if own[1] else ()) if any(own) else (formats, outputs)
    )


def flag(name: str) -> Decorator:
    """A flag that the command line can also take back."""
    return click.option(f"{name}/--no-{name.removeprefix('--')}", is_flag=True)


def number(name: str, metavar: str, kind: type[int] | type[float]) -> Decorator:
    """An option that takes a number of at least 1."""

    def read(_: click.Context, option: click.Parameter, given: str | None) -> float | None:
        if given is None:
            return None
        try:
            value = kind(given)
        except ValueError:
            value = kind(0)
        if value < 1 or not isfinite(value):
            what = option.opts[0]
            raise ArchiveCheckError(said("usage.number", what=what, least=1, given=given))
        return value

    return click.option(name, metavar=metavar, callback=read)


def _day(_: click.Context, option: click.Parameter, given: str | None) -> date | None:
    if given is None:
        return None
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", given, re.ASCII):
            return date.fromisoformat(given)
    except ValueError:
        pass  # the form is right, but there is no such day
    raise ArchiveCheckError(said("usage.date", what=option.opts[0], given=given))


lang = click.option(
    "--lang",
    metavar="|".join(spoken.LANGUAGES),
    expose_value=False,
    callback=spoken.one_of(*spoken.LANGUAGES),
    shell_complete=_completing(spoken.LANGUAGES),
)
"""Read before parsing by `spoken.language`; here it is checked, and shown in the help."""

config = click.option(
    "--config",
    metavar="FILE",
    type=click.Path(path_type=Path),
    is_eager=True,
    expose_value=False,
    callback=_configure,
)
"""Read before the other options, since it states their defaults."""

fail_on = choice("--fail-on", *configuration.FAIL_ON, default="error")
severity = click.option("--severity", metavar="RULE=LEVEL", multiple=True, callback=_levels)
baseline = click.option("--baseline", metavar="OLD.json", type=click.Path(path_type=Path))
fail_on_unchecked = flag("--fail-on-unchecked")
packs = click.option("--pack", "packs", metavar="PACK", multiple=True)
engine = choice("--engine", *configuration.ENGINES)
register = click.option("--register", metavar="FILE", type=click.Path(path_type=Path))
outputs = click.option("--output", "outputs", metavar="FILE", multiple=True)
cases = click.argument(
    "cases",
    metavar="CASE...",
    nargs=-1,
    required=True,
    # What can't be read is told by the scan, in the language of the report.
    type=click.Path(path_type=Path, readable=False),
)
root = click.argument("root", metavar="ROOT", type=click.Path(path_type=Path, readable=False))
case_info = click.option("--case-info", metavar="FILE", type=click.Path(path_type=Path))
reading = together(
    packs,
    click.option("--as-of", metavar="YYYY-MM-DD", callback=_day),
    choice("--ocr", *configuration.OCR, default="auto"),
    number("--jobs", "N", int),
    number("--timeout", "SECONDS", float),
    click.option("--cache/--no-cache", is_flag=True, default=True),
    flag("--quiet"),
    config,
    lang,
)
"""What governs how cases are read."""
