"""Lines and tables in character cells, for terminals and text files."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import islice, zip_longest

_GAP = 2
_PLAIN = re.compile(r"[ -~“”‘’…\u3000-\u3029\u3400-\u4dbf\u4e00-\u9fff\uff01-\uff60]*")
"""Of characters that Unicode's own widths say enough of (UAX 11)."""


def wrap(text: str, width: int) -> list[str]:
    """Break a text into lines of at most `width` cells, wide characters counting two.

    Chinese may break between any characters, but no line begins with closing punctuation or ends
    with opening; Latin words break at spaces, paths also at slashes, choices at bars.
    Nothing is lost, whatever the length.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for atom in _atoms(paragraph, width):
            if line and cells(line + atom.rstrip()) > width:
                lines.append(line.rstrip())
                line = ""
            line += atom
        lines.append(line.rstrip())
    return lines


def indented(text: str, width: int, indent: int = 4) -> list[str]:
    """`wrap` with every line moved to the right, inside the same width."""
    return [" " * indent + line for line in wrap(text, width - indent)]


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[list[str]]:
    """A table as blocks of lines: the head, then one block a row, no line wider than `width`.

    Narrow columns get what they need, wide ones share the rest equally and wrap. Without
    headers the first block is empty.
    """
    from tabulate import tabulate

    given = [headers, *rows] if headers else rows
    needs = [max(_widest(cell) for cell in column) for column in zip(*given, strict=True)]
    widths = _share(needs, width - _GAP * (len(needs) - 1))
    wrapped = [
        ["\n".join(wrap(cell, limit)) for cell, limit in zip(row, widths, strict=True)]
        for row in given
    ]
    if headers:
        # A row to tabulate, since it makes columns wider than their heads need.
        rule = [max(_widest(cell) for cell in column) for column in zip(*wrapped, strict=True)]
        wrapped.insert(1, ["-" * limit for limit in rule])
    lines = iter(tabulate(wrapped, tablefmt="plain", disable_numparse=True).splitlines())
    blocks = [
        [line.rstrip() for line in islice(lines, max(cell.count("\n") + 1 for cell in row))]
        for row in wrapped
    ]
    return [blocks[0] + blocks[1], *blocks[2:]] if headers else [[], *blocks]


def listed(rows: Sequence[tuple[str, str]], width: int) -> list[str]:
    """Names and what they mean beside them, no line wider than `width`."""
    needs = [max(_widest(cell) for cell in column) for column in zip(*rows, strict=True)]
    limits = _share(needs, width - _GAP)
    wrapped = [[wrap(cell, limit) for cell, limit in zip(row, limits, strict=True)] for row in rows]
    indent = _GAP + max(cells(line) for names, _ in wrapped for line in names)
    return [
        f"{name}{' ' * (indent - cells(name))}{said}".rstrip()
        for names, words in wrapped
        for name, said in zip_longest(names, words, fillvalue="")
    ]


def cells(text: str) -> int:
    """The width of a line on a terminal."""
    if _PLAIN.fullmatch(text):
        return len(text) + sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    # Here and not above: it takes long to load, and most texts do not need it.
    from wcwidth import wcswidth

    return max(wcswidth(text), 0)


def _widest(cell: str) -> int:
    return max(cells(line) for line in cell.split("\n"))


def _share(needs: Sequence[int], available: int) -> list[int]:
    """Widths for columns that need `needs` cells: small needs first, the others alike."""
    widths = [0] * len(needs)
    order = sorted(range(len(needs)), key=lambda column: needs[column])
    for done, column in enumerate(order):
        widths[column] = min(needs[column], available // (len(order) - done))
        available -= widths[column]
    return widths


def _atoms(paragraph: str, width: int) -> Iterable[str]:
    """Pieces that should not be broken, none wider than a line."""
    atom = ""
    for character in paragraph:
        too_wide = cells((atom + character).rstrip()) > width
        if atom and (too_wide or _may_break(atom[-1], character)):
            yield atom
            atom = ""
        atom += character
    if atom:
        yield atom


def _may_break(before: str, after: str) -> bool:
    if after.isspace() or unicodedata.category(after) in ("Pe", "Pf", "Po", "Mn", "Me"):
        return False
    if before.isspace():
        return True
    if before.isascii() and after.isascii():
        return before in "/|" and after not in "/|"
    return unicodedata.category(before) not in ("Ps", "Pi")
