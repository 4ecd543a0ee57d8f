"""Digital signatures of a PDF: does each match the document, and whom does its certificate name?

Nothing is fetched and no certificate is trusted or doubted: whether the signer is who the
certificate says, and was allowed to sign, is for others to judge (ISO 32000-1, 12.8).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archive_check.model import Said, Signature, said


def verified(path: Path) -> tuple[Signature, ...]:
    """The signatures of a file in the order of its fields; those that can't be verified say so.

    Raises Exception of any kind where the file's structure can't be followed.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader

    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
    with path.open("rb") as file:
        reader = PdfFileReader(file, strict=False)
        if reader.encrypted:
            reader.decrypt(b"")
        return tuple(_signatures(reader))


def _signatures(reader: Any) -> Iterator[Signature]:
    from pyhanko.sign.fields import enumerate_sig_fields
    from pyhanko.sign.validation import EmbeddedPdfSignature

    for name, value, reference in enumerate_sig_fields(reader, filled_status=True):
        if value.get_object().get("/Type") == "/DocTimeStamp":
            continue  # tells when the document was there, not who stands for it
        try:
            found = EmbeddedPdfSignature(reader, reference, name)
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 (a foreign format of signature raises anything)
            yield Signature(None, None, _unverified(error))
            continue
        yield _verified(found)


def _verified(found: Any) -> Signature:
    signer = _name(found)
    try:
        fault = _fault(found)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 (unknown algorithms, odd structures)
        return Signature(None, signer, _unverified(error))
    return Signature(fault is None, signer, fault)


def _fault(found: Any) -> Said | None:
    """Why a signature does not match the document; None where it does.

    Raises Exception of any kind where that can't be told.
    """
    from pyhanko.sign.diff_analysis import SuspiciousModification
    from pyhanko.sign.validation import SignatureCoverageLevel
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    found.compute_integrity_info()
    digest = _digest(found)
    if digest is not None and digest != found.compute_digest():
        return said("reading.signature-digest")
    _, valid = validate_sig_integrity(
        found.signer_info, found.signer_cert, "data", found.compute_digest()
    )
    if not valid:
        return said("reading.signature-value")
    if found.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        raise ValueError(f"ByteRange {found.coverage.name}")
    if isinstance(found.diff_result, SuspiciousModification):
        return said("reading.signature-changed-after")
    return None


def _digest(found: Any) -> bytes | None:
    """The digest of the document that the signature states (RFC 5652, 11.2), where it does.

    It is looked at first: it needs no knowledge of the algorithm that signed it.
    """
    for attribute in found.signer_info["signed_attrs"] or ():
        if attribute["type"].native == "message_digest":
            return bytes(attribute["values"][0].native)
    return None


def _name(found: Any) -> str | None:
    """Whom the certificate names."""
    try:
        subject = found.signer_cert.subject.native
    except Exception:  # noqa: BLE001 (certificates are as broken as anything in a file)
        return None
    names = (subject.get(key) for key in ("common_name", "organization_name"))
    return next((" ".join(str(name).split())[:200] for name in names if name), None)


def _unverified(error: Exception) -> Said:
    return said("reading.signature-unverified", detail=f"{type(error).__name__}: {error}"[:200])
