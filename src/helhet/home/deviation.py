"""A row of what to look at first, and how things are named in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import ngettext

from helhet.kit import spoken

NAMED = 3


@dataclass(frozen=True, slots=True)
class Deviation:
    """A row of the list. `mark` is the status mark of `lead`."""

    mark: str
    lead: str
    why: str
    next_url: str
    next_label: str
    title: str = ""
    thing: Any = None
    weight: int = 0


def named(items: list[str], total: int) -> str:
    """The first few by name, and how many more there are."""
    text = ", ".join(items[:NAMED])
    rest = total - min(len(items), NAMED)
    if rest <= 0:
        return f"{text}."
    return ngettext("%(names)s and %(count)s more.", "%(names)s and %(count)s more.", rest) % {
        "names": text, "count": spoken.number(rest),
    }  # fmt: skip
