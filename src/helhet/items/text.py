"""Keys and values computed from what people write, for both databases alike."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

from helhet.rules.text import fold, sort_key

FOLD_LIMIT = 200
TAG = "tag"


@functools.lru_cache(maxsize=4_096)
def attribute_name(name: str) -> str:
    """The name under which an attribute is filtered on: lower case, spaces as `_`."""
    return "_".join(fold(name).split())[:64]


def number_of(value: Any) -> float | None:
    """The number that a value is, else None. Decimal commas count; true and false do not."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    text = str(value).strip()
    if not text or len(text) > 30 or text[0] not in "+-.0123456789":
        return None
    try:
        number = float(text.replace(",", ".")) if text.count(",") == 1 and "." not in text else float(text)
    except ValueError:
        return None
    return number if abs(number) < float("inf") else None


def plain_text(value: Any) -> str:
    """A scalar as people read it."""
    if value is True:
        return "true"
    if value is False:
        return "false"
    return str(value)


def scalars(value: Any) -> Iterator[Any]:
    """The scalars that a value holds: itself, or the members of a list. Deeper structures are not filtered on."""
    if isinstance(value, list):
        for member in value:
            if member is not None and member != "" and not isinstance(member, list | dict):
                yield member
    elif value is not None and value != "" and not isinstance(value, dict):
        yield value


__all__ = ["FOLD_LIMIT", "TAG", "attribute_name", "fold", "number_of", "plain_text", "scalars", "sort_key"]
