"""Loose values from files as plain ones: texts, attributes, keys and names."""

from __future__ import annotations

import re
from math import isfinite
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from helhet.importers.rows import Attribute

WHOLE_MAX = 2**63
"""What no database keeps as a whole number is kept as text."""
BAD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""Signs that cannot be kept."""
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))


def as_attribute(value: Any) -> Attribute | None:
    """A value as an attribute keeps it: scalar or flat list; what lies deeper becomes text."""
    if isinstance(value, str):
        return value.strip() if value.isprintable() else BAD.sub("�", value.translate(_UNSEEN).strip())
    if isinstance(value, list):
        inner = [as_attribute(one) if not isinstance(one, dict | list) else shown(one) for one in value]
        return [one for one in inner if one is not None and one != "" and not isinstance(one, list)]
    if isinstance(value, bool) or (isinstance(value, int) and abs(value) < WHOLE_MAX):
        return value
    if isinstance(value, float) and isfinite(value):
        return value
    return str(value) if isinstance(value, int | float) else None


def shown(value: Any) -> str:
    """Something nested as one text: `name: api, port: 80`."""
    if isinstance(value, dict):
        return ", ".join(f"{name}: {shown(inner)}" for name, inner in value.items() if inner not in (None, ""))
    return ", ".join(map(shown, value)) if isinstance(value, list) else BAD.sub("�", str(value))


def as_text(value: Any) -> str | None:
    """A scalar as text, stripped; nothing for a list or object."""
    if isinstance(value, str):
        return value.strip() if value.isprintable() else value.translate(_UNSEEN).strip()
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return None


def one_line(text: str) -> str:
    """A key or name as it is kept: line ends and tabs become blanks, and signs that nobody sees are left out."""
    text = text.strip()
    if not text.isprintable():
        text = text.translate(_UNSEEN).strip()
    return text if text.isprintable() else " ".join(text.split())


def sort_of(value: Any) -> str:
    """What sort of value it is, for a message."""
    return {dict: "an object", list: "a list", type(None): "nothing"}.get(type(value), "a value")
