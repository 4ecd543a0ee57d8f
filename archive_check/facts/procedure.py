"""The papers of the procedure as they answer one another, from notice to final report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from archive_check.facts.context import Context, unread
from archive_check.model import Material

AUTHORITIES = ("engagement-letter", "start-resolution", "start-instruction")
"""What may authorise a project beside the annual plan (article 14)."""
FINAL_REPORTS = ("audit-report", "follow-up-report")


@dataclass(frozen=True, slots=True)
class Delivery:
    """A paper and when it reached its addressee: the receipt's day, else the paper's own.

    `proof` is the paper that tells the day; `day` is None where it tells none.
    """

    paper: Material
    proof: Material
    day: date | None


def finals(context: Context, *types: str) -> list[Material]:
    """The papers of some types that are in force: neither drafts nor annexes."""
    found = context.case.of_type(*types)
    return [m for m in found if not m.draft and not m.attachment and m.role != "draft"]


def reports(context: Context) -> list[Material]:
    """The final reports of this audit; a report filed as evidence is somebody else's."""
    return [m for m in finals(context, *FINAL_REPORTS) if m.section == "conclusion"]


def consultations(context: Context) -> list[Material]:
    """The letters that ask for comment; a bare draft for comment where there is no letter."""
    found = context.case.of_type("consultation-letter")
    letters = [m for m in found if m.fields.get("draft_for_comment") != "yes"]
    return letters or list(found)


def notices(context: Context) -> list[Material]:
    """The audit notices; later ones that only add to or change a notice open no term."""
    found = finals(context, "audit-notice")
    first = [m for m in found if not context.phrases["further_notice"].search(m.title)]
    return first or found


def receipts_of(context: Context, paper: Material) -> list[Material]:
    """The delivery receipts that belong to a paper."""
    group = context.case.groups[paper.path]
    members = {r.member for r in group.relations if r.kind == "receipt" and r.main == paper.path}
    return [m for m in group.members if m.path in members]


def deliveries(context: Context, papers: Sequence[Material]) -> list[Delivery]:
    """Every delivery of these papers, in the case's order."""
    found = []
    for paper in papers:
        proofs = receipts_of(context, paper) or [paper]
        found += [Delivery(paper, proof, proof.date) for proof in proofs]
    return found


def undated(materials: Sequence[Material]) -> Material | None:
    """The first paper without a date, those that were not read first."""
    found = sorted((m for m in materials if m.date is None), key=lambda m: not unread(m))
    return found[0] if found else None
