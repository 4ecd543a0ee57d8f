"""Every article of the regulations is checked, or it is told why no archive can show it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archive_check.rulebook import shipped_packs
from docs.write import provisions, rules_by_article

REGULATIONS = Path(__file__).parent.parent.parent / "shared" / "regulations"
PACKS = [name for name in shipped_packs() if provisions(name)]
HAN = "一二三四五六七八九十"
HEAD = {"chongqing": rf"^第([{HAN}]+)条", "liaocheng": rf"^[\s\u3000]*([{HAN}])、"}


def value(numeral: str) -> int:
    tens, ten, ones = numeral.rpartition("十")
    digit = {figure: number for number, figure in enumerate(HAN, start=1)}
    return (digit.get(tens, 1) * 10 if ten else 0) + digit.get(ones, 0)


def test_both_regulations_have_their_table() -> None:
    assert PACKS == ["chongqing", "liaocheng"]


@pytest.mark.parametrize("pack", PACKS)
def test_no_article_is_left_out(pack: str) -> None:
    articles = provisions(pack)
    assert list(articles) == list(range(1, len(articles) + 1))
    text = REGULATIONS / f"{pack}.txt"
    if not text.is_file():
        pytest.skip("the regulation's text is not here")
    written = re.findall(HEAD[pack], text.read_text("utf-8"), re.MULTILINE)
    assert sorted(map(value, written)) == list(articles)


@pytest.mark.parametrize("pack", PACKS)
def test_an_article_is_either_checked_or_explained(pack: str) -> None:
    checked = {number for source, number in rules_by_article() if source == pack}
    explained = {n for n, row in provisions(pack).items() if "unchecked" in row}
    assert checked & explained == set()
    assert set(provisions(pack)) - checked - explained == set()


@pytest.mark.parametrize("pack", PACKS)
def test_what_an_article_is_about_stands_in_both_languages(pack: str) -> None:
    for row in provisions(pack).values():
        for told in (row["about"], row.get("unchecked"), row.get("label")):
            assert told is None or set(told) == {"zh", "en"}
