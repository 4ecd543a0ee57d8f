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
from archive_check.arranged import Case
from archive_check.cache import Cache
from archive_check.engine import Engine, Hit, Judgement, judge, resolve
from archive_check.facts import UNIT_KINDS, Context, facts
from archive_check.model import (
    CaseInfo,
    CaseReport,
    Ignored,
    Lang,
    Recognition,
    Report,
    Severity,
    said,
)
from archive_check.recognise import Alone, bound, recognise
from archive_check.recognise.words import learn
from archive_check.register import Registered
from archive_check.rulebook import Rulebook, load_packs, load_silent
from archive_check.scan import Scan, link_notes, scan, shown
from archive_check.understand import understand_all
from archive_check.wiring import arranging, fact_context, material_types

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
class Rules:
    """The packs as the run goes by them: those chosen, those that only silence others."""

    chosen: Rulebook
    silent: Rulebook
    engine: Engine
    auditors: tuple[Registered, ...] | None

    @property
    def filed(self) -> frozenset[str] | None:
        """The names of the register, where one is given."""
        return None if self.auditors is None else frozenset(x.name for x in self.auditors)

    def of_cases(self) -> Rules:
        """Without the rules on a unit's archive, which a case alone has nothing to say to."""
        return self.only(lambda kind: kind not in UNIT_KINDS)

    def only(self, wanted: Callable[[str], bool]) -> Rules:
        """The rules whose subjects are facts of the kinds wanted."""
        kept = tuple(rule for rule in self.chosen.rules if wanted(rule.applies.all[0].kind))
        return replace(self, chosen=replace(self.chosen, rules=kept))


@dataclass(frozen=True)
class Understood:
    """A case that was read and arranged, not yet judged."""

    path: str
    ignored: tuple[Ignored, ...]
    info: CaseInfo
    recognition: Recognition
    arranged: Case


def check(cases: Sequence[Path], options: Options, progress: Progress | None = None) -> Report:
    """Check every case against the packs. Raises ArchiveCheckError where a case can't be opened,
    or a pack or the case information is wrong."""
    rules = prepared(options)
    of_cases = rules.of_cases()
    with nothing_thrown_away():
        reports = tuple(_check_case(case, options, of_cases, progress) for case in cases)
    return reported(reports, options, rules)


@contextmanager
def nothing_thrown_away() -> Iterator[None]:
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
    rules = prepared(options)
    report = recognised(understood(scan(case), options, progress), options)
    return reported((report,), options, rules)


def prepared(options: Options) -> Rules:
    """Packs, engine and register as the options name them; raises as `check` does."""
    workers.prepare()
    chosen = load_packs(options.packs).levelled(options.severity)
    findings.refuse_unknown_rules(chosen, (*options.select, *options.ignore))
    learn(chosen.titles)
    auditors = register.load(options.register) if options.register else None
    return Rules(chosen, load_silent(chosen), resolve(options.engine), auditors)


def understood(found: Scan, options: Options, progress: Progress | None) -> Understood:
    """Read, recognise and arrange what a scan found."""
    stated = _stated(found, options)
    read, ignored = _read(found, options, stated, progress)
    info = _info(stated, read)
    recognition = _noted(recognise(read, info), options, read, found.ignored)
    arranged = arrange(recognition, arranging())
    return Understood(shown(str(found.case)), ignored, info, recognition, arranged)


def recognised(case: Understood, options: Options) -> CaseReport:
    """The case as it was recognised."""
    types = material_types()
    return findings.recognised(
        case.path, case.arranged, case.recognition, case.ignored, types, options.lang
    )


def judged(
    report: CaseReport,
    info: CaseInfo,
    found: tuple[Sequence[Hit], Sequence[Judgement]],
    rules: Rules,
    options: Options,
) -> CaseReport:
    """The recognised case with its findings; those that its information accepts are set aside."""
    hits, judgements = found
    report = findings.judged(
        report, hits, judgements, rules.chosen, options.lang, options.select, options.ignore
    )
    return accept(report, info.accepted, options.as_of, options.lang)


def context(case: Understood, rules: Rules, options: Options) -> Context:
    """The case with what facts are made from."""
    parameters = rules.chosen.parameters
    return fact_context(case.arranged, case.ignored, options.as_of, parameters, rules.filed)


def _check_case(
    path: Path, options: Options, rules: Rules, progress: Progress | None
) -> CaseReport:
    case = understood(scan(path), options, progress)
    made = facts(context(case, rules, options))
    found = judge(rules.chosen, made, rules.engine, rules.silent)
    return judged(recognised(case, options), case.info, found, rules, options)


def _read(
    found: Scan, options: Options, stated: CaseInfo, progress: Progress | None
) -> tuple[list[Alone], tuple[Ignored, ...]]:
    """What each material tells by itself, and the files that are none."""
    # A file of which the case information speaks as a material is one.
    read = understand_all(
        found.files,
        options.jobs,
        seconds=options.timeout,
        cache=options.cache,
        pictures=options.ocr != "off",
        whole=frozenset(stated.materials),
        progress=progress,
    )
    materials, further = bound(read, frozenset(stated.materials))
    return materials, (*found.ignored, *further)


def _stated(found: Scan, options: Options) -> CaseInfo:
    path = options.case_info or found.case_info
    return CaseInfo() if path is None else caseinfo.load(path, material_types())


def _info(stated: CaseInfo, read: Sequence[Alone]) -> CaseInfo:
    return caseinfo.resolve(stated, [one.document.path for one in read])


def _noted(
    recognition: Recognition, options: Options, read: Sequence[Alone], ignored: Sequence[Ignored]
) -> Recognition:
    """With notes on the pictures of pages, which were not read or are not as they should be, and
    on links, behind which papers of the case may lie; or that there is nothing."""
    empty = () if read or ignored else (said("scan.empty"),)
    notes = ocr.notes((one.document for one in read), options.ocr != "off")
    return replace(recognition, notes=(*recognition.notes, *notes, *link_notes(ignored), *empty))


def reported(cases: tuple[CaseReport, ...], options: Options, rules: Rules) -> Report:
    """The reports of all cases as one, with what they were checked by."""
    return Report(
        tool={"name": "archive-check", "version": __version__, "engine": rules.engine},
        packs=tuple({"id": pack.id, "version": pack.version} for pack in rules.chosen.packs),
        as_of=options.as_of,
        cases=cases,
        lang=options.lang,
    )
