"""The command `archive-check`: arguments in, a report and an exit status out.

Whatever is heavy is imported inside the commands, so that `--help` is there at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from archive_check import (
    __version__,
    cli_cache,
    cli_config,
    cli_rules,
    options,
    output,
    reports,
    spoken,
)
from archive_check.reports.words import SEVERITIES, flat, plain
from archive_check.saying import ArchiveCheckError, Lang, said
from archive_check.texts import say, tell

if TYPE_CHECKING:
    from archive_check.check import Options
    from archive_check.model import Finding, Report

FOUND, WRONG, UNFINISHED, BUG, INTERRUPTED = 1, 2, 3, 70, 130
"""Exit statuses beside 0; 70 is EX_SOFTWARE of sysexits.h, 130 what shells give for Ctrl-C."""

T = TypeVar("T")
Places = Sequence[tuple[str, Path | None]]
Progress = Callable[[str], None]


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command and exit."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run the command; every failure becomes an exit status and a line on standard error."""
    lang: Lang = spoken.DEFAULT
    try:
        lang = spoken.language(arguments)
        status = commands.main(
            list(arguments), prog_name="archive-check", standalone_mode=False, obj=lang
        )
        return status if isinstance(status, int) else 0
    except ArchiveCheckError as error:
        return _fail(say(lang, error.args[0] if error.args else ""), WRONG)
    except click.Abort:
        return _fail(tell(lang, "command.interrupted"), INTERRUPTED)
    except click.ClickException as error:
        return _fail(spoken.usage_line(error, lang), WRONG)
    except BrokenPipeError:
        output.quiet_standard_output()
        return 0
    except (OSError, MemoryError) as error:
        why = str(error) or type(error).__name__
        return _fail(tell(lang, "command.unfinished", why=why), UNFINISHED)
    except Exception:  # noqa: BLE001 - whatever else arrives here is our own mistake
        return _bug(lang)


def exit_status(report: Report, fail_on: str, fail_on_unchecked: bool) -> int:
    """What a report means for whoever called: 0, 1 or 3.

    A finding goes before what could not be checked, as in the verdict.
    """
    if _counted((finding for case in report.cases for finding in case.findings), fail_on):
        return FOUND
    incomplete = any(case.verdict == "incomplete" for case in report.cases)
    return UNFINISHED if fail_on_unchecked and incomplete else 0


def _counted(findings: Iterable[Finding], fail_on: str) -> bool:
    """Whether a finding is at or above the severity; none is above `never`."""
    counted = SEVERITIES[: SEVERITIES.index(fail_on) + 1] if fail_on in SEVERITIES else ()
    return any(finding.severity in counted for finding in findings)


def _fail(line: str, status: int) -> int:
    click.echo(f"archive-check: {flat(line)}", err=True)
    return status


def _bug(lang: Lang) -> int:
    import traceback

    click.echo(plain(traceback.format_exc()), err=True)
    return _fail(tell(lang, "command.bug", version=__version__), BUG)


def _show_version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        click.echo(f"archive-check {__version__}")
        context.exit()


@click.group(cls=spoken.SpokenGroup, no_args_is_help=False, invoke_without_command=True)
@options.lang
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version)
@click.pass_context
def commands(context: click.Context) -> None:
    if context.invoked_subcommand is None:
        raise ArchiveCheckError(said("usage.no-command"))


_checking = options.together(
    options.formats(*reports.FORMATS),
    options.outputs,
    options.fail_on,
    options.fail_on_unchecked,
    options.baseline,
    options.rule_names("--select"),
    options.rule_names("--ignore"),
    options.severity,
    options.engine,
    options.register,
)
"""What governs how cases are judged and reported."""


@commands.command()
@options.cases
@_checking
@options.case_info
@options.reading
@click.pass_obj
def check(lang: Lang, /, cases: tuple[Path, ...], **given: Any) -> int:
    _begin()
    from archive_check.check import check

    return _checked(lang, cases, partial(check, cases), given)


@commands.command()
@options.root
@_checking
@options.reading
@click.pass_obj
def unit(lang: Lang, /, root: Path, **given: Any) -> int:
    _begin()
    from archive_check.unitcheck import DEFAULT_PACKS, check_unit

    packs = given["packs"] or DEFAULT_PACKS
    asked = {**given, "packs": packs, "case_info": None}
    return _checked(lang, (root,), partial(check_unit, root), asked)


@commands.command()
@click.argument("old", metavar="OLD.json", type=click.Path(path_type=Path))
@click.argument("new", metavar="NEW.json", type=click.Path(path_type=Path))
@options.formats("text", "json", "html", "docx")
@options.outputs
@options.fail_on
@options.config
@options.lang
@click.pass_obj
def diff(
    lang: Lang, /, old: Path, new: Path, formats: tuple[str, ...], outputs: tuple[str, ...],
    fail_on: str,
) -> int:  # fmt: skip
    from archive_check import diffs

    places = _places((), formats, outputs, [old, new], diffs.FORMATS)
    found = diffs.compare(diffs.load(old, lang), diffs.load(new, lang), lang)
    _deliver(found, places, diffs.FORMATS)
    left = (finding for case in found.cases for finding in case.left)
    return FOUND if _counted(left, fail_on) else 0


@commands.command()
@options.cases
@options.formats("text", "json")
@options.outputs
@options.case_info
@click.option("--write-case-info", metavar="FILE", type=click.Path(path_type=Path))
@options.reading
@click.pass_obj
def classify(
    lang: Lang,
    /,
    cases: tuple[Path, ...],
    formats: tuple[str, ...],
    outputs: tuple[str, ...],
    write_case_info: Path | None,
    quiet: bool,
    **given: Any,
) -> int:
    _begin()
    from archive_check import caseinfo
    from archive_check.check import classify
    from archive_check.reports.text import render_materials

    read = [given["case_info"]] if given["case_info"] else []
    places = _places(cases, formats, outputs, read, ("text", "json"))
    if write_case_info:
        if len(cases) > 1:
            raise ArchiveCheckError(said("usage.one-case"))
        written = [place for _, place in places if place]
        output.refuse_unfit("--write-case-info", write_case_info, cases, [*read, *written])
    with _progress(quiet) as progress, _ready(lang, cases, given) as chosen:
        report = _joined([classify(case, chosen, progress) for case in cases])
    if write_case_info:
        data = caseinfo.write(report.cases[0], lang).encode("utf-8", "backslashreplace")
        output.refuse_other(write_case_info, data)
        output.write_file(write_case_info, data)
    _deliver(report, places, {**reports.FORMATS, "text": render_materials})
    return 0


for _command in (cli_cache.cache, cli_config.config, cli_rules.explain, cli_rules.rules):
    commands.add_command(_command)


def _begin() -> None:
    """Let workers load what they need while this process does the same."""
    from archive_check.workers import prepare

    prepare()


def _checked(
    lang: Lang,
    cases: Sequence[Path],
    work: Callable[[Options, Progress | None], Report],
    given: dict[str, Any],
) -> int:
    """Check by the options given, deliver the report, and tell the exit status."""
    from archive_check import diffs

    formats, outputs = options.asked_for(given.pop("formats"), given.pop("outputs"))
    fail_on, unchecked = given.pop("fail_on"), given.pop("fail_on_unchecked")
    baseline, quiet = given.pop("baseline"), given.pop("quiet")
    read = [path for path in (given["case_info"], given["register"], baseline) if path]
    places = _places(cases, formats, outputs, read, reports.FORMATS)
    # Read before the work: a wrong file is told at once.
    before = diffs.load(baseline, lang) if baseline else None
    with _progress(quiet) as progress, _ready(lang, cases, given) as chosen:
        report = work(chosen, progress)
    if before:
        report = diffs.against_baseline(report, before)
    _deliver(report, places, reports.FORMATS)
    return exit_status(report, fail_on, unchecked)


def _places(
    cases: Sequence[Path],
    formats: Sequence[str],
    outputs: Sequence[str],
    read: Sequence[Path],
    known: Collection[str],
) -> Places:
    """Where the reports go; whatever forbids it is told before the work, not after it."""
    endings = {ending: name for ending, name in reports.ENDINGS.items() if name in known}
    places = output.targets(formats, outputs, endings)
    for name, place in places:
        if place:
            output.refuse_unfit("--output", place, cases, read)
        elif name in reports.BINARY and sys.stdout.isatty():
            raise ArchiveCheckError(said("output.terminal", format=name))
    return places


@contextmanager
def _ready(lang: Lang, cases: Sequence[Path], given: Mapping[str, Any]) -> Iterator[Options]:
    """The options of a run, and the cache for as long as it lasts."""
    with cli_cache.in_use(given["cache"], cases, lang) as cache:
        yield _options(lang, {**given, "cache": cache})


def _options(lang: Lang, given: Mapping[str, Any]) -> Options:
    """The options as the pipeline takes them; what was not given keeps its default."""
    from archive_check.check import Options

    named = {key: value for key, value in given.items() if value not in (None, ())}
    select, ignore, levels = (named.pop(key, ()) for key in ("select", "ignore", "severity"))
    # The only place that reads the clock.
    chosen = Options(**{"as_of": date.today(), "lang": lang, **named})
    if not (select or ignore or levels):
        return chosen
    from dataclasses import replace

    names = cli_rules.rule_ids(chosen.packs)
    return replace(
        chosen,
        select=frozenset(cli_rules.expand(select, names)),
        ignore=frozenset(cli_rules.expand(ignore, names)),
        severity=cli_rules.levelled(levels, names),
    )


def _joined(found: Sequence[Report]) -> Report:
    from dataclasses import replace

    return replace(found[0], cases=tuple(case for report in found for case in report.cases))


@contextmanager
def _progress(quiet: bool) -> Iterator[Progress | None]:
    """One line on standard error that tells where the work is, where it is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from shutil import get_terminal_size

    from archive_check.reports.layout import cells, wrap

    width = get_terminal_size().columns - 1

    def show(line: str) -> None:
        first = wrap(flat(line), width)[0]
        sys.stderr.write(f"\r{first}{' ' * (width - cells(first))}\r")
        sys.stderr.flush()

    try:
        yield show
    finally:
        show("")


def _deliver(report: T, places: Places, formats: Mapping[str, Callable[[T], bytes]]) -> None:
    """Render all, then write all: a mistake in one format leaves no half of the others."""
    rendered = []
    for name, place in places:
        render = formats[name]
        if place is None and name == "text" and sys.stdout.isatty():
            render = partial(render, **_terminal())
        rendered.append((render(report), place))
    for data, place in rendered:
        if place:
            output.write_file(place, data)
        else:
            output.write_standard_output(data)


def _terminal() -> dict[str, Any]:
    """Width and colour of the terminal; https://no-color.org says when there is none."""
    from shutil import get_terminal_size

    # Older Windows consoles show the sequences; those that do not name themselves so.
    able = os.name != "nt" or "WT_SESSION" in os.environ or "TERM" in os.environ
    colour = able and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return {"width": get_terminal_size().columns, "colour": colour}
