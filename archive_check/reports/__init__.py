"""Report formats: one module a format, each a function from a `Report` to bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archive_check.model import Report

Render = Callable[["Report"], bytes]

MODULES: Mapping[str, str] = {
    "text": "text",
    "json": "json_report",
    "sarif": "sarif",
    "junit": "junit",
    "csv": "csv_report",
    "xlsx": "xlsx",
    "html": "html_report",
    "docx": "docx_report",
    "markdown": "markdown",
    "github": "github",
}
"""The module of every format."""


def _render(module: str) -> Render:
    def render(report: Report, **how: object) -> bytes:
        # Here and not above: a run makes one report of ten, and help makes none.
        made: bytes = import_module(f"{__name__}.{module}").render(report, **how)
        return made

    return render


FORMATS: Mapping[str, Render] = {name: _render(module) for name, module in MODULES.items()}
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
