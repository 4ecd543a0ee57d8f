"""The nouns of archive-check: what flows from one step of the pipeline to the next.

Everything here is frozen and knows nothing of how it is made or shown. Dates are
`datetime.date`, sizes are bytes, pages count from 1, paths are relative to the case,
in POSIX form; a member of a container is written `outer.zip!/inner/path`.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from archive_check.required import Looked
from archive_check.saying import ArchiveCheckError as ArchiveCheckError
from archive_check.saying import Lang as Lang
from archive_check.saying import Said as Said
from archive_check.saying import Severity as Severity
from archive_check.saying import said as said

Section = Literal["conclusion", "evidence", "initiation", "reference", "apparatus"]
SECTIONS: tuple[Section, ...] = ("conclusion", "evidence", "initiation", "reference", "apparatus")
"""The four parts of a case in the order of Chongqing article 57, then what frames a volume."""
APPARATUS = ("volume-cover", "volume-catalogue", "closing-note", "acceptance-record")
"""The types of what frames a volume."""

Outcome = Literal["passed", "failed", "not-applicable", "not-checked"]
Verdict = Literal["compliant", "deficient", "incomplete"]
Role = Literal["main", "attachment", "final", "draft", "reply", "request", "instruction", "report",
               "summary", "original"]  # fmt: skip

PICTURE = "\ufffc"
"""Stands in a line of text where the document shows a picture (object replacement character)."""

UNCERTAIN = 0.5
"""Below this confidence a material counts as not recognised (CQ57.7)."""


ProblemKind = Literal["damaged", "encrypted", "empty", "limit", "unreadable", "unsupported"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file could not be read as what it is.

    `damaged`: known format, broken content (AR01.1); `encrypted`: needs a password (AR01.2);
    `empty`: no bytes, or neither page nor text (AR01.3); `limit`: of time, memory or size (AR01.1);
    `unreadable`: the system refused access (AR01.1); `unsupported`: sound, but no reader opens it.
    """

    kind: ProblemKind
    detail: Said


@dataclass(frozen=True, slots=True)
class MaterialType:
    """A row of a pack's table of materials; `rank` is 0 where its section has no order of ranks.

    `signed` is what must be there (signature, seal, approval), `judged_by` the more specific rule
    that speaks where it is not; `sign` and `dates` name the fields that hold them, `cues` are
    patterns of the text.
    """

    id: str
    name: Mapping[Lang, str]
    sections: tuple[Section, ...]
    rank: int
    signed: str | None
    judged_by: str | None
    sign: tuple[str, ...]
    sign_all: bool
    seal_counts: bool
    dates: tuple[str, ...]
    cues: tuple[re.Pattern[str], ...]
    delivering: Mapping[str, Mapping[Lang, str]] = field(default_factory=dict)
    """What a receipt is called by what it delivers, where its type's name says another paper."""

    def called(self, material: Material) -> Mapping[Lang, str]:
        """The name of the type as it fits a material of it."""
        return self.delivering.get(material.fields.get("delivers", ""), self.name)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the case as the folder shows it, unread. `location` opens it on this machine."""

    path: str
    location: str
    size: int
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Ignored:
    """A file that is no material (AR01.8), or a further page of one, and why."""

    path: str
    why: Said
    junk: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line or paragraph in reading order. A table row is one line, cells divided by tabs.

    `size` is the type size relative to the document's body text (1.0), 0 where unknown;
    `table` is the index of the table that the line belongs to.
    """

    text: str
    page: int = 1
    size: float = 0.0
    centred: bool = False
    table: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table or a sheet: rows of cell texts, all of one length; a merged cell stands once."""

    rows: tuple[tuple[str, ...], ...]
    name: str | None = None
    page: int = 1


PageFaultKind = Literal[
    "resolution", "blank", "unreadable", "skewed", "cut-off", "repeated", "doubtful"
]


@dataclass(frozen=True, slots=True)
class PageFault:
    """What is wrong with the picture of a page (AR02.1); `detail` tells what was measured."""

    page: int
    kind: PageFaultKind
    detail: Said


@dataclass(frozen=True, slots=True)
class Signature:
    """A digital signature or electronic seal that a document carries.

    `intact`: whether it matches the document's bytes, None where that could not be verified;
    whether the signer is to be trusted is never judged.
    """

    intact: bool | None = None
    signer: str | None = None
    detail: Said | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """What was read of one file.

    `pages` is None where the format has none or they can't be known without laying it out;
    `fixed_pages` says that `pages` is a property of the file (PDF, image), not of a printer.
    `text_read` is False where the file may hold text that was not read (scan, sound, unknown).
    `traits` are plain words about the file: `image`, `photograph` (an image that was seen to be no
    page), `scan`, `grey` (a scan without colours), `recognised` (text of pages that are pictures),
    `sound`, `film`, `executable`, `macro`, `script`, `changes` (tracked and still open),
    `comments`, `hidden` (sheets, rows), `embedded` (objects of other programs).
    `page_faults` is what is wrong with pages as pictures; `sealed_pages` are those on which a red
    seal was seen; `outline` gives titles, the pages (from 1) at which they begin, and their levels
    (from 0); `part_of` is the path of the file of which this is some pages.
    """

    path: str
    size: int
    media_type: str
    sha256: str | None
    pages: int | None = None
    fixed_pages: bool = False
    lines: tuple[Line, ...] = ()
    tables: tuple[Table, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)
    signatures: tuple[Signature, ...] = ()
    traits: frozenset[str] = frozenset()
    text_read: bool = False
    page_faults: tuple[PageFault, ...] = ()
    sealed_pages: frozenset[int] = frozenset()
    outline: tuple[tuple[str, int, int], ...] = ()
    part_of: str | None = None
    expected_type: str | None = None
    """The media type that the file's extension promises, where it is not what the content is."""
    problem: Problem | None = None
    outer: str | None = None
    """The path of the document that this one travels in (a mail, a PDF with attachments)."""

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a volume catalogue (卷内文件目录)."""

    catalogue: str
    row: int
    number: str | None
    title: str
    doc_no: str | None = None
    date: datetime.date | None = None
    first_page: int | None = None
    last_page: int | None = None
    pages: int | None = None
    responsible: str | None = None
    remarks: str | None = None
    section: Section | None = None
    volume: str | None = None
    retention: str | None = None
    classification: str | None = None
    file_name: str | None = None


LevelKey = tuple[int, tuple[int, ...], tuple[tuple[int, int, str], ...]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where names put a file: a comparable key for each folder and the name itself.

    `numbered`: the file bears a place number. `section_folder` is the path of the folder that
    names its section, `section_numbered` whether that folder bears a number of its own.
    """

    levels: tuple[LevelKey, ...] = ()
    numbered: bool = False
    number: tuple[int, ...] | None = None
    section_folder: str | None = None
    section_numbered: bool = False
    volume: str | None = None


@dataclass(frozen=True, slots=True)
class Material:
    """A document that was recognised: one row of the report's `materials`."""

    document: Document
    type: str
    section: Section
    filed_section: Section | None
    title: str
    date: datetime.date | None
    doc_no: str | None
    confidence: float
    why: tuple[Said, ...]
    entry: Entry | None = None
    date_from: Said | None = None
    signed: bool | None = None
    """Whether the signature, seal or approval its type needs is there; None: can't be told."""
    draft: bool = False
    attachment: bool = False
    entry_agrees: bool | None = None
    """Whether the catalogue entry's title names this document; None where there is no entry."""
    dates: frozenset[datetime.date] = frozenset()
    """Every date that stands in a field or signature line, as against one mentioned in passing."""
    doc_nos: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    """Named values read from the document: `index_no`, `matter`, `unit`, `project`, `person` …"""
    matter_lists: tuple[tuple[str, ...], ...] = ()
    """What may be the audit programme's list of matters: its tables' and its headings' lists."""
    elements: Mapping[str, Looked] = field(default_factory=dict)
    """What was found of each element that it must hold, by `set.element`."""
    written: str = ""
    """The title with the spaces between its words, where `title` is without them."""
    place: Place = Place()
    position: int = 0
    group: str = ""
    role: Role | None = None

    @property
    def path(self) -> str:
        return self.document.path


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact of the case and where it was read."""

    value: object
    source: Said
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Recognition:
    """All materials of a case, unordered, with its catalogues' entries and the facts of the case.

    `facts` has the keys of the case information; a key that nothing tells is absent.
    `catalogues` maps the path of each catalogue to its entries in their order; `ignored` are files
    that turned out to be no materials of their own.
    """

    materials: tuple[Material, ...]
    catalogues: Mapping[str, tuple[Entry, ...]]
    facts: Mapping[str, Stated]
    notes: tuple[Said, ...] = ()
    ignored: tuple[Ignored, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseInfo:
    """What a person states of the case (`--case-info` or `archive-check.yaml`), as contracted."""

    values: Mapping[str, object] = field(default_factory=dict)
    materials: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    source: str | None = None
    accepted: tuple[Acceptance, ...] = ()


@dataclass(frozen=True, slots=True)
class Acceptance:
    """An entry of `accepted` in the case information: what is accepted, why, by whom, how long.

    A finding is meant where everything stated fits: its rule, its offender (a glob), its
    fingerprint; at least one of them is stated. The entry holds up to the day `until`.
    """

    reason: str
    rule: str | None = None
    material: str | None = None
    fingerprint: str | None = None
    by: str | None = None
    until: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One deficiency, in the language of the report."""

    rule: str
    severity: Severity
    message: str
    cites: tuple[str, ...]
    materials: tuple[str, ...]
    evidence: str
    remedy: str
    details: Mapping[str, object]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """A finding that somebody accepted: it counts neither for the verdict nor for the status."""

    finding: Finding
    reason: str
    by: str | None = None
    until: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    rule: str
    outcome: Outcome
    why: str | None = None
    title: str = ""
    severity: Severity | None = None
    cites: tuple[str, ...] = ()
    remedy: str = ""
    """From title to remedy for readers; the JSON report leaves them to the catalogue of rules."""
    left_out: bool = False
    """Not checked because the run was not to (`--select`, `--ignore`): no gap in the check."""


@dataclass(frozen=True, slots=True)
class MaterialRow:
    """A material as the report tells it; the fields are those of the JSON report."""

    path: str
    position: int
    type: str
    section: Section
    filed_section: Section | None
    group: str
    role: Role | None
    title: str
    date: str | None
    doc_no: str | None
    pages: int | None
    media_type: str
    bytes: int
    sha256: str | None
    confidence: float
    why: tuple[str, ...]
    type_name: str = ""
    """The type in the language of the report; for readers, not in the JSON report."""


@dataclass(frozen=True, slots=True)
class CaseReport:
    path: str
    case: Mapping[str, object]
    verdict: Verdict
    materials: tuple[MaterialRow, ...]
    findings: tuple[Finding, ...]
    rules: tuple[RuleOutcome, ...]
    ignored: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()
    """What the reader should know beside the findings, such as case information that overrode."""
    accepted: tuple[Accepted, ...] = ()
    known: tuple[Finding, ...] | None = None
    """Findings of the baseline, which do not count either; None where there is no baseline."""


@dataclass(frozen=True, slots=True)
class Report:
    """The whole result. Every report format shows this and nothing else."""

    tool: Mapping[str, str]
    packs: tuple[Mapping[str, str], ...]
    as_of: datetime.date
    cases: tuple[CaseReport, ...]
    lang: Lang = "zh"
