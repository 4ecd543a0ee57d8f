"""Signatures and seals of an OFD (GB/T 33190-2016, 18; seals GM/T 0031 and GB/T 38540).

Digests are compared with the parts of the package, that of the list of digests with what was
signed, and what was signed with the key of its certificate. Whether that is to be trusted is not
looked at.
"""

from __future__ import annotations

import base64
import hashlib
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from archive_check.model import Said, Signature, said
from archive_check.readers import der
from archive_check.readers.ofd_parts import Body, Parts, each, word
from archive_check.readers.ofd_seals import made_by_key, signed_value

_DIGESTS = {
    "1.2.156.10197.1.401": "sm3", "sm3": "sm3", "1.2.840.113549.2.5": "md5", "md5": "md5",
    "1.3.14.3.2.26": "sha1", "sha1": "sha1", "sha-1": "sha1",
    "2.16.840.1.101.3.4.2.1": "sha256", "sha256": "sha256", "sha-256": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384", "sha384": "sha384", "sha-384": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512", "sha512": "sha512", "sha-512": "sha512",
}  # fmt: skip
_SEAL_NAME = ((0, 1, 0, 2, 1), (0, 2, 1))
"""Where a seal's name stands: in a signed value, and in a seal's own file."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature, and the pages (identifiers) and boxes on which its stamp shows."""

    signature: Signature
    stamps: tuple[tuple[str, str], ...]


def signatures_of(found: Parts, body: Body) -> Iterator[Signed]:
    """Every signature that a document lists. Raises UnreadableError where a part is damaged."""
    name = found.resolve("", word(body.entry, "Signatures"))
    for entry in each(found.tree(name), "Signature"):
        place = entry.get("BaseLoc")
        own = found.resolve(posixpath.dirname(name), place)
        tree = found.tree(own)
        if tree is None:
            missing = said("reading.signature-unverified", detail=place or "Signature.xml")
            yield Signed(Signature(None, None, missing), ())
            continue
        value = _value(found, own, tree)
        intact, detail = _judged(found, own, tree, value)
        stamps = tuple(
            (stamp.get("PageRef") or "", stamp.get("Boundary") or "")
            for stamp in each(tree, "StampAnnot")
        )
        signer = _seal_name(value) or _seal_name(_seal(found, own, tree)) or _provider(tree)
        yield Signed(Signature(intact, signer, detail), stamps)


def _value(found: Parts, own: str, tree: Any) -> bytes:
    folder = posixpath.dirname(own)
    name = found.resolve(folder, word(tree, "SignedValue") or "SignedValue.dat")
    return found.data(name) if name else b""


def _seal(found: Parts, own: str, tree: Any) -> bytes:
    seal = next(each(tree, "Seal"), None)
    name = found.resolve(posixpath.dirname(own), word(seal, "BaseLoc"))
    return found.data(name) if name else b""


def _judged(found: Parts, own: str, tree: Any, value: bytes) -> tuple[bool | None, Said | None]:
    """Whether every digest is that of its part, and what was signed is this list of digests."""
    listed = next(each(tree, "References"), None)
    method = (listed.get("CheckMethod") or "md5") if listed is not None else ""
    name = _DIGESTS.get(method.strip().lower())
    references = list(each(listed, "Reference"))
    if name is None or name not in hashlib.algorithms_available or not references:
        return None, said("reading.signature-unverified", detail=method or "References")
    for reference in references:
        place = reference.get("FileRef") or ""
        part = found.resolve("", place) or found.resolve(posixpath.dirname(own), place)
        stated = "".join(word(reference, "CheckValue").split())
        if not part or base64.b64encode(_digest(name, found.data(part))).decode() != stated:
            return False, said("reading.signature-part", part=place)
    signed = signed_value(value)
    if signed is None:
        return None, said("reading.signature-unverified", detail="SignedValue.dat")
    if signed.digest != _digest(name, found.data(own)):
        return False, said("reading.signature-digest")
    made = made_by_key(signed)
    if made is None:
        return None, said("reading.signature-unverified", detail=signed.algorithm.hex())
    return made, None if made else said("reading.signature-value")


def _digest(name: str, data: bytes) -> bytes:
    return hashlib.new(name, data, usedforsecurity=False).digest()


def _provider(tree: Any) -> str | None:
    provider = next(each(tree, "Provider"), None)
    if provider is None:
        return None
    return provider.get("Company") or provider.get("ProviderName") or None


def _seal_name(data: bytes) -> str | None:
    """The name of the seal in its ASN.1 structure (GM/T 0031, 4.3; GB/T 38540, 6.2)."""
    for path in _SEAL_NAME:
        place: bytes | None = data
        for level in (0, *path):
            found = der.values(place) if place is not None else []
            place = found[level].content if level < len(found) else None
        if place is None:
            continue
        try:
            name = place.decode()
        except UnicodeDecodeError:
            continue
        if name.strip() and name.isprintable():
            return name.strip()
    return None
