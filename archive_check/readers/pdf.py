"""PDF through pdfium; what pdfium does not open is tried with pypdf.

pdfium is not thread-safe and may take much memory on hostile files: read in a worker process.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

from archive_check.model import Line, Problem, Table, said
from archive_check.readers.content import (
    MAX_PAGES,
    Content,
    UnreadableError,
    relative,
    within_limit,
)
from archive_check.readers.pdf_fonts import boxes_for_missing_fonts
from archive_check.readers.pdf_grid import grids
from archive_check.readers.pdf_lines import page_lines
from archive_check.readers.pdf_page import PageContent, page_content
from archive_check.readers.pdf_structure import (
    Data,
    attachments,
    cut_off,
    opened,
    outline,
    properties,
    scripted,
    signatures,
    undecodable,
)
from archive_check.readers.text import common_characters

_BLANK = 20
"""Blank pages that are looked at a second time."""
_USABLE = 0.5
"""Least share of common characters among the Chinese ones of a page whose text is right."""

_RECOGNISED = 0.9
"""The same of a text layer that a recogniser laid beneath the picture of the page."""
_ENOUGH = 40
"""Chinese characters by which such a layer can be judged."""
_SIGNS = 0.04
"""Share of signs in it that no Chinese text has."""
_STRANGE = re.compile(r"[\^~`|\\{}$@#*_<>¦§¤°±¬¯´¸¡¿«»\x00-\x1f\ufffd]|[À-ɏ]")


def read(path: Path, media_type: str) -> Content:
    """Lines and ruled tables of every page.

    A page that shows an image instead of text, or whose text layer is mapped wrongly, has no
    lines, gives the trait `scan` and is named in the property `unread_pages`; one whose text lies
    beneath an image in `scanned_pages`. Encryption that the empty password opens is none. Raises
    UnreadableError.
    """
    import pypdfium2 as pdfium

    logging.getLogger("pypdfium2").setLevel(logging.CRITICAL)
    with opened(path) as data:
        try:
            document = pdfium.PdfDocument(data if isinstance(data, bytes) else path)
        except pdfium.PdfiumError as error:
            if "assword" in str(error):
                raise UnreadableError("encrypted", "password") from error
            return _second_try(path, error)
        try:
            document.init_forms()
            with boxes_for_missing_fonts():
                return _document(document, data, path)
        finally:
            document.close()


def _document(document: Any, data: Data, path: Path) -> Content:
    import pypdfium2 as pdfium

    cut = cut_off(data)
    count = len(document)
    if not count:
        if cut:
            raise UnreadableError("damaged", "broken-pdf", detail="startxref")
        raise UnreadableError("empty", "no-page")
    lines: list[Line] = []
    tables: list[Table] = []
    unread: list[int] = []
    scanned: list[int] = []
    broken: list[int] = []
    blank: list[int] = []
    missing: set[str] = set()
    for number in range(1, min(count, MAX_PAGES) + 1):
        try:
            page = page_content(document, number - 1)
        except pdfium.PdfiumError:
            broken.append(number)
            continue
        missing |= page.missing
        if not _readable(page):
            if page.pictured or page.pieces:
                unread.append(number)
            elif not (page.across or page.down):
                blank.append(number)
            continue
        if page.pictured:
            scanned.append(number)
        ruled = grids(page.across, page.down)
        own, found = page_lines(page.pieces, ruled, number, page.width, len(tables))
        lines += own
        tables += found
    if blank:
        broken += undecodable(path, blank[:_BLANK])
    inner, problem = attachments(document)
    kept, too_long = within_limit(relative(lines))
    problem = too_long or problem
    if count > MAX_PAGES:
        problem = Problem("limit", said("reading.too-many-pages", limit=MAX_PAGES))
    if cut:
        problem = Problem("damaged", said("reading.broken-pdf", detail="startxref"))
    if broken:
        detail = "p. " + ", ".join(str(number) for number in broken[:10])
        problem = Problem("damaged", said("reading.broken-pdf", detail=detail))
    stated = dict(properties(document, data, missing))
    if unread:
        stated["unread_pages"] = ",".join(map(str, unread))
    if scanned:
        stated["scanned_pages"] = ",".join(map(str, scanned))
    traits = {"scan"} if unread else set()
    if scripted(document, data, path):
        traits.add("script")
    return Content(
        pages=count,
        fixed_pages=True,
        lines=kept,
        tables=tuple(tables),
        properties=stated,
        signatures=signatures(document, path),
        traits=frozenset(traits),
        text_read=bool(kept) and not unread,
        outline=outline(document),
        inner=inner,
        problem=problem,
    )


def _readable(page: PageContent) -> bool:
    """Whether a page has text that means what it shows.

    A font without a proper mapping gives rare characters at random, so that the share of
    GB 2312 level 1 characters tells: 1.0 on good pages, at most 0.1 on wrongly mapped ones.
    """
    text = "".join(piece.text for piece in page.pieces if piece.size)
    if not text.strip() or (page.pictured and len("".join(text.split())) < 8):
        return False
    odd = 0 if text.isprintable() else sum(not character.isprintable() for character in text)
    chinese, common = common_characters(text)
    if page.pictured and chinese >= _ENOUGH:
        # A layer that a poor recogniser laid beneath the picture has rare characters and signs.
        strange = len(_STRANGE.findall(text))
        return common >= _RECOGNISED * chinese and strange <= _SIGNS * len(text)
    return odd * 10 <= len(text) and (chinese < 20 or common >= _USABLE * chinese)


def _second_try(path: Path, first: Exception) -> Content:
    """Pages and text through pypdf, which repairs some files that pdfium refuses."""
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableError("encrypted", "password")
        count = len(reader.pages)
        lines = [
            Line(text.strip(), number)
            for number, page in enumerate(reader.pages[:MAX_PAGES], 1)
            for text in page.extract_text().splitlines()
            if text.strip()
        ]
    except (UnreadableError, MemoryError):
        raise
    except Exception as error:
        # Encrypted for the holders of certificates (ISO 32000-1, 7.6.4).
        if "security scheme" in str(first):
            raise UnreadableError("encrypted", "password") from error
        raise UnreadableError("damaged", "broken-pdf", detail=first) from error
    if not count:
        raise UnreadableError("damaged", "broken-pdf", detail=first)
    kept, problem = within_limit(lines)
    return Content(pages=count, fixed_pages=True, lines=kept, text_read=bool(kept), problem=problem)
