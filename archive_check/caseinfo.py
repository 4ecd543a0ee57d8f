"""Case information: what a person states of a case, beside or against its documents.

It stands in a YAML or JSON file: the one a user names, or `archive-check.yaml` at the root of
the case. Every key is optional; whatever is not understood is an error that names file, key and
the nearest right one, since a slip of the pen must not silently change a verdict.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn, get_args

from archive_check.model import (
    Acceptance,
    ArchiveCheckError,
    CaseInfo,
    CaseReport,
    Lang,
    Section,
    said,
)
from archive_check.texts import tell

FILE_NAME = "archive-check.yaml"
"""The case information that lies at the root of a case."""

PROJECT_TYPES = (
    "general", "economic-responsibility", "special-investigation", "follow-up", "tracking",
    "construction",
)  # fmt: skip
STAGES = ("handover", "archived")
MAX_BYTES = 10_000_000
"""A larger file is no case information; it may come with a case from anywhere."""

WORTH_A_LOOK = 0.8
"""Below this confidence a written material carries a remark that asks for a look."""

ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_Reader = Callable[["_Place", object], object]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a value stands, for the error that names it: the file and the keys down to it."""

    source: str
    keys: tuple[str, ...] = ()

    def __truediv__(self, key: object) -> _Place:
        return _Place(self.source, (*self.keys, str(key)))

    def refuse(self, mistake: str, **args: object) -> NoReturn:
        where = " > ".join(self.keys) or self.source
        raise ArchiveCheckError(
            said(f"caseinfo.{mistake}", source=self.source, where=where, **args)
        )


def load(path: Path, types: Collection[str]) -> CaseInfo:
    """Read a file of case information; `types` are the material types that exist.

    Raises ArchiveCheckError (holding a `Said`) where the file can't be read or a key or value is
    wrong.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        place = _Place(str(path))
        place.refuse("unreadable", why=error.strerror or type(error).__name__)
    return parse(data, str(path), types)


def parse(data: bytes, source: str, types: Collection[str]) -> CaseInfo:
    """Understand the bytes of a file of case information; `source` names it in errors.

    Text is UTF-8, or GB 18030 as older editors write it. Raises ArchiveCheckError as `load` does.
    """
    place = _Place(source)
    if len(data) > MAX_BYTES:
        place.refuse("too-large", limit=MAX_BYTES // 1_000_000)
    try:
        text = _decoded(data, place)
        content = _from_json(text) if source.lower().endswith(".json") else _from_yaml(text)
    except ArchiveCheckError:
        raise
    except RecursionError:
        place.refuse("syntax", why="nested too deeply")
    except Exception as error:  # noqa: BLE001 - parsers of both formats have many kinds of error
        place.refuse("syntax", why=" ".join(str(error).split()))
    if content is None:
        return CaseInfo(source=source)
    values = _mapping(place, content, {**_READERS, "materials": _anything})
    materials = values.pop("materials", {})
    accepted = values.pop("accepted", ())
    if not isinstance(materials, Mapping):
        (place / "materials").refuse("not-a-map")
    fields = {**_MATERIAL_READERS, "type": _one_of(tuple(types))}
    return CaseInfo(
        values=values,
        materials={
            str(path): _mapping(place / "materials" / path, stated, fields)
            for path, stated in materials.items()
        },
        source=source,
        accepted=accepted,
    )


def resolve(info: CaseInfo, paths: Iterable[str]) -> CaseInfo:
    """The same with every material under its path in the case, as `paths` spell it.

    Unicode forms, backslashes and a leading `./` make no difference. Raises ArchiveCheckError
    where a path is none of the case's, or where two name the same material.
    """
    known = tuple(paths)
    exact = frozenset(known)
    spelled = {_plain_path(path): path for path in known}
    place = _Place(info.source or "", ("materials",))
    materials: dict[str, Mapping[str, object]] = {}
    for path, stated in info.materials.items():
        found = path if path in exact else spelled.get(_plain_path(path))
        if found is None:
            near = get_close_matches(_plain_path(path), spelled, n=1, cutoff=0.3)
            if near:
                (place / path).refuse("no-such-path-near", near=spelled[near[0]])
            (place / path).refuse("no-such-path")
        if found in materials:
            (place / path).refuse("twice", near=found)
        materials[found] = stated
    return replace(info, materials=materials)


def write(report: CaseReport, lang: Lang) -> str:
    """What was recognised of a case as case information in YAML, for a person to correct.

    Reading it back states exactly what was recognised. Keys without a value stand as remarks.
    """
    lines = [f"# {line}".rstrip() for line in tell(lang, "caseinfo.header").splitlines()]
    for key in _READERS:
        value = report.case.get(key)
        if value is not None:
            lines += _yaml({key: _stated(value)})
        elif key != "accepted":
            lines.append(f"# {key}:")
    lines.append("materials:" if report.materials else "# materials:")
    for row in sorted(report.materials, key=lambda row: (row.position, row.path)):
        remark = f"{row.position} {row.type_name}".rstrip()
        if row.confidence < WORTH_A_LOOK:
            remark += tell(lang, "caseinfo.look", confidence=f"{row.confidence:.0%}")
        lines.append(f"  # {remark}")
        # Stated, a section would hide that the material lies in another: only a person may say so.
        section = row.section if row.filed_section == row.section else None
        stated = {"type": row.type, "section": section, "date": row.date, "title": row.title}
        entry = {key: _stated(value) for key, value in stated.items() if value}
        lines += [f"  {line}" for line in _yaml({row.path: entry})]
        lines += [] if section else [f"    # section: {row.section}"]
    return "\n".join(lines) + "\n"


def _decoded(data: bytes, place: _Place) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    place.refuse("encoding")


def _from_json(text: str) -> object:
    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        _refuse_repeated([key for key, _ in pairs])
        return dict(pairs)

    return json.loads(text, object_pairs_hook=unique)


def _from_yaml(text: str) -> object:
    import yaml

    class Loader(yaml.CSafeLoader):
        """Dates stay text, so that a wrong one is named by its key; a key stands once."""

        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
            _refuse_repeated([key.value for key, _ in node.value if isinstance(key.value, str)])
            return super().construct_mapping(node, deep)

    Loader.yaml_implicit_resolvers = {
        first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:timestamp"]
        for first, pairs in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }
    try:
        return yaml.load(text, Loader)
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise ValueError(f"{line}{error.problem or error}") from error


def _refuse_repeated(keys: list[str]) -> None:
    for key, times in Counter(keys).items():
        if times > 1:
            raise ValueError(f"{key!r} x {times}")


def _mapping(place: _Place, content: object, readers: Mapping[str, _Reader]) -> dict[str, Any]:
    if not isinstance(content, Mapping):
        place.refuse("not-a-map")
    values: dict[str, Any] = {}
    for key, value in content.items():
        if key not in readers:
            _refuse_name(place / key, "unknown-key", str(key), readers)
        if value is not None:
            values[str(key)] = readers[key](place / key, value)
    return values


def _refuse_name(place: _Place, key: str, given: str, known: Iterable[str]) -> NoReturn:
    allowed = list(known)
    near = get_close_matches(given.strip().lower().replace("_", "-"), allowed, n=1, cutoff=0.5)
    near = near or get_close_matches(given, allowed, n=1, cutoff=0.5)
    if near:
        place.refuse(f"{key}-near", given=given, near=near[0])
    place.refuse(key, given=given, known=", ".join(allowed))


def _anything(place: _Place, value: object) -> object:
    return value


def _text(place: _Place, value: object) -> str:
    # 2023 or 10 without quotes is a number to YAML, and text to whoever wrote it.
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        place.refuse("not-text")
    return str(value)


def _flag(place: _Place, value: object) -> bool:
    if not isinstance(value, bool):
        place.refuse("not-a-flag", given=value)
    return value


def _date(place: _Place, value: object) -> date:
    if isinstance(value, str) and ISO_DATE.fullmatch(value.strip()):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            place.refuse("no-such-date", given=value)
    place.refuse("not-a-date", given=value)


def _year(place: _Place, value: object) -> int:
    text = str(value).strip()
    if isinstance(value, bool) or not re.fullmatch(r"(19|20)\d\d", text):
        place.refuse("not-a-year", given=value)
    return int(text)


def _texts(place: _Place, value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        place.refuse("not-a-list")
    return tuple(_text(place / number, item) for number, item in enumerate(value, 1))


def _acceptances(place: _Place, value: object) -> tuple[Acceptance, ...]:
    if not isinstance(value, list):
        place.refuse("not-a-list")
    return tuple(_acceptance(place / number, item) for number, item in enumerate(value, 1))


def _acceptance(place: _Place, value: object) -> Acceptance:
    stated = _mapping(place, value, _ACCEPTANCE_READERS)
    if not stated.get("reason", "").strip():
        place.refuse("no-reason")
    if not any(stated.get(key, "").strip() for key in ("rule", "material", "fingerprint")):
        place.refuse("accepts-nothing")
    return Acceptance(**stated)


def _one_of(allowed: tuple[str, ...]) -> _Reader:
    def read(place: _Place, value: object) -> str:
        if value not in allowed:
            _refuse_name(place, "unknown-value", str(value), allowed)
        return str(value)

    return read


_READERS: Mapping[str, _Reader] = {
    "project": _text,
    "project_type": _one_of(PROJECT_TYPES),
    "unit": _text,
    "person": _text,
    "special_notice": _flag,
    "started": _date,
    "ended": _date,
    "filed": _date,
    "year": _year,
    "filer": _text,
    "retention": _text,
    "classification": _text,
    "leader": _text,
    "team": _texts,
    "stage": _one_of(STAGES),
    "accepted": _acceptances,
}
_ACCEPTANCE_READERS: Mapping[str, _Reader] = {
    "rule": _text,
    "material": _text,
    "fingerprint": _text,
    "reason": _text,
    "by": _text,
    "until": _date,
}
_MATERIAL_READERS: Mapping[str, _Reader] = {
    "type": _text,
    "section": _one_of(get_args(Section)),
    "date": _date,
    "title": _text,
}


def _plain_path(path: str) -> str:
    return unicodedata.normalize("NFC", path).replace("\\", "/").removeprefix("./")


def _stated(value: object) -> object:
    """A value as YAML states it: ISO dates without quotes, sequences as lists."""
    if isinstance(value, str) and ISO_DATE.fullmatch(value):
        return date.fromisoformat(value)
    return list(value) if isinstance(value, tuple) else value


def _yaml(value: object) -> list[str]:
    import yaml

    text = yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=10_000)
    return text.splitlines()
