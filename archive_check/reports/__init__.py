"""Report formats: one module a format, each a function from a `Report` to bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from archive_check.model import Report
from archive_check.reports import (
    csv_report,
    docx_report,
    github,
    html_report,
    json_report,
    junit,
    markdown,
    sarif,
    text,
    xlsx,
)

Render = Callable[[Report], bytes]

FORMATS: Mapping[str, Render] = {
    "text": text.render,
    "json": json_report.render,
    "sarif": sarif.render,
    "junit": junit.render,
    "csv": csv_report.render,
    "xlsx": xlsx.render,
    "html": html_report.render,
    "docx": docx_report.render,
    "markdown": markdown.render,
    "github": github.render,
}
"""Every format by the name that `--format` takes."""

ENDINGS: Mapping[str, str] = {
    ".txt": "text",
    ".json": "json",
    ".sarif": "sarif",
    ".sarif.json": "sarif",
    ".xml": "junit",
    ".csv": "csv",
    ".xlsx": "xlsx",
    ".html": "html",
    ".htm": "html",
    ".docx": "docx",
    ".md": "markdown",
}
"""The format that an output's name stands for."""

BINARY: frozenset[str] = frozenset({"docx", "xlsx"})
"""Formats that are no text: they do not belong on a terminal."""
