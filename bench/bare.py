"""The measure of a check: the same files hashed and their text taken out, and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from archive_check import readers
from archive_check.model import SourceFile
from archive_check.workers import run

FONT_FOLDERS = tuple(
    Path(folder)
    for folder in ("/usr/share/fonts", "/usr/share/X11/fonts", "/usr/local/share/fonts")
)
"""Where pdfium looks for the fonts that a PDF leaves out, on Linux."""


def read_bare(paths: Sequence[Path], jobs: int) -> int:
    """Read files in as many workers as the check has; returns the number of characters."""
    return sum(len(done[1]) for _, done in run(_read, paths, jobs) if isinstance(done, tuple))


def read_whole(paths: Sequence[Path], jobs: int) -> int:
    """Read files as a check does, with all that it goes by; returns the number of files read."""
    return sum(isinstance(done, int) for _, done in run(_lines, paths, jobs))


def _lines(path: Path) -> int:
    source = SourceFile(path.name, str(path), path.stat().st_size)
    return sum(len(document.lines) for document in readers.read(source))


def _read(path: Path) -> tuple[str, str]:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    texts = {".pdf": _pdf, ".docx": _docx}
    take = texts.get(path.suffix)
    return digest, take(path) if take else ""


def _pdf(path: Path) -> str:
    from pypdfium2 import PdfDocument

    with PdfDocument(path) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def _docx(path: Path) -> str:
    from zipfile import ZipFile

    from lxml import etree

    with ZipFile(path) as package:
        root = etree.fromstring(package.read("word/document.xml"))
    paragraphs = root.iter(f"{_WORD}p")
    return "\n".join("".join(text.text or "" for text in p.iter(f"{_WORD}t")) for p in paragraphs)


_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
