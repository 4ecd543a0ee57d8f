"""The comparison as one HTML file, made as carefully as the report's."""

from __future__ import annotations

from functools import partial
from importlib.resources import files

from archive_check.diffs import sentences
from archive_check.diffs.compare import Diff
from archive_check.reports import words
from archive_check.reports.html_report import environment
from archive_check.texts import tell


def render(diff: Diff) -> bytes:
    """The document in UTF-8; it holds no script at all."""
    source = files(__package__).joinpath("diff.html").read_text("utf-8")
    text = environment().from_string(source).render(
        diff=diff, lang=diff.lang, t=partial(tell, diff.lang), words=words, sentences=sentences
    )  # fmt: skip
    return text.encode("utf-8", "backslashreplace")
