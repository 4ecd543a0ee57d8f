"""Frozen dataclasses as JSON and back: only data, so that nothing in a file can run.

Written are the values of the fields in their order, without names; a reader needs the same
version of the class. Sets are written sorted.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
_Decode = Callable[[Any], Any]


def encoded(value: object) -> bytes:
    """A dataclass, or a tuple of them, as JSON."""
    return json.dumps(value, default=_plain, separators=(",", ":")).encode("ascii")


def decoded(kind: type[T], data: bytes) -> T:
    """What `encoded` wrote of a value of that type. Raises ValueError where it is no such thing."""
    hint: Any = kind
    decode = _decoder(hint)
    try:
        value = json.loads(data)
        return value if decode is None else decode(value)  # type: ignore[no-any-return]
    except (TypeError, LookupError, RecursionError) as error:
        raise ValueError(f"no {kind}") from error


def _plain(value: Any) -> object:
    kind: Any = type(value)
    if is_dataclass(kind):
        return [getattr(value, name) for name in _names(kind)]  # type: ignore[arg-type]
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value).__name__)


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


@cache
def _decoder(hint: Any) -> _Decode | None:
    """How to make a value of this type out of what JSON gives; None where that is it already."""
    origin, args = get_origin(hint), get_args(hint)
    if is_dataclass(hint):
        kind: Any = hint
        return lambda values: _record(kind)(values)
    if origin is tuple and args[-1] is Ellipsis:
        return _sequence(tuple, _decoder(args[0]))
    if origin is frozenset:
        return _sequence(frozenset, _decoder(args[0]))
    if origin is tuple:
        parts = tuple(_decoder(arg) for arg in args)
        return lambda values: tuple(
            value if part is None else part(value)
            for part, value in zip(parts, values, strict=True)
        )
    if origin in (Union, types.UnionType):
        # Of the types in one union only one is written as a list.
        inner = next((part for arg in args if (part := _decoder(arg)) is not None), None)
        if inner is not None:
            return lambda value: inner(value) if isinstance(value, list) else value
    return None


def _sequence(make: Callable[[Any], Any], item: _Decode | None) -> _Decode:
    def decode(values: Any) -> Any:
        if not isinstance(values, list):
            raise TypeError(type(values).__name__)
        return make(values if item is None else [item(value) for value in values])

    return decode


@cache
def _record(kind: Any) -> _Decode:
    """Made when first used, since a type may hold itself."""
    hints = get_type_hints(kind)
    parts = [(n, part) for n, name in enumerate(_names(kind)) if (part := _decoder(hints[name]))]

    def decode(values: list[Any]) -> Any:
        for n, part in parts:
            values[n] = part(values[n])
        return kind(*values)

    return decode
