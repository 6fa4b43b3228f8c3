"""What a doubt keeps of values that were altered, in the reader's words: states, days, roles and the like are kept as
the journal has them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from helhet.documents.aspects import MEMBERS
from helhet.documents.models import Doubt
from helhet.estate.history import field_text
from helhet.groups.models import GroupState, Role
from helhet.items.models import Kind, Presence
from helhet.kit import spoken
from helhet.rules.reviewing import read_day

KIND = "kind"
OF_ITEMS = frozenset({"state", "criticality"})
"""Told as in an item's history."""


def altered_words(doubts: Iterable[Doubt]) -> dict[int, tuple[str, str]]:
    """By the number of each doubt its values before and after in words, in one question at most."""
    doubts = list(doubts)
    words = iter(in_words([(one.aspect, text) for one in doubts for text in (one.before, one.after)]))
    return {one.pk: (next(words), next(words)) for one in doubts}


def in_words(values: Sequence[tuple[str, str]]) -> list[str]:
    """Values, each given with its aspect, in words; as kept where they need none. Asks one question at most."""
    keys = {text for aspect, text in values if aspect == KIND and text}
    kinds = {one.key: one for one in Kind.objects.filter(key__in=keys)} if keys else {}
    return [_word(aspect, text, kinds) for aspect, text in values]


def _word(aspect: str, text: str, kinds: Mapping[str, Kind]) -> str:
    if text in kinds and aspect == KIND:
        return field_text(aspect, kinds[text], {})
    if aspect == "state" and text in GroupState.values:
        return str(GroupState(text).label)
    if aspect in OF_ITEMS:
        return field_text(aspect, text, {})
    return _WORDS[aspect](text) if text and aspect in _WORDS else text


def _presence(text: str) -> str:
    if text not in {str(int(one)) for one in Presence}:
        return text
    return _("in the register") if text == str(int(Presence.HERE)) else _("no longer in the register")


def _day(text: str) -> str:
    found = read_day(text)
    return spoken.day(found) if found is not None else text


def _member(text: str) -> str:
    name, comma, role = text.rpartition(", ")
    return f"{name}{comma}{Role(role).label}" if role in Role.values else text


_WORDS: dict[str, Callable[[str], str]] = {
    "presence": _presence, MEMBERS: _member,
    "begins_on": _day, "ends_on": _day, "ended_on": _day, "ended_at": _day,
}  # fmt: skip
