"""The step `arrange`: materials become a case with places, groups, roles, matters and moves."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from archive_check.arrange import sections
from archive_check.arrange.groups import grouped, roles
from archive_check.arrange.matters import index_problems, matters_of
from archive_check.arrange.moves import smallest_moves
from archive_check.arrange.pairs import pairs
from archive_check.arrange.places import are_numbered, catalogue_order, in_order
from archive_check.arrange.relations import Wording, originals, relations
from archive_check.arrange.sections import Ranks, order_moves
from archive_check.arranged import Case, Move
from archive_check.model import Material, Recognition

__all__ = ["Arranging", "Ranks", "Wording", "arrange"]


@dataclass(frozen=True, slots=True)
class Arranging:
    """What the pack knows that arranging needs: patterns between titles, ranks, sections."""

    wording: Wording
    ranks: Ranks
    important: re.Pattern[str]
    unimportant: re.Pattern[str]
    likeness: Callable[[str, str], float]


def arrange(recognition: Recognition, pack: Arranging) -> Case:
    """Put the materials into their order and tell what stands where it should not."""
    materials = in_order(recognition.materials, recognition.catalogues)
    materials = sections.settled(materials, pack.ranks)
    found = relations(materials, pack.wording)
    materials = sections.with_their_mains(materials, found, pack.ranks)
    details = originals(materials, pack.wording)
    groups = grouped(materials, found)
    given = roles([*details, *found])
    materials = tuple(
        replace(m, group=groups[m.path].main.path, role=given.get(m.path)) for m in materials
    )
    groups = grouped(materials, found)
    judged_pairs = pairs(materials, [*found, *details], groups, (pack.important, pack.unimportant))
    matters, matter_of = matters_of(materials, pack.likeness)
    moves, judged = order_moves(materials, groups, judged_pairs, matter_of, pack.ranks)
    numbered = are_numbered(materials)
    listed = _catalogue_moves(materials, recognition, numbered)
    return Case(
        materials=materials,
        groups=groups,
        pairs=judged_pairs,
        moves=(*moves, *(listed or ())),
        judged=judged | ({"catalogue"} if listed is not None else frozenset()),
        index_problems=tuple(
            index_problems([m for m in materials if m.type == "workpaper"], matter_of)
        ),
        matters=matters,
        matter_of=matter_of,
        catalogues=recognition.catalogues,
        facts=recognition.facts,
        numbered=numbered,
    )


def _catalogue_moves(
    materials: Sequence[Material], recognition: Recognition, numbered: bool
) -> tuple[Move, ...] | None:
    """Files whose own order differs from the catalogue's; None where one of both is missing."""
    listed = [m for m in materials if m.entry is not None]
    if not numbered or not listed:
        return None
    order = catalogue_order(recognition.catalogues)
    place: Mapping[str, int] = {
        m.path: order[m.entry.catalogue, m.entry.row] for m in listed if m.entry
    }
    moved = smallest_moves([place[m.path] for m in listed], [1] * len(listed))
    kept = [m for i, m in enumerate(listed) if i not in moved]
    return tuple(
        Move(
            "catalogue",
            listed[i],
            (listed[i].path,),
            max(
                (m for m in kept if place[m.path] < place[listed[i].path]),
                key=lambda m: place[m.path],
                default=None,
            ),
        )
        for i in moved
    )
