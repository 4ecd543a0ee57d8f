"""Facts of catalogues and closing notes: entries against files, page numbers, counts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise, permutations

from archive_check.facts.context import Context, day, titled, unknown
from archive_check.model import APPARATUS, Entry, Material, Said, said
from archive_check.vocabulary import Fact, Value

_COPIED = 0.8
"""Share of entries that are the same in a catalogue and its copy."""
_COPIES = 20
"""Catalogues that are compared with one another at most."""
_NOT_ITS_OWN = ("date.entry", "date.name", "date.instead")
"""Where a date was read that the catalogue's cannot be held against."""
_NOTHING_TO_COMPARE = {
    "title_agrees": said("facts.not_in_catalogue"),
    "date_agrees": said("facts.no_date_to_compare"),
    "number_agrees": said("facts.no_number_to_compare"),
    "pages_follow": said("facts.no_page_numbers"),
}
"""Why a value of a listing is unknown."""


def listing_facts(context: Context) -> Iterator[Fact]:
    breaks = dict(_page_breaks(context))
    if context.case.catalogues:
        covered = _covered(context)
        for material in context.case.materials:
            # What travels in a document is listed with it.
            if material.document.outer is None and (
                material.type not in APPARATUS or material.entry is not None
            ):
                yield _listing(material, material.path in covered, breaks)
    again = _listed_again(context.case.catalogues.values())
    for path, entries in context.case.catalogues.items():
        yield _catalogue(context, path, entries, again)
    for material in context.case.of_type("volume-catalogue"):
        if material.path in context.case.catalogues or material.fields.get("of_volumes"):
            continue
        if not material.document.problem:
            yield Fact(
                kind="catalogue",
                id=f"catalogue:{material.path}",
                values={"missing_files": None},
                subjects=(material.path,),
                unknown={"missing_files": said("facts.no_rows", title=titled(material))},
            )
    for note in context.case.of_type("closing-note"):
        yield _closing_note(context, note)


def _covered(context: Context) -> set[str]:
    """Files in the catalogue; the parts of an item that is listed once are in it as well."""
    listed = [m for m in context.case.materials if m.entry is not None]
    # Where several files of a first number are listed, it is a volume's or section's.
    times = Counter(_item(m) for m in listed if m.place.number)
    once = {
        _item(m)
        for m in listed
        if m.place.number and m.entry and _number(m.entry) == m.place.number[:1]
        if times[_item(m)] == 1
    }
    parts = (m for m in context.case.materials if m.place.number and len(m.place.number) > 1)
    return {m.path for m in listed} | {m.path for m in parts if _item(m) in once}


def _item(material: Material) -> tuple[object, ...]:
    """The item that a file's first number gives, in its volume and folder."""
    place = material.place
    return place.volume, place.levels[:-1], (place.number or ())[:1]


def _number(entry: Entry) -> tuple[int, ...]:
    return tuple(int(n) for n in re.findall(r"\d+", entry.number or ""))


def _listing(material: Material, listed: bool, breaks: Mapping[str, Said]) -> Fact:
    entry = material.entry
    values: dict[str, Value] = {
        "listed": listed,
        "title_agrees": material.entry_agrees if entry else None,
        "date_agrees": _date_agrees(material),
        "number_agrees": _number_agrees(material),
        "pages_follow": None if entry is None or entry.first_page is None
        else material.path not in breaks,
    }  # fmt: skip
    return Fact(
        kind="listing",
        id=f"listing:{material.path}",
        values=values,
        subjects=(material.path,),
        words={
            "title": titled(material),
            "path": material.path,
            "entry_title": entry.title if entry else "",
            "entry_date": day(entry.date) if entry else "",
            "date": day(material.date),
            "entry_doc_no": (entry.doc_no or "") if entry else "",
            "doc_no": material.doc_nos[0] if material.doc_nos else "",
            "break": breaks.get(material.path, ""),
        },
        evidence=_evidence(material, breaks),
        unknown=unknown(values, _NOTHING_TO_COMPARE),
    )


def _evidence(material: Material, breaks: Mapping[str, Said]) -> tuple[Said, ...]:
    entry = material.entry
    if entry is None:
        return ()
    found = [
        said(
            "facts.entry",
            catalogue=entry.catalogue,
            number=entry.number or entry.row + 1,
            title=entry.title,
        )
    ]
    if material.date_from is not None and material.date is not None:
        found.append(said("facts.own_date", date=day(material.date)))
    if material.path in breaks:
        found.append(breaks[material.path])
    return tuple(found)


def _date_agrees(material: Material) -> bool | None:
    entry = material.entry
    if entry is None or entry.date is None or material.date is None:
        return None
    if material.date_from is not None and material.date_from.key in _NOT_ITS_OWN:
        return None
    return entry.date == material.date or entry.date in material.dates


def _number_agrees(material: Material) -> bool | None:
    entry = material.entry
    if entry is None or entry.doc_no is None or not material.doc_nos:
        return None
    return _plain(entry.doc_no) in {_plain(number) for number in material.doc_nos}


def _plain(text: str) -> str:
    return re.sub(r"[\W_第]", "", text).lstrip("0")


def _page_breaks(context: Context) -> Iterator[tuple[str, Said]]:
    """The files at which the catalogue's page numbers break, volume by volume."""
    by_entry = {
        (m.entry.catalogue, m.entry.row): m for m in context.case.materials if m.entry is not None
    }
    for entries in context.case.catalogues.values():
        expected: int | None = None
        volume = entries[0].volume if entries else None
        for i, entry in enumerate(entries):
            material = by_entry.get((entry.catalogue, entry.row))
            if entry.volume != volume:
                volume, expected = entry.volume, None
            if entry.first_page is None:
                expected = None if _pages_of(material) is None and expected is None else expected
                continue
            problem = _break(entry, expected, material, _follows(entries, i))
            if problem is not None and material is not None:
                yield material.path, problem
            expected = _next(entry, material)


def _follows(entries: Sequence[Entry], i: int) -> int | None:
    """The first page of the entry behind, in the same volume."""
    if i + 1 < len(entries) and entries[i + 1].volume == entries[i].volume:
        return entries[i + 1].first_page
    return None


def _pages_of(material: Material | None) -> int | None:
    if material is None or not material.document.fixed_pages:
        return None
    return material.document.pages


def _break(
    entry: Entry, expected: int | None, material: Material | None, following: int | None
) -> Said | None:
    first, last = entry.first_page, entry.last_page
    assert first is not None
    if expected is not None and _breaks(first, expected):
        return said("facts.page_break", first=first, expected=abs(expected))
    pages = _pages_of(material)
    if last is not None and last < first:
        return said("facts.page_backwards", first=first, last=last)
    if last is not None and pages is not None and last - first + 1 != pages:
        return said("facts.page_count", first=first, last=last, pages=pages)
    return None


def _breaks(first: int, expected: int) -> bool:
    """`expected` is the page that must come, or, negative, the least page that may."""
    return first != expected if expected > 0 else first < -expected


def _next(entry: Entry, material: Material | None) -> int | None:
    first = entry.first_page
    assert first is not None
    pages = _pages_of(material)
    if pages is not None:
        return first + pages
    if entry.last_page is not None:
        return entry.last_page + 1
    return -(first + 1)


_Key = tuple[str, int]
"""A catalogue's path and the row of an entry in it."""


def _listed_again(catalogues: Iterable[Sequence[Entry]]) -> Mapping[_Key, Sequence[_Key]]:
    """Entries, and the same ones in copies of their catalogue: beside a volume that begins with
    its catalogue, another often lies as a file of its own."""
    alike: dict[tuple[object, ...], list[tuple[Entry, ...]]] = {}
    for entries in catalogues:
        for _, group in groupby(entries, lambda entry: entry.volume):
            own = tuple(group)
            ends = (_plain(own[0].title), _plain(own[-1].title))
            alike.setdefault((len(own), *ends), []).append(own)
    found: dict[_Key, list[_Key]] = {}
    for groups in alike.values():
        for one, other in permutations(groups[:_COPIES], 2):
            if sum(map(_same, one, other)) >= _COPIED * len(one):
                for a, b in zip(one, other, strict=True):
                    found.setdefault(_key(a), []).append(_key(b))
    return found


def _same(a: Entry, b: Entry) -> bool:
    """Whether two entries have one title, and nothing that they state of it differs."""
    stated = (
        (a.volume, b.volume), (a.date, b.date), (a.doc_no, b.doc_no), (a.first_page, b.first_page),
    )  # fmt: skip
    agree = all(x is None or y is None or x == y for x, y in stated)
    return agree and _plain(a.title) == _plain(b.title)


def _key(entry: Entry) -> _Key:
    return entry.catalogue, entry.row


def _catalogue(
    context: Context, path: str, entries: Sequence[Entry], again: Mapping[_Key, Sequence[_Key]]
) -> Fact:
    taken = {_key(m.entry) for m in context.case.materials if m.entry is not None}
    elsewhere = context.elsewhere
    missing = [
        e
        for e in entries
        if taken.isdisjoint((_key(e), *again.get(_key(e), ())))
        and not (e.remarks and elsewhere.search(e.remarks))
    ]
    titles = [f"{e.number or ''} {e.title}".strip() for e in missing]
    return Fact(
        kind="catalogue",
        id=f"catalogue:{path}",
        values={"missing_files": len(missing)},
        subjects=(path,),
        words={"path": path, "entries": "；".join(titles), "count": str(len(missing))},
        evidence=tuple(
            said("facts.entry", catalogue=path, number=e.number or e.row + 1, title=e.title)
            for e in missing[:10]
        ),
        details={"entries": titles} if titles else {},
    )


@dataclass(frozen=True, slots=True)
class _Counted:
    items: frozenset[int]
    pages: frozenset[int]


def _closing_note(context: Context, note: Material) -> Fact:
    """A note is complete when signed, dated and right in its counts (AR04.2)."""
    missing: list[str] = []
    evidence: list[Said] = []
    if note.document.problem is None and note.document.text_read:
        counted = _counted(context, note)
        left_out = {"signature": note.signed is False, "date": note.date is None}
        missing += [key for key, is_missing in left_out.items() if is_missing]
        evidence += [said(f"facts.note.{key}") for key in missing]
        for key, counts in (("items", counted.items), ("pages", counted.pages)):
            stated = note.fields.get(key)
            if stated and counts and int(stated) not in counts:
                missing.append(key)
                evidence.append(
                    said(
                        f"facts.counted.{key}",
                        stated=stated,
                        counted=" / ".join(map(str, sorted(counts))),
                    )
                )
        complete: bool | None = not missing
    else:
        complete = None
    values: dict[str, Value] = {"complete": complete}
    return Fact(
        kind="closing_note",
        id=f"closing_note:{note.path}",
        values=values,
        subjects=(note.path,),
        words={"path": note.path, "missing": "、".join(missing)},
        evidence=tuple(evidence),
        details={"missing": missing} if missing else {},
        unknown=unknown(values, {"complete": said("facts.not_read", title=titled(note))}),
    )


def _counted(context: Context, note: Material) -> _Counted:
    """What the note may rightly count: of its own volume, or of the whole case."""
    papers = [m for m in context.case.materials if m.document.outer is None]
    # The acceptance record comes when all is counted, or is counted too.
    scopes = [
        [m for m in papers if m.type not in APPARATUS],
        [m for m in papers if m.type not in APPARATUS or m.type == "acceptance-record"],
    ]
    if note.place.volume is not None:
        inside, beside = note.place.volume, [m for m in papers if m.place.volume is None]
        records = [m for m in beside if m.type == "acceptance-record"]
        own_volume = [[m for m in scope if m.place.volume == inside] for scope in scopes]
        scopes += [*own_volume, *([*scope, *records] for scope in own_volume)]
    items: set[int] = set()
    pages: set[int] = set()
    for scope in scopes:
        items |= {len(scope), sum(1 for m in scope if m.entry is not None)}
        if scope and all(_pages_of(m) is not None for m in scope):
            pages.add(sum(_pages_of(m) or 0 for m in scope))
    volumes = {note.place.volume} if note.place.volume else None
    listed: list[list[Entry]] = []
    for entries in context.case.catalogues.values():
        own = [e for e in entries if volumes is None or e.volume in volumes]
        items |= {len(own), len(entries)}
        listed.append(own)
    totals = [] if pages else [_last_pages(context, own) for own in listed if own]
    if None not in totals:
        each = [total for total in totals if total is not None]
        # Where the numbers of volumes run on, what one has is the difference of two ends.
        apart = {later - earlier for earlier, later in pairwise(sorted(each))}
        pages |= {*each, sum(each), *apart} - {0}
    return _Counted(frozenset(items - {0}), frozenset(pages))


def _last_pages(context: Context, entries: Sequence[Entry]) -> int | None:
    """The pages that a catalogue, or its part on one volume, numbers, where its numbers run on to
    a last page."""
    if dict(_page_breaks(context)) or not entries:
        return None
    by_volume: dict[str | None, int] = {}
    for entry in entries:
        last = entry.last_page
        if last is not None:
            by_volume[entry.volume] = max(by_volume.get(entry.volume, 0), last)
    volumes = list(dict.fromkeys(entry.volume for entry in entries))
    if any(entries_end(entries, v) is None for v in volumes):
        return None
    ends = [by_volume.get(v, 0) for v in volumes]
    firsts = [next((e.first_page for e in entries if e.volume == v), None) for v in volumes]
    runs_on = all(f is not None and f > 1 for f in firsts[1:])
    if len(volumes) == 1 and volumes[0] is not None:
        return ends[0] - (firsts[0] or 1) + 1
    return ends[-1] if runs_on else sum(ends)


def entries_end(entries: Sequence[Entry], volume: str | None) -> int | None:
    """The last page of a volume's last entry, None where the catalogue does not give it."""
    own = [entry for entry in entries if entry.volume == volume]
    return own[-1].last_page if own else None
