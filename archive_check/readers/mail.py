"""Mail as files: messages (RFC 5322, MIME), web archives (RFC 2557), and what MSG becomes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.policy import Compat32
from email.utils import parsedate_to_datetime
from pathlib import Path

from archive_check.model import PICTURE, Line, Signature, Table
from archive_check.readers.content import (
    MAX_PART,
    Content,
    Inner,
    UnreadableError,
    within_limit,
)
from archive_check.readers.markup import page
from archive_check.readers.text import decode

_TITLE_SIZE = 1.5
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "big5": "big5hkscs"}
"""Senders name the smaller character set and use characters of the larger."""
_BOUNDARY = "==archive-check=="
"""Parts the parts of a message that is made here: the same each time, so that its hash is; no line
of base64, in which they are written, begins like it."""


class _Raw(Compat32):
    """Headers as they stand: the standard one loses what is written without any encoding."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value


@dataclass(frozen=True, slots=True)
class Mail:
    """A message whatever its format; `attached` are the names and bytes of files in it."""

    subject: str
    sender: str
    receivers: str
    sent: datetime | None
    html: str
    plain: str
    attached: tuple[Inner, ...] = ()
    signed: bool = False


def read(path: Path, media_type: str) -> Content:
    """Subject, sender, receivers, date and body; attachments are documents inside it.

    Raises UnreadableError.
    """
    from email import message_from_bytes

    with path.open("rb") as file:
        data = file.read(MAX_PART + 1)
    if len(data) > MAX_PART:
        raise UnreadableError("limit", "part-too-large", part=path.name, limit=MAX_PART)
    message = message_from_bytes(data, policy=_Raw())
    if _enveloped(message):
        raise UnreadableError("encrypted", "password")
    return content(_mail(message))


def content(mail: Mail) -> Content:
    """What a reader hands back of a message. Raises UnreadableError where it holds nothing."""
    lines = [Line(mail.subject, size=_TITLE_SIZE)] if mail.subject else []
    heads = (
        ("From", mail.sender),
        ("To", mail.receivers),
        ("Date", mail.sent.isoformat(" ", "minutes") if mail.sent else ""),
    )
    lines += [Line(f"{name}: {value}", size=1.0) for name, value in heads if value]
    body, tables, scripted = _body(mail)
    lines += body
    if not body and not mail.attached and not mail.subject:
        raise UnreadableError("empty", "no-text")
    kept, problem = within_limit(lines)
    return Content(
        lines=kept,
        tables=tables,
        properties={"sent": mail.sent.date().isoformat()} if mail.sent else {},
        signatures=(Signature(),) if mail.signed else (),
        traits=frozenset({"script"}) if scripted else frozenset(),
        text_read=True,
        inner=mail.attached,
        problem=problem,
    )


def as_file(mail: Mail) -> bytes:
    """The message as a file that `read` reads, for one that travels inside another format."""
    from email.header import Header
    from email.mime.application import MIMEApplication
    from email.mime.multipart import MIMEMultipart
    from email.mime.text import MIMEText
    from email.utils import format_datetime

    made = MIMEMultipart(boundary=_BOUNDARY)
    for name, value in (("Subject", mail.subject), ("From", mail.sender), ("To", mail.receivers)):
        made[name] = Header(" ".join(value.split()), "utf-8").encode()
    if mail.sent:
        made["Date"] = format_datetime(mail.sent)
    for text, kind in ((mail.plain, "plain"), (mail.html, "html")):
        if text:
            made.attach(MIMEText(text.encode("utf-8", "replace").decode(), kind, "utf-8"))
    for item in mail.attached:
        part = MIMEApplication(item.data)
        name = " ".join(item.name.split())
        part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", name))
        made.attach(part)
    return made.as_bytes()


def _body(mail: Mail) -> tuple[list[Line], tuple[Table, ...], bool]:
    """The body's lines and tables, and whether it holds scripts."""
    scripted = False
    if mail.html.strip():
        try:
            shown = page(mail.html)
            scripted = "script" in shown.traits
            if any(line.text.strip(PICTURE + " ") for line in shown.lines) or not mail.plain:
                return list(shown.lines), shown.tables, scripted
        except UnreadableError as error:
            # Where the page shows nothing or can't be parsed, the plain text says the same.
            scripted = "script" in error.traits
    return [Line(line.rstrip()) for line in mail.plain.splitlines() if line.strip()], (), scripted


def _mail(message: Message) -> Mail:
    html: list[str] = []
    plain: list[str] = []
    attached: list[Inner] = []
    signed = False
    for part in _parts(message):
        kind, name = part.get_content_type(), _file_name(part)
        if kind in ("application/pkcs7-signature", "application/x-pkcs7-signature",
                    "application/pgp-signature"):  # fmt: skip
            signed = True
        elif kind in ("text/html", "text/plain") and not name and not _is_attached(part):
            (html if kind == "text/html" else plain).append(_text(part))
        elif kind == "message/rfc822":
            nested = part.get_payload()
            if isinstance(nested, list) and nested and isinstance(nested[0], Message):
                title = name or _header(nested[0], "Subject") or kind
                attached.append(Inner(f"{title}.eml", nested[0].as_bytes()))
        elif _is_attached(part) or not _shown_in_body(part):
            attached.append(Inner(name or kind.replace("/", "."), _bytes(part)))
    return Mail(
        subject=_header(message, "Subject"),
        sender=_header(message, "From"),
        receivers=_header(message, "To"),
        sent=_sent(message),
        html="\n".join(html),
        plain="\n".join(plain),
        attached=tuple(attached),
        signed=signed,
    )


def _parts(message: Message) -> Iterator[Message]:
    """The leaves; a message inside the message is one."""
    if message.get_content_type() == "message/rfc822" or not message.is_multipart():
        yield message
        return
    for part in message.get_payload():
        if isinstance(part, Message):
            yield from _parts(part)


def _enveloped(message: Message) -> bool:
    return any(
        part.get_content_type() == "multipart/encrypted"
        or (
            part.get_content_type() in ("application/pkcs7-mime", "application/x-pkcs7-mime")
            and str(part.get_param("smime-type", "enveloped-data")) == "enveloped-data"
        )
        for part in (message, *_parts(message))
    )


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment"


def _shown_in_body(part: Message) -> bool:
    """Pictures and style sheets that the body refers to."""
    named = part.get("Content-ID") or part.get("Content-Location")
    return named is not None and part.get_content_maintype() in ("image", "text", "font")


def _file_name(part: Message) -> str:
    """The name in the header, by RFC 2231 or, as most programs write it, by RFC 2047."""
    found = part.get_param("filename", None, "content-disposition") or part.get_param("name")
    if isinstance(found, tuple):
        charset, _, value = found
        return _decoded(value.encode("latin-1", "replace"), charset) if value else ""
    return _unfolded(str(found)) if found else ""


def _header(message: Message, name: str) -> str:
    return _unfolded(message.get(name, ""))


def _unfolded(value: str) -> str:
    """A header as a person reads it: encoded words decoded, folding undone."""
    words: list[str] = []
    try:
        pieces = decode_header(value)
    except (ValueError, HeaderParseError):
        pieces = [(value, None)]
    for word, charset in pieces:
        data = word.encode("ascii", "surrogateescape") if isinstance(word, str) else word
        words.append(_decoded(data, charset))
    return " ".join("".join(words).split())


def _sent(message: Message) -> datetime | None:
    try:
        return parsedate_to_datetime(str(message.get("Date", "")))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _bytes(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _text(part: Message) -> str:
    data = _bytes(part)
    stated = part.get_content_charset()
    if part.get_content_type() == "text/html" and stated is None:
        found = re.search(rb"charset=[\"']?([\w-]+)", data[:4096], re.IGNORECASE)
        stated = found[1].decode("ascii", "replace") if found else None
    return _decoded(data, stated)


def _decoded(data: bytes, charset: str | None) -> str:
    """Bytes in the character set that they state, or in the first one that they are valid in."""
    stated = (charset or "").lower().replace("_", "-")
    if stated and stated not in ("unknown-8bit", "us-ascii", "default"):
        with suppress(LookupError, ValueError):
            return data.decode(_WIDER.get(stated, stated))
    return decode(data) or data.decode("latin-1")
