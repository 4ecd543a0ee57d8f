"""The arranged case: groups, pairs and moves, as `arrange` makes them and `facts` reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from archive_check.model import Entry, Material, Stated

RelationKind = Literal[
    "attachment", "draft", "request", "instruction", "original", "receipt", "evidence", "note",
    "approval",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Relation:
    """A member goes with its main document (paths), in one of the contract's kinds."""

    kind: RelationKind
    member: str
    main: str


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """A main document and its members in the case's order."""

    main: Material
    members: tuple[Material, ...]
    relations: tuple[Relation, ...]

    @property
    def date(self) -> date | None:
        return self.main.date

    def rank(self, ranks: Mapping[str, int]) -> int:
        """The smallest rank of main document and instruction; 0 where neither has one."""
        found = [ranks.get(m.type, 0) for m in self.members if self._leads(m)]
        return min((rank for rank in found if rank), default=0)

    def follows(self, member: Material, leader: Material) -> bool:
        """Whether a member is there because of another that leads it, as an evidence's annex."""
        return any(r.member == member.path and r.main == leader.path for r in self.relations)

    def _leads(self, member: Material) -> bool:
        return member.path == self.main.path or any(
            r.kind == "instruction" and r.member == member.path for r in self.relations
        )


@dataclass(frozen=True, slots=True)
class Pair:
    """A relation whose order article 58 or 26 rules; `early` are those before `main`, if any."""

    kind: str
    early: tuple[Material, ...]
    main: Material
    members: tuple[Material, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """Something that has to move: its leader is the offender; `behind` is where it belongs.

    `of` names the order; `stray` tells a member that stands away from its group from a group in
    the wrong place.
    """

    of: str
    leader: Material
    files: tuple[str, ...]
    behind: Material | None
    stray: bool = False


@dataclass(frozen=True, slots=True)
class IndexProblem:
    """What is wrong with a workpaper's index number (article 28)."""

    workpaper: Material
    problem: Literal["missing", "repeated", "order"]
    other: Material | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """The whole case in its order. `matters` are the programme's; `matter_of` gives each
    workpaper's place among them."""

    materials: tuple[Material, ...]
    groups: Mapping[str, Group]
    pairs: tuple[Pair, ...]
    moves: tuple[Move, ...]
    judged: frozenset[str]
    """The orders that could be judged: names as in `Move.of`."""
    index_problems: tuple[IndexProblem, ...]
    matters: tuple[str, ...]
    matter_of: Mapping[str, frozenset[int]]
    catalogues: Mapping[str, tuple[Entry, ...]]
    facts: Mapping[str, Stated] = field(default_factory=dict)
    numbered: bool = False

    def of_type(self, *types: str) -> tuple[Material, ...]:
        return tuple(m for m in self.materials if m.type in types)
