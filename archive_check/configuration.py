"""`archive-check.toml`: what a bureau or a project wants by default.

It is looked for in the current folder and then upwards, or named with `--config`. Options of the
command line go before it, and it goes before what is built in. Every key is optional; whatever
is not understood is an error that names file, key and the nearest right one.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from math import isfinite
from pathlib import Path
from typing import Any, NoReturn, get_args

from archive_check.saying import ArchiveCheckError, Lang, Severity, said

FILE_NAME = "archive-check.toml"

FAIL_ON: tuple[str, ...] = (*get_args(Severity), "never")
OCR = ("auto", "off")
ENGINES = ("durable", "reference")
MAX_BYTES = 1_000_000
"""A larger file is no configuration."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a file states, by key; an empty one where there is no file."""

    values: Mapping[str, Any] = field(default_factory=dict)
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class _Key:
    """Where a value stands, for the error that names it."""

    path: Path
    name: str

    def refuse(self, mistake: str, **args: object) -> NoReturn:
        raise ArchiveCheckError(
            said(f"configuration.{mistake}", source=self.path, key=self.name, **args)
        )


_Reader = Callable[[_Key, Any], Any]


def find(folder: Path) -> Path | None:
    """The file of the folder, or of the nearest one above it."""
    for place in (folder, *folder.parents):
        if (place / FILE_NAME).is_file():
            return place / FILE_NAME
    return None


def load(path: Path | None, formats: Collection[str]) -> Configuration:
    """Read the file named, or else the one that is found from the current folder upwards.

    `formats` are the report formats that exist. Raises ArchiveCheckError where the file can't be
    read, or a key or value is wrong.
    """
    place = path or find(Path.cwd())
    if place is None:
        return Configuration()
    readers = {**_READERS, "formats": _list_of(tuple(formats))}
    values: dict[str, Any] = {}
    for name, value in _parsed(place).items():
        key = _Key(place, name)
        if name not in readers:
            _refuse_unknown(key, "unknown-key", name, readers)
        values[name] = readers[name](key, value)
    return Configuration(values, place)


def language(path: Path | None) -> Lang | None:
    """The language that the file asks for, where it can be told; mistakes are told by `load`."""
    place = path or find(Path.cwd())
    try:
        stated = _parsed(place).get("lang") if place else None
    except ArchiveCheckError:
        return None
    return next((lang for lang in get_args(Lang) if lang == stated), None)


def _parsed(path: Path) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    key = _Key(path, "")
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        key.refuse("unreadable", why=error.strerror or type(error).__name__)
    if len(data) > MAX_BYTES:
        key.refuse("unreadable", why=f"> {MAX_BYTES} B")
    try:
        # Windows editors put a byte order mark before UTF-8.
        return tomllib.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        key.refuse("syntax", why=" ".join(str(error).split()))


def _refuse_unknown(key: _Key, mistake: str, given: str, known: Collection[str]) -> NoReturn:
    near = get_close_matches(given.lower().replace("_", "-"), known, n=1, cutoff=0.6)
    if near:
        key.refuse(f"{mistake}-near", given=given, near=near[0])
    key.refuse(mistake, given=given, known=", ".join(known))


def _one_of(known: tuple[str, ...]) -> _Reader:
    def read(key: _Key, value: Any) -> str:
        if value not in known:
            _refuse_unknown(key, "unknown-value", str(value), known)
        return str(value)

    return read


def _list_of(known: tuple[str, ...]) -> _Reader:
    return lambda key, value: tuple(_one_of(known)(key, item) for item in _texts(key, value))


def _texts(key: _Key, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        key.refuse("not-texts")
    return tuple(value)


def _flag(key: _Key, value: Any) -> bool:
    if not isinstance(value, bool):
        key.refuse("not-a-flag", given=value)
    return value


def _number(kinds: type | tuple[type, ...]) -> _Reader:
    def read(key: _Key, value: Any) -> Any:
        number = isinstance(value, kinds) and not isinstance(value, bool)
        if not number or not isfinite(value) or value < 1:
            key.refuse("not-a-number", given=value)
        return value

    return read


def _packs(key: _Key, value: Any) -> tuple[str, ...]:
    """Names of packs, or folders as seen from the file."""
    if not (packs := _texts(key, value)):
        key.refuse("no-packs")
    beside = key.path.absolute().parent
    return tuple(str(beside / pack) if _is_folder(pack) else pack for pack in packs)


def _is_folder(pack: str) -> bool:
    return pack.startswith(".") or "/" in pack or "\\" in pack


def _file(key: _Key, value: Any) -> str:
    """A file as seen from the file of the configuration."""
    if not isinstance(value, str):
        key.refuse("not-text")
    return str(key.path.absolute().parent / value)


def _files(key: _Key, value: Any) -> tuple[str, ...]:
    return tuple(item if item == "-" else _file(key, item) for item in _texts(key, value))


def _severities(key: _Key, value: Any) -> dict[str, str]:
    """Levels by rule. A bare `CQ57.1 = ...` is a table in TOML and means the same as quoted."""
    if not isinstance(value, dict):
        key.refuse("not-a-table")
    found: dict[str, str] = {}
    for name, stated in value.items():
        inside = stated if isinstance(stated, dict) else {"": stated}
        for number, level in inside.items():
            rule = f"{name}.{number}".rstrip(".")
            found[rule] = _one_of(get_args(Severity))(_Key(key.path, f"severity.{rule}"), level)
    return found


_READERS: Mapping[str, _Reader] = {
    "packs": _packs,
    "formats": _list_of(()),
    "outputs": _files,
    "fail-on": _one_of(FAIL_ON),
    "fail-on-unchecked": _flag,
    "baseline": _file,
    "register": _file,
    "select": _texts,
    "ignore": _texts,
    "severity": _severities,
    "engine": _one_of(ENGINES),
    "ocr": _one_of(OCR),
    "jobs": _number(int),
    "timeout": _number((int, float)),
    "cache": _flag,
    "quiet": _flag,
    "lang": _one_of(get_args(Lang)),
}
KEYS = tuple(_READERS)
"""Every key of the file, in the order in which `archive-check config` shows them."""
