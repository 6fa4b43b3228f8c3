"""Front matter that says what stands now: what a page says of itself stays, and what is true no more is put right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from helhet.rules import page_names as names
from helhet.rules.pages import plain_name, read_page
from helhet.rules.reviewing import Interval, due_on

OURS: Final = "helhet"
"""The object in which an export tells what only this system knows; an import reads it, and does not keep it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a document says now. `owners` empty: leave what the page says. `due_on` counts where nothing gives one."""

    title: str
    language: str
    sort: str
    owners: Sequence[str]
    interval: Interval | None
    reviewed_on: date | None
    due_on: date | None
    edited_on: date | None
    valid_from: date | None
    valid_to: date | None


def restated(path: str, facts: Mapping[str, Any], text: str, now: Standing) -> dict[str, Any]:
    """The front matter with which a page of this path and text says all of this when it is read again."""
    kept = {name: value for name, value in facts.items() if name != OURS}
    said = read_page(path, kept, text)
    wanted: dict[str, Any] = {}
    if said.title != now.title:
        _put(kept, wanted, names.TITLE, now.title)
    if now.owners and said.owners != tuple(now.owners):
        _put(kept, wanted, names.OWNER, now.owners[0] if len(now.owners) == 1 else list(now.owners))
    if said.reviewed_on != now.reviewed_on:
        _put(kept, wanted, names.REVIEWED, now.reviewed_on)
    if said.interval != now.interval:
        _put(kept, wanted, _intervals(), _spelt(now.interval))
    stated = None if due_on(now.reviewed_on, now.interval) else now.due_on
    if stated or read_page(path, {**kept, **wanted}, text).due_on != now.due_on:
        _put(kept, wanted, names.BY, stated)
    for one, found, standing in (
        (names.EDITED, said.edited_on, now.edited_on), (names.VALID_FROM, said.valid_from, now.valid_from),
        (names.VALID_TO, said.valid_to, now.valid_to),
    ):  # fmt: skip
        if found != standing:
            _put(kept, wanted, one, standing)
    # Of the page as it is to be: a language that was told from the former title may be told no more.
    if read_page(path, {**kept, **wanted}, text).language != now.language:
        _put(kept, wanted, names.LANGUAGE, now.language)
    if said.sort != now.sort:
        wanted["sort"] = now.sort
    return {**kept, **wanted}


def _put(kept: dict[str, Any], wanted: dict[str, Any], known: Sequence[str], value: Any) -> None:
    """Say it under the first of its names alone."""
    _drop(kept, frozenset(known), "")
    if value is not None:
        wanted[known[0]] = value.isoformat() if isinstance(value, date) else value


def _drop(facts: dict[str, Any], known: frozenset[str], before: str) -> None:
    for given in list(facts):
        name, value = plain_name(given), facts[given]
        if name in known or f"{before}{name}" in known:
            del facts[given]
        elif isinstance(value, dict) and name in names.WITHIN:
            inner = dict(value)
            _drop(inner, known, f"{name}_")
            facts[given] = inner


def _intervals() -> tuple[str, ...]:
    units = ("_days", "_weeks", "_months", "_years")
    return (*names.EVERY, *(one + unit for one in (*names.EVERY, "review") for unit in units))


def _spelt(interval: Interval | None) -> str | None:
    if interval is None:
        return None
    return f"{interval.count} {interval.unit}{'' if interval.count == 1 else 's'}"
