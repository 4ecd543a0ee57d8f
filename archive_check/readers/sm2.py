"""Signatures by SM2 (GB/T 32918.2-2016) on the curve of GB/T 32918.5, with digests by SM3.

Only verifying, which knows no secret: the libraries that do the rest know no such curve.
"""

from __future__ import annotations

import hashlib

_P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
_A = _P - 3
_B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
_N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
_G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
_ID = b"1234567812345678"
"""The signer's identifier where none is agreed on (GM/T 0009-2012, 10)."""

Point = tuple[int, int]


def available() -> bool:
    """Whether this system's library knows SM3."""
    return "sm3" in hashlib.algorithms_available


def verified(key: Point, message: bytes, r: int, s: int) -> bool:
    """Whether a signature (r, s) of a message was made by the owner of a public key (7.1)."""
    x, y = key
    on_curve = 0 <= x < _P and 0 <= y < _P and (y * y - (x * x + _A) * x - _B) % _P == 0
    t = (r + s) % _N
    if not (on_curve and 0 < r < _N and 0 < s < _N and t):
        return False
    point = _sum(_times(s, _G), _times(t, key))
    return point is not None and (digest(key, message) + point[0]) % _N == r


def digest(key: Point, message: bytes) -> int:
    """The number that is signed: of the message and who signs it (5.5 and 6.1)."""
    numbers = b"".join(n.to_bytes(32, "big") for n in (_A, _B, *_G, *key))
    signer = _sm3(len(8 * _ID).to_bytes(2, "big") + _ID + numbers)
    return int.from_bytes(_sm3(signer + message), "big")


def _sm3(data: bytes) -> bytes:
    return hashlib.new("sm3", data).digest()


def _times(factor: int, point: Point) -> Point | None:
    found: Point | None = None
    double: Point | None = point
    while factor:
        if factor & 1:
            found = _sum(found, double)
        double = _sum(double, double)
        factor >>= 1
    return found


def _sum(a: Point | None, b: Point | None) -> Point | None:
    """The sum of two points of the curve; None is the point at infinity."""
    if a is None or b is None:
        return a or b
    if a[0] == b[0]:
        if (a[1] + b[1]) % _P == 0:
            return None
        slope = (3 * a[0] * a[0] + _A) * pow(2 * a[1], -1, _P)
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, _P)
    x = (slope * slope - a[0] - b[0]) % _P
    return x, (slope * (a[0] - x) - a[1]) % _P
