"""Which catalogue entry speaks of which file: by number, title, date, document number and pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import PurePosixPath

from archive_check.model import Document, Entry
from archive_check.recognise.numbers import clean, place_number
from archive_check.recognise.titles import read_title

SURE = 88.0
"""Likeness of titles (0-100) from which two titles are taken for the same one."""
_ENOUGH = 70.0
_LEAST = 55.0
_NUMBERS_DIFFER = 0.1
_MARK = re.compile(r"[A-Za-z]{1,4}[-—–]?\d{1,4}(?:[-—–.]\d{1,3})*")


@dataclass(frozen=True, slots=True)
class Listed:
    """What matching knows of a file: its titles (own first), date, number, place and volume."""

    document: Document
    titles: tuple[str, ...]
    kind: str | None
    date: date | None
    doc_no: str | None
    number: tuple[int, ...] | None
    volume: str | None
    order: int


def match_entries(files: Sequence[Listed], entries: Sequence[Entry]) -> Mapping[str, Entry]:
    """Path of a file -> its entry, each entry and file once; unmatched ones are left out."""
    by_volume = _several_volumes(files, entries)
    taken = _plain_pairs(files, entries, by_volume)
    pairs = list(_scored(files, entries, by_volume, taken))
    trusted = _numbers_agree(files, entries, pairs, taken)
    scored = sorted(
        (-score - (_number_bonus(files[f], entries[e]) if trusted else 0), abs(f - e), f, e)
        for f, e, score in pairs
    )
    taken_entries = set(taken.values())
    for least in (_ENOUGH, _LEAST):
        for score, _, f, e in scored:
            if -score >= least and f not in taken and e not in taken_entries:
                taken[f] = e
                taken_entries.add(e)
    if trusted:
        _by_number(files, entries, taken, taken_entries, by_volume)
    _between_neighbours(files, entries, taken)
    _same_words_in_order(entries, taken, {(f, e): -score for score, _, f, e in scored})
    return {files[f].document.path: entries[e] for f, e in taken.items()}


def _plain_pairs(
    files: Sequence[Listed], entries: Sequence[Entry], by_volume: bool
) -> dict[int, int]:
    """Files and entries that only one of each side can mean: same number, same words, same date.

    They are most of a catalogue; only the rest is compared each with each.
    """
    named: dict[tuple[object, ...], list[int]] = {}
    for e, entry in enumerate(entries):
        volume = entry.volume if by_volume else None
        named.setdefault((volume, _number_of(entry), _plain(entry.title)), []).append(e)
    found: dict[int, int] = {}
    taken: set[int] = set()
    for f, file in enumerate(files):
        if file.number is None:
            continue
        volume = file.volume if by_volume else None
        keys = {(volume, file.number, _plain(title)) for title in file.titles}
        same = [e for key in keys for e in named.get(key, ())]
        if len(same) == 1 and same[0] not in taken and _dates_agree(file, entries[same[0]]):
            found[f] = same[0]
            taken.add(same[0])
    return found


def _between_neighbours(
    files: Sequence[Listed], entries: Sequence[Entry], taken: dict[int, int]
) -> None:
    """An entry left over and a file left over that stand between the same papers are one: its
    title is wrong (AR03.5), not its file missing."""
    by_entry = {e: f for f, e in taken.items()}
    order = sorted(range(len(files)), key=lambda f: files[f].order)
    place = {f: i for i, f in enumerate(order)}
    for e in range(len(entries)):
        if e in by_entry or e - 1 not in by_entry:
            continue
        before = place[by_entry[e - 1]]
        f = order[before + 1] if before + 1 < len(order) else None
        follows = e + 1 not in by_entry or place[by_entry[e + 1]] == before + 2
        if f is not None and f not in taken and follows:
            taken[f] = e
            by_entry[e] = f


def _same_words_in_order(
    entries: Sequence[Entry], taken: dict[int, int], score: Mapping[tuple[int, int], float]
) -> None:
    """Entries of the same words go to their files in order where nothing tells them apart."""
    together: dict[tuple[str | None, str], list[tuple[int, int]]] = {}
    for f, e in taken.items():
        together.setdefault((entries[e].volume, _plain(entries[e].title)), []).append((f, e))
    for pairs in together.values():
        straight = list(zip(sorted(f for f, _ in pairs), sorted(e for _, e in pairs), strict=True))
        now = sum(score.get(pair, 0.0) for pair in pairs)
        if sum(score.get(pair, -1.0) for pair in straight) >= now:
            taken.update(straight)


def _dates_agree(file: Listed, entry: Entry) -> bool:
    return file.date is None or entry.date is None or file.date == entry.date


@lru_cache(maxsize=65536)
def likeness(a: str, b: str) -> float:
    """How alike two titles are, 0-100; one that is the other shortened or elaborated is alike."""
    from rapidfuzz import fuzz

    a, b = _plain(a), _plain(b)
    if not a or not b:
        return 0.0
    whole = fuzz.ratio(a, b)
    shorter, longer = sorted((a, b), key=len)
    if len(shorter) >= 4 and shorter in longer:
        return max(whole, 90.0)
    return max(whole, fuzz.token_sort_ratio(a, b), 0.9 * fuzz.partial_ratio(a, b) - 5)


@lru_cache(maxsize=65536)
def _plain(title: str) -> str:
    return "".join(c for c in clean(title) if c.isalnum())


def _several_volumes(files: Sequence[Listed], entries: Sequence[Entry]) -> bool:
    ours = {file.volume for file in files}
    theirs = {entry.volume for entry in entries}
    return None not in theirs and len(theirs) > 1 and len(ours - {None}) > 1


def _scored(
    files: Sequence[Listed], entries: Sequence[Entry], by_volume: bool, taken: Mapping[int, int]
) -> Iterable[tuple[int, int, float]]:
    listed = set(taken.values())
    free = [(e, entry) for e, entry in enumerate(entries) if e not in listed]
    for f, file in enumerate(files):
        if f in taken:
            continue
        for e, entry in free:
            if by_volume and file.volume is not None and file.volume != entry.volume:
                continue
            score = _score(file, entry)
            if score >= _LEAST:
                yield f, e, score


def _score(file: Listed, entry: Entry) -> float:
    if entry.file_name and _same_name(file.document.path, entry.file_name):
        return 200.0
    score = max((likeness(title, entry.title) for title in file.titles), default=0.0)
    score += _marks(file, entry)
    kind = read_title(entry.title).kind
    if kind is not None and file.kind is not None and not kind.startswith("?"):
        score += 8 if kind == file.kind else -12
    if entry.doc_no and file.doc_no:
        score += 60 if clean(entry.doc_no) == clean(file.doc_no) else -5
    if entry.date is not None and file.date is not None:
        score += 10 if entry.date == file.date else -6
    pages = entry.pages or _span(entry)
    if pages and file.document.fixed_pages and file.document.pages:
        score += 3 if pages == file.document.pages else -3
    return score


def _marks(file: Listed, entry: Entry) -> float:
    """Index numbers in titles (QZ02, A-03) tell papers of one name apart."""
    theirs = _marks_in(entry.title)
    if not theirs:
        return 0.0
    ours = frozenset().union(*map(_marks_in, file.titles))
    if not ours:
        return 0.0
    return 15.0 if ours & theirs else -25.0


@lru_cache(maxsize=65536)
def _marks_in(title: str) -> frozenset[str]:
    return frozenset(_MARK.findall(clean(title)))


def _same_name(path: str, listed: str) -> bool:
    name = PurePosixPath(path.split("!/")[-1]).name
    wanted = PurePosixPath(listed.strip().replace("\\", "/")).name
    return clean(name) == clean(wanted) or clean(PurePosixPath(name).stem) == clean(wanted)


def _span(entry: Entry) -> int | None:
    if entry.first_page is None or entry.last_page is None:
        return None
    return entry.last_page - entry.first_page + 1


def _number_of(entry: Entry) -> tuple[int, ...] | None:
    return place_number(entry.number) if entry.number else None


def _number_bonus(file: Listed, entry: Entry) -> float:
    number = _number_of(entry)
    return 15.0 if number is not None and number == file.number else 0.0


def _numbers_agree(
    files: Sequence[Listed],
    entries: Sequence[Entry],
    pairs: Iterable[tuple[int, int, float]],
    taken: Mapping[int, int],
) -> bool:
    """Whether file numbers and entry numbers mean the same: most sure title matches say so."""
    best: dict[int, tuple[float, bool]] = dict.fromkeys(taken, (100.0, True))
    for f, e, score in pairs:
        same = _number_bonus(files[f], entries[e]) > 0
        if score >= SURE and (score, same) > best.get(f, (0.0, False)):
            best[f] = (score, same)
    numbered = [file for file in files if file.number is not None]
    if not numbered or not entries:
        return False
    if not best:
        return abs(len(numbered) - len(entries)) <= _NUMBERS_DIFFER * len(entries)
    return sum(same for _, same in best.values()) >= 0.6 * len(best)


def _by_number(
    files: Sequence[Listed],
    entries: Sequence[Entry],
    taken_files: dict[int, int],
    taken_entries: set[int],
    by_volume: bool,
) -> None:
    """Tie what is left by equal numbers: a wrong title is a deficiency of its own (AR03.5)."""
    for f, file in enumerate(files):
        if f in taken_files or file.number is None:
            continue
        for e, entry in enumerate(entries):
            if e in taken_entries or _number_of(entry) != file.number:
                continue
            if by_volume and file.volume is not None and file.volume != entry.volume:
                continue
            taken_files[f] = e
            taken_entries.add(e)
            break
