"""A small writer of compound files ([MS-CFB]), in which older Office programs keep everything."""

from __future__ import annotations

import struct
from collections.abc import Mapping

_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_END, _FREE, _FAT, _NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file of streams, whose folders are the slashes in their names."""
    root: dict[str, object] = {}
    for path, data in streams.items():
        *folders, name = path.split("/")
        level = root
        for folder in folders:
            level = level.setdefault(folder, {})  # type: ignore[assignment]
        level[name] = data
    sectors: list[bytes] = []
    chains: list[int] = []
    mini = bytearray()
    mini_chains: list[int] = []

    def store(data: bytes) -> int:
        count = -(-len(data) // _SECTOR)
        start = len(sectors)
        for number in range(count):
            sectors.append(data[number * _SECTOR :][:_SECTOR].ljust(_SECTOR, b"\0"))
            chains.append(start + number + 1 if number + 1 < count else _END)
        return start if count else _END

    def store_small(data: bytes) -> int:
        count = -(-len(data) // _MINI)
        start = len(mini_chains)
        mini.extend(data.ljust(count * _MINI, b"\0"))
        mini_chains.extend([*range(start + 1, start + count), _END] if count else [])
        return start if count else _END

    entries: list[list[int | str]] = [["Root Entry", 5, _NONE, _NONE, _NONE, 0, 0]]

    def enter(level: dict[str, object], parent: int) -> None:
        names = sorted(level, key=lambda name: (len(name), name.upper()))
        before = parent
        for name in names:
            value = level[name]
            index = len(entries)
            entry: list[int | str] = [name, 1, _NONE, _NONE, _NONE, 0, 0]
            entries.append(entry)
            # Readers that walk the tree accept one that leans wholly to the right.
            entries[before][4 if before == parent else 3] = index
            before = index
            if isinstance(value, dict):
                enter(value, index)
            else:
                assert isinstance(value, bytes)
                entry[1] = 2
                entry[5] = store(value) if len(value) >= _CUTOFF else store_small(value)
                entry[6] = len(value)

    enter(root, 0)
    entries[0][5], entries[0][6] = store(bytes(mini)), len(mini)
    table = b"".join(struct.pack("<I", link) for link in mini_chains)
    mini_start = store(table.ljust(-(-len(table) // _SECTOR) * _SECTOR, b"\xff"))
    mini_count = -(-len(table) // _SECTOR)
    directory = b"".join(map(_entry, entries))
    directory_start = store(directory)
    fat_count = 1
    while fat_count * 128 < len(sectors) + fat_count:
        fat_count += 1
    fat_start = len(sectors)
    chains += [_FAT] * fat_count
    fat = b"".join(struct.pack("<I", link) for link in chains)
    fat = fat.ljust(fat_count * _SECTOR, b"\xff")
    difat = [*range(fat_start, fat_start + fat_count), *[_FREE] * (109 - fat_count)]
    header = struct.pack(
        "<8s16x5H6x9I", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
        0, fat_count, directory_start, 0, _CUTOFF, mini_start, mini_count, _END, 0,
    )  # fmt: skip
    return header + struct.pack("<109I", *difat) + b"".join(sectors) + fat


def _entry(entry: list[int | str]) -> bytes:
    name, kind, left, right, child, start, size = entry
    data = f"{name}\0".encode("utf-16-le")
    return struct.pack(
        "<64sHBB3I16x4x8x8xIQ", data, len(data), kind, 1, left, right, child, start, size
    )
