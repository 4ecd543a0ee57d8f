"""Whether a document is signed, sealed or approved as its type asks (articles 24, 57, 59).

In files without pictures a signature is a name behind the signature label, the body's name with a
mark of the seal, a picture in the signature block or a digital signature; a label with nothing
behind it is unsigned. A body's bare name above the date may have borne a seal on paper: that
can't be told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive_check.model import PICTURE, Document, MaterialType
from archive_check.recognise.dates import dates_in
from archive_check.recognise.fields import Labelled, filled
from archive_check.recognise.numbers import clean
from archive_check.recognise.words import words

_BLOCK = 14
_SIGNATURE_LINE = 60
_NAME = re.compile(r"^[\u4e00-\u9fff·]{2,4}$")
_LETTER_SPACED = re.compile(r"^[\u4e00-\u9fff][ \u3000]+[\u4e00-\u9fff]$")


def signed(document: Document, kind: MaterialType, labels: Sequence[Labelled]) -> bool | None:
    """True, False, or None where the document's text can't tell or was not read."""
    if document.signatures:
        return True
    if not document.text_read:
        return None
    lines = [line.text for line in document.lines if line.text.strip()]
    relevant = [label for label in labels if label.field in kind.sign]
    if any(_names_somebody(label.value) for label in relevant):
        return True
    if _sealed(lines) or any(PICTURE in text for text in lines[-_BLOCK:]):
        return True
    if kind.signed != "seal" and _signs_freely(lines[-_BLOCK:]):
        return True
    if relevant or _blank_mark(lines[-_BLOCK:]):
        return False
    return None if _bare_body(lines[-_BLOCK:]) else False


def _names_somebody(value: str) -> bool:
    """Whether a value holds a name, beside dates, marks of seals and words of consent."""
    if PICTURE in value:
        return True
    rest = value
    for found in reversed(dates_in(value)):
        rest = rest[: found.start] + " " + rest[found.end :]
    rest = re.sub(r"[年月日()（）\[\]]", " ", rest)
    if not filled(rest):
        return False
    text = clean(rest)
    parts = [clean(part) for part in re.split(r"[\s。,，;；、:：]+", rest) if clean(part)]
    if any(not words().phrases["not_a_name"].match(part) for part in parts):
        return bool(re.search(r"[\u4e00-\u9fff]{2}", text))
    return False


def _sealed(lines: Sequence[str]) -> bool:
    w = words()
    mark, body = w.phrases["seal_mark"], w.phrases["body"]
    generic = w.phrases["generic_body"]
    for text in lines:
        plain = clean(text)
        if len(plain) > _SIGNATURE_LINE:
            continue
        for found in mark.finditer(plain):
            before = re.split(r"[:,。;|]", plain[: found.start()])[-1].strip("( )[]")
            after = plain[found.end() :].lstrip("):")
            if re.search(rf"{body.pattern}$", before) and not generic.fullmatch(before):
                return True
            if plain[found.end() : found.end() + 2].lstrip(")").startswith(":") and _body_name(
                after
            ):
                return True
    return False


def _body_name(text: str) -> bool:
    head = re.split(r"[,。;|(]|\d", text)[0]
    w = words()
    return (
        bool(re.search(rf"[\u4e00-\u9fff]{{2,}}{w.phrases['body'].pattern}$", head))
        and not w.phrases["generic_body"].fullmatch(head)
    )


def _signs_freely(block: Sequence[str]) -> bool:
    """A line that is a name, or a name and a date."""
    for text in block:
        rest = text
        for found in reversed(dates_in(text)):
            rest = rest[: found.start] + " " + rest[found.end :]
        rest = rest.strip()
        if _LETTER_SPACED.match(rest) or (
            _NAME.match(rest)
            and words().field_of(rest) is None
            and not re.search(words().phrases["body"].pattern + "$", rest)
            and (rest != text.strip() or _NAME.match(clean(text)))
            and not words().phrases["closing_words"].search(rest)
        ):
            return True
    return False


def _blank_mark(lines: Sequence[str]) -> bool:
    mark = words().phrases["seal_mark"]
    return any(len(text) <= _SIGNATURE_LINE and mark.search(clean(text)) for text in lines)


def _bare_body(block: Sequence[str]) -> bool:
    pattern = re.compile(rf"^[\u4e00-\u9fff()]{{2,30}}{words().phrases['body'].pattern}$")
    for text in block:
        rest = text
        for found in reversed(dates_in(text)):
            rest = rest[: found.start] + rest[found.end :]
        if pattern.match(clean(rest)):
            return True
    return False
