"""The members of the audit team as notice and programme name them, in lines and in tables."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive_check.model import Document, Table
from archive_check.recognise.numbers import clean, compatible
from archive_check.recognise.words import words

_BRACKETS = re.compile(r"\([^()]*\)")
_SPACED = re.compile(
    r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff])[ \u3000]+([\u4e00-\u9fff])(?![\u4e00-\u9fff])"
)
_BETWEEN = re.compile(r"[、,/|\s]+|和(?=[\u4e00-\u9fff]{2,3}(?:$|[、,\s]))")
_FULL = 0.85
"""Of the widest line: less, and a paragraph ends there."""
_ENDS = re.compile(r"[。;；:：!！?？]\s*$")
_LABEL = re.compile(r"[^:：。]{2,14}[:：]")
_NAME = re.compile(
    r"[\u4e00-\u9fff]{2,3}|[\u4e00-\u9fff]{4}|[\u4e00-\u9fff]{1,8}·[\u4e00-\u9fff]{1,8}"
)


def team(document: Document) -> tuple[str, ...]:
    """Every member that the document names, its leader too, each once and in reading order."""
    found = [*_in_lines(document), *(name for t in document.tables for name in _in_table(t))]
    return tuple(dict.fromkeys(found))


def is_name(text: str) -> bool:
    """Whether a text is a person's name: a surname and one or two characters more."""
    w = words().phrases
    if not _NAME.fullmatch(text) or w["not_a_member"].search(text):
        return False
    surname = w["surname"].match(text)
    return "·" in text or (surname is not None and 1 <= len(text) - surname.end() <= 2)


def _in_lines(document: Document) -> Iterator[str]:
    role, verb = words().phrases["team_role"], words().phrases["team_verb"]
    for paragraph in _paragraphs(document):
        text = _SPACED.sub(r"\1\2", compatible(paragraph))
        text = _BRACKETS.sub("", text)
        for sentence in re.split(r"[。;!?]", text):
            marks = list(role.finditer(sentence))
            ends = [*(mark.start() for mark in marks[1:]), len(sentence)]
            for mark, end in zip(marks, ends, strict=False):
                told = sentence[mark.end() : end]
                # A name that is given a role may stand before it, with the verb between them.
                yield from _names(verb.sub("", told) if end < len(sentence) else told)


def _paragraphs(document: Document) -> Iterator[str]:
    """The lines, put together where one as wide as the page breaks off."""
    widest = max((len(line.text) for line in document.lines if line.table is None), default=0)
    run = ""
    for line in document.lines:
        if run and _LABEL.match(line.text):
            yield run
            run = ""
        run += line.text
        if line.table is None and len(line.text) >= _FULL * widest and not _ENDS.search(run):
            continue
        yield run
        run = ""
    yield run


def _names(text: str) -> Iterator[str]:
    """The names with which a text begins, up to the first word that is none."""
    tail = words().phrases["team_tail"]
    for part in _BETWEEN.split(text.strip(" \t:、,")):
        whole = clean(part)
        name = tail.sub("", whole)
        if is_name(name):
            yield name
        if whole and not is_name(whole):
            return


def _in_table(table: Table) -> Iterator[str]:
    """The column of names of a table that says who does what."""
    w = words().phrases
    for r, row in enumerate(table.rows):
        heads = [clean(cell) for cell in row]
        column = next((c for c, head in enumerate(heads) if w["team_names"].fullmatch(head)), None)
        if column is not None and any(w["team_duties"].fullmatch(head) for head in heads):
            for below in table.rows[r + 1 :]:
                yield from _names(_SPACED.sub(r"\1\2", _BRACKETS.sub("", below[column])))
            return
