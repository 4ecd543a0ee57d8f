"""The second look: an earlier report against a later one, in a few formats of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from archive_check.diffs import docx_diff, html_diff, json_diff, text
from archive_check.diffs.compare import Diff, against_baseline, compare
from archive_check.diffs.reading import load

__all__ = ["FORMATS", "Diff", "Render", "against_baseline", "compare", "load"]

Render = Callable[[Diff], bytes]

FORMATS: Mapping[str, Render] = {
    "text": text.render,
    "json": json_diff.render,
    "html": html_diff.render,
    "docx": docx_diff.render,
}
"""Every format by the name that `--format` takes."""
