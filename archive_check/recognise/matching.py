"""Which catalogue entry speaks of which file: by number, title, date, document number and pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from archive_check.model import Entry
from archive_check.recognise.scoring import (
    SURE,
    Listed,
    Pairs,
    is_borne_out,
    number_of,
    pairs,
    plain,
)

_NUMBERS_DIFFER = 0.1


def match_entries(files: Sequence[Listed], entries: Sequence[Entry]) -> Mapping[str, Entry]:
    """Path of a file -> its entry, each entry and file once; unmatched ones are left out."""
    by_volume = _several_volumes(files, entries)
    taken = _plain_pairs(files, entries, by_volume)
    taken |= _told_by_words(files, entries, taken, by_volume)
    listed = set(taken.values())
    left = [f for f in range(len(files)) if f not in taken]
    free = [e for e in range(len(entries)) if e not in listed]
    if left and free:
        _match(files, entries, taken, pairs(files, entries, left, free, by_volume), by_volume)
    return {files[f].document.path: entries[e] for f, e in taken.items()}


def _match(
    files: Sequence[Listed],
    entries: Sequence[Entry],
    taken: dict[int, int],
    fitting: Pairs,
    by_volume: bool,
) -> None:
    """Give the files that are left the entries that are free."""
    trusted = _numbers_agree(files, entries, fitting, taken)
    if trusted:
        fitting = fitting.by_number()
    taken_entries = set(taken.values())
    for f, e in fitting.best_first():
        if f not in taken and e not in taken_entries:
            taken[f] = e
            taken_entries.add(e)
    if trusted:
        _by_number(files, entries, taken, taken_entries, by_volume)
    _between_neighbours(files, entries, taken)
    _same_words_in_order(entries, taken, fitting)


def _plain_pairs(
    files: Sequence[Listed], entries: Sequence[Entry], by_volume: bool
) -> dict[int, int]:
    """Files and entries that only one of each side can mean: same number, same words, same date.

    They are most of a catalogue; only the rest is compared each with each.
    """
    named: dict[tuple[object, ...], list[int]] = {}
    for e, entry in enumerate(entries):
        volume = entry.volume if by_volume else None
        named.setdefault((volume, number_of(entry), plain(entry.title)), []).append(e)
    found: dict[int, int] = {}
    taken: set[int] = set()
    for f, file in enumerate(files):
        if file.number is None:
            continue
        volume = file.volume if by_volume else None
        keys = {(volume, file.number, plain(title)) for title in file.titles}
        same = [e for key in keys for e in named.get(key, ())]
        if len(same) == 1 and same[0] not in taken and _dates_agree(file, entries[same[0]]):
            found[f] = same[0]
            taken.add(same[0])
    return found


def _told_by_words(
    files: Sequence[Listed], entries: Sequence[Entry], taken: Mapping[int, int], by_volume: bool
) -> dict[int, int]:
    """Files and entries whose words nothing else has, with nothing that speaks against it:
    whatever their numbers, as where those of the files begin anew in each folder."""
    listed = set(taken.values())
    speaking: dict[tuple[object, str], list[int]] = {}
    for e, entry in enumerate(entries):
        if e not in listed:
            key = (entry.volume if by_volume else None, plain(entry.title))
            speaking.setdefault(key, []).append(e)
    named: dict[tuple[object, str], list[int]] = {}
    for f, file in enumerate(files):
        if f not in taken:
            volume = file.volume if by_volume else None
            for title in {plain(title) for title in file.titles} - {""}:
                named.setdefault((volume, title), []).append(f)
    told = [
        (ours[0], theirs[0])
        for key, theirs in speaking.items()
        if len(theirs) == 1 and len(ours := named.get(key, [])) == 1
    ]
    meant = Counter(f for f, _ in told)
    return {f: e for f, e in told if meant[f] == 1 and is_borne_out(files[f], entries[e])}


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


def _same_words_in_order(entries: Sequence[Entry], taken: dict[int, int], fitting: Pairs) -> None:
    """Entries of the same words go to their files in order where nothing tells them apart."""
    alike: dict[tuple[str | None, str], list[tuple[int, int]]] = {}
    for f, e in taken.items():
        alike.setdefault((entries[e].volume, plain(entries[e].title)), []).append((f, e))
    for together in alike.values():
        if len(together) == 1:
            continue
        ours, theirs = zip(*together, strict=True)
        straight = list(zip(sorted(ours), sorted(theirs), strict=True))
        now = sum(fitting.score(*pair, 0.0) for pair in together)
        if sum(fitting.score(*pair, -1.0) for pair in straight) >= now:
            taken.update(straight)


def _dates_agree(file: Listed, entry: Entry) -> bool:
    return file.date is None or entry.date is None or file.date == entry.date


def _several_volumes(files: Sequence[Listed], entries: Sequence[Entry]) -> bool:
    ours = {file.volume for file in files}
    theirs = {entry.volume for entry in entries}
    return None not in theirs and len(theirs) > 1 and len(ours - {None}) > 1


def _numbers_agree(
    files: Sequence[Listed],
    entries: Sequence[Entry],
    fitting: Pairs,
    taken: Mapping[int, int],
) -> bool:
    """Whether file numbers and entry numbers mean the same: most sure title matches say so."""
    best = {f: (100.0, files[f].number == number_of(entries[e])) for f, e in taken.items()}
    sure = fitting.scores >= SURE
    columns = (fitting.files[sure], fitting.scores[sure], fitting.numbered[sure])
    for f, score, same in zip(*(column.tolist() for column in columns), strict=True):
        if (score, same) > best.get(f, (0.0, False)):
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
    numbered: dict[tuple[int, ...] | None, list[int]] = {}
    for e, entry in enumerate(entries):
        if e not in taken_entries:
            numbered.setdefault(number_of(entry), []).append(e)
    for f, file in enumerate(files):
        if f in taken_files or file.number is None:
            continue
        for e in numbered.get(file.number, ()):
            if e in taken_entries:
                continue
            if by_volume and file.volume is not None and file.volume != entries[e].volume:
                continue
            taken_files[f] = e
            taken_entries.add(e)
            break
