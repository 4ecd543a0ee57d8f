"""The command `archive-check`: arguments in, a report and an exit status out.

Whatever is heavy is imported inside the commands, so that `--help` is there at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, get_args

import click

from archive_check import __version__, cli_rules, options, output, reports, spoken
from archive_check.model import ArchiveCheckError, Lang, Report, Severity, said
from archive_check.reports.words import flat, plain
from archive_check.texts import say, tell

if TYPE_CHECKING:
    from archive_check.check import Options

FOUND, WRONG, UNFINISHED, BUG, INTERRUPTED = 1, 2, 3, 70, 130
"""Exit statuses beside 0; 70 is EX_SOFTWARE of sysexits.h, 130 what shells give for Ctrl-C."""

SEVERITIES: tuple[Severity, ...] = get_args(Severity)
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
    counted = SEVERITIES[: SEVERITIES.index(fail_on) + 1] if fail_on in SEVERITIES else ()
    if any(finding.severity in counted for case in report.cases for finding in case.findings):
        return FOUND
    incomplete = any(case.verdict == "incomplete" for case in report.cases)
    return UNFINISHED if fail_on_unchecked and incomplete else 0


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


@commands.command()
@options.cases
@options.formats(*reports.FORMATS)
@options.outputs
@options.choice("--fail-on", *SEVERITIES, "never", default="error")
@click.option("--fail-on-unchecked", is_flag=True)
@options.rule_names("--select")
@options.rule_names("--ignore")
@options.engine
@options.reading
@click.pass_obj
def check(
    lang: Lang,
    /,
    cases: tuple[Path, ...],
    formats: tuple[str, ...],
    outputs: tuple[str, ...],
    fail_on: str,
    fail_on_unchecked: bool,
    quiet: bool,
    **given: Any,
) -> int:
    from archive_check.check import check

    places = _places(cases, formats, outputs, given["case_info"])
    with _progress(quiet) as progress:
        report = check(cases, _options(lang, given), progress)
    _deliver(report, places, reports.FORMATS)
    return exit_status(report, fail_on, fail_on_unchecked)


@commands.command()
@options.cases
@options.formats("text", "json")
@options.outputs
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
    from archive_check import caseinfo
    from archive_check.check import classify

    places = _places(cases, formats, outputs, given["case_info"])
    if write_case_info:
        if len(cases) > 1:
            raise ArchiveCheckError(said("usage.one-case"))
        output.refuse_unfit("--write-case-info", write_case_info, cases, _others(places, given))
    with _progress(quiet) as progress:
        report = classify(cases[0], _options(lang, given), progress)
        more = [classify(case, _options(lang, given), progress) for case in cases[1:]]
    report = _joined([report, *more])
    if write_case_info:
        written = caseinfo.write(report.cases[0], lang).encode("utf-8", "backslashreplace")
        output.write_file(write_case_info, written)
    _deliver(report, places, {**reports.FORMATS, "text": reports.text.render_materials})
    return 0


for _command in (cli_rules.explain, cli_rules.rules):
    commands.add_command(_command)


def _places(
    cases: Sequence[Path], formats: Sequence[str], outputs: Sequence[str], case_info: Path | None
) -> Places:
    """Where the reports go; whatever forbids it is told before the work, not after it."""
    places = output.targets(formats, outputs, reports.ENDINGS)
    for name, place in places:
        if place:
            output.refuse_unfit("--output", place, cases, [case_info] if case_info else [])
        elif name in reports.BINARY and sys.stdout.isatty():
            raise ArchiveCheckError(said("output.terminal", format=name))
    return places


def _others(places: Places, given: Mapping[str, Any]) -> list[Path]:
    return [place for place in (given["case_info"], *(place for _, place in places)) if place]


def _options(lang: Lang, given: Mapping[str, Any]) -> Options:
    """The options as the pipeline takes them; what was not given keeps its default."""
    from archive_check.check import Options

    named = {key: value for key, value in given.items() if value not in (None, ())}
    select, ignore = named.pop("select", ()), named.pop("ignore", ())
    # The only place that reads the clock.
    chosen = Options(**{"as_of": date.today(), "lang": lang, **named})
    if not (select or ignore):
        return chosen
    from dataclasses import replace

    names = cli_rules.rule_ids(chosen.packs)
    return replace(
        chosen,
        select=frozenset(cli_rules.expand(select, names)),
        ignore=frozenset(cli_rules.expand(ignore, names)),
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


def _deliver(report: Report, places: Places, formats: Mapping[str, reports.Render]) -> None:
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
