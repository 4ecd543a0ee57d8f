"""Titles as people wrote them: with the spaces between their words.

Titles are compared without white space, since Chinese is spaced out at will (审 计 报 告). What is
shown of one in Latin letters is looked up in the document again.
"""

from __future__ import annotations

import re

from archive_check.model import Document, Said
from archive_check.recognise.numbers import compatible

_HEAD = 4000
"""Characters of a document in which its title is looked for."""
_LATIN = re.compile(r"[A-Za-z]{3}")
_GAP = r"[\s\u200b\ufeff]*"
_BESIDE_HAN = re.compile(r"(?<=[\u2e80-\uffef])\s+|\s+(?=[\u2e80-\uffef])")


def as_written(document: Document, title: str) -> str:
    """The title with the spaces that the document's head has in it; empty where it has none."""
    if not _LATIN.search(title):
        return ""
    # The mark between an annex's number and its title is recognition's own.
    pattern = _GAP.join(":?" if sign == ":" else re.escape(sign) for sign in title)
    found = re.search(pattern, compatible(_head(document)))
    written = " ".join(_BESIDE_HAN.sub("", found[0]).split()) if found else title
    return "" if written == title else written


def why_written(document: Document, why: Said) -> Said:
    """A reason that quotes a title, with the title as it is written."""
    return Said(why.key, tuple((name, _quoted(document, name, arg)) for name, arg in why.args))


def _quoted(document: Document, name: str, arg: str | Said) -> str | Said:
    if name != "title" or isinstance(arg, Said):
        return arg
    return as_written(document, arg) or arg


def _head(document: Document) -> str:
    head = ""
    for line in document.lines:
        head += f"{line.text[:_HEAD]}\n"
        if len(head) > _HEAD:
            break
    return head
