"""Outlook messages ([MS-OXMSG]): properties in streams, attachments and recipients in storages."""

from __future__ import annotations

import codecs
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from archive_check.readers import compound
from archive_check.readers.content import (
    MAX_INNER,
    MAX_PART,
    Content,
    Inner,
    UnreadableError,
)
from archive_check.readers.mail import Mail, as_file, content
from archive_check.readers.text import decode

# Property identifiers of [MS-OXPROPS].
_CLASS, _SUBJECT, _BODY, _HTML, _SENDER, _SENDER_MAIL = 0x1A, 0x37, 0x1000, 0x1013, 0xC1A, 0xC1F
_SENT, _DELIVERED, _RECEIVERS, _CODE_PAGE, _BODY_CODE_PAGE = 0x39, 0xE06, 0xE04, 0x3FFD, 0x3FDE
_DATA, _LONG_NAME, _SHORT_NAME, _CONTENT_ID, _SHOWN_NAME = 0x3701, 0x3707, 0x3704, 0x3712, 0x3001
_UNICODE, _BYTES, _BINARY, _STORAGE = 0x1F, 0x1E, 0x102, 0xD
_ATTACHMENT = "__attach_version1.0_#"
_MAX_DEPTH = 3
"""Messages inside one another."""
_FIXED = {"root": 32, "inside": 24, "attachment": 8}
"""Bytes in front of the fixed properties ([MS-OXMSG] 2.4.1)."""
_CODECS = {936: "gb18030", 950: "big5hkscs", 65001: "utf-8", 54936: "gb18030", 20936: "gb18030",
           52936: "hz", 20127: "ascii", 1200: "utf-16-le"}  # fmt: skip
_LOCALE = 0x3FF1
_LOCALES = {0x404: "big5hkscs", 0xC04: "big5hkscs", 0x1404: "big5hkscs", 0x804: "gb18030",
            0x1004: "gb18030"}  # fmt: skip
_EPOCH = datetime(1601, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True, slots=True)
class _Storage:
    """A message or attachment: its folder in the file, and what its property streams hold."""

    file: Any
    folder: tuple[str, ...]
    fixed: bytes

    def stream(self, number: int, kind: int) -> bytes:
        name = [*self.folder, f"__substg1.0_{number:04X}{kind:04X}"]
        if not self.file.exists(name):
            return b""
        if self.file.get_size(name) > MAX_PART:
            raise UnreadableError("limit", "part-too-large", part=name[-1], limit=MAX_PART)
        return compound.stream(self.file, name)

    def number(self, number: int) -> bytes | None:
        """A property of fixed size: eight bytes behind its tag and flags."""
        for at in range(0, len(self.fixed) - 15, 16):
            if struct.unpack_from("<H", self.fixed, at + 2)[0] == number:
                return self.fixed[at + 8 : at + 16]
        return None

    def text(self, number: int) -> str:
        wide = self.stream(number, _UNICODE)
        if wide:
            return wide.decode("utf-16-le", "replace").rstrip("\0")
        return self.decoded(self.stream(number, _BYTES), _CODE_PAGE)

    def decoded(self, data: bytes, code_page: int) -> str:
        stated = self.whole(code_page)
        name = _CODECS.get(stated, f"cp{stated}")
        data = data.rstrip(b"\0")
        for candidate in (name, _LOCALES.get(self.whole(_LOCALE), "")):
            with suppress(LookupError, ValueError):
                return codecs.decode(data, candidate)
        return decode(data) or data.decode("latin-1")

    def whole(self, number: int) -> int:
        found = self.number(number)
        return int(struct.unpack("<I", found[:4])[0]) if found else 0

    def day(self, number: int) -> datetime | None:
        found = self.number(number)
        ticks = struct.unpack("<Q", found)[0] if found else 0
        try:
            return _EPOCH + timedelta(microseconds=ticks // 10) if ticks else None
        except OverflowError:
            return None


def read(path: Path, media_type: str) -> Content:
    """Subject, sender, receivers, date and body; attachments are documents inside it.

    Raises UnreadableError.
    """
    import olefile

    try:
        with olefile.OleFileIO(path) as file:
            return content(_mail(_storage(file, (), "root"), 0))
    except (UnreadableError, PermissionError, MemoryError):
        raise
    except compound.BROKEN as error:
        raise UnreadableError("damaged", "broken-mail", detail=error) from error


def _storage(file: Any, folder: tuple[str, ...], kind: str) -> _Storage:
    name = [*folder, "__properties_version1.0"]
    fixed = compound.stream(file, name)[_FIXED[kind] :] if file.exists(name) else b""
    return _Storage(file, folder, fixed)


def _mail(message: _Storage, depth: int) -> Mail:
    html = message.decoded(message.stream(_HTML, _BINARY), _BODY_CODE_PAGE) or message.text(_HTML)
    sender, address = message.text(_SENDER), message.text(_SENDER_MAIL)
    return Mail(
        subject=" ".join(message.text(_SUBJECT).split()),
        sender=f"{sender} <{address}>" if "@" in address and address != sender else sender,
        receivers=" ".join(message.text(_RECEIVERS).split()),
        sent=message.day(_SENT) or message.day(_DELIVERED),
        html=html,
        plain=message.text(_BODY),
        attached=tuple(_attached(message, html, depth)),
        signed="SMIME.MULTIPARTSIGNED" in message.text(_CLASS).upper(),
    )


def _attached(message: _Storage, html: str, depth: int) -> Iterator[Inner]:
    here = len(message.folder)
    names = dict.fromkeys(
        entry[here]
        for entry in message.file.listdir()
        if tuple(entry[:here]) == message.folder and entry[here].startswith(_ATTACHMENT)
    )
    for name in list(names)[:MAX_INNER]:
        part = _storage(message.file, (*message.folder, name), "attachment")
        title = part.text(_LONG_NAME) or part.text(_SHORT_NAME) or part.text(_SHOWN_NAME)
        inside = (*part.folder, f"__substg1.0_{_DATA:04X}{_STORAGE:04X}")
        if message.file.exists([*inside, "__properties_version1.0"]):
            if depth < _MAX_DEPTH:
                nested = _mail(_storage(message.file, inside, "inside"), depth + 1)
                yield Inner(f"{title or nested.subject or name}.eml", as_file(nested))
            continue
        shown = part.text(_CONTENT_ID)
        if shown and f"cid:{shown}" in html:
            continue
        data = part.stream(_DATA, _BINARY)
        if data:
            yield Inner(title or name, data)
