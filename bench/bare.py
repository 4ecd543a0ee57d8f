"""The measure of a check: the same files hashed and their text taken out, and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from archive_check.workers import run


def read_bare(paths: Sequence[Path], jobs: int) -> int:
    """Read files in as many workers as the check has; returns the number of characters."""
    return sum(len(done[1]) for _, done in run(_read, paths, jobs) if isinstance(done, tuple))


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
