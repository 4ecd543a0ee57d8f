"""Whether a folder that was given as one case holds several."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from archive_check.model import Material, Said, Section, said
from archive_check.recognise.places import FRAMES, is_part, parts
from archive_check.recognise.words import words

_WHOLE: frozenset[Section] = frozenset({"conclusion", "initiation"})
"""The ends of a case. Its volumes and odd folders have one of them each: sections run on from
volume to volume, but do not begin anew."""
_NAMED = 5
"""Folders that the notice names."""

Folder = tuple[str, ...]


def several_cases(materials: Sequence[Material]) -> Iterator[Said]:
    """A notice where two folders or more are cases of their own.

    Such a folder has what only cases have, section folders or a cover, catalogue or closing note,
    and both what began the audit and what concluded it.
    """
    below: defaultdict[Folder, set[Section]] = defaultdict(set)
    divided: set[Folder] = set()
    framed: set[Folder] = set()
    for material in materials:
        folders = parts(material.path)[:-1]
        step = _step(material)
        for depth in range(len(folders) + 1):
            below[folders[:depth]] |= step
        divided |= {folders[:depth] for depth, name in enumerate(folders) if is_part(name)}
        if material.type in FRAMES and "of_volumes" not in material.fields:
            framed.add(folders)
    found = [
        folder
        for folder, steps in below.items()
        if folder and folder in divided | framed and steps >= _WHOLE
        and not any(is_part(name) for name in folder)
        and not any(folder[:depth] in divided for depth in range(len(folder)))
    ]  # fmt: skip
    inmost = [a for a in found if not any(b[: len(a)] == a and b != a for b in found)]
    if len(inmost) > 1:
        named: str | Said = ", ".join("/".join(folder) for folder in inmost[:_NAMED])
        if len(inmost) > _NAMED:
            named = said("recognise.several_more", folders=named)
        yield said("recognise.several_cases", count=len(inmost), folders=named)


def _step(material: Material) -> set[Section]:
    """The section that a paper surely speaks of: where it was filed, or the only one it fits."""
    if material.filed_section is not None:
        return {material.filed_section}
    return set(sections) if len(sections := words().types[material.type].sections) == 1 else set()
