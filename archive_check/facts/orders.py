"""Facts of order: pairs inside groups, moves between them, matters and index numbers."""

from __future__ import annotations

from collections.abc import Iterator

from archive_check.arranged import IndexProblem, Move, Pair
from archive_check.facts.context import Context, at, titled, unknown, unread
from archive_check.model import Material, said
from archive_check.vocabulary import Fact, Value

_SECTIONS = ("sections", "conclusion", "evidence", "initiation", "reference", "catalogue")


def order_facts(context: Context) -> Iterator[Fact]:
    for pair in context.case.pairs:
        yield from _pair(pair)
    for of in _SECTIONS:
        yield from _sequence(context, of)
    for move in context.case.moves:
        yield _move(move)
    for programme in context.case.of_type("audit-programme"):
        if not programme.draft and not programme.attachment:
            yield _programme(context, programme)
    problems = {p.workpaper.path: p for p in context.case.index_problems}
    for paper in context.case.of_type("workpaper"):
        yield _workpaper(paper, problems.get(paper.path))


def _pair(pair: Pair) -> Iterator[Fact]:
    """One fact a main document; delivery receipts and evidence speak each for themselves."""
    if pair.kind in ("receipt", "evidence"):
        for member in pair.early or pair.members[:1]:
            yield _pair_fact(pair, (member,) if pair.early else ())
    else:
        yield _pair_fact(pair, pair.early)


def _pair_fact(pair: Pair, early: tuple[Material, ...]) -> Fact:
    first = early[0] if early else pair.members[0]
    shown = (first, pair.main, *early[1:])
    return Fact(
        kind="pair",
        id=f"pair:{pair.kind}:{first.path}:{pair.main.path}",
        values={"relation": pair.kind, "in_order": not early},
        subjects=tuple(m.path for m in shown),
        words={
            "first.title": titled(first),
            "second.title": titled(pair.main),
            "others": "、".join(titled(m) for m in early[1:]),
        },
        evidence=tuple(at(m) for m in shown),
        details={"positions": [m.position for m in shown]} if early else {},
    )


def _sequence(context: Context, of: str) -> Iterator[Fact]:
    """The order as a whole: what can be in order or not; unknown where it can't be judged."""
    case = context.case
    members = [m for m in case.materials if _in_sequence(m, of)]
    if len(members) < 2 or (of == "catalogue" and of not in case.judged):
        return
    judged: bool | None = True if of in case.judged else None
    reason = said(f"facts.unjudged.{of}" if judged is None else "facts.none")
    undated = [m for m in members if of in ("initiation", "reference") and _undated(context, m)]
    if undated:
        judged = None
        reason = said("facts.undated", files="、".join(m.path for m in undated[:5]))
    values: dict[str, Value] = {"of": of, "judged": judged}
    yield Fact(
        kind="sequence",
        id=f"sequence:{of}",
        values=values,
        unknown=unknown(values, {"judged": reason}),
    )


def _in_sequence(material: Material, of: str) -> bool:
    if material.section == "apparatus":
        return False
    if of == "catalogue":
        return material.entry is not None
    return of == "sections" or material.section == of


def _undated(context: Context, material: Material) -> bool:
    """A main document whose date is unknown because it was not read."""
    group = context.case.groups[material.path]
    return group.main.path == material.path and material.date is None and unread(material)


def _move(move: Move) -> Fact:
    behind = move.behind
    place = (
        said("facts.move_behind", title=titled(behind)) if behind else said("facts.move_to_front")
    )
    common = {
        "subjects": (move.leader.path, *(p for p in move.files if p != move.leader.path)),
        "words": {
            "title": titled(move.leader),
            "first.title": titled(move.leader),
            "second.title": "",
            "place": place,
            "count": str(len(move.files)),
        },
        "evidence": (at(move.leader), *((at(behind),) if behind else ())),
        "details": {
            "position": move.leader.position,
            "files": list(move.files),
            "behind": behind.path if behind else None,
        },
    }
    if move.of == "evidence" and move.stray:
        return Fact(
            kind="pair",
            id=f"pair:evidence:stray:{move.leader.path}",
            values={"relation": "evidence", "in_order": False},
            **common,  # type: ignore[arg-type]
        )
    return Fact(
        kind="move",
        id=f"move:{move.of}:{move.leader.path}",
        values={"of": move.of},
        **common,  # type: ignore[arg-type]
    )


def _programme(context: Context, programme: Material) -> Fact:
    case = context.case
    papers = case.of_type("workpaper")
    treated = {i for found in case.matter_of.values() for i in found}
    open_ = [m for m in case.materials if unread(m) and m.type in ("workpaper", "other")]
    uncovered = [m for i, m in enumerate(case.matters) if i not in treated]
    number: int | None = len(uncovered)
    reason = said("facts.none")
    if not case.matters:
        number, reason = None, said("facts.no_matters", title=titled(programme))
    elif not papers:
        number, reason = None, said("facts.no_workpapers")
    elif uncovered and open_:
        number, reason = None, said("facts.unread_workpapers", files=open_[0].path)
    values: dict[str, Value] = {"uncovered_matters": number}
    return Fact(
        kind="programme",
        id=f"programme:{programme.path}",
        values=values,
        subjects=(programme.path,),
        words={"title": titled(programme), "matters": "；".join(uncovered)},
        evidence=(at(programme), said("facts.matters", matters="；".join(case.matters))),
        details={"matters": uncovered} if number else {},
        unknown=unknown(values, {"uncovered_matters": reason}),
    )


def _workpaper(paper: Material, problem: IndexProblem | None) -> Fact:
    state = problem.problem if problem else "ok"
    if unread(paper):
        index: str | None = None
    else:
        index = state
    values: dict[str, Value] = {"index": index}
    other = problem.other if problem else None
    return Fact(
        kind="workpaper",
        id=f"workpaper:{paper.path}",
        values=values,
        subjects=(paper.path, *((other.path,) if other else ())),
        words={
            "title": titled(paper),
            "index_no": paper.fields.get("index_no") or said("facts.none"),
            "problem": said(f"facts.index.{state}"),
        },
        evidence=(at(paper), *((at(other),) if other else ())),
        details={"problem": state} if problem else {},
        unknown=unknown(values, {"index": said("facts.not_read", title=titled(paper))}),
    )
