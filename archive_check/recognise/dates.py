"""Dates in every form that audit papers use; impossible dates are no dates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from archive_check.recognise.numbers import HAN, compatible, number

_YEAR_LACKS_ZEROS = (
    rf"(?<![{HAN}])(?<![{HAN}]\s)二\s?[一二三四五六七八九](?:\s?[一二三四五六七八九])?"
)
_WRITTEN = re.compile(
    rf"(?P<y>(?:19|20)\d{{2}}|[一二](?:\s?[{HAN}0Oo\x00\ufffd]){{3}}|{_YEAR_LACKS_ZEROS})\s*年\s*"
    rf"(?P<m>\d{{1,2}}|[{HAN}]{{1,3}})\s*月\s*(?P<d>\d{{1,2}}|[{HAN}]{{1,3}})\s*[日号]"
)
_DIVIDED = re.compile(
    r"(?<![\d.\-/])(?P<y>(?:19|20)\d{2})\s*(?P<s>[-./])\s*(?P<m>\d{1,2})\s*(?P=s)\s*(?P<d>\d{1,2})(?![\d])"
)
_EIGHT = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)"
)


_ZERO = re.compile("[Oo\x00\ufffd]")
_NUMERAL_DATE = re.compile(rf"[{HAN}]\s*[年月]")
_BESIDE_A_DATE = re.compile(r"[\s:()日期印发]*")
_MAY_BE = re.compile(r"\d\D{0,3}\d\D{0,3}\d|年")


@dataclass(frozen=True, slots=True)
class Found:
    """A date in a text: its value and the span that it was read from."""

    value: date
    start: int
    end: int


@lru_cache(maxsize=8192)
def dates_in(text: str) -> tuple[Found, ...]:
    """Every date of a text in reading order. 2023年2月30日 is none."""
    if not _MAY_BE.search(text):
        return ()
    text = compatible(text)
    found = [
        Found(value, match.start(), match.end())
        for pattern in ((_WRITTEN, _DIVIDED, _EIGHT) if "年" in text else (_DIVIDED, _EIGHT))
        for match in pattern.finditer(text)
        if (value := _value(match)) is not None
    ]
    return tuple(sorted(found, key=lambda item: item.start))


def dates_in_digits(text: str) -> str:
    """The text with dates that are written out in Chinese numerals in digits (2021年5月1日)."""
    if "年" not in text or not _NUMERAL_DATE.search(text):
        return text
    return _WRITTEN.sub(_digits, text)


def _digits(match: re.Match[str]) -> str:
    value = _value(match)
    return f"{value.year}年{value.month}月{value.day}日" if value else match[0]


def first_date(text: str) -> date | None:
    found = dates_in(text)
    return found[0].value if found else None


def last_date(text: str) -> date | None:
    found = dates_in(text)
    return found[-1].value if found else None


def is_only_a_date(text: str) -> bool:
    """Whether a line holds one date and next to nothing else, as a signature block's last does."""
    found = dates_in(text)
    if len(found) != 1:
        return False
    plain = compatible(text)
    rest = plain[: found[0].start] + plain[found[0].end :]
    return _BESIDE_A_DATE.fullmatch(rest) is not None


def _value(match: re.Match[str]) -> date | None:
    year, month, day = number(_whole_year(match["y"])), number(match["m"]), number(match["d"])
    if year is None or month is None or day is None:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _whole_year(text: str) -> str:
    """A year with its zeros: 〇 is often written as a letter, and many a PDF's font lacks it."""
    if text.isascii():
        return text
    text = "".join(text.split())
    text = _ZERO.sub("〇", text)
    if len(text) == 4:
        return text
    return f"二〇{text[1:]}" if len(text) == 3 else f"二〇{text[1]}〇"
