"""Inputs on which fuzzing once broke a reader, and each target of `make fuzz` on its seeds."""

from __future__ import annotations

from pathlib import Path

import pytest

from fuzz.targets import TARGETS, once, zipped


@pytest.mark.parametrize("name", TARGETS)
def test_every_target_reads_its_seeds(name: str, tmp_path: Path) -> None:
    target = TARGETS[name]
    seeds = target.seeds()
    for seed in seeds:
        once(target, seed, tmp_path)
    assert seeds or name == "doc"


TEXT = '<Page><TextObject Boundary="0 0 9 9"><TextCode {code}>ab</TextCode></TextObject></Page>'
NO_NAME = (
    b"PK\x03\x04" + bytes(26) + b"PK\x01\x02" + bytes(42) + b"PK\x05\x06" + bytes(4)
    + b"\x01\0\x01\0" + b"\x2e\0\0\0" + b"\x1e\0\0\0" + b"\0\0"
)  # fmt: skip


def before_the_file() -> bytes:
    """A ZIP whose directory says to begin so late that its member lies before the file."""
    content = bytearray(zipped({"a": b"b"}))
    end = content.index(b"PK\x05\x06")
    content[end + 16 : end + 20] = (2**31).to_bytes(4, "little")
    return bytes(content)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("ofd", TEXT.format(code='DeltaX="g y=r20 3"').encode()),
        ("ofd", TEXT.format(code='X="1e999" DeltaX="nan inf"').encode()),
        ("ofd-package", NO_NAME),
        ("zip", NO_NAME),
        ("zip", before_the_file()),
    ],
    ids=["steps", "not finite", "part without a name", "member without a name", "negative place"],
)
def test_what_once_broke_a_reader(name: str, data: bytes, tmp_path: Path) -> None:
    once(TARGETS[name], data, tmp_path)
    assert (tmp_path / "input").is_file()
