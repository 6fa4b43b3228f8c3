"""What a doubt keeps of a value that was altered, in the reader's words: states, days, roles and the like are kept as
the journal has them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from helhet.documents.aspects import MEMBERS
from helhet.groups.models import GroupState, Role
from helhet.items.models import Criticality, Kind, Presence, State
from helhet.kit import spoken
from helhet.rules.reviewing import read_day


def value_word(aspect: str, text: str) -> str:
    """The value of an aspect in words; as it is kept where it needs none, empty where there is none."""
    if not text or aspect not in _WORDS:
        return text
    return _WORDS[aspect](text)


def _state(text: str) -> str:
    labels: Mapping[str, str] = {one.key: str(one.label) for one in State} | {
        str(one): str(one.label) for one in GroupState
    }
    return labels.get(text, text)


def _criticality(text: str) -> str:
    return {one.key: str(one.label) for one in Criticality}.get(text, text)


def _kind(text: str) -> str:
    kind = Kind.objects.filter(key=text).first()
    return str(kind) if kind is not None else text


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
    "state": _state, "criticality": _criticality, "kind": _kind, "presence": _presence, MEMBERS: _member,
    "begins_on": _day, "ends_on": _day, "ended_on": _day, "ended_at": _day,
}  # fmt: skip
