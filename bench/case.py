"""A case of as many files as wanted: a compliant one whose workpapers have ever more evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

from fixtures.compose import compose
from fixtures.model import CaseSpec, DocSpec
from fixtures.render import render

LAYOUT = "flat-sections"
FORMATS = ("docx", "pdf")
PHOTOGRAPH = "photo"
"""The template that is nothing but a picture, which a case of text has none of."""


def write_case(root: Path, files: int) -> None:
    """Write a case of so many files into `root`, Word and text PDF in turn, with its catalogue."""
    composed = compose(1, style="docx")
    texts = tuple(doc for doc in composed.docs if doc.template != PHOTOGRAPH)
    base = replace(composed, docs=texts)
    missing = files - len(base.docs) - len(base.apparatus)
    papers = [doc.key for doc in base.docs if doc.type == "workpaper"]
    more: dict[str, list[DocSpec]] = {paper: [] for paper in papers}
    for paper, doc in zip(cycle(papers), islice(_evidence(base), missing), strict=False):
        more[paper].append(_behind(base, paper, doc, len(more[paper]) + 1))
    docs: list[DocSpec] = []
    last = {base.root(doc): doc.key for doc in base.docs}
    for doc in base.docs:
        docs.append(doc)
        root_key = base.root(doc)
        if doc.key == last[root_key]:
            docs += more.get(root_key, [])
    written = tuple(
        replace(doc, format=FORMATS[number % len(FORMATS)]) for number, doc in enumerate(docs)
    )
    render(replace(base, docs=written), LAYOUT, root)


def _evidence(base: CaseSpec) -> Iterator[DocSpec]:
    """Evidence that other cases have, without end; keys tell whose it was."""
    seed = base.seed
    while True:
        seed += 1
        other = compose(seed, style="docx")
        papers = {doc.key for doc in other.docs if doc.type == "workpaper"}
        yield from (replace(doc, key=f"{doc.key}-{seed}") for doc in other.docs
                    if doc.parent in papers and doc.template != PHOTOGRAPH)  # fmt: skip


def _behind(base: CaseSpec, paper: str, doc: DocSpec, number: int) -> DocSpec:
    """The evidence as a workpaper's of this case: its matter, a number and a title of its own."""
    first = base.doc(f"{paper}_e1").values
    own = re.sub(r"\d+$", str(100 + number), str(first["number"]))
    values = {**doc.values, "matter": first["matter"], "number": own}
    return replace(doc, parent=paper, title=f"{doc.title}{100 + number}", values=values)
