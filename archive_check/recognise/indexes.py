"""Index numbers: in one form, and those that a workpaper refers to (articles 26 and 28)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from archive_check.model import Document
from archive_check.recognise.fields import filled
from archive_check.recognise.label import Labelled
from archive_check.recognise.numbers import clean
from archive_check.recognise.words import words

_INDEX = r"[A-Za-z]{1,6}\d{0,4}(?:[-—–_./]?\d{1,4}){1,3}"
_IN_WORDS = re.compile(r"[\u4e00-\u9fff]{1,6}-?(?=\d)")
_DIGITS = r"(?:\d{1,4}(?:-\d{1,3})+|\d{2,4})"


def normal_index(text: str) -> str:
    """An index number in one form: `A—03 - 1` is `A-03-1`; page parts (第1页) are left out."""
    plain = normal_dashes(clean(text)).upper()
    plain = re.split(r"第|共|页|\(|,", plain)[0]
    return plain.strip("-:. ")


def normal_dashes(text: str) -> str:
    return re.sub(r"[—–_－]", "-", text)


def citing(document: Document, labels: Sequence[Labelled], own: str) -> Iterator[tuple[str, str]]:
    """What a workpaper refers to and whether it states a problem.

    `cites` are index numbers that it calls a workpaper's, or that are made of words as its `own`
    is (底稿-7); `mentions` those that it only sends to.
    """
    text = "\n".join(clean(line.text) for line in document.lines)
    w = words().phrases
    for name in ("cites", "mentions"):
        found = [x for match in w[f"{name}_paper"].finditer(text) for x in _indexes(match[0])]
        if name == "cites" and not found:
            found = list(_alike(own, text))
        if found:
            yield name, " ".join(dict.fromkeys(found))
    concluded = [x.value for x in labels if w["concluding_label"].search(x.label)]
    concluded += _under_heading(text.split("\n"))
    stated = clean("。".join(value for value in concluded if filled(value)))
    if stated:
        rest = w["states_none"].sub("", stated)
        if w["states_problem"].search(rest):
            yield "problem", "yes"
        elif rest != stated:
            yield "problem", "no"


def _alike(own: str, text: str) -> Iterator[str]:
    """Index numbers that begin with the same words as a workpaper's own."""
    head = _IN_WORDS.match(own)
    if head is not None:
        for found in re.finditer(re.escape(head[0]) + r"\d{1,4}(?:-\d{1,3})*", normal_dashes(text)):
            yield normal_index(found[0])


def _under_heading(lines: Sequence[str]) -> Iterator[str]:
    """What stands under headings of facts and conclusion, to the next heading."""
    w = words().phrases
    inside = False
    for line in lines:
        if w["concluding_head"].match(line):
            inside = True
        elif w["any_head"].match(line):
            inside = False
        elif inside:
            yield line


def _indexes(text: str) -> Iterator[str]:
    for found in re.finditer(f"{_INDEX}|(?<![A-Za-z\\d-]){_DIGITS}(?!年|月|日|\\d)", text):
        yield normal_index(found[0])
