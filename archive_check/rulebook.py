"""Rule packs, read and checked: a pack with a mistake in it never runs.

A pack is a folder: `pack.yaml` (`id`, `version`, `title`, `sources`, `parameters`), and rules in
all other `*.yaml` of it, save `materials.yaml` and the folder `vocabulary`. A pack may say
`extends: <pack>`: it then holds that pack's rules beside its own, but those it names under `off`,
with `severity` set anew for those it names there, and `parameters` set anew. `required` and
`materials` add materials that a case must hold and what the bureau calls them (`shorthand.py`).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from importlib.resources import files
from os.path import normpath
from pathlib import Path
from typing import TYPE_CHECKING

from archive_check.marked import (
    Marked,
    nearest,
    plain,
    read_list,
    read_map,
    read_text,
    read_texts,
    read_yaml,
    refuse,
)
from archive_check.model import ArchiveCheckError, Lang, Severity
from archive_check.rulelanguage import (
    PLACEHOLDER,
    Query,
    Rule,
    Texts,
    Vocabulary,
    read_rule,
    read_severity,
    split_placeholder,
)
from archive_check.shorthand import read_required, read_titles
from archive_check.texts import say
from archive_check.vocabulary import VOCABULARY, Fact

if TYPE_CHECKING:
    if sys.version_info >= (3, 11):
        from importlib.resources.abc import Traversable
    else:
        from importlib.abc import Traversable

Bindings = set[tuple[int, ...]]
Evaluate = Callable[[Sequence[Query], Sequence[Fact]], list[Bindings]]
"""An engine: for every query its matches, each the positions of the facts bound by `all`."""

_PACK = "pack.yaml"
_PROVISIONS = "provisions.yaml"
_NO_RULES = (_PACK, "materials.yaml", _PROVISIONS)
_NO_RULES_FOLDER = "vocabulary"
_Place = tuple["Traversable", str]


@dataclass(frozen=True, slots=True)
class Pack:
    """What `pack.yaml` says. `vocabulary` names the pack whose materials it goes by, if any."""

    id: str
    version: str
    title: Texts
    sources: Mapping[str, Texts] = field(default_factory=dict)
    parameters: Mapping[str, object] = field(default_factory=dict)
    vocabulary: str | None = None
    extends: str | None = None
    materials: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What its bureau calls materials beside the shared vocabulary, by type."""


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The packs as chosen, and their rules by number: CQ57.2 stands before CQ57.11."""

    packs: tuple[Pack, ...]
    rules: tuple[Rule, ...]

    def rule(self, name: str) -> Rule:
        """The rule of this id. Raises ArchiveCheckError with the nearest id there is."""
        for rule in self.rules:
            if rule.id == name:
                return rule
        hint = nearest(name, [rule.id for rule in self.rules])
        raise ArchiveCheckError(f"there is no rule {name!r}{hint}")

    def levelled(self, levels: Mapping[str, Severity]) -> Rulebook:
        """The same rules, some with another severity; ids that it does not hold mean nothing."""
        rules = (replace(rule, severity=levels.get(rule.id, rule.severity)) for rule in self.rules)
        return replace(self, rules=tuple(rules))

    @property
    def titles(self) -> tuple[tuple[str, str], ...]:
        """What the packs call materials of their own, as pairs of type and title."""
        return tuple(
            (kind, title)
            for pack in self.packs
            for kind, titles in pack.materials.items()
            for title in titles
        )

    @property
    def parameters(self) -> Mapping[str, object]:
        """The parameters of all packs; where two name one, the pack chosen last holds."""
        return {name: value for pack in self.packs for name, value in pack.parameters.items()}


@lru_cache(maxsize=65536)
def natural(text: str) -> tuple[tuple[int, str], ...]:
    """A sort key that compares the numbers in a text by value."""
    return tuple(
        (int(part), "") if part.isdecimal() else (-1, part)
        for part in re.split(r"(\d+)", text)
        if part
    )


def shipped_packs() -> tuple[str, ...]:
    """The names of the packs that ship, sorted."""
    root = files("archive_check.rules")
    return tuple(sorted(item.name for item in root.iterdir() if (item / _PACK).is_file()))


def load_packs(names: Sequence[str], vocabulary: Vocabulary = VOCABULARY) -> Rulebook:
    """The rulebook of these packs, each the name of one that ships or the path of a folder.

    Raises ArchiveCheckError, one line with file, line and the nearest right name, for whatever
    is wrong in a pack, and where two packs hold rules of one id.
    """
    loaded = [_load_pack(*_folder(name), vocabulary, ()) for name in dict.fromkeys(names)]
    rules: dict[str, Rule] = {}
    for _, found in loaded:
        for rule in found:
            _add(rules, rule)
    book = Rulebook(
        tuple(pack for pack, _ in loaded),
        tuple(sorted(rules.values(), key=lambda rule: natural(rule.id))),
    )
    _refuse_circles(book.rules)
    return book


def load_silent(chosen: Rulebook, vocabulary: Vocabulary = VOCABULARY) -> Rulebook:
    """The shipped packs that were not chosen, for `yields_to`: precedence holds without them.

    Raises ArchiveCheckError where a chosen rule yields to a rule that there is nowhere.
    """
    taken = {pack.id for pack in chosen.packs}
    others = [load_packs([name], vocabulary) for name in shipped_packs() if name not in taken]
    own = {rule.id for rule in chosen.rules}
    # One by one and by id: a pack that extends another holds rules of the same ids.
    found = {rule.id: rule for book in others for rule in book.rules if rule.id not in own}
    silent = Rulebook(tuple(pack for book in others for pack in book.packs), tuple(found.values()))
    known = own | found.keys()
    for rule in chosen.rules:
        for name in rule.yields_to:
            if name not in known:
                raise ArchiveCheckError(
                    f"{rule.place}: rule {rule.id} yields to {name}, which there is not"
                    f"{nearest(name, known)}"
                )
    _refuse_circles((*chosen.rules, *silent.rules))
    return silent


def run_examples(rulebook: Rulebook, evaluate: Evaluate) -> list[str]:
    """What the examples of the rules prove wrong, a line each; empty where all hold."""
    wrong = []
    for rule in rulebook.rules:
        cases = [("failing", case) for case in rule.fails]
        cases += [("passing", case) for case in rule.passes]
        for number, (kind, case) in enumerate(cases, start=1):
            (hits,) = evaluate([rule.when], case)
            if bool(hits) != (kind == "failing"):
                verb = "fails" if hits else "passes"
                wrong.append(f"{rule.place}: rule {rule.id}: example {number}, {kind}, {verb}")
    return wrong


def phrase(template: Texts, facts: Mapping[str, Fact], lang: Lang) -> str:
    """A rule's message or remedy, each `{binding.word}` from that fact's words, then values.

    Raises ArchiveCheckError where the fact has no such word; an unknown value shows as a dash.
    """

    def word(binding: str, name: str) -> str:
        fact = facts[binding]
        if name in fact.words:
            return say(lang, fact.words[name])
        if name not in fact.values:
            hint = nearest(name, [*fact.words, *fact.values])
            raise ArchiveCheckError(
                f"a message names {{{binding}.{name}}}, which is not there{hint}"
            )
        value = fact.values[name]
        return "—" if value is None else str(value)

    return PLACEHOLDER.sub(lambda match: word(*split_placeholder(match[1])), template[lang])


def pack_sources(name: str) -> Mapping[str, Texts]:
    """The sources that a pack's rules may cite, its own and those of the pack it extends."""
    folder, shown = _folder(name)
    found: dict[str, Texts] = {}
    for _ in range(len(shipped_packs()) + 20):
        top = _read(folder / _PACK, f"{shown}/{_PACK}")
        keys = read_map(top, "a pack", optional=None)
        found = {**{k: read_texts(v, k) for k, v in _map(keys, "sources").items()}, **found}
        if "extends" not in keys:
            break
        folder, shown = _folder(read_text(keys["extends"], "extends"), (folder, keys["extends"]))
    return found


def pack_files(name: str) -> Iterator[Marked | str]:
    """Each file of rules of a pack as it is written, or the line that tells what is wrong in it."""
    folder, shown = _folder(name)
    for file, relative in _rule_files(folder, ""):
        try:
            yield _read(file, f"{shown}/{relative}")
        except ArchiveCheckError as error:
            yield str(error)


def _add(rules: dict[str, Rule], rule: Rule) -> None:
    if rule.id in rules:
        raise ArchiveCheckError(
            f"{rule.place}: the rule {rule.id} stands at {rules[rule.id].place} already"
        )
    rules[rule.id] = rule


def _refuse_circles(rules: Sequence[Rule]) -> None:
    """Rules that yield to one another in a circle would all fall silent."""
    try:
        TopologicalSorter({rule.id: rule.yields_to for rule in rules}).prepare()
    except CycleError as error:
        circle = " -> ".join(reversed(error.args[1]))
        place = next(rule.place for rule in rules if rule.id == error.args[1][-1])
        raise ArchiveCheckError(f"{place}: rules yield in a circle: {circle}") from None


def _folder(name: str, named_by: tuple[Traversable, Marked] | None = None) -> _Place:
    """Where a pack lies, and what errors call it; `named_by` is the folder that extends it."""
    if name in shipped_packs():
        return files("archive_check.rules") / name, name
    base = named_by[0] if named_by and isinstance(named_by[0], Path) else Path()
    folder = Path(normpath(base / name))
    if (folder / _PACK).is_file():
        return folder, str(folder)
    what = f"{name!r} is neither a pack that ships nor a folder with {_PACK} in it"
    what += nearest(name, shipped_packs())
    if named_by:
        refuse(named_by[1], what)
    raise ArchiveCheckError(what)


def _read(file: Traversable, shown: str) -> Marked:
    try:
        return read_yaml(file.read_text("utf-8"), shown)
    except (OSError, UnicodeDecodeError) as error:
        raise ArchiveCheckError(f"{shown}:1: can't be read: {error}") from None


def _load_pack(
    folder: Traversable, shown: str, vocabulary: Vocabulary, above: tuple[str, ...]
) -> tuple[Pack, list[Rule]]:
    optional = ("sources", "parameters", "vocabulary", "extends", "severity", "off",
                "materials", "required")  # fmt: skip
    top = _read(folder / _PACK, f"{shown}/{_PACK}")
    keys = read_map(top, "a pack", ("id", "version", "title"), optional)
    pack = Pack(
        id=read_text(keys["id"], "id"),
        version=read_text(keys["version"], "version"),
        title=read_texts(keys["title"], "title"),
        sources={
            source: read_texts(text, f"the source {source!r}")
            for source, text in _map(keys, "sources").items()
        },
        parameters={key: plain(value) for key, value in _map(keys, "parameters").items()},
        vocabulary=read_text(keys["vocabulary"], "vocabulary") if "vocabulary" in keys else None,
        extends=read_text(keys["extends"], "extends") if "extends" in keys else None,
        materials=read_titles(keys["materials"]) if "materials" in keys else {},
    )
    rules: dict[str, Rule] = {}
    if pack.extends is not None:
        base, base_shown = _folder(pack.extends, (folder, keys["extends"]))
        if base_shown in (*above, shown):
            refuse(keys["extends"], "packs extend one another in a circle")
        loaded = _load_pack(base, base_shown, vocabulary, (*above, shown))
        pack, inherited = _extend(pack, keys, loaded)
        rules = {rule.id: rule for rule in inherited}
    elif "severity" in keys or "off" in keys:
        refuse(top, "'severity' and 'off' are for a pack that 'extends' another")
    if "required" in keys:
        for rule in read_required(keys["required"], pack.id, pack.title, vocabulary):
            _add(rules, rule)
    for file, relative in _rule_files(folder, ""):
        listed = _read(file, f"{shown}/{relative}")
        for item in read_list(listed, "a file of rules", 1):
            _add(rules, read_rule(item, pack.id, pack.sources, vocabulary))
    return pack, list(rules.values())


def _extend(
    pack: Pack, keys: Mapping[str, Marked], base: tuple[Pack, list[Rule]]
) -> tuple[Pack, list[Rule]]:
    """The pack with what it takes over from its base, and the base's rules as it wants them."""
    parent, inherited = base
    known = [rule.id for rule in inherited]
    for name, value in _map(keys, "parameters").items():
        if name not in parent.parameters:
            refuse(value, f"no parameter is called {name!r}{nearest(name, parent.parameters)}")
        if type(pack.parameters[name]) is not type(parent.parameters[name]):
            refuse(value, f"the parameter {name!r} is of another type in {parent.id!r}")
    levels = _map(keys, "severity")
    off = read_list(keys["off"], "off") if "off" in keys else ()
    named = [*levels.items(), *((read_text(item, "a rule's id"), item) for item in off)]
    for name, value in named:
        if name not in known:
            refuse(value, f"{parent.id!r} has no rule {name!r}{nearest(name, known)}")
    dropped = {item.value for item in off}
    return (
        replace(
            pack,
            sources={**parent.sources, **pack.sources},
            parameters={**parent.parameters, **pack.parameters},
            vocabulary=pack.vocabulary or parent.vocabulary or parent.id,
            materials={**parent.materials, **pack.materials},
        ),
        [
            replace(
                rule,
                pack=pack.id,
                severity=read_severity(levels[rule.id]) if rule.id in levels else rule.severity,
            )
            for rule in inherited
            if rule.id not in dropped
        ],
    )


def _map(keys: Mapping[str, Marked], key: str) -> Mapping[str, Marked]:
    return read_map(keys[key], key, optional=None) if key in keys else {}


def _rule_files(folder: Traversable, prefix: str) -> Iterator[tuple[Traversable, str]]:
    for item in sorted(folder.iterdir(), key=lambda entry: natural(entry.name)):
        if item.is_dir():
            if item.name != _NO_RULES_FOLDER:
                yield from _rule_files(item, f"{prefix}{item.name}/")
        elif item.name.endswith(".yaml") and (prefix or item.name not in _NO_RULES):
            yield item, prefix + item.name
