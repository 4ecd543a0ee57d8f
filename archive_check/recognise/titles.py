"""Titles: the title line inside a document, and what a title says the document is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from archive_check.model import PICTURE, Document, Line
from archive_check.recognise.numbers import after_place, clean, doc_numbers
from archive_check.recognise.words import remembered, words

MAX_TITLE = 80
_LARGER = 1.08
"""Type of this size is larger than the body's, if not by much."""
LOUD = 1.15
"""Type of this size against the body's is a heading's."""
_BRACKETS = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]$")
_TAIL_NUMBER = re.compile(r"[-—_.]?[A-Za-z]?\d{1,4}([-_.]\d{1,3})*$|之[一二三四五六七八九十]+$")
_DIVIDER = re.compile(r"[-—–_:]{1,2}")
_SENTENCE = re.compile(r"[。;]|,.*,|,.{8}")
_VERSION = re.compile(r"[vV]\d+(\.\d+)*$")
_PARAGRAPH = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十]{1,3}\)).+:.{4}"
)
"""A numbered heading and the text behind it, as in the body of a paper."""


@dataclass(frozen=True, slots=True)
class Title:
    """A title taken apart: its words, what stands in brackets behind them, what it is called."""

    text: str
    kind: str | None
    attachment: bool
    draft: bool
    consultation_draft: bool
    note: str = ""


@remembered
@lru_cache(maxsize=16384)
def read_title(text: str) -> Title:
    """What a title (of a document, entry or file name) says; kind None where it says nothing."""
    w = words()
    whole = clean(text)
    prefix = w.phrases["attachment_prefix"].match(whole)
    base = whole[prefix.end() :] if prefix else whole
    base, notes = _without_notes(base)
    note = "|".join(notes)
    consultation = bool(w.phrases["consultation_drafts"].search(base + note))
    draft = bool(w.phrases["drafts"].search(note)) or bool(w.phrases["drafts"].search(base[-8:]))
    attachment = bool(prefix) or bool(w.phrases["attachment_note"].search(note))
    kind = _kind(base, whole)
    return Title(whole, kind, attachment, draft and not consultation, consultation, note)


def _without_notes(base: str) -> tuple[str, list[str]]:
    notes: list[str] = []
    while found := _BRACKETS.search(base):
        if found.start() == 0:
            return found[1] or base, notes
        notes.append(found[1])
        base = base[: found.start()]
    shorter = _VERSION.sub("", _TAIL_NUMBER.sub("", base))
    return (shorter or base), notes


def _kind(base: str, whole: str) -> str | None:
    if not base:
        return None
    w = words()
    plain = base.replace("《", "").replace("》", "")
    plain = w.phrases["drafts"].sub("", plain) or plain
    variants = [plain]
    head, *rest = _DIVIDER.split(plain, maxsplit=1)
    variants += [part for part in (head, *rest) if len(part) >= 2 and part != plain]
    if "(" in whole and _BRACKETS.search(whole):
        variants.append(whole)
    found = (rule.type for text in variants for rule in w.titles if rule.pattern.search(text))
    return next(found, None)


def file_title(document: Document) -> str:
    """The title that a document bears from outside: its file's name, or the part's in the file."""
    if document.part_of is not None:
        return document.outline[0][0] if document.outline else ""
    return name_title(document.path)


@remembered
@lru_cache(maxsize=16384)
def name_title(path: str) -> str:
    """The title that a file's name offers: no folder, place number or ending."""
    name = path.split("!/")[-1].rpartition("/")[2]
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", name)
    if (page := words().phrases["page_name"].match(stem)) and page["head"]:
        stem = page["head"]
    return after_place(_SERIES.sub("", stem))


_SERIES = re.compile(r"^[A-Za-z]{1,6}[-_ ]?(?:\d{2,4}[-_])?\d{1,5}[\s_、.\-]+(?=[^\x00-\x7f])")
"""An archive's number before the title: SJ-2023-001."""


def title_lines(document: Document) -> Iterator[str]:
    """Candidates for the document's own title on its first page, the likeliest first; none where
    that page was not read, since what begins another page may be the title of a part."""
    if document.properties.get("unread_pages", "").split(",")[0] == "1":
        return
    head = [line for line in document.lines if line.text.strip()][:24]
    head = [line for line in head if line.page == head[0].page]
    head = head[: next((i for i, line in enumerate(head) if _is_body(line)), len(head))]
    blocks = list(_blocks(head))
    loud = [text for text, line, _ in blocks if line.centred or line.size >= LOUD]
    plain = [text for text, line, index in blocks if text not in loud and index < 12]
    seen: set[str] = set()
    for text in [*loud, *plain]:
        if text not in seen:
            seen.add(text)
            yield text


def _blocks(head: list[Line]) -> Iterator[tuple[str, Line, int]]:
    """Single lines and runs of up to three that look like one title over several lines."""
    usable = [_usable(line) for line in head]
    for i, line in enumerate(head):
        if not usable[i]:
            continue
        run = clean(line.text)
        if _is_annex_mark(run) and i + 1 < len(head) and usable[i + 1]:
            yield f"{run.rstrip(':')}:{clean(head[i + 1].text)}", head[i + 1], i
            continue
        longer = []
        for j in range(i + 1, min(i + 3, len(head))):
            if not (usable[j] or len(clean(head[j].text)) == 1):
                break
            if not (_same_style(line, head[j]) or _is_note(head[j])):
                break
            run += clean(head[j].text)
            if len(run) > MAX_TITLE:
                break
            longer.append((run, head[j]))
        yield from ((text, last, i) for text, last in reversed(longer))
        yield clean(line.text), line, i


def _is_annex_mark(text: str) -> bool:
    """Whether a line says no more than that this is an annex (附件2): its title stands below."""
    return words().phrases["attachment_prefix"].fullmatch(text) is not None


def _is_body(line: Line) -> bool:
    """Whether running text begins: a salutation, or a line with a sentence's marks."""
    if line.table is not None or line.size >= LOUD:
        return False
    text = clean(line.text)
    if words().phrases["salutation"].match(text):
        return words().field_of(text[:-1]) is None and read_title(text).kind is None
    return len(text) > 12 and bool(_SENTENCE.search(text))


def _usable(line: Line) -> bool:
    if "\t" in line.text.strip():
        return False
    text = clean(line.text).replace(PICTURE, "")
    if not 2 <= len(text) <= MAX_TITLE:
        return False
    w = words()
    if w.phrases["attachment_prefix"].match(text) and not w.phrases["title_end"].search(text):
        return True
    if any(mark in text for mark in "。;") or w.phrases["refers_elsewhere"].search(text):
        return False
    if _PARAGRAPH.match(text):
        return False
    if w.phrases["title_end"].search(text) or w.phrases["not_a_title"].search(text):
        return False
    head, colon, _ = text.partition(":")
    if colon and w.field_of(head) is not None:
        return False
    return not (doc_numbers(text) and len(text) < 30)


def _is_note(line: Line) -> bool:
    """A line that is nothing but a bracket, as (征求意见稿) below a title."""
    return _BRACKETS.fullmatch(clean(line.text)) is not None


def _same_style(a: Line, b: Line) -> bool:
    if abs(a.size - b.size) >= 0.05:
        return False
    # A line of a title that fills the page does not show that it is centred.
    return a.size >= LOUD or (b.centred and (a.centred or a.size >= _LARGER))
