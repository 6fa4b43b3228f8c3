"""Why a group answers, as people read it: the filter of a rule in words, and what was noted beside it."""

from __future__ import annotations

from collections.abc import Sequence

from helhet.estate.chips import chips
from helhet.items.models import Kind
from helhet.rules.filters import FilterError, every_term, parse

BETWEEN = ", "


def in_words(text: str, kinds: Sequence[Kind]) -> str:
    """A filter in the words of its chips: "Kind Server; criticality ≥ high". What cannot be read stays as it is."""
    parts = [f"{chip.label} {chip.value}" for chip in chips(text, lambda _text: "", kinds)]
    return "; ".join([*parts[:1], *(part[:1].lower() + part[1:] for part in parts[1:])]) or text


def split(text: str) -> tuple[str, str]:
    """What a ground keeps of a rule, apart again: its filter, and its note.

    They were joined by a comma, which either may hold: the filter is the shortest beginning that reads as conditions
    on fields alone. Where there is none, all of it is the filter.
    """
    at = text.find(BETWEEN)
    while at >= 0:
        if _is_filter(text[:at]):
            return text[:at], text[at + len(BETWEEN) :]
        at = text.find(BETWEEN, at + 1)
    return text, ""


def _is_filter(text: str) -> bool:
    try:
        terms = every_term(parse(text))
    except FilterError:
        return False
    return bool(terms) and all(term.field is not None for term in terms)


def told(text: str, kinds: Sequence[Kind]) -> tuple[str, str]:
    """A rule as its ground keeps it: its filter in words, and its note."""
    written, note = split(text)
    return in_words(written, kinds), note
