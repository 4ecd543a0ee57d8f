"""The media type of a file by its content, and what its extension promises."""

from __future__ import annotations

import re
import sys
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

from archive_check.readers.content import UnreadableError
from archive_check.readers.package import open_package, part, parts
from archive_check.readers.text import decode

_HEAD = 64 * 2**10
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UNKNOWN = "application/octet-stream"
_CODESTREAM = "image/x-jp2-codestream"

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_SLIDES = "application/vnd.openxmlformats-officedocument.presentationml"
DOCX, DOTX = f"{_WORD}.document", f"{_WORD}.template"
DOCM = "application/vnd.ms-word.document.macroenabled.12"
DOTM = "application/vnd.ms-word.template.macroenabled.12"
XLSX, XLTX = f"{_EXCEL}.sheet", f"{_EXCEL}.template"
XLSM = "application/vnd.ms-excel.sheet.macroenabled.12"
XLTM = "application/vnd.ms-excel.template.macroenabled.12"
XLSB = "application/vnd.ms-excel.sheet.binary.macroenabled.12"
PPTX = f"{_SLIDES}.presentation"
PPTM = "application/vnd.ms-powerpoint.presentation.macroenabled.12"
DOC, XLS, PPT = "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"
ODT, ODS, ODP = (
    f"application/vnd.oasis.opendocument.{kind}" for kind in ("text", "spreadsheet", "presentation")
)
OFD, PDF, RTF, ZIP = "application/ofd", "application/pdf", "application/rtf", "application/zip"
WORKS, MSG, OLE = (
    "application/vnd.ms-works",
    "application/vnd.ms-outlook",
    "application/x-ole-storage",
)
TEXT, CSV, XML, HTML = "text/plain", "text/csv", "application/xml", "text/html"
EML = "message/rfc822"
RECORDINGS = (
    "audio/wav", "audio/mpeg", "audio/mp4", "audio/aac", "audio/x-hx-aac-adts", "audio/flac",
    "audio/ogg", "audio/x-ms-wma", "audio/AMR", "video/mp4", "video/quicktime", "video/3gpp",
    "video/x-m4v", "video/x-msvideo", "video/mpeg", "video/x-ms-asf", "video/x-ms-wmv",
    "video/x-matroska", "video/webm",
)  # fmt: skip

_MAIN_PARTS = {  # the content type of a package's main part begins with this
    f"{_WORD}.document.main": DOCX,
    f"{_WORD}.template.main": DOTX,
    "application/vnd.ms-word.document.macroenabled.main": DOCM,
    "application/vnd.ms-word.template.macroenabledtemplate.main": DOTM,
    "application/vnd.ms-word.template.macroenabled.main": DOTM,
    f"{_EXCEL}.sheet.main": XLSX,
    f"{_EXCEL}.template.main": XLTX,
    "application/vnd.ms-excel.sheet.macroenabled.main": XLSM,
    "application/vnd.ms-excel.template.macroenabled.main": XLTM,
    "application/vnd.ms-excel.sheet.binary.macroenabled.main": XLSB,
    f"{_SLIDES}.presentation.main": PPTX,
    f"{_SLIDES}.slideshow.main": PPTX,
    f"{_SLIDES}.template.main": PPTX,
    "application/vnd.ms-powerpoint": PPTM,
    "application/vnd.ms-visio": "application/vnd.ms-visio.drawing",
}
_STREAMS = {
    "worddocument": DOC,
    "workbook": XLS,
    "book": XLS,
    "powerpoint document": PPT,
    "visiodocument": "application/vnd.visio",
    "matost": WORKS,
    "mm": WORKS,
    "\x05digitalsignature": "application/x-msi",
}
EARLY = {
    b"\x31\xbe\0\0": "application/x-mswrite",
    b"\x32\xbe\0\0": "application/x-mswrite",
    b"\x9b\xa5\x21\0": "application/msword1",
    b"\xdb\xa5\x2d\0": "application/msword2",
    b"\t\0\4\0": "application/vnd.ms-excel.sheet.2",
    b"\t\2\6\0": "application/vnd.ms-excel.sheet.3",
    b"\t\4\6\0": "application/vnd.ms-excel.sheet.4",
}
"""How documents of before 1995 begin, and their media types as Apache Tika calls them."""
_ALIASES = {
    "audio/x-wav": "audio/wav",
    "audio/vnd.wave": "audio/wav",
    "audio/x-m4a": "audio/mp4",
    "text/xml": XML,
    "text/rtf": RTF,
    "image/x-ms-bmp": "image/bmp",
    "application/x-rar": "application/vnd.rar",
    "application/x-gzip": "application/gzip",
    "video/avi": "video/x-msvideo",
    "application/vnd.microsoft.portable-executable": "application/x-dosexec",
}
_TEXT_KINDS = frozenset({TEXT, CSV, XML, HTML, "application/json", EML})
_HEADS = re.compile(r"[\w-]+:[^\n]*\n")
"""A line as a message's head begins with (RFC 5322, 2.2)."""

PROMISES: dict[str, frozenset[str]] = {
    extension: frozenset(types.split())
    for extensions, types in (
        ("pdf", PDF),
        ("docx", f"{DOCX} {DOTX}"),
        ("docm", f"{DOCM} {DOCX}"),
        ("dotx", f"{DOTX} {DOCX}"),
        ("doc dot", DOC),
        ("wps wpt", f"{DOC} {WORKS}"),
        ("xlsx", f"{XLSX} {XLTX}"),
        ("xlsm", f"{XLSM} {XLSX}"),
        ("xlsb", XLSB),
        ("xls xlt et ett", XLS),
        ("pptx ppsx", PPTX),
        ("pptm", f"{PPTM} {PPTX}"),
        ("ppt pps dps", PPT),
        ("odt ott", ODT),
        ("ods ots", ODS),
        ("odp", ODP),
        ("ofd", OFD),
        ("rtf", RTF),
        ("msg", MSG),
        ("mht mhtml", EML),
        ("txt text csv tsv xml html htm json eml md log", " ".join(sorted(_TEXT_KINDS))),
        ("jpg jpeg jpe jfif", "image/jpeg"),
        ("tif tiff", "image/tiff"),
        ("png", "image/png"),
        ("bmp dib", "image/bmp"),
        ("gif", "image/gif"),
        ("webp", "image/webp"),
        ("jp2 jpx j2k", f"image/jp2 image/jpx {_CODESTREAM}"),
        ("heic heif", "image/heic image/heif"),
        ("wav", "audio/wav"),
        ("mp3", "audio/mpeg"),
        ("m4a aac", "audio/mp4 audio/aac audio/x-hx-aac-adts video/mp4"),
        ("wma", "video/x-ms-asf audio/x-ms-wma"),
        ("amr", "audio/AMR audio/amr"),
        ("mp4 m4v mov 3gp", "video/mp4 video/quicktime video/3gpp video/x-m4v audio/mp4"),
        ("avi", "video/x-msvideo"),
        ("mpg mpeg", "video/mpeg"),
        ("wmv asf", "video/x-ms-asf video/x-ms-wmv"),
        ("mkv webm", "video/x-matroska video/webm"),
        ("zip", ZIP),
        ("rar", "application/vnd.rar"),
        ("7z", "application/x-7z-compressed"),
        ("tar", "application/x-tar"),
        ("gz tgz", "application/gzip"),
    )
    for extension in extensions.split()
}
"""The media types that each extension may stand for; other extensions promise nothing."""

_KNOWN = frozenset[str]().union(*PROMISES.values())

_FIRST = {"doc": DOC, "wps": DOC, "docx": DOCX, "docm": DOCM, "xlsx": XLSX, "xlsm": XLSM,
          "dotx": DOTX, "pptm": PPTM, "txt": TEXT, "csv": CSV, "xml": XML, "html": HTML,
          "htm": HTML, "json": "application/json", "eml": EML,
          "mov": "video/quicktime", "mp4": "video/mp4", "jp2": "image/jp2",
          "heic": "image/heic", "m4a": "audio/mp4", "wma": "audio/x-ms-wma",
          "wmv": "video/x-ms-wmv", "mkv": "video/x-matroska", "amr": "audio/AMR"}  # fmt: skip
_SCRIPTS = frozenset({"bat", "cmd", "vbs", "vbe", "js", "jse", "wsf", "ps1", "sh", "hta", "py"})
_EXECUTABLE = re.compile(
    r"application/(x-(dosexec|executable|pie-executable|sharedlib|mach-binary|msi|msdownload)"
    r"|java-archive|vnd\.android\.package-archive)"
)


def extension(name: str) -> str:
    """The extension of a file name in small letters, without the dot; empty where it has none."""
    stem, dot, last = name.rpartition(".")
    return last.lower().strip() if dot and stem else ""


def promised(name: str) -> str | None:
    """The media type that the name's extension stands for first, or None."""
    ending = extension(name)
    types = PROMISES.get(ending)
    return _FIRST.get(ending) or min(types) if types else None


def mismatch(name: str, media_type: str) -> str | None:
    """The promised media type where the content is of another; None where the two agree."""
    types = PROMISES.get(extension(name))
    return promised(name) if types and media_type not in types else None


def sniff(path: Path, name: str) -> tuple[str, frozenset[str]]:
    """Media type and traits of a file that is not empty; `application/octet-stream` where unknown.

    Raises UnreadableError where the container is recognised but can't be looked into, or holds
    an encrypted document.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    # These two are looked into whatever libmagic says of them, so that it need not be asked.
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _in_package(path)
    if head.startswith(_OLE):
        return _in_ole(path)
    media_type = _by_bytes(head, extension(name))
    return media_type, _traits(name, media_type)


def _by_bytes(head: bytes, ending: str) -> str:
    if head.startswith(b"%PDF"):
        return PDF
    if head.lstrip().startswith(b"{\\rtf"):
        return RTF
    if head[:4] in EARLY:
        return EARLY[head[:4]]
    if head.startswith(b"\xff\x4f\xff\x51"):
        return _CODESTREAM
    if head[40:44] == b" EMF":
        return "image/emf"
    if not head.strip(b"\0"):
        return _UNKNOWN
    named = str(_magic().from_buffer(head))
    named = _ALIASES.get(named, named)
    if not _certain(named, head, ending):
        named = _UNKNOWN
    textual = named.startswith(("text/", "message/")) or named in _TEXT_KINDS or named == _UNKNOWN
    # ISO 32000-1 annex H.3.4.1: readers accept a header anywhere in the first 1,024 bytes; but
    # other formats may hold a PDF.
    other = not textual and named in _KNOWN and ending != "pdf"
    if not other and head.find(b"%PDF-", 0, 1024) > 0:
        return PDF
    if textual:
        text = decode(head, cut=len(head) == _HEAD)
        return _text_kind(text, ending, named) if text is not None else _UNKNOWN
    return named


def _certain(named: str, head: bytes, ending: str) -> bool:
    """Whether libmagic's word weighs more than that the extension promises another format.

    Some of its types rest on two bytes, which any garbage may begin with.
    """
    if named == "application/x-dosexec":
        return head.startswith(b"MZ")
    promises = PROMISES.get(ending)
    if promises is None or named in promises:
        return True
    if named.startswith("audio/"):
        return head.startswith((b"ID3", b"RIFF", b"OggS", b"fLaC", b"#!AMR"))
    return named in _KNOWN or _EXECUTABLE.match(named) is not None


def _traits(name: str, media_type: str) -> frozenset[str]:
    """What a media type says about a file apart from its text."""
    kind = media_type.partition("/")[0]
    found = {"image": "image", "audio": "sound", "video": "film"}.get(kind)
    if _EXECUTABLE.match(media_type):
        found = "executable"
    elif (
        media_type.startswith("text/x-")
        and ("script" in media_type or media_type in ("text/x-python", "text/x-msdos-batch"))
    ) or (media_type.startswith("text/") and extension(name) in _SCRIPTS):
        found = "script"
    return frozenset({found} if found else ())


@cache
def _magic() -> Any:
    # python-magic looks for libmagic in the system, so that the wheel's must be loaded before;
    # python-magic-bin, which stands in for both on Windows, brings its own.
    if sys.platform != "win32":
        import pylibmagic  # noqa: F401
    import magic

    return magic.Magic(mime=True)


def _text_kind(text: str, ending: str, named: str) -> str:
    start = text.lstrip("\ufeff \r\n\t")[:4096]
    low = start.lower()
    if _HEADS.match(start) and re.search(r"(?m)^mime-version:|^received:", low):
        return EML
    if ending in ("eml", "mht", "mhtml") and _HEADS.match(start):
        return EML
    if low.startswith("<?xml") and "<html" not in low:
        return XML
    if re.search(r"<(!doctype\s+html|html|head|body|table)\b", low):
        return HTML
    if ending == "csv":
        return CSV
    if ending == "json" and named == "application/json":
        return named
    if named.startswith("text/x-") and ending in _SCRIPTS:
        return named
    return TEXT


def _in_package(path: Path) -> tuple[str, frozenset[str]]:
    with open_package(path) as package:
        found = {name.lower(): info for name, info in parts(package).items()}
        macros = any(
            name.endswith(("vbaproject.bin", "basic/script-lc.xml"))
            or name.startswith("xl/macrosheets/sheet")
            for name in found
        )
        media_type = _package_type(package, found)
    traits = _traits("", media_type)
    return media_type, traits | {"macro"} if macros else traits


def _package_type(package: zipfile.ZipFile, found: dict[str, zipfile.ZipInfo]) -> str:
    if "ofd.xml" in found:
        return OFD
    if "[content_types].xml" in found:
        declared = part(package, found["[content_types].xml"]).lower()
        for start, media_type in _MAIN_PARTS.items():
            if start.lower().encode() in declared:
                return media_type
        for folder, media_type in (("word/", DOCX), ("xl/", XLSX), ("ppt/", PPTX)):
            if any(name.startswith(folder) for name in found):
                return media_type
    if "mimetype" in found:
        declared = part(package, found["mimetype"])[:200].strip()
        return declared.decode("ascii", "replace").removesuffix("-template")
    return "application/java-archive" if "meta-inf/manifest.mf" in found else ZIP


def _in_ole(path: Path) -> tuple[str, frozenset[str]]:
    import olefile

    try:
        with olefile.OleFileIO(path) as storage:
            names = {"/".join(entry).lower() for entry in storage.listdir()}
    except (PermissionError, MemoryError):
        raise
    except Exception as error:
        raise UnreadableError("damaged", "broken-package", detail=error) from error
    if "encryptedpackage" in names:
        raise UnreadableError("encrypted", "password")
    media_type = _ole_type(names)
    macros = any(name.endswith("vba/dir") for name in names)
    traits = _traits("", media_type)
    return media_type, traits | {"macro"} if macros else traits


def _ole_type(names: set[str]) -> str:
    if any(name.startswith(("__properties_version1.0", "__substg1.0_")) for name in names):
        return MSG
    for stream, media_type in _STREAMS.items():
        if stream in names:
            return media_type
    if "contents" in names and any("spellingmetadata" in n or "compobj" in n for n in names):
        return WORKS
    return OLE
