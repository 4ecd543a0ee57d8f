"""Facts of the digital signatures that files bear."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archive_check.facts.context import Context, unknown
from archive_check.model import Material, Said, Signature, said
from archive_check.vocabulary import Fact, Value


def signature_facts(context: Context) -> Iterator[Fact]:
    for material in context.case.materials:
        if material.document.signatures:
            yield _signature(material, material.document.signatures)


def _signature(material: Material, signatures: Sequence[Signature]) -> Fact:
    values: dict[str, Value] = {"matches": _match(signatures)}
    # The one to speak of: what does not match before what could not be verified.
    first = min(signatures, key=lambda one: (one.intact is not False, one.intact is not None))
    return Fact(
        kind="signature",
        id=f"signature:{material.path}",
        values=values,
        subjects=(material.path,),
        words={"path": material.path, "why": _told(first)},
        evidence=tuple(_told(one) for one in signatures),
        unknown=unknown(values, {"matches": said("facts.unverified", path=material.path)}),
    )


def _match(signatures: Sequence[Signature]) -> bool | None:
    """Whether all of them match the document; None where that isn't known of one of them."""
    if any(one.intact is False for one in signatures):
        return False
    return None if any(one.intact is None for one in signatures) else True


def _told(signature: Signature) -> Said:
    state = {True: "intact", False: "broken", None: "unverified"}[signature.intact]
    return said(
        "facts.signature",
        signer=signature.signer or said("facts.signer-unknown"),
        why=signature.detail or said(f"facts.signature-{state}"),
    )
