"""Whether a catalogue entry's title names the document that it is matched with (AR03.5).

A title that is only shortened or elaborated is no difference: the entry's own words must stand in
the document's titles or, failing that, in its text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from archive_check.recognise.contents import WITH_MATTER
from archive_check.recognise.numbers import clean
from archive_check.recognise.scoring import likeness
from archive_check.recognise.titles import read_title
from archive_check.recognise.words import words

_SAME = 92.0
_ENOUGH = 0.3
_MARK = re.compile(r"(?:19|20)\d{2}(?=年)|[A-Za-z]{1,3}-?\d+(?:-\d+)*")
_SET_OFF = re.compile(r"[^\w]|_")
_HAN = re.compile(r"[\u4e00-\u9fff]")


def names_document(
    entry_title: str, titles: Sequence[str], kind: str, sure: bool, subject: str, text: str | None
) -> bool:
    """`kind` is the document's type, `sure` whether its own title says so; `subject` is its stated
    matter, "" where it has none; `text` is None if unread."""
    listed = _listed_kind(entry_title)
    topical = kind in WITH_MATTER and bool(titles) and _adds_topic(entry_title, titles[0])
    if (
        sure
        and not topical
        and listed is not None
        and not listed.startswith("?")
        and listed != kind
    ):
        return any(likeness(entry_title, title) >= _SAME for title in titles)
    whole = clean("\n".join([*titles, text or ""]))
    if text is not None and not _marks_agree(entry_title, whole):
        return False
    if any(likeness(entry_title, title) >= _SAME for title in titles):
        return True
    if text is None:
        return True
    if not subject and any(clean(title) in clean(entry_title) for title in titles if title):
        return True
    # A record may be listed by what it tells of a matter, which its form does not name.
    if topical and kind != "workpaper":
        return True
    return any(_covered(_own_words(entry_title, title), whole) for title in titles)


def _adds_topic(entry_title: str, title: str) -> bool:
    """Whether an entry is the document's own title with a topic before it or set off behind."""
    entry, own = clean(entry_title), clean(title)
    first = next((part for part in _SET_OFF.split(entry) if len(part) > 1), own)
    bracketed = entry.startswith(own) and not _HAN.match(own[-1:])
    return entry.endswith(own) or bracketed or own.endswith(first)


def _listed_kind(entry_title: str) -> str | None:
    """The type that an entry's title names; a report's draft is one of its own."""
    title = read_title(entry_title)
    if title.kind in ("audit-report", None) and title.consultation_draft:
        return "consultation-letter"
    if title.kind == "audit-report" and title.draft:
        return "report-draft"
    return title.kind


def _marks_agree(entry_title: str, whole: str) -> bool:
    """Years and index numbers of the entry stand in the document, or it bears none of the kind."""
    for mark in _MARK.findall(clean(entry_title)):
        same_shape = re.sub(r"\d", r"\\d", re.escape(mark))
        if mark not in whole and re.search(rf"(?<![\w-]){same_shape}(?![\w-])", whole):
            return False
    return True


def _own_words(entry_title: str, title: str) -> list[str]:
    """What the entry's title says beyond one of the document's."""
    entry = clean(entry_title)
    common = SequenceMatcher(None, entry, clean(title), autojunk=False).get_matching_blocks()
    rest, start = [], 0
    for block in common:
        rest.append(entry[start : block.a])
        start = block.a + block.size
    filler = words().phrases["title_filler"]
    parts = [word for part in rest for word in filler.sub(" ", part).split()]
    return [part for part in parts if len(_HAN.findall(part)) >= 3]


def _covered(parts: Sequence[str], whole: str) -> bool:
    """Whether enough of the neighbouring characters stand together in the document too."""
    pairs = [part[i : i + 2] for part in parts for i in range(len(part) - 1)]
    return sum(pair in whole for pair in pairs) >= _ENOUGH * len(pairs)
