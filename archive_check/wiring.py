"""What the vocabulary gives to the later steps: ranks, patterns, the table of materials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from archive_check.arrange import Arranging, Ranks, Wording
from archive_check.arranged import Case
from archive_check.facts import Context, Matching
from archive_check.model import Document, Ignored, MaterialType
from archive_check.recognise.elements import look
from archive_check.recognise.fields import labelled
from archive_check.recognise.required import required
from archive_check.recognise.scoring import likeness
from archive_check.recognise.words import words
from archive_check.required import Looked


def material_types() -> Mapping[str, MaterialType]:
    """The table of materials by id."""
    return words().types


def arranging() -> Arranging:
    """The patterns between titles, the ranks and the sections of each type."""
    w = words()
    types = w.types.values()
    return Arranging(
        wording=Wording(
            summary=w.phrases["summary_title"],
            detail=w.phrases["detail_title"],
            about=w.phrases["about_title"],
            consultation=w.phrases["delivers_consultation"],
            prefix=w.phrases["attachment_prefix"],
            result_report=w.phrases["result_report_title"],
            likeness=likeness,
        ),
        ranks=Ranks(
            sections={kind.id: kind.sections for kind in types},
            conclusion={kind.id: kind.rank for kind in types if "conclusion" in kind.sections},
            evidence={kind.id: kind.rank for kind in types if "evidence" in kind.sections},
        ),
        important=w.phrases["important"],
        unimportant=w.phrases["unimportant"],
        likeness=likeness,
    )


def fact_context(
    case: Case,
    ignored: Sequence[Ignored],
    as_of: date,
    parameters: Mapping[str, object],
    register: frozenset[str] | None = None,
) -> Context:
    """The case with what facts are made from."""
    w = words()
    known = parameters if "filing_months" in parameters else {**_defaults(), **parameters}
    return Context(
        case=case,
        ignored=ignored,
        as_of=as_of,
        parameters=known,
        types=w.types,
        likeness=likeness,
        body=w.phrases["body_in_title"],
        elsewhere=w.phrases["elsewhere"],
        matching=matching(),
        phrases=w.phrases,
        register=register,
        required=required(),
        look=_look,
    )


def _look(document: Document, type_id: str) -> Mapping[str, Looked]:
    return look(document, type_id, labelled(document, words().field_of), False, None)


def matching() -> Matching:
    """What tells which case is which project of a plan."""
    w = words()
    return Matching(
        likeness=likeness,
        several_units=w.phrases["several_units"],
        filler=w.phrases["project_filler"],
        body=w.phrases["body_in_title"],
        project_types=w.project_types,
    )


def _defaults() -> Mapping[str, object]:
    """The shared pack's parameters, for runs that choose others alone."""
    from archive_check.recognise.words import PACK
    from archive_check.rulebook import load_packs

    return load_packs([PACK]).parameters
