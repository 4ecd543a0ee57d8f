"""Write the generated pages: `python -m docs.write` (or `make docs`).

They are made from the rules, the fact vocabulary and the commands themselves, so that they say
what the program does; a test compares them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import click
import yaml

from archive_check import cli, vocabulary
from archive_check.model import SECTIONS, Lang
from archive_check.reports.words import code_name, provision
from archive_check.rulebook import Pack, load_packs, shipped_packs
from archive_check.rulelanguage import PLACEHOLDER, Cite, Rule
from archive_check.spoken import LANGUAGES, help_text
from archive_check.texts import tell
from archive_check.wiring import material_types

FOLDER = Path(__file__).parent
WIDTH = 90
"""Columns of the help as the page shows it."""
COLON: Mapping[Lang, str] = {"zh": "：", "en": ": "}


def pages() -> Mapping[str, str]:
    """Every generated page by its name in this folder."""
    bodies = {
        "rules.md": _rules("en"),
        "rules.zh-CN.md": _rules("zh"),
        "provisions.md": _provisions("en"),
        "provisions.zh-CN.md": _provisions("zh"),
        "material-types.md": _material_types(),
        "facts.md": _facts(),
        "commands.md": _commands(),
    }
    return {name: "\n".join(_page(name, body)) + "\n" for name, body in bodies.items()}


def _page(name: str, body: Iterator[str]) -> Iterator[str]:
    words = yaml.safe_load((FOLDER / "pages.yaml").read_text("utf-8"))[name]
    yield f"# {words['title']}"
    yield ""
    yield "<!-- Written by `make docs`. -->"
    yield ""
    yield words["text"]
    yield from body


def _rules(lang: Lang) -> Iterator[str]:
    for name in shipped_packs():
        book = load_packs([name])
        (pack,) = book.packs
        yield from ["", f"## {_pack_title(pack, lang)}"]
        for rule in book.rules:
            yield ""
            yield from _rule(rule, lang)


def _pack_title(pack: Pack, lang: Lang) -> str:
    return f"{pack.title[lang]} (`{pack.id}` {pack.version})"


def _rule(rule: Rule, lang: Lang) -> Iterator[str]:
    join = tell(lang, "report.and")
    said = {
        "severity": code_name(lang, "severity", rule.severity),
        "provision": join.join(provision(cite, lang) for cite in rule.cites),
        "message": PLACEHOLDER.sub("…", rule.message[lang]),
        "remedy": PLACEHOLDER.sub("…", rule.remedy[lang]),
    }
    yield f"### {rule.id} {rule.title[lang]}"
    yield ""
    for column, words in said.items():
        yield f"- {tell(lang, f'column.{column}')}{COLON[lang]}{' '.join(words.split())}"
    for key, cases in (("rule.example-fail", rule.fails), ("rule.example-pass", rule.passes)):
        for case in cases:
            facts = ", ".join(f"`{_inline(fact)}`" for fact in case)
            yield f"- {tell(lang, key)}{COLON[lang]}{facts}"


def _provisions(lang: Lang) -> Iterator[str]:
    """Every article of the regulations: the rules that check it, or why no archive shows it."""
    checking = rules_by_article()
    for name in shipped_packs():
        if not (articles := provisions(name)):
            continue
        (pack,) = load_packs([name]).packs
        source = pack.sources[name]
        heads = [tell(lang, f"provisions.{head}") for head in ("article", "about", "rules")]
        yield from ["", f"## {_pack_title(pack, lang)}", ""]
        yield from [f"| {' | '.join(heads)} |", "| --- | --- | --- |"]
        for number, row in articles.items():
            label = row.get("label")
            cite = Cite(source, number, label=label)
            found = checking.get((name, number), [])
            page = "rules.md" if lang == "en" else "rules.zh-CN.md"
            shown = ", ".join(f"[{rule.id}]({page}#{_anchor(rule, lang)})" for rule in found)
            why = row["unchecked"][lang] if "unchecked" in row else ""
            told = shown or (tell(lang, "provisions.unchecked", why=why) if why else "—")
            yield f"| {provision(cite, lang)} | {row['about'][lang]} | {told} |"


def provisions(pack: str) -> Mapping[int, Mapping[str, Any]]:
    """The articles of a pack's regulation by number; none where it has no table of them."""
    file = files("archive_check.rules") / pack / "provisions.yaml"
    return yaml.safe_load(file.read_text("utf-8")) if file.is_file() else {}


def rules_by_article() -> Mapping[tuple[str, int], list[Rule]]:
    """The rules of all packs by the source and the article that they cite."""
    found: dict[tuple[str, int], list[Rule]] = {}
    for name in shipped_packs():
        book = load_packs([name])
        sources = {text["en"]: key for pack in book.packs for key, text in pack.sources.items()}
        for rule in book.rules:
            for cite in rule.cites:
                if cite.source and cite.article:
                    found.setdefault((sources[cite.source["en"]], cite.article), []).append(rule)
    return found


def _anchor(rule: Rule, lang: Lang) -> str:
    """The anchor that a heading of the rules' page gets: lower case, hyphens, no punctuation."""
    kept = re.sub(r"[^\w\- ]", "", f"{rule.id} {rule.title[lang]}".lower())
    return kept.replace(" ", "-")


def _inline(fact: vocabulary.Fact) -> str:
    """A fact as a rule's example writes it."""
    known = {name: value for name, value in fact.values.items() if value is not None}
    text = yaml.safe_dump(
        {fact.kind: known}, default_flow_style=True, allow_unicode=True, sort_keys=False, width=1000
    )
    return text.strip()


def _facts() -> Iterator[str]:
    meanings = _meanings()
    for kind, fields in vocabulary.VOCABULARY.items():
        yield from ["", f"## {kind}", ""]
        if kind in meanings:
            yield from [meanings[kind], ""]
        yield from ["| field | value |", "| --- | --- |"]
        yield from (
            f"| `{name}` | {code_name('en', 'field-type', type_)} |"
            for name, type_ in fields.items()
        )


def _meanings() -> Mapping[str, str]:
    """What the comments in the vocabulary say of each kind of fact."""
    source = Path(vocabulary.__file__).read_text("utf-8")
    found = re.findall(r'((?: *#.*\n)+) *"(\w+)": \{', source)
    return {
        kind: " ".join(line.strip(" #") for line in comment.splitlines()) for comment, kind in found
    }


def _material_types() -> Iterator[str]:
    """The types by the section that is their home, in the order in which a case has them."""
    columns = [
        " ".join(tell(lang, f"types.{name}") for lang in LANGUAGES)
        for name in ("code", "zh", "en", "also")
    ]
    for section in SECTIONS:
        names = " · ".join(code_name(lang, "section", section) for lang in LANGUAGES)
        yield from ["", f"## {names} (`{section}`)", ""]
        yield from [f"| {' | '.join(columns)} |", "| --- | --- | --- | --- |"]
        for kind in material_types().values():
            if kind.sections[0] == section:
                others = ", ".join(f"`{other}`" for other in kind.sections[1:])
                zh, en = (
                    tell(lang, "report.and").join(
                        name[lang] for name in (kind.name, *kind.delivering.values())
                    )
                    for lang in LANGUAGES
                )
                yield f"| `{kind.id}` | {zh} | {en} | {others} |"


def _commands() -> Iterator[str]:
    for path in _paths(cli.commands, ("archive-check",)):
        yield from ["", f"## {' '.join(path)}"]
        for lang in ("zh", "en"):
            yield from ["", "```text", _help(path, lang), "```"]


def _paths(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield path
    if isinstance(command, click.Group):
        for name, child in sorted(command.commands.items()):
            yield from _paths(child, (*path, name))


def _help(path: Sequence[str], lang: Lang) -> str:
    command: click.Command = cli.commands
    context = click.Context(command, info_name=path[0], obj=lang, terminal_width=WIDTH)
    for name in path[1:]:
        assert isinstance(command, click.Group)
        command = command.commands[name]
        context = click.Context(command, context, info_name=name, terminal_width=WIDTH)
    return help_text(command, context)


if __name__ == "__main__":
    for page, text in pages().items():
        (FOLDER / page).write_text(text, "utf-8")
