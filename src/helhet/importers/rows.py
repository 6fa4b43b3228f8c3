"""Normalised rows: what every reader and mapping comes down to, and what plan and apply work on.

All are plain tuples with names. References to other things (`group`, `part_of`, both ends of a link) are texts as the
source gave them, not yet looked up. `None` always means: the source says nothing about this.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from hashlib import blake2b
from typing import Any, Final, NamedTuple

import orjson

from helhet.importers.problems import Place

NOUNS: Final = (
    "groups", "persons", "members", "items", "part_of", "responsibilities", "links", "dependencies", "changes",
    "changed_items", "pages",
)  # fmt: skip
"""All nouns of a file, in an order in which each can refer to those before it."""
PARTS: Final = "service_parts"
"""Pages that are parts of service documentation, which are documents of items that are there already."""
OWN: Final = "own_pages"
"""Pages that were let out here and come back: documents that are there already."""
COUNTED: Final = (*NOUNS, PARTS, OWN)
"""What rows are planned and counted as."""

STATES: Final = ("planned", "live", "retiring", "retired")
CRITICALITIES: Final = ("low", "medium", "high", "critical")
BASES: Final = ("delivery", "technology", "other")
GROUP_STATES: Final = ("active", "closing", "closed")
ROLES: Final = ("responsible", "supports", "implements_changes", "consulted")
CHANGE_TYPES: Final = ("standard", "normal", "emergency")
CHANGE_STATES: Final = ("draft", "asking", "approved", "scheduled", "under_way", "review", "closed")
OUTCOMES: Final = ("done", "faults", "failed", "reverted", "cancelled")
DEPENDENCY_CRITICALITIES: Final = ("hard", "degrades", "none")

Scalar = str | int | float | bool
Attribute = Scalar | list[Scalar]


class ItemRow(NamedTuple):
    """A configuration item.

    `group` is the one group that the source names as answering. `groups` are several that it names with none as the
    owner: the item's claimants. `roles` are further roles given on the item itself, as (role, group).
    `state` is None when the source has no such field; an empty cell is `live`. `criticality` is None when the source
    has no such field and "" when it is there but empty. `tags`, `attributes` and `description` are None or empty alike.
    """

    key: str
    kind: str
    name: str
    state: str | None
    criticality: str | None
    tags: tuple[str, ...] | None
    attributes: dict[str, Attribute]
    group: str | None
    groups: tuple[str, ...]
    roles: tuple[tuple[str, str], ...]
    part_of: str | None
    description: str | None
    place: Place


class GroupRow(NamedTuple):
    """A group. `contact` is ways to reach it by name of the way (`slack`, `email`, `url`).

    `also` are further keys that others refer to it by; `children` are groups that it says it is the parent of.
    """

    key: str
    name: str
    basis: str | None
    parent: str | None
    mandate: str | None
    state: str | None
    contact: dict[str, str]
    also: tuple[str, ...]
    children: tuple[str, ...]
    place: Place


class PersonRow(NamedTuple):
    """A person; the unit is a mere attribute."""

    key: str
    name: str
    email: str | None
    unit: str | None
    place: Place


class MemberRow(NamedTuple):
    """A person in a group. `person` is a key; `name` and `email` describe the person where no person row does.

    `to_on` is the last day; `share` is in percent of working time.
    """

    group: str
    person: str
    name: str | None
    email: str | None
    role: str
    from_on: dt.date | None
    to_on: dt.date | None
    share: Decimal | None
    place: Place

    @property
    def key(self) -> str:
        """What makes it the same membership at the next import."""
        return "\x1f".join((self.group, self.person, self.role, str(self.from_on or "")))


class RoleRow(NamedTuple):
    """A group's role for an item: one of `ROLES`, or free text."""

    item: str
    group: str
    role: str
    place: Place

    @property
    def key(self) -> str:
        """What makes it the same at the next import."""
        return f"{self.item}\x1f{self.group}\x1f{self.role}"


class PartOfRow(NamedTuple):
    """An item is part of another; an item is part of at most one, so the item is the key."""

    item: str
    parent: str
    place: Place

    @property
    def key(self) -> str:
        """What makes it the same at the next import."""
        return self.item


class LinkRow(NamedTuple):
    """A typed link between two items that carries no failure."""

    from_: str
    to: str
    type: str
    place: Place

    @property
    def key(self) -> str:
        """What makes it the same at the next import."""
        return f"{self.from_}\x1f{self.to}\x1f{self.type}"


class DependencyRow(NamedTuple):
    """`from_` depends on `to`, unless `type` is said from the other end (`carries`).

    Of the rows of one item that have the same `set`, so many as `least` says (`2`, or `50 %`) are needed.
    """

    from_: str
    to: str
    type: str
    criticality: str
    note: str | None
    set: str | None
    least: str | None
    place: Place

    @property
    def key(self) -> str:
        """What makes it the same at the next import."""
        return f"{self.from_}\x1f{self.to}\x1f{self.type}"


class ChangeRow(NamedTuple):
    """A change as another tool tells of it. Instants are texts in ISO, with their offset where the file has one.

    `items` are those that it alters, `reverts` the key of the change that it takes back, `tickets` what other tools
    call what it belongs to.
    """

    key: str
    title: str
    type: str | None
    state: str | None
    outcome: str | None
    group: str | None
    owner: str | None
    submitted: str | None
    starts: str | None
    ends: str | None
    began: str | None
    finished: str | None
    closed: str | None
    items: tuple[str, ...] | None
    reverts: str | None
    tickets: tuple[str, ...] | None
    description: str | None
    plan: str | None
    test: str | None
    way_back: str | None
    learnt: str | None
    attributes: dict[str, Attribute]
    place: Place


class ChangedItemRow(NamedTuple):
    """The change alters this item."""

    change: str
    item: str
    place: Place

    @property
    def key(self) -> str:
        """What makes it the same at the next import."""
        return f"{self.change}\x1f{self.item}"


class PageRow(NamedTuple):
    """A page of text: an item of its kind, and what the document of that item is. Days are texts in ISO.

    The key is its path. `language` is empty where the page does not tell. `sort` is a sort of document, `alert` the
    alert that its routine is for. `group` and `groups` are as with items. `edited_on` is what the page itself says,
    which the last commit knows better. `audiences` are the keys of those who may read it, None for everybody.
    Of a page that came from a Helhet, `owner` is what the group was called there, `fields` what is structured beside
    the text, `routine` what is said of its routine, `told_part` which part of service documentation it was, `told_home`
    where, of what and from which path it was let out, and `seals` what stood in front then (`documents/origin.py`).
    `draft` is by what it says that its site does not show it.
    """

    key: str
    kind: str
    name: str
    text: str
    language: str
    sort: str
    alert: str
    group: str | None
    groups: tuple[str, ...]
    review_count: int | None
    review_unit: str | None
    reviewed_on: str | None
    due_on: str | None
    edited_on: str | None
    valid_from: str | None
    valid_to: str | None
    first_commit: str | None
    last_commit: str | None
    commits: int | None
    front_matter: dict[str, Any]
    front_form: str
    audiences: tuple[str, ...] | None
    owner: str
    fields: dict[str, Any] | None
    routine: dict[str, Any] | None
    told_part: dict[str, Any] | None
    told_home: dict[str, Any] | None
    seals: dict[str, str]
    draft: str
    place: Place


NormalRow = (
    ItemRow | GroupRow | PersonRow | MemberRow | RoleRow | PartOfRow | LinkRow | DependencyRow | ChangeRow
    | ChangedItemRow | PageRow
)  # fmt: skip

_SIZE = 8
_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS


def digest(row: NormalRow) -> int:
    """A signed 64-bit number of the row's content without its place, the same on every machine and in every run."""
    content = (type(row).__name__, *row[:-1])
    return digest_of(orjson.dumps(content, default=_plain, option=_OPTIONS))


def digest_of(content: bytes) -> int:
    """A signed 64-bit number of bytes."""
    return int.from_bytes(blake2b(content, digest_size=_SIZE).digest(), "little", signed=True)


def _plain(value: Any) -> Any:
    return str(value)
