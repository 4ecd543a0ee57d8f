"""Whether the names of files and folders can be kept on every system (AR01.9)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive_check.facts.context import Context
from archive_check.model import Said, said
from archive_check.vocabulary import Fact

MAX_BYTES = 255
"""Bytes of one name in UTF-8 that the file systems in use accept."""
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of writing, which disguise endings."""
_FORBIDDEN = re.compile(r'[<>:"|?*\\]')
_ESCAPE = re.compile(r"\\(?:x([0-9a-f]{2})|u(d[89a-f][0-9a-f]{2}))")
"""How a path shows what can't be encoded: bytes that are no UTF-8, lone surrogates."""


def name_facts(context: Context) -> Iterator[Fact]:
    """One fact a file; what is wrong with a folder's name is told of the first file in it."""
    paths = [m.path for m in context.case.materials]
    paths += [ignored.path for ignored in context.ignored if not ignored.junk]
    judged: set[str] = set()
    for path in sorted(paths):
        faults: list[Said] = []
        levels = path.split("/")
        for depth, level in enumerate(levels, 1):
            upto = "/".join(levels[:depth]).removesuffix("!")
            if upto not in judged:
                judged.add(upto)
                faults += name_faults(level.removesuffix("!") if depth < len(levels) else level)
        yield Fact(
            kind="name",
            id=f"name:{path}",
            values={"sound": not faults},
            subjects=(path,),
            words={"path": _visible(path)},
            evidence=tuple(faults),
        )


def name_faults(name: str) -> Iterator[Said]:
    """What is wrong with one name, each kind of fault once."""
    escapes = [found[1] for found in _ESCAPE.finditer(name)]
    # A backslash that only looked like an escape is itself shown as one.
    plain = _ESCAPE.sub(lambda found: "\\" if found[1] == "5c" else "", name)
    size = len(plain.encode()) + sum(1 if byte else 3 for byte in escapes if byte != "5c")
    shown = _visible(name)
    if any(byte != "5c" for byte in escapes):
        yield said("name.not-utf8", name=shown)
    if _CONTROLS.search(plain):
        yield said("name.control", name=shown)
    if forbidden := sorted(set(_FORBIDDEN.findall(plain))):
        yield said("name.forbidden", name=shown, characters=" ".join(forbidden))
    if name.endswith((".", " ")):
        yield said("name.ending", name=shown)
    if size > MAX_BYTES:
        yield said("name.long", name=shown, size=size, limit=MAX_BYTES)


def _visible(name: str) -> str:
    return _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", name)
