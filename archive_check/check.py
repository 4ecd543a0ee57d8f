"""The pipeline: scan, read, recognise, arrange, facts, judge, report (see docs/architecture.md)."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from archive_check import __version__, caseinfo, findings, ocr, register, workers
from archive_check.accepted import accept
from archive_check.arrange import arrange
from archive_check.cache import Cache
from archive_check.engine import Engine, judge, resolve
from archive_check.facts import facts
from archive_check.model import CaseInfo, CaseReport, Ignored, Lang, Recognition, Report, Severity
from archive_check.recognise import Alone, bound, recognise
from archive_check.register import Registered
from archive_check.rulebook import Rulebook, load_packs, load_silent
from archive_check.scan import Scan, scan, shown
from archive_check.understand import understand_all
from archive_check.wiring import arranging, fact_context, material_types

LOADED = "archive_check.loaded"
"""The module with all that worker processes need."""
DEFAULT_PACKS = ("archive", "chongqing")
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Options:
    """What governs a run. `as_of` is today for every rule; nothing else reads the clock."""

    as_of: date
    packs: tuple[str, ...] = DEFAULT_PACKS
    case_info: Path | None = None
    register: Path | None = None
    lang: Lang = "zh"
    jobs: int = os.cpu_count() or 1
    engine: Engine | None = None
    ocr: str = "auto"
    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    timeout: float = 60.0
    cache: Cache | None = None


@dataclass(frozen=True)
class _Rules:
    chosen: Rulebook
    silent: Rulebook
    engine: Engine
    auditors: tuple[Registered, ...] | None

    @property
    def filed(self) -> frozenset[str] | None:
        """The names of the register, where one is given."""
        return None if self.auditors is None else frozenset(x.name for x in self.auditors)


def check(cases: Sequence[Path], options: Options, progress: Progress | None = None) -> Report:
    """Check every case against the packs. Raises ArchiveCheckError where a case can't be opened,
    or a pack or the case information is wrong."""
    chosen = load_packs(options.packs).levelled(options.severity)
    findings.refuse_unknown_rules(chosen, (*options.select, *options.ignore))
    filed = register.load(options.register) if options.register else None
    workers.prepare(LOADED)
    rules = _Rules(chosen, load_silent(chosen), resolve(options.engine), filed)
    with _nothing_thrown_away():
        reports = tuple(_check_case(case, options, rules, progress) for case in cases)
    return _report(reports, options, chosen, rules.engine)


@contextmanager
def _nothing_thrown_away() -> Iterator[None]:
    """What a run makes stays to its end: to search it for garbage again and again only takes
    time, the more the larger the case."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def classify(case: Path, options: Options, progress: Progress | None = None) -> Report:
    """Recognise and arrange one case without judging it."""
    chosen = load_packs(options.packs)
    workers.prepare(LOADED)
    found = scan(case)
    read, ignored = _read(found, options, progress)
    recognition = _noted(recognise(read, _info(found, options, read)), options, read)
    arranged = arrange(recognition, arranging())
    report = findings.recognised(
        shown(str(case)), arranged, recognition, ignored, material_types(), options.lang
    )
    return _report((report,), options, chosen, resolve(options.engine))


def _check_case(
    case: Path, options: Options, rules: _Rules, progress: Progress | None
) -> CaseReport:
    found = scan(case)
    read, ignored = _read(found, options, progress)
    info = _info(found, options, read)
    recognition = _noted(recognise(read, info), options, read)
    arranged = arrange(recognition, arranging())
    context = fact_context(arranged, ignored, options.as_of, rules.chosen.parameters, rules.filed)
    hits, judgements = judge(rules.chosen, facts(context), rules.engine, rules.silent)
    recognised = findings.recognised(
        shown(str(case)), arranged, recognition, ignored, material_types(), options.lang
    )
    judged = findings.judged(
        recognised, hits, judgements, rules.chosen, options.lang, options.select, options.ignore
    )
    return accept(judged, info.accepted, options.as_of, options.lang)


def _read(
    found: Scan, options: Options, progress: Progress | None
) -> tuple[list[Alone], tuple[Ignored, ...]]:
    """What each material tells by itself, and the files that are none."""
    read = understand_all(
        found.files,
        options.jobs,
        seconds=options.timeout,
        cache=options.cache,
        pictures=options.ocr != "off",
        progress=progress,
    )
    materials, further = bound(read)
    return materials, (*found.ignored, *further)


def _info(found: Scan, options: Options, read: Sequence[Alone]) -> CaseInfo:
    path = options.case_info or found.case_info
    if path is None:
        return CaseInfo()
    info = caseinfo.load(path, material_types())
    return caseinfo.resolve(info, [one.document.path for one in read])


def _noted(recognition: Recognition, options: Options, read: Sequence[Alone]) -> Recognition:
    """With notes on the pictures of pages: which were not read, which are not as they should be."""
    notes = ocr.notes((one.document for one in read), options.ocr != "off")
    return replace(recognition, notes=(*recognition.notes, *notes))


def _report(
    cases: tuple[CaseReport, ...], options: Options, rules: Rulebook, engine: Engine
) -> Report:
    return Report(
        tool={"name": "archive-check", "version": __version__, "engine": engine},
        packs=tuple({"id": pack.id, "version": pack.version} for pack in rules.packs),
        as_of=options.as_of,
        cases=cases,
        lang=options.lang,
    )
