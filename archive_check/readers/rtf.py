"""Rich Text Format (RTF specification 1.9.1): text through striprtf, tables from its row marks."""

from __future__ import annotations

import re
from pathlib import Path

from archive_check.model import PICTURE, Line, Table
from archive_check.readers.content import MAX_PART, Content, UnreadableError, within_limit
from archive_check.readers.tabular import aligned
from archive_check.readers.text import decode

_CELL, _ROW_END, _ROW, _EDGE, _PICTURE = "\x1c", "\x1d", "\x1e", "\x1f", "\x1a"
_MARKS = (
    # striprtf writes cells as "|" and rows as lines, in which neither can be told from text:
    # control characters of our own, which RTF text never holds, go through it in their place.
    (re.compile(r"\\(?:nest)?cell(?![a-z]) ?"), f"\\\\tab {_CELL}"),
    (re.compile(r"\\row(?![a-z]) ?"), f"\\\\line {_ROW_END}"),
    (re.compile(r"\\trowd(?![a-z]) ?"), f"\\\\trowd {_ROW}"),
    (re.compile(r"\\cellx(-?\d+) ?"), rf"\\cellx {_EDGE}\1;"),
    (re.compile(r"\\page(?![a-z]) ?"), "\\\\line \f"),
    (re.compile(r"(?=\{\\\*\\shppict)|(?<!shppict)(?=\{\\pict(?![a-z]))"), _PICTURE),
)
_DELETED = re.compile(r"\{[^{}]*\\deleted(?![a-z0-9])[^{}]*\}")
_TRAITS = {
    "changes": re.compile(r"\\(?:deleted|revised)(?![a-z0-9])"),
    "comments": re.compile(r"\{\\\*\\annotation\b"),
    "embedded": re.compile(r"\{\\object\b"),
}
_BINARY = re.compile(rb"(?<!\\)\\bin([a-z]*)(\d{0,9}) ?")
_PAIRED = re.compile(r"((?:\\'[0-9a-fA-F]{2})+)([@-\[\]-z|~])")


def read(path: Path, media_type: str) -> Content:
    """Lines and tables; sizes and pages stay unknown. Raises UnreadableError."""
    from striprtf.striprtf import rtf_to_text

    data = path.read_bytes()[: MAX_PART + 1]
    if len(data) > MAX_PART:
        raise UnreadableError("limit", "part-too-large", part=path.name, limit=MAX_PART)
    data = _without_binary(data)
    source = decode(data) or data.decode("latin-1")
    if re.search(r"\\ansicpg9(36|50)\b", source):
        source = _PAIRED.sub(_paired, source)
    traits = frozenset(trait for trait, mark in _TRAITS.items() if mark.search(source))
    source = _DELETED.sub("", source)
    for pattern, mark in _MARKS:
        source = pattern.sub(mark, source)
    try:
        text = rtf_to_text(source, errors="replace")  # type: ignore[no-untyped-call]
    except (ValueError, LookupError, TypeError, IndexError) as error:
        raise UnreadableError("damaged", "broken-word", detail=error) from error
    lines, tables = _lines(text.replace(_PICTURE, PICTURE))
    if not lines:
        raise UnreadableError("empty", "no-text", traits=traits)
    kept, problem = within_limit(lines)
    wordless = not any(line.text.strip(PICTURE + "\t ") for line in kept)
    return Content(
        lines=kept,
        tables=tuple(tables),
        traits=traits | {"scan"} if wordless else traits,
        text_read=not wordless,
        problem=problem,
    )


def _without_binary(data: bytes) -> bytes:
    """The source without raw bytes, and without the names of printer trays (`\\binfsxn4`), which
    striprtf takes for an announcement of such."""
    kept, at = [], 0
    while found := _BINARY.search(data, at):
        kept.append(data[at : found.start()])
        at = found.end() + (0 if found[1] else int(found[2] or 0))
    return b" ".join((*kept, data[at:]))  # what stands before and behind are words of their own


def _paired(found: re.Match[str]) -> str:
    """A two-byte character whose second byte the writer left as a plain letter, all in hex."""
    lead = False
    for code in bytes.fromhex(found[1].replace("\\'", "")):
        lead = not lead and code > 0x80
    return f"{found[1]}\\'{ord(found[2]):02x}" if lead else found[0]


def _lines(text: str) -> tuple[list[Line], list[Table]]:
    lines: list[Line] = []
    tables: list[Table] = []
    rows: list[tuple[list[int], list[str]]] = []
    page = 1

    def close() -> None:
        if not rows:
            return
        table = Table(aligned(rows), page=page)
        for row in table.rows:
            if any(row):
                joined = "\t".join(cell.replace("\n", " ") for cell in row)
                lines.append(Line(joined, page, table=len(tables)))
        tables.append(table)
        rows.clear()

    for piece in re.split(f"({_ROW}[^{_ROW_END}]*{_ROW_END})", text):
        if piece.startswith(_ROW):
            rows.append(_row(piece))
            continue
        if piece.strip():
            close()
        for part in re.split("(\f)", piece):
            page += part == "\f"
            lines += [
                Line(plain.rstrip(), page)
                for line in part.split("\n")
                if (plain := _plain(line)).strip()
            ]
    close()
    return lines, tables


def _row(piece: str) -> tuple[list[int], list[str]]:
    cells = re.sub(f"{_EDGE}-?\\d+;", "", piece).split(f"\t{_CELL}")[:-1]
    edges = [int(edge) for edge in re.findall(f"{_EDGE}(-?\\d+);", piece)]
    # The definition of a row may stand before and again behind its cells.
    edges = edges[-len(cells) :]
    clean = ["\n".join(" ".join(_plain(t).split()) for t in c.split("\n") if t.strip()).strip()
             for c in cells]  # fmt: skip
    return [min(0, *edges) if edges else 0, *edges], clean


def _plain(text: str) -> str:
    text = re.sub(f"{_EDGE}-?\\d+;?", "", text)
    return re.sub(r"[\x00-\x08\x0c\x0e-\x1f\xad]", "", text)
