"""What every reader hands back, how it gives up, and how much it may take in."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from archive_check.model import (
    Line,
    PageFault,
    Problem,
    ProblemKind,
    Signature,
    Table,
    said,
)

MAX_PAGES = 2_000
"""Pages of one file whose text is read; the page count itself is not limited."""
MAX_CHARACTERS = 2_000_000
"""Characters of text kept of one file."""
MAX_PART = 100 * 2**20
"""Bytes of one XML part or text file, unpacked."""
MAX_PIXELS = 200_000_000
"""Pixels of one image."""
_MAX_NOTE = 16 * 2**20
"""Bytes of one text in a PNG, unpacked; programs for pictures note whole histories there."""
BROKEN_IMAGE = (
    OSError, SyntaxError, ValueError, struct.error, EOFError, LookupError, TypeError,
    ArithmeticError,
)  # fmt: skip
"""What Pillow raises on damaged images."""
MAX_FILE = 512 * 2**20
"""Bytes of a file that readers which need it whole in memory accept."""


MAX_INNER = 500
"""Documents inside one file (attachments)."""


@dataclass(frozen=True, slots=True)
class Inner:
    """A file that travels inside a document: a mail's, PDF's or OFD's attachment."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Content:
    """The part of a `Document` that depends on the format; fields mean what they mean there.

    `inner` are the files inside it, each a document of its own.
    """

    pages: int | None = None
    fixed_pages: bool = False
    lines: tuple[Line, ...] = ()
    tables: tuple[Table, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)
    signatures: tuple[Signature, ...] = ()
    traits: frozenset[str] = frozenset()
    text_read: bool = False
    page_faults: tuple[PageFault, ...] = ()
    sealed_pages: frozenset[int] = frozenset()
    outline: tuple[tuple[str, int, int], ...] = ()
    inner: tuple[Inner, ...] = ()
    problem: Problem | None = None


class UnreadableError(Exception):
    """A file can't be read as what it is; carries the `Problem` that the document gets, and the
    traits that were seen all the same."""

    def __init__(
        self,
        kind: ProblemKind,
        key: str,
        *,
        traits: frozenset[str] = frozenset(),
        **args: object,
    ) -> None:
        super().__init__(kind, key)
        self.problem = Problem(kind, said(f"reading.{key}", **args))
        self.traits = traits

    @classmethod
    def of(cls, problem: Problem) -> UnreadableError:
        """The same for a problem that something else found."""
        made = cls(problem.kind, problem.detail.key)
        made.problem = problem
        return made


def own_limits() -> None:
    """Pillow's limits give way: to `MAX_PIXELS`, which its callers check, and a wider one on the
    notes in PNG files."""
    from PIL import Image, PngImagePlugin

    Image.MAX_IMAGE_PIXELS = None
    PngImagePlugin.MAX_TEXT_CHUNK = _MAX_NOTE


def unread(pages: Iterable[int]) -> dict[str, str]:
    """The property that names pages which show a picture in place of text, where there are any."""
    named = ",".join(map(str, pages))
    return {"unread_pages": named} if named else {}


def within_limit(lines: list[Line]) -> tuple[tuple[Line, ...], Problem | None]:
    """The lines up to `MAX_CHARACTERS`, and the problem where some were cut off."""
    total = 0
    for number, line in enumerate(lines):
        total += len(line.text)
        if total > MAX_CHARACTERS:
            problem = Problem("limit", said("reading.too-much-text", limit=MAX_CHARACTERS))
            return tuple(lines[:number]), problem
    return tuple(lines), None


def relative(lines: list[Line]) -> list[Line]:
    """Sizes in any unit become multiples of the size in which most of the text is set."""
    weights: Counter[float] = Counter()
    for line in lines:
        weights[line.size] += len(line.text)
    body = max(weights, key=weights.__getitem__) if weights else 0.0
    if not body:
        return lines
    return [
        Line(line.text, line.page, round(line.size / body, 2), line.centred, line.table)
        for line in lines
    ]
