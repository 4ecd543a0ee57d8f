"""What a seal's program signed, and whether the key of its certificate made that signature.

Two structures are about: that of GM/T 0031-2014, which keeps the certificate inside what is
signed, and that of GB/T 38540-2020, which keeps it behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archive_check.readers import der, sm2

_SM2_WITH_SM3 = bytes.fromhex("2a811ccf55018375")
_EC_KEY, _SM2_CURVE = bytes.fromhex("2a8648ce3d0201"), bytes.fromhex("2a811ccf5501822d")
_OLD = (der.SEQUENCE, der.BITS)
_NEW = (der.SEQUENCE, der.OCTETS, der.OID, der.BITS)
_DIGEST = 3
"""Where the digest of the list stands in what is signed, in either structure."""
_OLD_CERTIFICATE, _OLD_ALGORITHM = 5, 6
_KEY = 5
"""Where the key stands in a certificate behind its version (RFC 5280, 4.1)."""


@dataclass(frozen=True, slots=True)
class SignedValue:
    """A signed value taken apart: what was signed, the digest in it, and who signed how."""

    signed: bytes
    digest: bytes
    certificate: bytes
    algorithm: bytes
    signature: bytes


def signed_value(data: bytes) -> SignedValue | None:
    """The parts of a signed value; None where it has another structure."""
    found = der.inside(data)
    tags = tuple(value.tag for value in found)
    signed = der.values(found[0].content) if found and found[0].tag == der.SEQUENCE else []
    if tags[: len(_NEW)] == _NEW and len(signed) > _DIGEST:
        certificate, algorithm, signature = (value.content for value in found[1 : len(_NEW)])
    elif tags == _OLD and len(signed) > _OLD_ALGORITHM:
        certificate, algorithm = (
            signed[place].content for place in (_OLD_CERTIFICATE, _OLD_ALGORITHM)
        )
        signature = found[1].content
    else:
        return None
    # Bits begin with the number of those that are left over in the last byte.
    digest = signed[_DIGEST].content[1:]
    return SignedValue(found[0].whole, digest, certificate, algorithm, signature[1:])


def made_by_key(value: SignedValue) -> bool | None:
    """Whether the certificate's key made the signature; None where that can't be told: another
    algorithm than SM2 with SM3, or a system whose library knows no SM3."""
    key, numbers = _key(value.certificate), _numbers(value.signature)
    if value.algorithm != _SM2_WITH_SM3 or key is None or not sm2.available():
        return None
    return len(numbers) == 2 and sm2.verified(key, value.signed, *numbers)


def _key(certificate: bytes) -> sm2.Point | None:
    """The public key of a certificate, where it is one on the curve of SM2."""
    outer = der.inside(certificate)
    fields = der.values(outer[0].content) if outer else []
    if fields and fields[0].tag == der.CONTEXT:
        fields = fields[1:]
    parts = der.values(fields[_KEY].content) if len(fields) > _KEY else []
    if len(parts) != 2:
        return None
    kind = [value.content for value in der.values(parts[0].content)]
    point = parts[1].content
    if kind != [_EC_KEY, _SM2_CURVE] or len(point) != 66 or point[:2] != b"\0\4":
        return None
    return int.from_bytes(point[2:34], "big"), int.from_bytes(point[34:], "big")


def _numbers(signature: bytes) -> Sequence[int]:
    """The two numbers of a signature: a sequence, or, as some write it, nothing but their bytes."""
    found = der.inside(signature)
    if [value.tag for value in found] == [der.NUMBER, der.NUMBER]:
        return [int.from_bytes(value.content, "big") for value in found]
    halves = (signature[:32], signature[32:]) if len(signature) == 64 else ()
    return [int.from_bytes(half, "big") for half in halves]
