"""ZIP, 7z, RAR and TAR containers and single compressed files: unpacked within limits.

A member's own name is only ever text, never a place on disk, so that no name can write anywhere.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from archive_check.containers import rar, sevenzip, tar, zips
from archive_check.containers.limits import (
    BROKEN,
    MAX_DEPTH,
    Budget,
    ContainerError,
    Member,
    harmless,
)

__all__ = ["MAX_DEPTH", "Budget", "ContainerError", "Kind", "Member", "harmless", "kind", "unpack"]

Kind = Literal["zip", "tar", "7z", "rar", "gz", "bz2", "xz", "zst"]
_MAGIC: dict[bytes, Kind] = {
    b"PK\x03\x04": "zip", b"PK\x05\x06": "zip", b"7z\xbc\xaf\x27\x1c": "7z", b"Rar!\x1a\x07": "rar",
    b"\x1f\x8b\x08": "gz", b"BZh": "bz2", b"\xfd7zXZ\0": "xz", tar.ZSTD: "zst",
}  # fmt: skip
_DOCUMENTS = frozenset(
    {"pdf", "ofd", "doc", "docx", "wps", "xls", "xlsx", "et", "ppt", "pptx", "rtf", "odt", "ods",
     "odp", "txt", "csv", "xml", "html", "htm", "json", "eml", "msg", "jpg", "jpeg", "png", "tif",
     "tiff", "bmp", "gif", "webp", "jp2", "wav", "mp3", "m4a", "wma", "amr", "mp4", "mov", "avi",
     "mpg", "mpeg", "wmv", "mkv", "exe", "bat"}
)  # fmt: skip
"""Extensions of files that are no containers; what they hold in truth is for readers to tell."""


def kind(path: Path, name: str) -> Kind | None:
    """The kind of container that a file is, None where it is none.

    The content decides; only files that bear a document's extension are not looked into. Office
    documents and programs, which are ZIP files as well, are no containers.
    """
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending in _DOCUMENTS:
        return None
    try:
        with path.open("rb") as file:
            head = file.read(512)
    except OSError:
        return None
    found = next((kind for magic, kind in _MAGIC.items() if head.startswith(magic)), None)
    if found == "zip" and zips.is_document(path):
        return None
    if found in ("gz", "bz2", "xz", "zst"):
        return "tar" if tar.is_compressed_tar(path, found) else found
    if found is None and tar.is_tar(head):
        return "tar"
    if found is None and ending == "zip" and zips.has_directory(path):
        return "zip"
    return found


def unpack(path: Path, kind: Kind, folder: Path, budget: Budget, name: str = "") -> list[Member]:
    """Unpacks the files of a container into an empty folder, in the container's order.

    `name` is that of the container, after which a single compressed file is called. Raises
    ContainerError where the container as a whole is damaged, encrypted, of a kind that can't be
    opened or beyond the limits; OSError where the system refuses to read it.
    """
    try:
        if kind == "zip":
            return list(zips.unpack(path, folder, budget))
        if kind == "7z":
            return list(sevenzip.unpack(path, folder, budget))
        if kind == "rar":
            return list(rar.unpack(path, folder, budget))
        if kind == "tar":
            return list(tar.unpack(path, folder, budget))
        return [tar.unpack_single(path, kind, folder, budget, name or path.name)]
    except BROKEN as error:
        raise ContainerError("damaged", "scan.broken", detail=error) from error
    except OSError as error:
        # The decompressor of bzip2 says so of broken data, with no number from the system.
        if error.errno is not None:
            raise
        raise ContainerError("damaged", "scan.broken", detail=error) from error
