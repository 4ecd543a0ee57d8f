"""The rule language: what a rule may say, and how one is read from YAML.

A rule's `when` describes a deficiency by patterns on facts: `all` of them exist and `none` of
the others does. Every pattern speaks of a fact of its own: two patterns never bind one fact, and
a pattern under `none` means another fact than those bound. A condition compares one field with
a constant, or for equality with a field of a fact bound before (`$binding.field`). An unknown
value (None) satisfies no condition, not even `ne`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import prod
from typing import Literal, get_args

from archive_check.marked import (
    Marked,
    nearest,
    read_int,
    read_list,
    read_map,
    read_text,
    read_texts,
    refuse,
    show,
)
from archive_check.model import ArchiveCheckError, Lang, Severity
from archive_check.vocabulary import Fact, FieldType, Value

Vocabulary = Mapping[str, Mapping[str, FieldType]]
Texts = Mapping[Lang, str]
Constant = str | int | bool
Op = Literal["eq", "ne", "lt", "le", "gt", "ge", "in", "same", "unknown"]
"""`same` is equality with another fact's field; `unknown` is for `needs`, no rule may write it."""

WRITTEN: Mapping[FieldType, tuple[Op, ...]] = {
    "text": ("ne", "in"),
    "number": ("ne", "in", "lt", "le", "gt", "ge"),
    "flag": ("ne",),
}
"""The operators that a rule may write, beside a bare constant, for each type of field."""

GREATEST = 2**53
"""The greatest number that a rule may name: both engines tell all numbers up to it apart."""
MOST_PATTERNS = 12
"""The most patterns in one `when`, each value of an `in` under `none` counted: durable-rules
holds sixteen facts in a match."""

_PYTHON: Mapping[FieldType, type] = {"text": str, "number": int, "flag": bool}
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
"""`{binding.word}` in a message: see `split_placeholder`."""
_NAME = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True)
class Reference:
    """The field of a fact that another pattern has bound."""

    binding: str
    field: str


@dataclass(frozen=True, slots=True)
class Condition:
    field: str
    op: Op
    value: Constant | tuple[Constant, ...] | Reference | None


@dataclass(frozen=True, slots=True)
class Pattern:
    """Facts of one kind that satisfy every condition, bound under a name."""

    kind: str
    name: str
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """What an engine answers: facts that match `all`, such that none matches one of `none`."""

    all: tuple[Pattern, ...]
    none: tuple[Pattern, ...] = ()


@dataclass(frozen=True, slots=True)
class Cite:
    """A provision: the source's name with article and item by number, or a label in words.

    Where both stand, the label is how the article is called (part IV of an opinion)."""

    source: Texts | None
    article: int | None = None
    item: int | None = None
    label: Texts | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a pack; `place` is the file and line where it stands.

    `needs` are fields of the first fact of `applies`: where one is unknown, that subject is
    not checked. `fails` and `passes` are its examples, each a small case of facts.
    """

    id: str
    pack: str
    place: str
    title: Texts
    severity: Severity
    cites: tuple[Cite, ...]
    applies: Query
    needs: tuple[str, ...]
    when: Query
    offender: str
    yields_to: tuple[str, ...]
    message: Texts
    remedy: Texts
    fails: tuple[tuple[Fact, ...], ...]
    passes: tuple[tuple[Fact, ...], ...]


_REQUIRED = ("id", "title", "severity", "cites", "when", "message", "remedy", "examples")
_OPTIONAL = ("applies", "needs", "offender", "yields_to")


def read_rule(at: Marked, pack: str, sources: Mapping[str, Texts], vocabulary: Vocabulary) -> Rule:
    """The rule that stands here. Raises ArchiveCheckError for whatever the language lacks."""
    keys = read_map(at, "a rule", _REQUIRED, _OPTIONAL)
    name = read_text(keys["id"], "the id of a rule")
    when = _query(keys["when"], "when", vocabulary)
    default = Query((Pattern(when.all[0].kind, when.all[0].kind),))
    applies = _query(keys["applies"], "applies", vocabulary) if "applies" in keys else default
    bound = [pattern.name for pattern in when.all]
    offender = _word(keys["offender"], "offender", [*bound, "case"]) if "offender" in keys else ""
    message = read_texts(keys["message"], "message")
    for text in message.values():
        for match in PLACEHOLDER.finditer(text):
            binding, word = split_placeholder(match[1])
            if binding not in bound or not word:
                hint = nearest(binding, bound)
                refuse(keys["message"], f"the message names {match[0]}; no fact is so called{hint}")
    examples = read_map(keys["examples"], "examples", optional=("fail", "pass"))
    return Rule(
        id=name,
        pack=pack,
        place=at.place,
        title=read_texts(keys["title"], "title"),
        severity=read_severity(keys["severity"]),
        cites=tuple(_cite(item, sources) for item in read_list(keys["cites"], "cites", 1)),
        applies=applies,
        needs=_needs(keys, applies.all[0].kind, vocabulary),
        when=when,
        offender=offender or bound[0],
        yields_to=_yields(keys, name),
        message=message,
        remedy=read_texts(keys["remedy"], "remedy"),
        fails=_examples(keys["examples"], examples, name, "fail", vocabulary),
        passes=_examples(keys["examples"], examples, name, "pass", vocabulary),
    )


def read_severity(at: Marked) -> Severity:
    found: Severity = _word(at, "severity", get_args(Severity))  # type: ignore[assignment]
    return found


def split_placeholder(inner: str) -> tuple[str, str]:
    """The binding and the word of a message's `{binding.word}`; the word may have dots."""
    binding, _, word = inner.partition(".")
    return binding, word


def _word(at: Marked, what: str, known: Sequence[str]) -> str:
    word = read_text(at, what)
    if word not in known:
        refuse(at, f"{what} {word!r} is not known{nearest(word, known)}")
    return word


def _cite(at: Marked, sources: Mapping[str, Texts]) -> Cite:
    keys = read_map(at, "a cite", optional=("source", "article", "item", "label"))
    if "article" not in keys and "label" not in keys:
        refuse(at, "a cite needs an article or a label")
    if "article" in keys and "source" not in keys:
        refuse(at, "a cite of an article lacks 'source'")
    if "item" in keys and "article" not in keys:
        refuse(at, "a cite of an item lacks 'article'")
    return Cite(
        sources[_word(keys["source"], "source", list(sources))] if "source" in keys else None,
        read_int(keys["article"], "article") if "article" in keys else None,
        read_int(keys["item"], "item") if "item" in keys else None,
        read_texts(keys["label"], "label") if "label" in keys else None,
    )


def _yields(keys: Mapping[str, Marked], name: str) -> tuple[str, ...]:
    if "yields_to" not in keys:
        return ()
    items = read_list(keys["yields_to"], "yields_to", 1)
    others = tuple(read_text(item, "a rule's id") for item in items)
    if name in others:
        refuse(keys["yields_to"], f"rule {name} yields to itself")
    return others


def _needs(keys: Mapping[str, Marked], kind: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    items = read_list(keys["needs"], "needs", 1) if "needs" in keys else ()
    return tuple(_field(item, kind, read_text(item, "a field"), vocabulary) for item in items)


def _field(at: Marked, kind: str, field: str, vocabulary: Vocabulary) -> str:
    if field not in vocabulary[kind]:
        hint = nearest(field, vocabulary[kind])
        refuse(at, f"a fact of kind {kind!r} has no field {field!r}{hint}")
    return field


def _kind(at: Marked, kind: str, vocabulary: Vocabulary) -> str:
    if kind not in vocabulary:
        refuse(at, f"there is no fact of kind {kind!r}{nearest(kind, vocabulary)}")
    return kind


def _query(at: Marked, what: str, vocabulary: Vocabulary) -> Query:
    keys = read_map(at, what, ("all",), ("none",))
    found: dict[str, Pattern] = {}
    for item in read_list(keys["all"], f"{what}.all", 1):
        pattern = _pattern(item, found, vocabulary)
        if pattern.name in found:
            refuse(item, f"two patterns are called {pattern.name!r}; rename one by 'as'")
        found[pattern.name] = pattern
    absent = read_list(keys["none"], f"{what}.none") if "none" in keys else ()
    none = tuple(_pattern(item, found, vocabulary) for item in absent)
    alternatives = sum(
        prod(len(c.value) for c in pattern.conditions if isinstance(c.value, tuple))
        for pattern in none
    )
    if len(found) + alternatives > MOST_PATTERNS:
        refuse(at, f"{what} has more than {MOST_PATTERNS} patterns (with each value of 'in')")
    return Query(tuple(found.values()), none)


def _pattern(at: Marked, bound: Mapping[str, Pattern], vocabulary: Vocabulary) -> Pattern:
    keys = dict(read_map(at, "a pattern", optional=None))
    name = keys.pop("as", None)
    if len(keys) != 1:
        refuse(at, "a pattern is one kind of fact with its conditions, and 'as' if need be")
    ((kind, fields),) = keys.items()
    _kind(fields, kind, vocabulary)
    called = read_text(name, "as") if name else kind
    if name and not _NAME.fullmatch(called):
        refuse(name, f"'as' must be a word, not {called!r}")
    conditions = read_map(fields, f"the pattern {kind!r}", optional=None)
    return Pattern(
        kind,
        called,
        tuple(
            _condition(value, kind, field, bound, vocabulary) for field, value in conditions.items()
        ),
    )


def _condition(
    at: Marked, kind: str, field: str, bound: Mapping[str, Pattern], vocabulary: Vocabulary
) -> Condition:
    kept = vocabulary[kind][_field(at, kind, field, vocabulary)]
    if isinstance(at.value, str) and at.value.startswith("$"):
        binding, _, other = at.value[1:].partition(".")
        if binding not in bound:
            refuse(at, f"no pattern before this one is called {binding!r}{nearest(binding, bound)}")
        source = bound[binding].kind
        if vocabulary[source][_field(at, source, other, vocabulary)] != kept:
            refuse(at, f"{field!r} is a {kept}, {at.value!r} is none")
        return Condition(field, "same", Reference(binding, other))
    if not isinstance(at.value, dict):
        return Condition(field, "eq", _constant(at, field, kept))
    if len(at.value) != 1:
        refuse(at, f"the condition on {field!r} must have one operator")
    ((op, operand),) = at.value.items()
    known = [name for names in WRITTEN.values() for name in names]
    if op not in known:
        refuse(operand, f"there is no operator {op!r}{nearest(op, sorted(set(known)))}")
    if op not in WRITTEN[kept]:
        refuse(operand, f"{op!r} is not for {field!r}, which is a {kept}")
    if op == "in":
        items = read_list(operand, "in", 1)
        values = tuple(dict.fromkeys(_constant(item, field, kept) for item in items))
        return Condition(field, op, values)
    return Condition(field, op, _constant(operand, field, kept))


def _constant(at: Marked, field: str, kept: FieldType) -> Constant:
    constant: Constant = at.value
    # bool is a subclass of int, so isinstance would take a flag for a number
    if type(constant) is not _PYTHON[kept]:
        refuse(at, f"{field!r} is a {kept}, not {show(at)}")
    if kept == "number" and abs(int(constant)) > GREATEST:
        refuse(at, f"{constant} is beyond {GREATEST}")
    return constant


def _examples(
    at: Marked,
    examples: Mapping[str, Marked],
    rule: str,
    outcome: Literal["fail", "pass"],
    vocabulary: Vocabulary,
) -> tuple[tuple[Fact, ...], ...]:
    if outcome not in examples or examples[outcome].value in (None, []):
        refuse(at, f"rule {rule} has no {outcome}ing example")
    return tuple(
        tuple(
            _example_fact(fact, number, vocabulary)
            for number, fact in enumerate(read_list(case, "an example", 1), start=1)
        )
        for case in read_list(examples[outcome], outcome)
    )


def _example_fact(at: Marked, number: int, vocabulary: Vocabulary) -> Fact:
    keys = read_map(at, "an example's fact", optional=None)
    if len(keys) != 1:
        refuse(at, "an example's fact is one kind with its fields")
    ((kind, fields),) = keys.items()
    values: dict[str, Value] = dict.fromkeys(vocabulary[_kind(fields, kind, vocabulary)])
    for field, value in read_map(fields, f"the fact {kind!r}", optional=None).items():
        _field(value, kind, field, vocabulary)
        if value.value is not None:
            values[field] = _constant(value, field, vocabulary[kind][field])
    return Fact(kind, str(number), values)


def rule_problems(
    at: Marked, sources: Mapping[str, Texts], vocabulary: Vocabulary
) -> Iterator[str]:
    """Everything that is wrong with a rule, a line each, where `read_rule` tells the first."""
    if not isinstance(at.value, dict):
        yield from _told(lambda: read_map(at, "a rule"))
        return
    keys: Mapping[str, Marked] = at.value
    for key, value in keys.items():
        if key not in (*_REQUIRED, *_OPTIONAL):
            hint = nearest(key, (*_REQUIRED, *_OPTIONAL))
            yield f"{value.place}: a rule has no key {key!r}{hint}"
    yield from (f"{at.place}: a rule lacks {key!r}" for key in _REQUIRED if key not in keys)
    readers: Mapping[str, Callable[[Marked], object]] = {
        "id": lambda value: read_text(value, "the id of a rule"),
        "title": lambda value: read_texts(value, "title"),
        "severity": read_severity,
        "message": lambda value: read_texts(value, "message"),
        "remedy": lambda value: read_texts(value, "remedy"),
    }
    for key, read in readers.items():
        if key in keys:
            yield from _told(partial(read, keys[key]))
    for cite in _items(keys.get("cites")):
        yield from _told(partial(_cite, cite, sources))
    for key in ("applies", "when"):
        found: dict[str, Pattern] = {}
        parts = keys[key].value if key in keys and isinstance(keys[key].value, dict) else {}
        for pattern in (*_items(parts.get("all")), *_items(parts.get("none"))):
            told = list(_told(partial(_pattern, pattern, found, vocabulary)))
            if not told:
                read_pattern = _pattern(pattern, found, vocabulary)
                found.setdefault(read_pattern.name, read_pattern)
            yield from told
    examples = keys["examples"].value if "examples" in keys else {}
    for outcome in ("fail", "pass"):
        cases = _items(examples.get(outcome)) if isinstance(examples, dict) else []
        if "examples" in keys and not cases:
            yield f"{keys['examples'].place}: rule {_name(keys)} has no {outcome}ing example"
        for fact in (fact for case in cases for fact in _items(case)):
            yield from _told(partial(_example_fact, fact, 1, vocabulary))


def _name(keys: Mapping[str, Marked]) -> str:
    return show(keys["id"]).strip("'") if "id" in keys else "?"


def _items(at: Marked | None) -> Sequence[Marked]:
    return at.value if at is not None and isinstance(at.value, list) else ()


def _told(read: Callable[[], object]) -> Iterator[str]:
    try:
        read()
    except ArchiveCheckError as error:
        yield str(error)
