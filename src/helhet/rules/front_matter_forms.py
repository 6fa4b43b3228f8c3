"""Facts written as TOML and as JSON, in their order."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

YAML, TOML, JSON = "yaml", "toml", "json"
FORMS: Final = (YAML, TOML, JSON)
_BARE = re.compile(r"[A-Za-z0-9_-]+\Z", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII)


def as_json(facts: Mapping[str, Any]) -> str:
    """An object, with its last line feed."""
    return json.dumps(facts, ensure_ascii=False, indent=2) + "\n"


def as_toml(facts: Mapping[str, Any]) -> str:
    """Lines between `+++`, without what is None, for which TOML has no word. A name after which only tables come is a
    table of its own; others are written within their line, so that the order stays.
    """
    given = [(name, value) for name, value in facts.items() if value is not None]
    last = max((at for at, (_name, value) in enumerate(given) if not isinstance(value, Mapping)), default=-1)
    lines = [f"{_name(name)} = {_value(value)}" for name, value in given[: last + 1]]
    for name, value in given[last + 1 :]:
        lines += [f"[{_name(name)}]"]
        lines += [f"{_name(inner)} = {_value(one)}" for inner, one in value.items() if one is not None]
    return "+++\n" + "".join(f"{line}\n" for line in lines) + "+++\n"


def without_none(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as TOML gives them back: an object without what is None in it."""
    return {
        name: without_none(value) if isinstance(value, Mapping) else _listed(value)
        for name, value in facts.items()
        if value is not None
    }


def _listed(value: Any) -> Any:
    if isinstance(value, list):
        return [without_none(one) if isinstance(one, Mapping) else _listed(one) for one in value]
    return value


def _name(name: str) -> str:
    return name if _BARE.match(name) else _text(name)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_name(name)} = {_value(one)}" for name, one in value.items() if one is not None)
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list):
        return f"[{', '.join(_value(one) for one in value)}]"
    if isinstance(value, str):
        return value if _is_day(value) else _text(value)
    return _text("") if value is None else json.dumps(value)


def _is_day(text: str) -> bool:
    """Whether it is a day of the calendar: any other, written as one, would make the whole unreadable."""
    try:
        return bool(_DAY.match(text) and date.fromisoformat(text))
    except ValueError:
        return False
