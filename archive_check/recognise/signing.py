"""Whether a document is signed, sealed or approved as its type asks (articles 24, 57, 59).

In files without pictures a signature is a name behind the signature label, the body's name with a
mark of the seal, a picture in the signature block or a digital signature, on scans a red seal that
was seen; a label with nothing behind it is unsigned, and so is a body's bare name (contract,
"Which rule speaks").
A digital signature that does not match its document is AR02.2's alone: it is not missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from archive_check.model import PICTURE, Document, MaterialType
from archive_check.recognise.dates import dates_in, is_only_a_date
from archive_check.recognise.label import Labelled
from archive_check.recognise.names import names_person, names_somebody, signs
from archive_check.recognise.numbers import clean
from archive_check.recognise.words import words

_BLOCK = 10
_NEAR = 4
"""Lines from a date within which a seal or signature stands."""
_ADDRESSEE = re.compile(r"^[\u4e00-\u9fff·]{2,4}(\d|$)")
_SIGNATURE_LINE = 60
_DATE_LINE = re.compile(r"[\d〇○零一二三四五六七八九十]{2,4}[年.-].{1,3}[月.-].{1,3}日?")
_NAME = re.compile(r"^[\u4e00-\u9fff·]{2,4}$")
_BODY = re.compile(r"[\u4e00-\u9fff·()]{3,40}")
_LETTER_SPACED = re.compile(r"^[\u4e00-\u9fff][ \u3000]+[\u4e00-\u9fff]$")


def signed(document: Document, kind: MaterialType, labels: Sequence[Labelled]) -> bool | None:
    """True, False, or None where the document's text can't tell or was not read."""
    if document.signatures:
        return True
    if not document.text_read:
        return None
    asked = _asked(kind, labels, _named_above(document, labels))
    if _told(document, kind, asked):
        return True
    # On a grey scan a seal is as dark as print.
    may_be_sealed = "grey" in document.traits and (kind.signed != "signature" or not asked)
    return None if may_be_sealed else False


def _told(document: Document, kind: MaterialType, asked: Sequence[Labelled]) -> bool:
    lines = [line.text for line in document.lines if line.text.strip()]
    seal_counts = kind.seal_counts or not asked
    if seal_counts and (_sealed([*lines, *_in_cells(document)]) or _stamped(document, asked)):
        return True
    pictures = any(PICTURE in text for text in lines)
    if pictures and any(PICTURE in text for text in [*lines[-_BLOCK:], *_beside_dates(lines)]):
        return True
    if asked:
        return (all if kind.sign_all else any)(map(_is_signed, asked))
    return kind.signed != "seal" and _signs_freely(lines[-_BLOCK:])


def _is_signed(label: Labelled) -> bool:
    """Whether a field names somebody, or an opinion in it is signed beside or below it."""
    signed_beside = bool(label.value) and names_person(label.beside)
    return names_somebody(label.value) or signed_beside


def _in_cells(document: Document) -> Iterator[str]:
    """The lines of cells that hold several."""
    cells = (cell for table in document.tables for row in table.rows for cell in row)
    return (line for cell in cells if "\n" in cell for line in cell.split("\n"))


def _beside_dates(lines: Sequence[str]) -> Iterator[str]:
    """The lines around each line that is a date: with annexes behind it, a letter ends there."""
    for i, text in enumerate(lines):
        if is_only_a_date(text):
            yield from lines[max(i - _NEAR, 0) : i + _NEAR]


def _stamped(document: Document, asked: Sequence[Labelled]) -> bool:
    """Whether a seal was seen on a page where one belongs: that of a field that asks for it, of
    the last lines, or of a line that is a date."""
    if not document.sealed_pages:
        return False
    written = [line for line in document.lines if line.text.strip()]
    places = {label.page for label in asked} | {line.page for line in written[-_BLOCK:]}
    places |= {line.page for line in written if _DATE_LINE.fullmatch(clean(line.text))}
    return bool(places & document.sealed_pages)


def _named_above(document: Document, labels: Sequence[Labelled]) -> frozenset[str]:
    """The labels that stand only above what was said: they tell who spoke, and sign nothing."""
    begins = words().phrases["talk_begins"]
    rows = [[clean(cell) for cell in line.text.split("\t")] for line in document.lines]
    start = next((i for i, row in enumerate(rows) if any(map(begins.match, row))), 0)
    if not start:
        return frozenset()
    above, below = (str(part) for part in (rows[:start], rows[start:]))
    return frozenset(x.label for x in labels if x.label in above and x.label not in below)


def _asked(kind: MaterialType, labels: Sequence[Labelled], above: frozenset[str]) -> list[Labelled]:
    """The fields that must hold the signature: those that speak of signing, where any does."""
    mark, mark_of_hand = words().phrases["signing_label"], words().phrases["by_hand"]
    asked = (label for label in labels if _signs_here(label, kind) and label.label not in above)
    # Who puts his thumb beside his name has signed; that he did so is no label.
    fields = [label for label in asked if not _is_a_name(mark_of_hand.sub("", label.label))]
    fields = [label for label in fields if not _names_a_body(label)] or fields
    explicit = [x for x in fields if mark.search(x.label) or mark.search(clean(x.value))]
    if explicit or fields:
        return explicit or fields
    # Whoever approves may do so in the field for his opinion.
    if "approver" in kind.sign:
        opinions = [x for x in labels if x.field == "review_opinion" and signs(x.value)]
        if opinions:
            return opinions
    return [x for x in labels if x.field == "addressee" and _ADDRESSEE.match(clean(x.value))]


def _signs_here(label: Labelled, kind: MaterialType) -> bool:
    """Whether a field signs papers of this type: one that is there for it, or the audited person's
    name with a date behind it, who signs what is the person's own."""
    own = label.field == "person" and "person_sign" in kind.sign
    return label.field in kind.sign or (own and bool(dates_in(label.beside)))


def _names_a_body(label: Labelled) -> bool:
    """Whether a field tells which body it is (签收单位), and no more."""
    w = words().phrases
    return bool(w["names_a_body"].search(label.label)) and not w["seal_mark"].search(label.value)


def _sealed(lines: Sequence[str]) -> bool:
    """A body's name beside a mark of the seal, in a line of its own."""
    mark = words().phrases["seal_mark"]
    for text in lines:
        if not mark.search(clean(text)):
            continue
        for cell in re.split(r"\t|\s{2,}", text):
            plain = clean(cell)
            if len(plain) > _SIGNATURE_LINE or any(c in plain for c in "。;"):
                continue
            for found in mark.finditer(plain):
                before = re.split(r"[:,|]", plain[: found.start()])[-1].strip("( )[]")
                behind = re.match(r"\)?:([^,|(\d]+)", plain[found.end() :])
                if _is_body(before) or (behind and _is_body(behind[1])):
                    return True
    return False


def _is_body(name: str) -> bool:
    w = words()
    return (
        _BODY.fullmatch(name) is not None
        and w.phrases["generic_body"].fullmatch(name) is None
        and w.phrases["signing_label"].search(name) is None
        and w.field_of(name) in (None, "unit")
        and not w.phrases["closing_words"].match(name)
    )


def _signs_freely(block: Sequence[str]) -> bool:
    """A line that is a person's name, or one with a date or the print of a thumb."""
    by_hand = words().phrases["by_hand"]
    for text in block:
        rest = by_hand.sub("", text.rstrip())
        for found in reversed(dates_in(text)):
            rest = rest[: found.start] + " " + rest[found.end :]
        if _is_a_name(clean(rest) if _LETTER_SPACED.match(rest.strip()) else rest.strip()):
            return True
    return False


def _is_a_name(text: str) -> bool:
    w = words()
    return (
        _NAME.match(text) is not None
        and w.phrases["surname"].match(text) is not None
        and w.field_of(text) is None
    )
