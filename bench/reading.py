"""Measure how well scans are read: characters, titles, document numbers, dates, by condition.

The pages are those of the synthetic cases, drawn by this repository in the fonts of this machine.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
import time
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from archive_check import ocr
from archive_check.model import Problem, SourceFile
from archive_check.recognise.dates import dates_in
from archive_check.recognise.numbers import doc_numbers
from archive_check.workers import run
from bench.measured import measured
from fixtures.compose import compose
from fixtures.model import Block, Grid, Text
from fixtures.scans import Drawn, Look, font_names, pages, to_image
from fixtures.templates import blocks

PAGES = 24
"""Pages a condition, unless the command line says how many."""
JOBS = os.cpu_count() or 1
CONDITIONS: Mapping[str, Look] = {
    "300 dpi": Look(dpi=300),
    "200 dpi": Look(),
    "150 dpi": Look(dpi=150),
    "1° askew, noise": Look(skew=1.0, noise=0.14),
    "3° askew, noise": Look(skew=-3.0, noise=0.14),
    "grey, on its side": Look(grey=True, turn=90, noise=0.1),
    "faint": Look(faint=True, noise=0.08),
    "seal on the title": Look(seal="title", skew=0.7, noise=0.1),
    "seal on the text": Look(seal="text", skew=-1.2, noise=0.1),
    "seal on the date": Look(seal="date", skew=0.5, noise=0.1),
    "seal on the date, 3°": Look(seal="date", skew=3.0, noise=0.14),
    "seal, 150 dpi": Look(seal="date", dpi=150, noise=0.1),
}
TITLES, SEALED_TITLES, SEALED_DATES = 0.99, 0.97, 0.95
"""What has to be right at 200 dpi and more, up to 3 degrees askew."""


@dataclass(frozen=True, slots=True)
class Page:
    """A drawn page and what it says where."""

    name: str
    drawn: Drawn
    title: str
    doc_no: str | None
    date: str | None


@dataclass(slots=True)
class Score:
    """What was read of the pages of one condition."""

    characters: int = 0
    wrong: int = 0
    titles: int = 0
    titles_right: int = 0
    numbers: int = 0
    numbers_right: int = 0
    dates: int = 0
    dates_right: int = 0
    processor: float = 0.0
    memory: float = 0.0


def main(arguments: Sequence[str]) -> int:
    """Print the figures; 1 where one of them is below its bar."""
    wanted = int(arguments[0]) if arguments else PAGES
    fonts = font_names()
    print(f"{wanted} pages a condition, fonts: {', '.join(fonts)}; {JOBS} workers")
    print(f"{'condition':24}{'CER':>8}{'titles':>10}{'numbers':>10}{'dates':>10}")
    scores: dict[str, Score] = {}
    started = time.monotonic()
    for name, look in CONDITIONS.items():
        looks = [replace(look, font=font, seed=f"{name}{font}") for font in fonts]
        made = list(_pages(looks, wanted))
        scores[name] = _score(made, look.dpi)
        print(_row(name, scores[name]), flush=True)
    seconds, read = time.monotonic() - started, sum(score.titles for score in scores.values())
    processor = sum(score.processor for score in scores.values()) / read
    memory = max(score.memory for score in scores.values())
    print(
        f"{read / seconds:.2f} pages/s; {processor:.1f} s of a processor a page, the models' "
        f"loading shared; {memory:.0f} MB a worker"
    )
    return _below(scores)


def _pages(looks: Sequence[Look], wanted: int) -> Iterator[Page]:
    """Pages of different papers, in turn in each of the looks."""
    made = 0
    for seed in range(20, 40):
        case = compose(seed, style="pdf")
        for doc in case.docs:
            content = blocks(case, doc)
            title = next((b.text for b in content if isinstance(b, Text) and b.role == "title"), "")
            if not title or any(isinstance(block, Grid) for block in content):
                continue
            look = looks[made % len(looks)]
            if look.seal == "date" and _date(content) is None:
                continue
            drawn = pages(content, look)
            if len(drawn) > 1:
                continue
            made += 1
            yield Page(doc.key, drawn[0], title, _number(content), _date(content))
            if made == wanted:
                return


def _number(content: Sequence[Block]) -> str | None:
    found = (b.text for b in content if isinstance(b, Text) and b.role == "number")
    return next((numbers[0] for text in found if (numbers := doc_numbers(text))), None)


def _date(content: Sequence[Block]) -> str | None:
    last = content[-1]
    if not isinstance(last, Text) or last.role != "right" or not (found := dates_in(last.text)):
        return None
    return found[-1].value.isoformat()


def _score(made: Sequence[Page], dpi: int) -> Score:
    score = Score()
    with tempfile.TemporaryDirectory(prefix="archive-check-bench-") as folder:
        tasks = []
        for index, page in enumerate(made):
            path = Path(folder, f"{index}.jpg")
            path.write_bytes(to_image(page.drawn.image, dpi, quality=60))
            source = SourceFile(path.name, str(path), path.stat().st_size)
            tasks.append(ocr.PageTask(source, path.name, None, "image/jpeg", 1))
        for index, done in run(measured, tasks, JOBS, memory=ocr.MEMORY, batch=1):
            result, processor, memory = (done, 0.0, 0.0) if isinstance(done, Problem) else done
            if isinstance(result, Problem):
                print(f"{made[index].name}: {result.detail}", file=sys.stderr)
                result = ocr.PageText(1)
            score.processor += processor
            score.memory = max(score.memory, memory)
            _add(score, made[index], [line.text for line in result.lines])
    return score


def _add(score: Score, page: Page, lines: Sequence[str]) -> None:
    meant, seen = _plain("".join(page.drawn.lines)), _plain("".join(lines))
    score.characters += len(meant)
    score.wrong += Levenshtein.distance(meant, seen)
    score.titles += 1
    right = _plain(page.title) in seen
    score.titles_right += right
    if page.doc_no:
        score.numbers += 1
        score.numbers_right += any(page.doc_no in doc_numbers(line) for line in lines)
    if page.date:
        score.dates += 1
        last = [found.value.isoformat() for line in lines[-3:] for found in dates_in(line)]
        score.dates_right += page.date in last


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _row(name: str, score: Score) -> str:
    width = 24 - sum(unicodedata.east_asian_width(c) == "W" for c in name)
    return (
        f"{name:{width}}{score.wrong / max(score.characters, 1):8.2%}"
        f"{score.titles_right:>6}/{score.titles:<3}{score.numbers_right:>6}/{score.numbers:<3}"
        f"{score.dates_right:>6}/{score.dates:<3}"
    )


def _below(scores: Mapping[str, Score]) -> int:
    """1 where titles, or dates under a seal, are below their bars."""
    within = {name: s for name, s in scores.items() if CONDITIONS[name].dpi >= 200}
    bars = {"plain": TITLES, "sealed": SEALED_TITLES, "dates": SEALED_DATES}
    parts: dict[str, tuple[int, int]] = dict.fromkeys(bars, (0, 0))
    for name, score in within.items():
        seal = CONDITIONS[name].seal
        kind = "sealed" if seal else "plain"
        parts[kind] = (parts[kind][0] + score.titles_right, parts[kind][1] + score.titles)
        if seal == "date":
            right, count = parts["dates"]
            parts["dates"] = (right + score.dates_right, count + score.dates)
    status = 0
    for kind, (right, count) in parts.items():
        share = right / max(count, 1)
        print(f"{kind}: {share:.1%} (at least {bars[kind]:.0%})")
        status |= share < bars[kind]
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
