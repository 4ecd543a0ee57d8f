"""The pack's elements of papers (`vocabulary/elements/`), compiled once a process."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from archive_check.recognise.words import PACK
from archive_check.required import Element, Part, Required


@cache
def required() -> Mapping[str, Required]:
    """Every set of elements by its id, in the order of the articles."""
    return {one.id: one for one in _all()}


@cache
def required_of(type_id: str) -> tuple[Required, ...]:
    """The sets that papers of a type are asked for."""
    return tuple(one for one in required().values() if type_id in one.types)


@cache
def methods() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The methods by which evidence is obtained (article 22), and the words for each."""
    listed = _yaml("methods.yaml")["methods"]
    return tuple((name, re.compile(pattern)) for name, pattern in listed.items())


@cache
def method_of_type() -> Mapping[str, str]:
    """The method that a type of record tells by itself."""
    found: Mapping[str, str] = _yaml("methods.yaml")["types"]
    return found


def _yaml(name: str) -> Any:
    import yaml

    folder = files("archive_check.rules").joinpath(PACK, "vocabulary", "elements")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(folder.joinpath(name).read_text("utf-8"), loader)


def _all() -> Iterator[Required]:
    folder = files("archive_check.rules").joinpath(PACK, "vocabulary", "elements")
    for name in sorted(item.name for item in folder.iterdir()):
        if name == "methods.yaml" or not name.endswith(".yaml"):
            continue
        for key, row in _yaml(name).items():
            yield Required(
                id=key,
                types=tuple(row["types"]),
                elements=tuple(_element(id_, one) for id_, one in row["elements"].items()),
                when=_pattern(row, "when"),
                unless=_pattern(row, "unless"),
                together=row.get("together", False),
                annexed=row.get("annexed", False),
            )


def _element(key: str, row: Mapping[str, Any]) -> Element:
    return Element(
        id=key,
        name=row["name"],
        parts=tuple(_part(part) for part in row["parts"]),
        block=row.get("block", ""),
        when=_pattern(row, "when"),
        unless=_pattern(row, "unless"),
        methods=frozenset(row.get("methods", ())),
        beside=tuple(row.get("beside", ())),
        reported=_pattern(row, "reported"),
        yields_to=tuple(row.get("yields_to", ())),
        supplied_by=tuple(row.get("supplied_by", ())),
    )


def _part(row: Mapping[str, Any]) -> Part:
    patterns = ("label", "heading", "text", "anywhere", "top", "lead")
    return Part(
        fields=tuple(row.get("fields", ())),
        value=row.get("value", "any"),
        differs=tuple(row.get("differs", ())),
        signed=row.get("signed", False),
        dated=row.get("dated", False),
        attached=row.get("attached", False),
        **{key: _pattern(row, key) for key in patterns},
    )


def _pattern(row: Mapping[str, Any], key: str) -> re.Pattern[str] | None:
    return re.compile(row[key]) if key in row else None
