"""Digital signatures of Office documents (ECMA-376-2, 12; XML-Signature Syntax and Processing).

Three things must hold: the parts have the digests that the manifest states, the signature covers
that manifest, and its value was made by the key of its certificate. Whether the certificate is to
be trusted is not judged.
"""

from __future__ import annotations

import base64
import hashlib
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from archive_check.model import Said, Signature, said
from archive_check.readers.content import UnreadableError
from archive_check.readers.package import part, xml

_FOLDER = "_xmlsignatures/"
_DIGESTS = {"sha1": "sha1", "sha256": "sha256", "sha384": "sha384", "sha512": "sha512"}
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/RelationshipTransform"
_C14N = (
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    "http://www.w3.org/2001/10/xml-exc-c14n#",
)


class _UnverifiableError(Exception):
    """Something in a signature is not understood; the message names it."""


def signatures_of(
    package: zipfile.ZipFile, found: Mapping[str, zipfile.ZipInfo], *shown: str
) -> tuple[Signature, ...]:
    """Every signature of a package; what is `shown` of the document are these parts, so that
    nothing is said of one that does not cover them all."""
    names = sorted(name for name in found if name.startswith(_FOLDER) and name.endswith(".xml"))
    return tuple(_signature(package, found, name, shown) for name in names)


def _signature(
    package: zipfile.ZipFile,
    found: Mapping[str, zipfile.ZipInfo],
    name: str,
    shown: Sequence[str],
) -> Signature:
    signer = None
    try:
        root = xml(part(package, found[name]))
        if root is None:
            raise _UnverifiableError(name)
        certificate = _certificate(root)
        signer = _name(certificate)
        fault = _fault(package, found, root, certificate, shown)
    except (_UnverifiableError, UnreadableError, ValueError, TypeError) as error:
        detail = str(error)[:200] or type(error).__name__
        return Signature(None, signer, said("reading.signature-unverified", detail=detail))
    return Signature(fault is None, signer, fault)


def _fault(
    package: zipfile.ZipFile,
    found: Mapping[str, zipfile.ZipInfo],
    root: Any,
    certificate: Any,
    shown: Sequence[str],
) -> Said | None:
    """Why a signature does not match its document; None where it does."""
    covered: set[str] = set()
    for reference in root.iterfind(".//{*}Manifest/{*}Reference"):
        name = unquote((reference.get("URI") or "").partition("?")[0]).lstrip("/")
        covered.add(name)
        if name not in found:
            return said("reading.signature-part", part=name)
        if _digest(reference, _transformed(reference, part(package, found[name]))) is False:
            return said("reading.signature-part", part=name)
    if left_out := [name for name in shown if name not in covered]:
        raise _UnverifiableError(left_out[0])
    info = root.find("{*}SignedInfo")
    if info is None:
        raise _UnverifiableError("SignedInfo")
    for reference in info.iterfind("{*}Reference"):
        place = (reference.get("URI") or "").lstrip("#")
        target = next((e for e in root.iter() if place and e.get("Id") == place), None)
        if target is None or not _digest(reference, _canonical(reference, target)):
            return said("reading.signature-digest")
    return None if _made_by(certificate, info, root) else said("reading.signature-value")


def _digest(reference: Any, data: bytes) -> bool:
    """Whether data has the digest that a reference states."""
    method = reference.find("{*}DigestMethod")
    algorithm = (method.get("Algorithm") or "").rpartition("#")[2] if method is not None else ""
    if algorithm not in _DIGESTS:
        raise _UnverifiableError(algorithm or "DigestMethod")
    stated = base64.b64decode(reference.findtext("{*}DigestValue") or "")
    return hashlib.new(_DIGESTS[algorithm], data, usedforsecurity=False).digest() == stated


def _transformed(reference: Any, data: bytes) -> bytes:
    transforms = list(reference.iterfind("{*}Transforms/{*}Transform"))
    if not transforms:
        return data
    first, *rest = transforms
    known = all(transform.get("Algorithm") in _C14N for transform in rest)
    if first.get("Algorithm") != _RELATIONSHIPS or not known:
        raise _UnverifiableError(first.get("Algorithm") or "Transform")
    return _relationships(first, data)


def _relationships(transform: Any, data: bytes) -> bytes:
    """The relationships that a signature covers, in the form in which they were signed
    (ECMA-376-2, 12.2.4.26): those named, by their identifiers, each with its mode."""
    from lxml import etree

    root = xml(data)
    if root is None:
        raise _UnverifiableError("Relationships")
    named = {item.get("SourceId") for item in transform.iterfind("{*}RelationshipReference")}
    types = {
        item.get("SourceType") for item in transform.iterfind("{*}RelationshipsGroupReference")
    }
    kept = [item for item in root if item.get("Id") in named or item.get("Type") in types]
    signed = etree.Element(root.tag, nsmap=root.nsmap)
    for item in sorted(kept, key=lambda item: item.get("Id") or ""):
        one = etree.SubElement(signed, item.tag, dict(item.attrib))
        if "TargetMode" not in one.attrib:
            one.set("TargetMode", "Internal")
    return bytes(etree.tostring(signed, method="c14n"))


def _canonical(reference: Any, element: Any) -> bytes:
    methods = [t.get("Algorithm") for t in reference.iterfind("{*}Transforms/{*}Transform")]
    if any(method not in _C14N for method in methods):
        raise _UnverifiableError(str(methods[0]))
    return _c14n(element, exclusive=_C14N[1] in methods)


def _c14n(element: Any, exclusive: bool) -> bytes:
    """An element in canonical form, with the namespaces that it stands in."""
    from lxml import etree

    # As a document of its own: below others, lxml undeclares the namespace of its descendants.
    alone = etree.fromstring(etree.tostring(element, with_tail=False))
    return bytes(etree.tostring(alone, method="c14n", exclusive=exclusive))


def _certificate(root: Any) -> Any:
    from cryptography.x509 import load_der_x509_certificate

    text = root.findtext(".//{*}X509Certificate")
    if not text:
        raise _UnverifiableError("X509Certificate")
    return load_der_x509_certificate(base64.b64decode(text))


def _name(certificate: Any) -> str | None:
    """Whom the certificate names."""
    from cryptography.x509.oid import NameOID

    names: Iterator[Any] = (
        attribute
        for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)
        for attribute in certificate.subject.get_attributes_for_oid(kind)
    )
    return next((" ".join(str(name.value).split())[:200] for name in names), None)


def _made_by(certificate: Any, info: Any, root: Any) -> bool:
    """Whether the value of the signature was made by the certificate's key (PKCS #1 v1.5)."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    method, form = info.find("{*}SignatureMethod"), info.find("{*}CanonicalizationMethod")
    algorithm = (method.get("Algorithm") or "").rpartition("#")[2] if method is not None else ""
    kinds = {"rsa-sha1": hashes.SHA1(), "rsa-sha256": hashes.SHA256(),
             "rsa-sha384": hashes.SHA384(), "rsa-sha512": hashes.SHA512()}  # fmt: skip
    key = certificate.public_key()
    if algorithm not in kinds or not isinstance(key, rsa.RSAPublicKey) or form is None:
        raise _UnverifiableError(algorithm or "SignatureMethod")
    signed = _c14n(info, exclusive=form.get("Algorithm") == _C14N[1])
    value = base64.b64decode(root.findtext("{*}SignatureValue") or "")
    try:
        key.verify(value, signed, padding.PKCS1v15(), kinds[algorithm])
    except InvalidSignature:
        return False
    except UnsupportedAlgorithm as error:
        raise _UnverifiableError(algorithm) from error
    return True
