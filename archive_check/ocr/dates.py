"""Dates of which a seal, or a small mark misread, hides a part."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from archive_check.recognise.dates import dates_in

_MARKED_DATE = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)(?:[~:：·—_](?P<m>\d{1,2})(?P<mark>[-.])"
    r"|(?P<mark2>[-.])(?P<m2>\d{1,2})[:：·_])(?P<d>\d{1,2})(?!\d)"
)
"""A date of which one mark was misread. With ~ behind the month it would be a span of months."""
_LOST_MARK = re.compile(r"\s*((?:19|20)\d\d)(0[1-9]|1[0-2])([-.])(0[1-9]|[12]\d|3[01])\s*")
"""A line that is a date, the first mark of which a seal hides."""


def agreed(readings: Sequence[str]) -> str:
    """Of several readings of one line, the first with the dates that most of them have."""
    readings = [with_both_marks(with_marks(text.strip())) for text in readings]
    found = [tuple(date.value for date in dates_in(text)) for text in readings]
    votes = Counter(dates for dates in found if dates)
    return readings[found.index(votes.most_common(1)[0][0])] if votes else readings[0]


def with_marks(text: str) -> str:
    """The text with both marks of its dates alike, where one was misread."""
    return _MARKED_DATE.sub(_marked, text)


def with_both_marks(line: str) -> str:
    """A line that is a date, with the mark that was lost in it."""
    found = _LOST_MARK.fullmatch(line)
    return found.expand(r"\1\3\2\3\4") if found else line


def _marked(date: re.Match[str]) -> str:
    mark, month = date["mark"] or date["mark2"], date["m"] or date["m2"]
    return f"{date['y']}{mark}{month}{mark}{date['d']}"
