"""What an event altered of its thing, by aspect: the names under which documents say what they state."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

Altered = dict[str, tuple[str, str]]
"""Aspect -> (before, after) as text."""

DEPENDENCIES = "dependencies"
GROUP = "group"
COMPONENTS = "components"
SUPPLIERS = "suppliers"
MEMBERS = "members"
PUBLISHED = "published"
APPROVED = "approved"
COMPARED = (COMPONENTS, DEPENDENCIES, GROUP, SUPPLIERS)
"""Aspects that are held against what stands now, since imports and rules alter them without an event for each, and
events of another thing alter them.
"""

# What the register itself keeps of a thing, which no document states.
UNTOLD = frozenset({"version", "position", "merged_into_id", "digest", "not_seen_since"})
LONGEST = 300
FIRST = ("measure", "target", "hours")
"""Fields of an agreed level, in the order in which they are told."""
ATTRIBUTES = "attributes"


def aspects_of(verb: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Altered:
    """The aspects that the event with this verb and these fields altered; empty where nothing that is was altered.

    An attribute is its own aspect, `attributes.version`. Events of memberships alter the group's `members`.
    """
    before, after = before or {}, after or {}
    room_and_noun = verb.rpartition(".")[0]
    if room_and_noun == "groups.membership":
        return {MEMBERS: (_person(before), _person(after))}
    if room_and_noun == "changes.standard":
        return _approved(verb, before, after)
    if room_and_noun not in STATED_BY or verb in UNTOLD_VERBS:
        return {}
    found: Altered = {}
    for name in {*before, *after} - UNTOLD:
        if name == ATTRIBUTES:
            found |= _attributes(before.get(name) or {}, after.get(name) or {})
        elif before.get(name) != after.get(name):
            found[name] = (text_of(before.get(name)), text_of(after.get(name)))
    return found


STATED_BY = frozenset(
    {
        "items.item", "groups.group", "groups.person", "suppliers.supplier", "suppliers.contact",
        "suppliers.contract", "documents.document", "routines.routine",
    }
)  # fmt: skip
"""Verbs of these say in their fields what was altered of the thing itself; comments, marks and the like do not."""
UNTOLD_VERBS = frozenset({"documents.document.edited"})
"""A minor edit alters nothing of what a document says."""


def moved_by(verb: str, altered: Altered) -> set[str]:
    """The compared aspects that an event may have altered, of whatever things."""
    found = {*_moved_by_verb(verb)}
    if "part_of_id" in altered:
        found.add(COMPONENTS)
    return found | {*COMPARED} if {"name", "state", "presence"} & altered.keys() else found


MOVED_BY_VERB = {
    "estate.dependency.": DEPENDENCIES, "groups.answer.": GROUP, "suppliers.delivery.": SUPPLIERS,
}  # fmt: skip


@lru_cache(maxsize=1_000)
def _moved_by_verb(verb: str) -> frozenset[str]:
    if verb.startswith("journal.batch."):
        return frozenset(COMPARED)
    return frozenset(aspect for beginning, aspect in MOVED_BY_VERB.items() if verb.startswith(beginning))


def text_of(value: Any) -> str:
    """A value as a doubt keeps it."""
    if value is None:
        return ""
    if isinstance(value, list):
        comma = "; " if any(isinstance(one, dict) for one in value) else ", "
        return comma.join(text_of(one) for one in value)[:LONGEST]
    if isinstance(value, dict):
        # Without the names of the fields, which are nobody's words; in an order of ours, since PostgreSQL keeps none.
        names = sorted(value, key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name))
        return ", ".join(filter(None, (text_of(value[name]) for name in names)))[:LONGEST]
    return str(value)[:LONGEST]


def _attributes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Altered:
    return {
        f"{ATTRIBUTES}.{name}": (text_of(before.get(name)), text_of(after.get(name)))
        for name in {*before, *after}
        if before.get(name) != after.get(name)
    }


def _approved(verb: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Altered:
    """Of a standard change only what may be raised counts, not what is proposed or refused."""
    if verb.rpartition(".")[2] not in {"approved", "retired"}:
        return {}
    return {APPROVED: (text_of(before.get("version")), text_of(after.get("version")))}


def _person(fields: Mapping[str, Any]) -> str:
    role = fields.get("role")
    return ", ".join(text_of(one) for one in (fields.get("person_name"), role) if one)


def matches(stated: str, altered: str) -> bool:
    """Whether what is altered is what is stated: the same aspect, any of the thing's, or an attribute of them all."""
    return stated in {"", altered} or (stated == ATTRIBUTES and altered.startswith(f"{ATTRIBUTES}."))
