"""PowerPoint 97-2003 presentations, which is also what Kingsoft's DPS is ([MS-PPT])."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from archive_check.model import PICTURE, Line
from archive_check.readers import compound
from archive_check.readers.content import Content, UnreadableError, within_limit

_ENCRYPTED = 0xF3D1C4DF
_USER_EDIT, _DIRECTORY = 0x0FF5, 0x1772
_DOCUMENT, _SLIDE, _NOTES = 0x03E8, 0x03EE, 0x03F0
_LIST, _PERSIST, _TEXT_KIND = 0x0FF0, 0x03F3, 0x0F9F
_CHARS, _BYTES = 0x0FA0, 0x0FA8
_PICTURE_SHAPE = 0xF00A
_FRAME = 75
"""msosptPictureFrame, a shape that shows a picture ([MS-ODRAW] 2.4.24)."""
_MACROS = (0x07D0, 0x03FF, 0x0400)
"""The records, one inside the other, that lead to what is said of macros."""
_TITLES = frozenset({0, 6})
_TITLE_SIZE = 1.5
_HIDDEN_SLIDE, _SLIDE_SHOW = 0x0004, 0x03F9
_MOST_EDITS, _DEEPEST = 1000, 12

Record = tuple[int, int, bytes]


def read(path: Path, media_type: str) -> Content:
    """Slides are pages, each with its notes behind it. Raises UnreadableError."""
    import olefile

    try:
        with olefile.OleFileIO(path) as storage:
            user = compound.stream(storage, "Current User")
            stream = compound.stream(storage, "PowerPoint Document")
            embedded = storage.exists("ObjectPool")
        return _content(user, stream, embedded)
    except (UnreadableError, PermissionError, MemoryError):
        raise
    except compound.BROKEN as error:
        raise UnreadableError("damaged", "broken-slides", detail=error) from error


def _content(user: bytes, stream: bytes, embedded: bool) -> Content:
    if len(user) < 20 and user[:4] == struct.pack("<I", len(user) - 4):
        # PowerPoint 95: only a name, behind its length.
        raise UnreadableError("unsupported", "no-reader", media_type="PowerPoint 95")
    token, edit = struct.unpack_from("<II", user, 12)
    if token == _ENCRYPTED:
        raise UnreadableError("encrypted", "password")
    places, document = _persisted(stream, edit)
    kind, _, body = _at(stream, places[document])
    if kind != _DOCUMENT:
        raise UnreadableError("damaged", "broken-slides", detail=f"{kind:#x}")
    lists = {instance: data for kind, instance, data in _records(body) if kind == _LIST}
    slides = list(_listed(lists.get(0, b"")))
    notes = {_shown_slide(data): data for data in _notes(stream, places, lists.get(2, b""))}
    lines: list[Line] = []
    hidden = False
    for number, (persist, identifier, outline) in enumerate(slides, 1):
        outlined = [line for size, text in outline for line in _lines(text, number, size)]
        lines += outlined
        if persist in places:
            kind, _, data = _at(stream, places[persist])
            if kind == _SLIDE:
                said_before = {line.text for line in outlined}
                lines += (line for line in _drawn(data, number) if line.text not in said_before)
                hidden = hidden or _is_hidden(data)
        lines += _drawn(notes.get(identifier, b""), number)
    kept, problem = within_limit(lines)
    wordless = not any(line.text.strip(PICTURE) for line in kept)
    marks = {
        "scan": bool(kept) and wordless,
        "hidden": hidden,
        "embedded": embedded,
        "macro": _has_macros(body),
    }
    traits = frozenset(trait for trait, there in marks.items() if there)
    if not kept:
        raise UnreadableError("empty", "no-text", traits=traits)
    return Content(
        pages=len(slides),
        fixed_pages=True,
        lines=kept,
        traits=traits,
        text_read=not wordless,
        problem=problem,
    )


def _has_macros(document: bytes) -> bool:
    """What the document says of its VBA project (VBAInfoAtom, 2.4.11)."""
    found = document
    for wanted in _MACROS:
        found = next((data for kind, _, data in _records(found) if kind == wanted), b"")
    return len(found) >= 8 and struct.unpack_from("<I", found, 4)[0] == 1


def _records(data: bytes) -> Iterator[Record]:
    """Kind, instance and content of the records that stand one behind the other (2.3.1)."""
    at = 0
    while at + 8 <= len(data):
        head, kind, size = struct.unpack_from("<HHI", data, at)
        yield kind, head >> 4, data[at + 8 : at + 8 + size]
        at += 8 + size


def _at(stream: bytes, offset: int) -> Record:
    head, kind, size = struct.unpack_from("<HHI", stream, offset)
    return kind, head >> 4, stream[offset + 8 : offset + 8 + size]


def _persisted(stream: bytes, edit: int) -> tuple[dict[int, int], int]:
    """Offsets of the objects by their persist identifiers, and that of the document (2.1.2).

    Each saving appended what changed; the newest comes first.
    """
    places: dict[int, int] = {}
    document = 0
    for _ in range(_MOST_EDITS):
        kind, _, data = _at(stream, edit)
        if kind != _USER_EDIT:
            raise UnreadableError("damaged", "broken-slides", detail=f"{kind:#x}")
        before, directory, root = struct.unpack_from("<III", data, 8)
        document = document or root
        kind, _, entries = _at(stream, directory)
        at = 0
        while kind == _DIRECTORY and at + 4 <= len(entries):
            packed = struct.unpack_from("<I", entries, at)[0]
            first, count = packed & 0xFFFFF, packed >> 20
            for number in range(count):
                place = struct.unpack_from("<I", entries, at + 4 + 4 * number)[0]
                places.setdefault(first + number, place)
            at += 4 + 4 * count
        if not before or before >= edit:
            return places, document
        edit = before
    raise UnreadableError("limit", "memory")


def _listed(data: bytes) -> Iterator[tuple[int, int, list[tuple[float, str]]]]:
    """Persist identifier, identifier and outline text of each slide in a list (2.4.14.3)."""
    current: tuple[int, int, list[tuple[float, str]]] | None = None
    size = 1.0
    for kind, _, content in _records(data):
        if kind == _PERSIST:
            if current is not None:
                yield current
            persist, _, _, identifier = struct.unpack_from("<IIII", content)
            current = persist, identifier, []
        elif kind == _TEXT_KIND and len(content) >= 4:
            size = _TITLE_SIZE if struct.unpack("<I", content[:4])[0] in _TITLES else 1.0
        elif current is not None and (text := _text(kind, content)):
            current[2].append((size, text))
    if current is not None:
        yield current


def _notes(stream: bytes, places: dict[int, int], listed: bytes) -> Iterator[bytes]:
    for persist, _, _ in _listed(listed):
        if persist in places:
            kind, _, data = _at(stream, places[persist])
            if kind == _NOTES:
                yield data


def _shown_slide(notes: bytes) -> int:
    """The identifier of the slide that notes belong to (NotesAtom, 2.5.12)."""
    return next(
        (struct.unpack_from("<I", data)[0] for kind, _, data in _records(notes) if kind == 0x03F1),
        0,
    )


def _is_hidden(slide: bytes) -> bool:
    return any(
        kind == _SLIDE_SHOW and len(data) >= 12
        and bool(struct.unpack_from("<H", data, 10)[0] & _HIDDEN_SLIDE)
        for kind, _, data in _records(slide)
    )  # fmt: skip


def _drawn(data: bytes, number: int, depth: int = 0) -> list[Line]:
    """Text and pictures of the shapes in a slide, whatever groups they are in."""
    found: list[Line] = []
    size = 1.0
    at = 0
    while at + 8 <= len(data):
        head, kind, length = struct.unpack_from("<HHI", data, at)
        content = data[at + 8 : at + 8 + length]
        at += 8 + length
        if kind == _TEXT_KIND and len(content) >= 4:
            size = _TITLE_SIZE if struct.unpack("<I", content[:4])[0] in _TITLES else 1.0
        elif kind == _PICTURE_SHAPE and head >> 4 == _FRAME:
            found.append(Line(PICTURE, number))
        elif text := _text(kind, content):
            found += _lines(text, number, size)
        elif head & 0xF == 0xF and depth < _DEEPEST:
            found += _drawn(content, number, depth + 1)
    return found


def _text(kind: int, data: bytes) -> str:
    if kind == _CHARS:
        return data[: len(data) // 2 * 2].decode("utf-16-le", "replace")
    return data.decode("latin-1") if kind == _BYTES else ""


def _lines(text: str, number: int, size: float) -> Iterator[Line]:
    for line in text.replace("\x0b", "\r").split("\r"):
        plain = "".join(c for c in line if c >= " " or c == "\t").rstrip()
        if plain.strip() and plain.strip() != "*":
            yield Line(plain, number, size, centred=size > 1)
