"""YAML values that know where they stand, so that an error can name file and line.

The readers below take a value apart and raise `ArchiveCheckError` with one line:
`file:line: what is wrong (did you mean ...?)`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, NoReturn

from archive_check.model import ArchiveCheckError, Lang

LANGS: tuple[Lang, ...] = ("zh", "en")
_DEEPEST = 30
"""Rules nest about ten levels; an anchor that holds itself would nest for ever."""
_TEXT = "tag:yaml.org,2002:str"
"""The kind of most values, which need not be constructed."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A YAML value; `value` is a scalar, a list of `Marked` or a dict of names to `Marked`.

    A value under a key has the line of the key, from 1.
    """

    value: Any
    file: str
    line: int

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}"


def read_yaml(text: str, file: str) -> Marked:
    """The YAML document in `text`; `file` is what errors call it.

    Keys are the words as written: `off` and `no` are names here, not YAML 1.1 flags.
    """
    import yaml

    loader = yaml.CSafeLoader(text)
    try:
        node = loader.get_single_node()
        return _mark(loader, node, file, 1, 0) if node else Marked(None, file, 1)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = " ".join(str(getattr(error, "problem", None) or error).split())
        refuse(Marked(None, file, mark.line + 1 if mark else 1), f"this is no YAML: {what}")
    finally:
        loader.dispose()


def _mark(loader: Any, node: Any, file: str, line: int, depth: int) -> Marked:
    if depth > _DEEPEST:
        refuse(Marked(None, file, line), "nested too deep")
    if node.id == "mapping":
        found: dict[str, Marked] = {}
        for key, value in node.value:
            here = key.start_mark.line + 1
            if key.id != "scalar":
                refuse(Marked(None, file, here), "a key must be a word")
            if key.value in found:
                refuse(Marked(None, file, here), f"the key {key.value!r} stands twice")
            found[key.value] = _mark(loader, value, file, here, depth + 1)
        return Marked(found, file, line)
    if node.id == "sequence":
        items = [_mark(loader, i, file, i.start_mark.line + 1, depth + 1) for i in node.value]
        return Marked(items, file, line)
    if node.tag == _TEXT:
        return Marked(node.value, file, line)
    try:
        return Marked(loader.construct_object(node), file, line)
    except ValueError as error:  # 2024-13-01 looks like a date and is none
        refuse(Marked(None, file, line), f"{node.value!r} is no value: {error}")


def refuse(at: Marked, what: str) -> NoReturn:
    """Raise the error that something is wrong at this place."""
    raise ArchiveCheckError(f"{at.place}: {what}")


def nearest(word: str, known: Collection[str]) -> str:
    """A hint at the known name most like the word, or what there is where it is little."""
    close = get_close_matches(word, known, n=1, cutoff=0.5)
    if close:
        return f" (did you mean {close[0]!r}?)"
    return f" (known: {', '.join(sorted(known))})" if 0 < len(known) <= 10 else ""


def read_map(
    at: Marked, what: str, required: Sequence[str] = (), optional: Sequence[str] | None = ()
) -> Mapping[str, Marked]:
    """A mapping with the keys required and no others than the optional; None: any."""
    if not isinstance(at.value, dict):
        refuse(at, f"{what} must be a mapping")
    found: Mapping[str, Marked] = at.value
    if optional is not None:
        known = (*required, *optional)
        for key, value in found.items():
            if key not in known:
                refuse(value, f"{what} has no key {key!r}{nearest(key, known)}")
    for key in required:
        if key not in found:
            refuse(at, f"{what} lacks {key!r}")
    return found


def read_list(at: Marked, what: str, least: int = 0) -> Sequence[Marked]:
    """A list of at least so many items."""
    if not isinstance(at.value, list):
        refuse(at, f"{what} must be a list")
    if len(at.value) < least:
        refuse(at, f"{what} must hold at least {least}")
    items: Sequence[Marked] = at.value
    return items


def read_text(at: Marked, what: str) -> str:
    """A text that is not blank. A version such as `1.10` has to be quoted to be one."""
    if not isinstance(at.value, str) or not at.value.strip():
        refuse(at, f"{what} must be a text, not {show(at)}")
    return at.value


def read_int(at: Marked, what: str) -> int:
    """A whole number from 1."""
    if type(at.value) is not int or at.value < 1:
        refuse(at, f"{what} must be a whole number from 1, not {show(at)}")
    return at.value


def read_texts(at: Marked, what: str) -> Mapping[Lang, str]:
    """A text in every language that the program speaks."""
    found = read_map(at, what, optional=LANGS)
    for lang in LANGS:
        if lang not in found:
            refuse(at, f"{what} lacks its {lang!r} translation")
    return {lang: read_text(found[lang], f"{what} ({lang})") for lang in LANGS}


def plain(at: Marked) -> Any:
    """The value without its marks."""
    if isinstance(at.value, dict):
        return {key: plain(value) for key, value in at.value.items()}
    if isinstance(at.value, list):
        return [plain(item) for item in at.value]
    return at.value


def show(at: Marked) -> str:
    """The value for an error message."""
    if isinstance(at.value, dict | list):
        return "a mapping" if isinstance(at.value, dict) else "a list"
    return "nothing" if at.value is None else repr(at.value)
