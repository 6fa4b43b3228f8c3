"""What the page of a change shows: each section is a function that gives the part of the context it draws from.

A new section is a function in `SECTIONS` with its template, which the page includes in that order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils import timezone

from helhet.changes.clashes import Clash, clashes_of
from helhet.changes.deeds import deeds
from helhet.changes.flow import facts_of, hindering, positions_of, settled, too_early, too_late
from helhet.changes.following import MOVABLE
from helhet.changes.models import Change, ChangeState, Position, Settlement, Stance
from helhet.changes.permissions import ChangePermission
from helhet.changes.risks import label, sentence
from helhet.changes.telling import lines
from helhet.changes.thresholds import covering
from helhet.changes.times_page import times_of
from helhet.changes.touching import News, Touch, last_of, news_since, touch_of
from helhet.estate.rows import chip_of
from helhet.groups.models import Group, Membership, Role
from helhet.items.models import Item
from helhet.journal.actions import history
from helhet.kit.parts import Chip, Crumb
from helhet.kit.rights import Caller
from helhet.kit.words import noun
from helhet.rules.change_flow import Facts, Step

SERVICES_SHOWN = 5
EVENTS, RECENT = 60, 6


@dataclass
class Seen:
    """A change as the page knows it: looked at once, read by every section."""

    change: Change
    caller: Caller
    touch: Touch
    clashes: list[Clash]
    news: News
    facts: Facts
    positions: list[Position]
    items: dict[int, Item] = field(default_factory=dict)

    def may(self, permission: ChangePermission, thing: Any = None) -> bool:
        """Whether the reader may do it to the change, or to another thing."""
        return self.caller.may(permission, self.change if thing is None else thing)


@dataclass(frozen=True, slots=True)
class PositionLine:
    """One group's row: what of it is hit and the way there, what it says, and what can be done."""

    position: Position
    group: Group
    chair: str
    services: list[Chip]
    more: int
    path: list[Item]
    mark: str
    decision: Settlement | None
    is_hindering: bool
    may_answer: bool
    may_settle: bool
    may_remind: bool


def context(change: Change, caller: Caller) -> dict[str, Any]:
    """All of the page."""
    touch = touch_of(change, caller)
    clashes = clashes_of(change)
    seen = Seen(
        change, caller, touch, clashes, news_since(last_of(change, "asked"), touch),
        facts_of(change, caller, touch=touch, clashes=clashes), positions_of(change),
    )  # fmt: skip
    seen.items = _items_of(seen)
    found: dict[str, Any] = {"change": change, "facts": seen.facts, "crumbs": crumbs(change)}
    for section in SECTIONS:
        found |= section(seen)
    return found


def crumbs(change: Change) -> list[Crumb]:
    """The list of changes, and the change's group."""
    address = reverse("changes:changes")
    above = [Crumb(noun("change", "plural").capitalize(), address)]
    if change.group is not None:
        above.append(Crumb(change.group.name, f"{address}?q=group:{change.group.reference}"))
    return above


def _items_of(seen: Seen) -> dict[int, Item]:
    wanted: set[int] = set()
    for position in seen.positions:
        wanted |= {*position.reason.get("path", ()), *position.reason.get("services", ())[:SERVICES_SHOWN]}
    wanted |= {*seen.news.services[:SERVICES_SHOWN], *seen.touch.services[:SERVICES_SHOWN]}
    altered = Item.objects.visible_to(seen.caller).filter(changed_by__change=seen.change).values_list("pk", flat=True)
    wanted |= set(altered)
    return Item.objects.visible_to(seen.caller).select_related("kind").in_bulk(wanted)


def _chairs(groups: list[int]) -> dict[int, str]:
    current = Membership.objects.on(timezone.localdate()).filter(group_id__in=groups, role=Role.CHAIR)
    return dict(current.order_by("-pk").values_list("group_id", "person__name"))


def positions(seen: Seen) -> dict[str, Any]:
    """What each touched group says."""
    chairs = _chairs([one.group_id for one in seen.positions])
    asks = seen.may(ChangePermission.CHANGE) and seen.change.state != "closed"
    lines = [_position_line(seen, one, chairs, asks=asks) for one in seen.positions]
    said = {stance.value: sum(one.stance == stance for one in seen.positions) for stance in Stance}
    return {
        "positions": lines,
        "said": {**said, "silent": sum(not one.stance for one in seen.positions), "all": len(seen.positions)},
        "news": seen.news,
        "new_services": [chip_of(seen.items[pk]) for pk in seen.news.services[:SERVICES_SHOWN] if pk in seen.items],
    }


def _position_line(seen: Seen, one: Position, chairs: dict[int, str], *, asks: bool) -> PositionLine:
    services = one.reason.get("services", [])
    decision, how = settled(one), hindering(one)
    open_ = seen.change.state not in {"closed", "draft"}
    unsettled = decision is None and one.stance in {"", Stance.NO}
    return PositionLine(
        one, one.group, chairs.get(one.group_id, ""),
        [chip_of(seen.items[pk]) for pk in services[:SERVICES_SHOWN] if pk in seen.items],
        max(0, len(services) - SERVICES_SHOWN),
        [seen.items[pk] for pk in one.reason.get("path", []) if pk in seen.items],
        {"yes": "yes", "yes_if": "yesif", "no": "no"}.get(one.stance, "wait"), decision, bool(how),
        may_answer=open_ and seen.may(ChangePermission.ANSWER, one),
        may_settle=open_ and unsettled and seen.may(ChangePermission.SETTLE, one),
        may_remind=open_ and asks and not one.stance,
    )  # fmt: skip


def steps(seen: Seen) -> dict[str, Any]:
    """What can be done next, and why it cannot."""
    allowed = set(Step) if seen.may(ChangePermission.CHANGE) else set()
    if not seen.may(ChangePermission.APPROVE):
        allowed -= {Step.APPROVE}
    first, back = deeds(seen.change, seen.facts, [step for step in Step if step in allowed])
    return {"deed": first, "deeds_back": back, "may_change": bool(allowed) and not seen.change.is_history}


def contents(seen: Seen) -> dict[str, Any]:
    """What the change says: items, people, words."""
    people = list(seen.change.people.select_related("person"))
    altered = seen.change.affected.values_list("item_id", flat=True)
    items = [seen.items[pk] for pk in altered if pk in seen.items]
    return {
        "covered": covering(items, seen.change.type) if seen.change.state == ChangeState.DRAFT else [],
        "altered": [chip_of(item) for item in items],
        "people": people,
        "services": [chip_of(seen.items[pk]) for pk in seen.touch.services[:SERVICES_SHOWN] if pk in seen.items],
        "service_count": len(seen.touch.services),
        "reached": seen.touch.reached,
        "risk_label": label(seen.change),
        "risk_sentence": sentence(seen.change),
    }


def in_time(seen: Seen) -> dict[str, Any]:
    """When it is, what that clashes with, and when it could be instead."""
    return {} if seen.change.is_over else {"times": times_of(seen.change, seen.caller, seen.clashes)}


def beside(seen: Seen) -> dict[str, Any]:
    """What people know better than the dependencies, its order among others, and the incidents that it caused."""
    change = seen.change
    early = too_early(change)
    return {
        "marks": list(change.marks.select_related("item__kind").order_by("pk")),
        "comes_after": [one.before for one in change.goes_after.select_related("before__item")],
        "too_early": {one.pk for one in early},
        "movable": {one.pk for one in early if one.state in MOVABLE and seen.may(ChangePermission.CHANGE, one)},
        "too_late": {one.pk for one in too_late(change)},
        "comes_before": [one.after for one in change.goes_before.select_related("after__item")],
        "consequences": list(change.consequences.order_by("pk")),
    }


def past(seen: Seen) -> dict[str, Any]:
    """What happened to it."""
    found = lines(history("item", seen.change.pk)[:EVENTS])
    return {"recent": found[:RECENT], "older": found[RECENT:]}


SECTIONS: list[Callable[[Seen], dict[str, Any]]] = [in_time, positions, steps, contents, beside, past]
