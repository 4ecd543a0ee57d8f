"""The vocabulary of the packs, compiled: what materials are called and what their labels name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, TypeVar

from archive_check.model import MaterialType, Section
from archive_check.recognise.numbers import clean

Cached = TypeVar("Cached", bound=Callable[..., Any])

PACK = "chongqing"
"""The pack whose vocabulary all packs share (contract: liaocheng uses it too)."""


@dataclass(frozen=True, slots=True)
class TitleRule:
    type: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Refinement:
    """Decides between the types that a `?kind` of title leaves open: by the `text`, by the titles
    `beside` it, by the section."""

    type: str
    text: re.Pattern[str] | None
    beside: re.Pattern[str] | None
    without: re.Pattern[str] | None
    section: Section | None


@dataclass(frozen=True)
class Words:
    types: Mapping[str, MaterialType]
    titles: tuple[TitleRule, ...]
    refine: Mapping[str, tuple[Refinement, ...]]
    labels: tuple[tuple[str, re.Pattern[str]], ...]
    any_label: re.Pattern[str]
    phrases: Mapping[str, re.Pattern[str]]
    sections: Mapping[Section, re.Pattern[str]]
    columns: tuple[tuple[str, re.Pattern[str]], ...]
    project_types: tuple[tuple[str, re.Pattern[str]], ...]
    alike: Mapping[str, str]
    """Each character to those that it may be a misreading of."""

    def field_of(self, label: str) -> str | None:
        """The field that a cleaned label names, None where it names none."""
        return _field_of(label)


def _yaml(*parts: str) -> Any:
    import yaml

    source = files("archive_check.rules").joinpath(PACK, *parts)
    return yaml.load(source.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))


OwnTitles = tuple[tuple[str, str], ...]
"""What a bureau's own packs call materials: pairs of a type and a title."""

_own_titles: OwnTitles = ()
_dependent: list[Callable[[], None]] = []


def own_titles() -> OwnTitles:
    """The titles that hold beside the vocabulary's, as `learn` was told."""
    return _own_titles


def learn(titles: OwnTitles) -> None:
    """Let titles of a bureau's own name types too, before anything else does.

    They hold for the process; what was remembered by other titles is forgotten.
    """
    global _own_titles
    if titles != _own_titles:
        _own_titles = titles
        words.cache_clear()
        for forget in _dependent:
            forget()


def remembered(function: Cached) -> Cached:
    """Marks a cached function whose answers depend on the words."""
    _dependent.append(function.cache_clear)  # type: ignore[attr-defined]
    return function


@cache
def words() -> Words:
    """The compiled vocabulary, loaded once a process."""
    titles, fields, layout, *others = (
        _yaml("vocabulary", f"{name}.yaml")
        for name in ("titles", "fields", "layout", "phrases", "procedure", "outside", "plans")
    )
    phrases = {
        name: re.compile(value)
        for source in (titles, fields, layout, *others)
        for name, value in source.items()
        if isinstance(value, str)
    }
    return Words(
        types={key: _type(key, value) for key, value in _yaml("materials.yaml")["types"].items()},
        titles=tuple(
            TitleRule(kind, re.compile(text))
            for kind, text in (
                *((kind, re.escape(clean(title))) for kind, title in _own_titles),
                *titles["titles"],
            )
        ),
        refine={
            kind: tuple(_refinement(row) for row in rows) for kind, rows in titles["refine"].items()
        },
        labels=_patterns(fields["labels"]),
        any_label=_any(fields["labels"].values()),
        phrases=phrases,
        sections={key: re.compile(value) for key, value in layout["sections"].items()},
        columns=_patterns(layout["columns"]),
        project_types=_patterns(layout["project_types"]),
        alike=_alike(_yaml("vocabulary", "misread.yaml")["alike"]),
    )


def _alike(groups: Sequence[str]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for group in groups:
        for character in group:
            found[character] = found.get(character, "") + group.replace(character, "")
    return found


def _patterns(mapping: Mapping[str, str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((key, re.compile(value)) for key, value in mapping.items())


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    """Matches what one of the patterns does; its groups remember nothing, which takes a tenth of
    the time."""
    whole = "|".join(f"(?:{pattern})" for pattern in patterns)
    return re.compile(_TOKEN.sub(lambda found: found[1] or "(?:", whole))


_TOKEN = re.compile(r"(\\.|\[\^?\]?(?:\\.|[^\]])*\])|\((?!\?)", re.DOTALL)
"""An escape or a set of characters, else the bracket that opens a group without a name."""


def _type(key: str, row: Mapping[str, Any]) -> MaterialType:
    return MaterialType(
        id=key,
        name=row["name"],
        sections=tuple(row["sections"]),
        rank=row.get("rank", 0),
        signed=row.get("signed"),
        judged_by=row.get("judged_by"),
        sign=tuple(row.get("sign", ())),
        sign_all=row.get("sign_all", False),
        seal_counts=row.get("seal_counts", True),
        dates=tuple(row.get("dates", ("date",))),
        cues=tuple(re.compile(cue) for cue in row.get("cues", ())),
        delivering=row.get("delivering", {}),
    )


def _refinement(row: Mapping[str, str]) -> Refinement:
    return Refinement(
        type=row["type"],
        text=re.compile(row["text"]) if "text" in row else None,
        beside=re.compile(row["beside"]) if "beside" in row else None,
        without=re.compile(row["not"]) if "not" in row else None,
        section=row.get("section"),  # type: ignore[arg-type]
    )


_NUMBERING = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十\d]{1,3}\)|\d{1,2}[、.](?!\d))"
)


@lru_cache(maxsize=65536)
def _field_of(label: str) -> str | None:
    w = words()
    written = _NUMBERING.sub("", label)
    for text in dict.fromkeys((written, w.phrases["label_aside"].sub("", written))):
        if w.any_label.fullmatch(text):
            return next(name for name, pattern in w.labels if pattern.fullmatch(text))
    return None
