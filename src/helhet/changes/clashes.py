"""The clashes of one change, with their sentences: computed when asked for, never stored (decision 0007)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from helhet.changes import relations
from helhet.changes.meeting import (
    BusyTime,
    Mine,
    allowed_in,
    busy_in,
    freezes_in,
    mine_of,
    near_of,
    others_in,
    window_of,
    windows_of,
)
from helhet.changes.models import Change, ClashSignature, Freeze, Window
from helhet.changes.times import told
from helhet.estate.rows import chunks
from helhet.groups.models import Person
from helhet.items.models import Item
from helhet.rules import clashes as rules
from helhet.rules.clashes import Found, Reason

NAMED = 3


@dataclass
class Clash:
    """One clash. `items` are all the things that it is about, `ways` to one of them the names from it down to what is
    altered (or the other way), where they are not the same.
    """

    found: Found
    items: list[Item] = field(default_factory=list)
    services: list[Item] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    change: Change | None = None
    freeze: Freeze | None = None
    windows: list[Window] = field(default_factory=list)
    busy: BusyTime | None = None
    way: list[str] = field(default_factory=list)
    signature: ClashSignature | None = None

    @property
    def key(self) -> str:
        """What a signature stands under."""
        return self.found.key

    @property
    def reason(self) -> Reason:
        """Why the two should not meet."""
        return self.found.reason

    @property
    def is_signed(self) -> bool:
        """Whether somebody answers for letting it stand."""
        return self.signature is not None

    @property
    def reason_label(self) -> str:
        """The reason in the language of the reader."""
        return reason_label(self.reason)

    @property
    def other_name(self) -> str:
        """What is clashed with, in words."""
        if self.change is not None:
            return f"{self.change.reference} {self.change.name}"
        if self.freeze is not None:
            return self.freeze.name
        if self.windows:
            return ", ".join(one.name for one in self.windows)
        return self.busy.name if self.busy else self.found.other

    @property
    def title(self) -> str:
        """The clash in a few words."""
        names = {"other": self.other_name}
        if self.reason == Reason.FREEZE:
            return _("Clash with the freeze %(other)s") % names
        if self.reason == Reason.OUTSIDE:
            return _("Outside the maintenance window %(other)s") % names
        return _("Clash with %(other)s") % names

    @property
    def why(self) -> str:
        """When the other side is, and by what the two meet."""
        parts = []
        if self.found.theirs is not None:
            held = told(self.found.theirs)
            words = _("The freeze holds %(time)s.") if self.freeze else _("It is planned %(time)s.")
            parts.append(words % {"time": held})
        parts += self._by_what()
        if self.freeze is not None and self.freeze.reason:
            parts.append(_("Reason: %(text)s.") % {"text": self.freeze.reason.rstrip(".")})
        return " ".join(parts)

    def _by_what(self) -> Iterable[str]:
        names = {"things": listed([one.name for one in self.items])}
        if self.reason == Reason.SAME:
            yield _("Both alter %(things)s.") % names
        elif self.reason == Reason.RELATED:
            yield _("It alters %(things)s, which is related to what this change alters.") % names
        elif self.reason == Reason.SERVICE:
            yield _("Both hit %(things)s.") % {"things": listed([one.name for one in self.services])}
        elif self.reason == Reason.PERSON:
            yield _("%(people)s takes part in both.") % {"people": listed([one.name for one in self.people])}
        elif self.reason == Reason.OUTSIDE:
            yield _("The window binds %(things)s.") % names
        elif self.reason == Reason.BUSY and self.people:
            yield _("%(people)s is busy then.") % {"people": listed([one.name for one in self.people])}
        elif self.reason == Reason.FREEZE and self.found.items and len(self.way) < 2:
            yield _("It holds for %(things)s.") % names
        if len(self.way) > 1:
            yield way_in_words(self.way)


def reason_label(reason: Reason) -> str:
    """A reason as a heading."""
    return {
        Reason.FREEZE: pgettext("clash", "freeze"),
        Reason.SAME: pgettext("clash", "the same item"),
        Reason.RELATED: pgettext("clash", "related items"),
        Reason.SERVICE: pgettext("clash", "a shared service"),
        Reason.PERSON: pgettext("clash", "the same people"),
        Reason.OUTSIDE: pgettext("clash", "outside the maintenance window"),
        Reason.BUSY: pgettext("clash", "busy time"),
    }[reason]


def listed(names: Sequence[str], most: int = NAMED) -> str:
    """`A, B and C`; of many the first few, and how many more."""
    if len(names) > most:
        return _("%(names)s and %(count)d more") % {"names": ", ".join(names[:most]), "count": len(names) - most}
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


def way_in_words(names: Sequence[str]) -> str:
    """`Lön stands on Databas lön, which stands on Lagringsnod Norr 2.`"""
    first, *rest = names
    text = _("%(one)s stands on %(other)s") % {"one": first, "other": rest[0]}
    for name in rest[1:]:
        text += _(", which stands on %(other)s") % {"other": name}
    return f"{text}."


def clashes_of(change: Change) -> list[Clash]:
    """Every clash of the change as it is planned, by reason, with all that it is about; none without a window, and none
    of a change that is over.

    Also for a change that is a draft. Who signed for which is told; see `unsigned_of` for those that hinder.
    """
    time = window_of(change)
    if time is None or change.is_over:
        return []
    mine = mine_of(change)
    others = others_in(mine, [time])
    freezes, busy = freezes_in(mine, time), busy_in(mine, time)
    windows = windows_of(mine, time.starts_at)
    found = rules.clashes(
        mine.during(time), others, near_of(mine, others), freezes=[one for _row, one in freezes],
        allowed=allowed_in(windows, time), busy=[one for _row, one in busy],
    )  # fmt: skip
    if not found:
        return []
    sides: dict[str, Any] = {f"freeze:{row.pk}": row for row, _one in freezes} | {row.key: row for row, _one in busy}
    return _named(found, mine, sides, windows)


def unsigned_of(change: Change) -> list[Clash]:
    """Those that are neither solved nor signed for: while there is one, the change is not scheduled."""
    return [clash for clash in clashes_of(change) if not clash.is_signed]


def _named(
    found: Sequence[Found], mine: Mine, sides: dict[str, Any], windows: dict[int, list[Window]]
) -> list[Clash]:  # fmt: skip
    """With rows instead of numbers, each sort read once."""
    signed = {one.key: one for one in ClashSignature.objects.filter(change=mine.change)}
    items = _rows(Item.objects.select_related("kind"), {pk for one in found for pk in one.items | one.services})
    people = _rows(Person.objects.all(), {pk for one in found for pk in one.people})
    changes = _rows(
        Change.objects.select_related("item", "group__item"),
        {int(one.other.removeprefix("change:")) for one in found if one.other.startswith("change:")},
    )
    ways = _ways(found, mine, sides)
    told_clashes = []
    for one, way in zip(found, ways, strict=True):
        side = sides.get(one.other)
        bound = next((windows[pk] for pk in one.items if pk in windows), []) if one.reason == Reason.OUTSIDE else []
        told_clashes.append(
            Clash(
                one, _sorted(items, one.items), _sorted(items, one.services), _sorted(people, one.people),
                changes.get(int(one.other.removeprefix("change:"))) if one.other.startswith("change:") else None,
                side if isinstance(side, Freeze) else None, bound, side if isinstance(side, BusyTime) else None,
                way, signed.get(one.key),
            )
        )  # fmt: skip
    return told_clashes


def _rows(rows: Any, ids: Collection[int]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for chunk in chunks(sorted(ids)):
        found |= rows.in_bulk(list(chunk))
    return found


def _sorted(rows: dict[int, Any], ids: Collection[int]) -> list[Any]:
    return sorted((rows[pk] for pk in ids if pk in rows), key=lambda row: row.name_key)


def _ways(found: Sequence[Found], mine: Mine, sides: dict[str, Any]) -> list[list[str]]:
    """For each the names along the way of one example, from what stands to what it stands on."""
    ways = [_way(one, mine, sides.get(one.other)) for one in found]
    names: dict[int, str] = {}
    for chunk in chunks(sorted({pk for way in ways for pk in way})):
        names |= dict(Item.objects.filter(pk__in=chunk).values_list("pk", "name"))
    return [[names[pk] for pk in way if pk in names] for way in ways]


def _way(one: Found, mine: Mine, side: Any) -> list[int]:
    if one.reason == Reason.RELATED and one.items:
        return relations.between(mine.items, min(one.items), relations.STEPS, mine.walks)
    if isinstance(side, Freeze) and side.item_id is not None and side.item_id not in mine.items:
        return relations.between(mine.items, side.item_id, None, mine.walks)
    return []
