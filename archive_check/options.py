"""Options that several commands share, and how their values are understood."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from math import isfinite
from pathlib import Path
from typing import Any, get_args

import click

from archive_check import spoken
from archive_check.model import ArchiveCheckError, Severity, said

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
        name, metavar="|".join(known), default=default, callback=spoken.one_of(*known)
    )


def formats(*known: str) -> Decorator:
    """`--format` as often as there are outputs."""
    return click.option(
        "--format",
        "formats",
        metavar="|".join(known),
        multiple=True,
        callback=spoken.one_of(*known),
    )


def rule_names(name: str) -> Decorator:
    """An option of rules: repeatable, with commas."""

    def split(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(part.strip() for names in given for part in names.split(",") if part.strip())

    return click.option(name, metavar="RULE", multiple=True, callback=split)


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
)
"""Read before parsing by `spoken.language`; here it is checked, and shown in the help."""

fail_on = choice("--fail-on", *get_args(Severity), "never", default="error")
packs = click.option("--pack", "packs", metavar="PACK", multiple=True)
engine = choice("--engine", "durable", "reference")
outputs = click.option("--output", "outputs", metavar="FILE", multiple=True)
cases = click.argument(
    "cases",
    metavar="CASE...",
    nargs=-1,
    required=True,
    # What can't be read is told by the scan, in the language of the report.
    type=click.Path(path_type=Path, readable=False),
)
reading = together(
    packs,
    click.option("--as-of", metavar="YYYY-MM-DD", callback=_day),
    click.option("--case-info", metavar="FILE", type=click.Path(path_type=Path)),
    choice("--ocr", "auto", "off", default="auto"),
    number("--jobs", "N", int),
    number("--timeout", "SECONDS", float),
    click.option("--quiet", is_flag=True),
    lang,
)
"""What governs how cases are read."""
