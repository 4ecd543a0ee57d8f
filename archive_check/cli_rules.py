"""The commands that speak of rules: `explain`, `rules` and what stands below it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

import click

from archive_check import options, output, spoken
from archive_check.reports.words import code_name, flat, plain, provision
from archive_check.saying import ArchiveCheckError, Lang, Severity, said
from archive_check.texts import tell

if TYPE_CHECKING:
    from archive_check.engine import Engine
    from archive_check.rulebook import Rulebook
    from archive_check.rulelanguage import Rule
    from archive_check.vocabulary import Fact

SCHEMA = "archive-check/rules/1"
WIDTH = 100
_format = options.choice("--format", "text", "json", default="text")


def rule_ids(packs: Sequence[str]) -> tuple[str, ...]:
    """The ids of all rules of some packs. Raises ArchiveCheckError for a pack that is wrong."""
    from archive_check.rulebook import load_packs

    return tuple(rule.id for rule in load_packs(packs).rules)


def expand(names: Iterable[str], known: Sequence[str]) -> set[str]:
    """The rules that names and prefixes mean: `CQ`, `CQ57` (not `CQ570`), `CQ57.1`.

    Raises ArchiveCheckError for a name that means no rule.
    """
    found: set[str] = set()
    for name in names:
        wanted = name.upper()
        matching = {
            rule
            for rule in known
            if rule == wanted
            or rule.startswith(f"{wanted}.")
            or (wanted.isalpha() and rule.startswith(wanted))
        }
        if not matching:
            near = get_close_matches(wanted, known, n=1, cutoff=0.5)
            key = "usage.no-rule-near" if near else "usage.no-rule"
            raise ArchiveCheckError(said(key, rule=name, near=near[0] if near else ""))
        found |= matching
    return found


def levelled(
    levels: Iterable[tuple[str, Severity]], known: Sequence[str]
) -> Mapping[str, Severity]:
    """The level of each rule that is to have another; where two name a rule, the later holds.

    A rule may also be one of a pack that ships and was not chosen: a configuration serves runs
    with other packs too. Raises ArchiveCheckError for a name that means no rule.
    """
    from archive_check.rulebook import shipped_packs

    given = list(levels)
    shipped = [rule for pack in shipped_packs() for rule in rule_ids([pack])] if given else []
    every = list(dict.fromkeys((*known, *shipped)))
    return {rule: level for name, level in given for rule in expand([name], every)}


@click.command(cls=spoken.SpokenCommand)
@click.argument("rule", metavar="RULE")
@options.packs
@options.lang
@click.pass_obj
def explain(lang: Lang, rule: str, packs: tuple[str, ...]) -> None:
    book = _load(packs)
    wanted = expand([rule], [each.id for each in book.rules])
    _print(line for each in book.rules if each.id in wanted for line in _explained(each, lang))


@click.group(cls=spoken.SpokenGroup, invoke_without_command=True, no_args_is_help=False)
@_format
@options.packs
@options.lang
@click.pass_context
def rules(context: click.Context, format: str, packs: tuple[str, ...]) -> None:
    if context.invoked_subcommand is not None:
        return
    lang: Lang = context.obj
    book = _load(packs)
    if format == "json":
        _print_json(_as_json(book, lang))
        return
    rows = [
        (rule.id, code_name(lang, "severity", rule.severity), _cites(rule, lang), rule.title[lang])
        for rule in book.rules
    ]
    _print_table(lang, ("rule", "severity", "provision", "asks"), rows)


@rules.command()
@_format
@options.lang
@click.pass_obj
def facts(lang: Lang, format: str) -> None:
    from archive_check.vocabulary import VOCABULARY

    if format == "json":
        _print_json({kind: dict(fields) for kind, fields in VOCABULARY.items()})
        return
    rows = [
        (kind, field, code_name(lang, "field-type", type_))
        for kind, fields in VOCABULARY.items()
        for field, type_ in fields.items()
    ]
    _print_table(lang, ("kind", "field", "field-type"), rows)


@rules.command()
@click.argument("paths", metavar="[PACK]...", nargs=-1)
@options.engine
@options.lang
@click.pass_obj
def test(lang: Lang, paths: tuple[str, ...], engine: Engine | None) -> int:
    from archive_check.engine import evaluator
    from archive_check.rulebook import load_silent, run_examples

    book = _load(paths)
    load_silent(book)
    wrong = run_examples(book, evaluator(engine))
    examples = sum(len(rule.fails) + len(rule.passes) for rule in book.rules)
    counts = {"rules": len(book.rules), "examples": examples, "wrong": len(wrong)}
    verdict = "command.examples-wrong" if wrong else "command.examples-held"
    _print([*(flat(line) for line in wrong), tell(lang, verdict, **counts)])
    return 1 if wrong else 0


@rules.command()
@click.argument("paths", metavar="[PACK]...", nargs=-1)
@options.lang
@click.pass_obj
def lint(lang: Lang, paths: tuple[str, ...]) -> int:
    from archive_check.lint import problems
    from archive_check.rulebook import shipped_packs

    found = [line for pack in paths or shipped_packs() for line in problems(pack)]
    verdict = "command.lint-found" if found else "command.lint-clean"
    _print([*(flat(line) for line in found), tell(lang, verdict, number=len(found))])
    return 1 if found else 0


def _load(packs: Sequence[str]) -> Rulebook:
    from archive_check.rulebook import load_packs, shipped_packs

    return load_packs(packs or shipped_packs())


def _as_json(book: Rulebook, lang: Lang) -> object:
    return {
        "schema": SCHEMA,
        "packs": [
            {"id": pack.id, "version": pack.version, "title": pack.title[lang]}
            for pack in book.packs
        ],
        "rules": [
            {
                "rule": rule.id,
                "pack": rule.pack,
                "severity": rule.severity,
                "title": rule.title[lang],
                "cites": [provision(cite, lang) for cite in rule.cites],
                "message": rule.message[lang],
                "remedy": rule.remedy[lang],
            }
            for rule in book.rules
        ],
    }


def _explained(rule: Rule, lang: Lang) -> Iterable[str]:
    """All there is to say about a rule, as lines; what a message fills in stands as dots."""
    from archive_check.reports.layout import table
    from archive_check.rulelanguage import PLACEHOLDER

    examples = [("rule.example-fail", rule.fails), ("rule.example-pass", rule.passes)]
    rows = [
        (tell(lang, "rule.title"), f"{rule.id} {flat(rule.title[lang])}"),
        (tell(lang, "column.severity"), code_name(lang, "severity", rule.severity)),
        (tell(lang, "column.provision"), _cites(rule, lang)),
        (tell(lang, "column.message"), plain(PLACEHOLDER.sub("…", rule.message[lang]))),
        (tell(lang, "column.remedy"), plain(PLACEHOLDER.sub("…", rule.remedy[lang]))),
        *(
            (
                tell(lang, key),
                "\n".join(_fact(fact) for fact in case),
            )
            for key, cases in examples
            for case in cases
        ),
        (tell(lang, "rule.pack"), flat(rule.pack)),
    ]
    for block in table((), rows, _width()):
        yield from block
    yield ""


def _fact(fact: Fact) -> str:
    """A fact as a rule's example writes it; what is unknown is left out, as there."""
    known = {name: value for name, value in fact.values.items() if value is not None}
    return plain(f"{fact.kind}: {json.dumps(known, ensure_ascii=False)}")


def _cites(rule: Rule, lang: Lang) -> str:
    return tell(lang, "report.and").join(flat(provision(cite, lang)) for cite in rule.cites)


def _width() -> int:
    from shutil import get_terminal_size

    return get_terminal_size().columns if sys.stdout.isatty() else WIDTH


def _print_table(lang: Lang, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from archive_check.reports.layout import table

    heads = [tell(lang, f"column.{name}") for name in columns]
    safe = [[flat(cell) for cell in row] for row in rows]
    _print(line for block in table(heads, safe, _width()) for line in block)


def _print(lines: Iterable[str]) -> None:
    text = "".join(f"{line}\n" for line in lines)
    output.write_standard_output(text.encode("utf-8", "backslashreplace"))


def _print_json(content: object) -> None:
    from archive_check.reports.json_report import dumps

    output.write_standard_output(dumps(content))
