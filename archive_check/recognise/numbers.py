"""Numbers as documents write them: Han numerals, place numbers in names, document numbers."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0, "○": 0, "O": 0, "Ｏ": 0, "两": 2, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5,
    "陆": 6, "柒": 7, "捌": 8, "玖": 9,
} | {str(i): i for i in range(10)}  # fmt: skip
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000}
HAN = "零〇○一二两三四五六七八九十拾百佰千壹贰叁肆伍陆柒捌玖"
_HAN_OR_ARABIC = rf"(?:\d+|[{HAN}]+)"


_SPREAD = re.compile(
    r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff](?:[ \u3000]{1,3}[\u4e00-\u9fff])+(?![\u4e00-\u9fff])"
)
_LONGEST_NAME = 3


def names_closed_up(text: str) -> str:
    """The text with names of two or three characters set apart closed up (张  三, 王 建 国).

    A longer run of single characters with even gaps is a label or title, and stays as it is.
    """
    return _SPREAD.sub(_closed_up, text)


def _closed_up(run: re.Match[str]) -> str:
    gaps = re.findall(r"[ \u3000]+", run[0])
    if len(set(gaps)) == 1:
        return run[0] if len(gaps) >= _LONGEST_NAME else run[0].replace(gaps[0], "")
    return run[0].replace(gaps[0], "")


def compatible(text: str) -> str:
    """The text in its compatibility form, NFKC (Unicode Standard Annex 15).

    Decomposed and composed apart it is the same, in a tenth of the time: most texts have wide signs
    to decompose and nothing to compose.
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKD", text))


@lru_cache(maxsize=4096)
def number(text: str) -> int | None:
    """The value of an Arabic or Han numeral (`12`, `十二`, `二〇二三`), None where it is none."""
    if not text.isascii():
        text = compatible(text)
    if text.isascii() and text.isdigit():
        return int(text)
    if not text or any(c not in _DIGITS and c not in _UNITS for c in text):
        return None
    if not any(c in _UNITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    total, digit = 0, None
    for c in text:
        if c in _UNITS:
            total += (1 if digit is None else digit) * _UNITS[c]
            digit = None
        else:
            digit = _DIGITS[c]
    return total + (digit or 0)


@lru_cache(maxsize=32768)
def clean(text: str) -> str:
    """Compatibility form without white space: what the vocabulary's patterns are matched on."""
    closed = "".join(compatible(text).split())
    return closed.replace("\u200b", "").replace("\ufeff", "")


_YEAR = re.compile(r"(?:19|20)\d{2}")
_NOT_A_PLACE = re.compile(
    r"(?:19|20)\d{2}(?:年|[-.]\d{1,2}[-.]\d{1,2}|度)"
    r"|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    r"|[二][〇○零]\S{2}年"
)
_PLACE = re.compile(
    rf"\(?(?P<first>{_HAN_OR_ARABIC})\)?(?P<rest>(?:[-—–_.]\(?{_HAN_OR_ARABIC}\)?(?!年))*)"
)
_ORDINAL = re.compile(rf"第(?P<first>{_HAN_OR_ARABIC})(?:部分|单元|[卷册类章件份号])")
_NAMED_VOLUME = re.compile(rf"[卷册](?P<first>{_HAN_OR_ARABIC})(?![-.]?\d)")
_COUNTED = re.compile(
    r"年(?!度)|[月日次万亿元届期%度份]|个(?!人)|项(?!目)|名(?![册单称])|家(?![具庭])"
)
_HAN_PLACE_END = re.compile(r"[、.,\s_)\-—]|$")


@lru_cache(maxsize=65536)
def place_number(name: str, like_years: bool = False) -> tuple[int, ...] | None:
    """The place that a file or folder name begins with: `2-3 取证单` is (2, 3), `（二）` is (2,).

    Years, dates and document numbers are none (contract, "Place in the case"); a bare number that
    might be a year is one where `like_years` are places.
    """
    text = compatible(name).strip().lstrip("[【{")
    if ordinal := _ORDINAL.match(text):
        value = number(ordinal["first"])
        return None if value is None else (value,)
    if volume := _NAMED_VOLUME.match(text):
        value = number(volume["first"])
        return None if value is None else (value,)
    if _NOT_A_PLACE.match(text):
        return None
    found = _PLACE.match(text)
    if not found or (not like_years and _YEAR.fullmatch(found["first"])):
        return None
    first, after = found["first"], text[found.end() :]
    bracketed = text.startswith("(")
    if not first.isdigit() and not bracketed and not _HAN_PLACE_END.match(after):
        return None
    if first.isdigit() and not found["rest"] and _COUNTED.match(after):
        return None
    parts = [first, *re.findall(_HAN_OR_ARABIC, found["rest"])]
    values = [number(part) for part in parts]
    if any(value is None for value in values):
        return None
    return tuple(value for value in values if value is not None)


def after_place(name: str) -> str:
    """A file name's stem without its place number."""
    text = compatible(name).strip()
    if place_number(name) is None:
        return text
    ordinal = _ORDINAL.match(text) or re.match(rf"[卷册]{_HAN_OR_ARABIC}", text)
    found = ordinal or _PLACE.match(text.lstrip("[【{"))
    rest = text if found is None else text.lstrip("[【{")[found.end() :]
    return rest.lstrip(" 、.,_-—)]】}:")


_ORGAN = r"[\u4e00-\u9fff]{1,12}"
_DOC_NO = re.compile(
    rf"(?P<organ>{_ORGAN})\s*(?P<open>[\[(【〔〈<{{「『])\s*(?P<year>(?:19|20)\d{{2}})\s*"
    r"[\])】〕〉>}」』年]\s*(?P<serial>第?\s*\d{1,5}(?:-\d+)?)\s*号"
)


_NUMBERED = re.compile(r"\d\s*\u53f7")


def doc_numbers(text: str) -> list[str]:
    """All document numbers in a text, each in the one form `渝审内〔2023〕5号`."""
    if "\u53f7" not in text or not _NUMBERED.search(text):
        return []
    plain = compatible(text)
    return [_canonical(found) for found in _DOC_NO.finditer(plain)]


def doc_no(text: str) -> str | None:
    """The first document number of a text in canonical form, brackets of every kind being equal."""
    found = doc_numbers(text)
    return found[0] if found else None


def _canonical(found: re.Match[str]) -> str:
    serial = re.sub(r"[第\s]", "", found["serial"])
    head, *tail = serial.split("-")
    return f"{found['organ']}〔{found['year']}〕{'-'.join([str(int(head)), *tail])}号"
