"""The documentation says what the program does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from archive_check import cli
from archive_check.wiring import material_types
from docs.write import FOLDER, pages

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *FOLDER.glob("*.md")])
READMES = ["README.md", "README.zh-CN.md"]


@pytest.mark.parametrize("page", sorted(pages()))
def test_generated_pages_are_fresh(page: str) -> None:
    assert (FOLDER / page).read_text("utf-8") == pages()[page], "run `make docs`"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text("utf-8")):
        if not target.startswith("https://"):
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_and_options_exist(page: Path) -> None:
    for line in commands(page):
        command: click.Command = cli.commands
        context = click.Context(command)
        for word in line.split()[1:]:
            if isinstance(command, click.Group) and word in command.commands:
                command = command.commands[word]
            elif word.startswith("--"):
                known = {o for p in command.get_params(context) for o in p.opts}
                assert word.partition("=")[0] in known, line


def test_every_material_type_is_listed_once_under_its_section() -> None:
    page = pages()["material-types.md"]
    under = {
        kind: section
        for section, rows in re.findall(r"\(`(\w+)`\)\n\n((?:\|.*\n)+)", page)
        for kind in re.findall(r"^\| `([\w-]+)` ", rows, re.MULTILINE)
    }
    types = material_types()
    assert under == {kind.id: kind.sections[0] for kind in types.values()}
    assert len(re.findall(r"^\| `", page, re.MULTILINE)) == len(types)
    for kind in types.values():
        assert kind.name["zh"] in page
        assert kind.name["en"] in page


def commands(page: Path) -> Iterator[str]:
    """What a page tells its reader to type, and what it quotes of it in passing."""
    text = page.read_text("utf-8")
    shown = re.findall(r"^(?:\$ )?(archive-check [^#\n]*)", text, re.MULTILINE)
    quoted = re.findall(r"`(archive-check [^`\n]*)`", text)
    yield from (line for line in (*shown, *quoted) if not line.startswith("archive-check: "))


@pytest.mark.parametrize("name", READMES)
def test_readme_shows_demo_and_test_first(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    first = re.search(r"```sh\n(.*?)```", text, re.DOTALL)
    assert first
    assert [line.split("#")[0].strip() for line in first[1].splitlines()] == [
        "make demo",
        "make test",
    ]


def test_the_two_readmes_tell_the_same() -> None:
    english, chinese = (_skeleton(ROOT / name) for name in READMES)
    for ours, theirs in zip(english, chinese, strict=True):
        assert ours == theirs


def _skeleton(page: Path) -> tuple[list[str], list[list[str]], set[str]]:
    """The levels of its headings, the words of its commands that no language changes, its links."""
    text = page.read_text("utf-8")
    code = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    levels = re.findall(r"^(#+) ", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)
    lines = [line.split("#")[0] for line in "".join(code).splitlines()]
    words = [re.findall(r"(?<!\S)[-a-z]+(?!\S)", line) for line in lines]
    links = set(re.findall(r"\]\(([^)#]+)", text.replace(".zh-CN.md", ".md")))
    return levels, words, links - {"README.md"}


def test_readme_and_makefile_agree() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    told = {
        word
        for page in PAGES
        for word in re.findall(r"(?:`|^)make ([a-z]+)", page.read_text("utf-8"), re.MULTILINE)
    }
    assert {"demo", "test", "bench", "fixtures", "docs", "wheelhouse"} <= told <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_begin_with_their_title(page: Path) -> None:
    assert page.read_text("utf-8").startswith("# ")


def test_the_architecture_names_every_module() -> None:
    text = (FOLDER / "architecture.md").read_text("utf-8")
    modules = {
        f"{path.name}/" if path.is_dir() else path.name
        for path in (ROOT / "archive_check").iterdir()
        if path.name.endswith(".py") or (path / "__init__.py").is_file()
    }
    named = set(re.findall(r"`([a-z_]+(?:\.py|/))`", text))
    assert modules - {"__init__.py", "__main__.py"} <= named
