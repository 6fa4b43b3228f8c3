"""Front matter that says what stands now: what a page says of itself stays, and what is true no more is put right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from helhet.rules import page_names as names
from helhet.rules.page_values import counted_names, plain_name, told_either_way
from helhet.rules.pages import Said, draft_mark, read_page
from helhet.rules.reviewing import Interval, due_on

NEVER: Final = "never"
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
    is_draft: bool = False


def restated(path: str, facts: Mapping[str, Any], text: str, now: Standing) -> dict[str, Any]:
    """The front matter with which a page of this path and text says all of this when it is read again.

    What is altered stays in its place and under its own name where it has one; what is new comes last.
    """
    given = {name: value for name, value in facts.items() if name != OURS}
    found = _restated(path, given, text, now)
    # What the text states counts no more once anything stands in front of it.
    return _restated(path, found, text, now) if found and not given else found


def _restated(path: str, kept: dict[str, Any], text: str, now: Standing) -> dict[str, Any]:
    said = read_page(path, kept, text)
    due = due_on(now.reviewed_on, now.interval)
    is_said = (said.reviewed_on, said.interval, said.due_on) == (now.reviewed_on, now.interval, due or now.due_on)
    if not is_said:
        # What such a day means depends on the others, which are to be put right; and what the text states counts no
        # more once something in front says it.
        _drop(kept, frozenset(names.EITHER), "")
        _drop(kept, frozenset(names.TOLD_EITHER_WAY), "", only=told_either_way)
        in_front = read_page(path, kept, "")
        said = replace(said, reviewed_on=in_front.reviewed_on, interval=in_front.interval)
    if now.owners and said.owners != tuple(now.owners):
        kept = _put(kept, names.OWNER, now.owners[0] if len(now.owners) == 1 else list(now.owners))
    if said.interval != now.interval:
        kept = _put(kept, _intervals(), _spelt(now.interval))
    for known, found, standing in (
        (names.TITLE, said.title, now.title), (names.REVIEWED, said.reviewed_on, now.reviewed_on),
        (names.EDITED, said.edited_on, now.edited_on), (names.VALID_FROM, said.valid_from, now.valid_from),
        (names.VALID_TO, said.valid_to, now.valid_to),
    ):  # fmt: skip
        kept = _put(kept, known, standing) if found != standing else kept
    stated = None if due else now.due_on
    if (stated and not is_said) or read_page(path, kept, text).due_on != now.due_on:
        kept = _put(kept, names.BY, stated)
    if (
        now.reviewed_on is None
        and now.interval is None
        and stated is None
        and _says_in_text(read_page(path, kept, text))
    ):
        kept = {**kept, names.EVERY[0]: NEVER}
    # Of the page as it is to be: a language that was told from the former title may be told no more.
    if read_page(path, kept, text).language != now.language:
        kept = _put(kept, names.LANGUAGE, now.language)
    kept = kept if said.sort == now.sort else {**kept, "sort": now.sort}
    return _marked(path, kept, is_draft=now.is_draft)


def _says_in_text(said: Said) -> bool:
    """Whether the text states a review, of which nothing that stands in front of it is left."""
    return any(one is not None for one in (said.reviewed_on, said.interval, said.due_on))


def _marked(path: str, facts: dict[str, Any], *, is_draft: bool) -> dict[str, Any]:
    """The facts with a mark of a draft, or without: also where the folder makes a draft of what says nothing."""
    if bool(draft_mark(path, facts)) == is_draft:
        return facts
    if is_draft:
        return _put(facts, names.DRAFT, True)
    kept = _put(_put(facts, names.DRAFT, None), names.PUBLISHED, None)
    return _put(kept, names.DRAFT, False) if draft_mark(path, kept) else kept


def _put(facts: dict[str, Any], known: Sequence[str], value: Any) -> dict[str, Any]:
    """The facts with it said once: where the first of its names stands, else last; said by none when it is None."""
    plain = value.isoformat() if isinstance(value, date) else value
    found = [given for given in facts if plain_name(given) in known] if plain is not None else []
    place = found[0] if found else ""
    kept = dict(facts)
    _drop(kept, frozenset(known), "", spared=place)
    if plain is None:
        return kept
    if not place:
        return {**kept, known[0]: plain}
    name = known[0] if plain_name(place).endswith(tuple(names.COUNTED)) else place
    return {name if given == place else given: plain if given == place else one for given, one in kept.items()}


def _drop(
    facts: dict[str, Any], known: frozenset[str], before: str, spared: str = "",
    only: Callable[[Any], bool] = lambda _value: True,
) -> None:  # fmt: skip
    for given in list(facts):
        name, value = plain_name(given), facts[given]
        if given == spared:
            continue
        if (name in known or f"{before}{name}" in known) and only(value):
            del facts[given]
        elif isinstance(value, dict) and name in names.WITHIN:
            inner = dict(value)
            _drop(inner, known, f"{name}_", only=only)
            facts[given] = inner


def _intervals() -> tuple[str, ...]:
    return (*names.EVERY, *counted_names())


def _spelt(interval: Interval | None) -> str | None:
    if interval is None:
        return None
    return f"{interval.count} {interval.unit}{'' if interval.count == 1 else 's'}"
