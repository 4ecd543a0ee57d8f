"""Containers where a document is expected: in a mail, or under a document's name."""

from __future__ import annotations

import tempfile
from pathlib import Path

from archive_check import containers
from archive_check.readers.content import MAX_FILE, MAX_INNER, Content, Inner, UnreadableError
from archive_check.texts import format_named


def read(path: Path, media_type: str) -> Content:
    """The members as documents inside it. Raises UnreadableError."""
    kind = containers.kind(path, "")
    if kind is None:
        raise UnreadableError("unsupported", "no-reader", media_type=format_named(media_type))
    budget = containers.Budget(members=MAX_INNER, total=MAX_FILE)
    with tempfile.TemporaryDirectory(prefix="archive-check-") as folder:
        try:
            members = containers.unpack(path, kind, Path(folder), budget)
        except containers.ContainerError as error:
            raise UnreadableError.of(error.problem) from error
        return Content(
            text_read=all(member.problem is None for member in members),
            inner=tuple(
                Inner(member.name.replace("/", "_"), Path(member.location).read_bytes())
                for member in members
                if member.location
            ),
            problem=next((member.problem for member in members if member.problem), None),
        )
