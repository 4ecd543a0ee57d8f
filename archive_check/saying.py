"""Sentences that wait for a language: every step says what it found without wording it.

Apart from the nouns of the model, so that a command line is understood without them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Lang = Literal["zh", "en"]
Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence not yet in a language: a key of `archive_check/texts/*.yaml` and its arguments.

    An argument is text, or a sentence itself.
    """

    key: str
    args: tuple[tuple[str, str | Said], ...] = ()


class ArchiveCheckError(Exception):
    """The command, a rule pack or the case information is wrong: one line for the user, exit 2."""


def some_of(files: Sequence[str], most: int) -> str | Said:
    """The first of many files, and how many there are."""
    named = ", ".join(files[:most])
    return said("unread.more", files=named, count=len(files)) if len(files) > most else named


def said(key: str, /, **args: object) -> Said:
    """Make a `Said`; every argument that is no sentence is kept as text."""
    return Said(
        key,
        tuple([(name, v if isinstance(v, Said) else str(v)) for name, v in args.items()]),
    )
