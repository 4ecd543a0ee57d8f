"""Values in the distinguished encoding of ASN.1 (ITU-T X.690), in which seals are written."""

from __future__ import annotations

from dataclasses import dataclass

SEQUENCE, NUMBER, OID, BITS, OCTETS, CONTEXT = 0x30, 0x02, 0x06, 0x03, 0x04, 0xA0
_MOST = 64


@dataclass(frozen=True, slots=True)
class Value:
    """A value's tag, its content, and the whole of it as it is encoded."""

    tag: int
    content: bytes
    whole: bytes


def values(data: bytes) -> list[Value]:
    """The values that stand one behind the other, as far as they are whole (8.1)."""
    found: list[Value] = []
    at = 0
    while at + 2 <= len(data) and len(found) < _MOST:
        start, size = at, data[at + 1]
        at += 2
        if size & 0x80:
            count = size & 0x7F
            size = int.from_bytes(data[at : at + count], "big")
            at += count
        if at + size > len(data):
            break
        found.append(Value(data[start], data[at : at + size], data[start : at + size]))
        at += size
    return found


def inside(data: bytes) -> list[Value]:
    """The values of the sequence that data are; none where they are none."""
    found = values(data)
    return values(found[0].content) if found and found[0].tag == SEQUENCE else []
