"""Carrying Vinterhamn's year of changes out, deed by deed, by the verbs that people use."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils import timezone

from helhet.changes.actions import (
    answer_position,
    approve_change,
    ask_positions,
    begin_change,
    cancel_change,
    close_change,
    draft_change,
    finish_change,
    move_change,
    put_after,
    schedule_change,
    settle_position,
    sign_clash,
    tell_consequence,
)
from helhet.changes.actions.standards import raise_standard
from helhet.changes.clashes import Clash, unsigned_of
from helhet.changes.finding import find_change
from helhet.changes.flow import facts_of
from helhet.changes.free import free_times_of
from helhet.changes.models import (
    Change,
    ChangeState,
    ClashSignature,
    Condition,
    Consequence,
    Position,
    Settlement,
    Snapshot,
    Stance,
)
from helhet.groups.actions import finish_task
from helhet.groups.models import Group, Task, TaskState
from helhet.home.demo import change_words as cw
from helhet.home.demo import words as w
from helhet.home.demo.changes import Plan, Planned
from helhet.home.demo.picking import Picking
from helhet.items.models import Item
from helhet.journal.models import Event
from helhet.kit.errors import Refused

if TYPE_CHECKING:
    from django.db.models import Model

    from helhet.home.demo.make import Story

When = tuple[int, int, int]
"""Days ago, hour and minute."""
Deed = tuple[int, int, int, Callable[[], object]]

DRAFTED = (Event, Change, Snapshot)
ASKED = (Event, Snapshot, Task)
ANSWERED = (Event, Task, Settlement)
APPROVED = (Event, Snapshot, Task)
SCHEDULED = (Event, ClashSignature)
BEGUN = (*APPROVED, ClashSignature)
FINISHED = (Event, Consequence)
CLOSED = (Event, Task)
FIRST = {"draft": 4, "asking": 2, "silent": 11, "approved": 7}
"""The fewest days ago that one was drafted that has come no further than this."""
LEAD, MANY = 9, 30


def starts(one: Planned, today: dt.date) -> dt.datetime:
    """When it is planned to begin, by the clock on the wall."""
    day = today - dt.timedelta(days=one.ago)
    return dt.datetime.combine(day, dt.time(one.hour, one.minute), timezone.get_default_timezone())


def window(one: Planned, today: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """The planned window. It lasts its minutes also over a night when the clocks change."""
    first = starts(one, today).astimezone(dt.UTC)
    return first, first + dt.timedelta(minutes=one.minutes)


class Changing:
    """The steps of all changes that were settled here."""

    def __init__(self, story: Story, plan: Plan, picking: Picking) -> None:
        """Chance of its own, so that nothing else changes with it."""
        self.story, self.picking = story, picking
        self.planned = [one for one in plan.make() if not one.key.startswith("A")]
        self.chance = random.Random(f"{w.ORGANISATION} changing")  # noqa: S311 - the same each time is the point
        self.changes: dict[str, Change] = {}

    def steps(self) -> Iterator[tuple[int, Callable[[], None]]]:
        """(days ago, what happens then): all deeds of a day together, in the order of the clock."""
        deeds = [deed for one in self.planned for deed in self._deeds(one) if deed[0] >= 1]
        deeds.sort(key=lambda deed: (-deed[0], deed[1], deed[2]))
        for ago, of_day in groupby(deeds, key=lambda deed: deed[0]):
            yield ago, partial(self._day, list(of_day))

    @staticmethod
    def _day(deeds: list[Deed]) -> None:
        for *_when, deed in deeds:
            deed()

    def _deeds(self, one: Planned) -> Iterator[Deed]:
        """What is done about it, and when. What lies less than a day back is not done yet."""
        if one.type == "standard":
            yield self._at((max(one.ago + 3, 2), 9, 10), one, self._raise, (*DRAFTED, ClashSignature))
        elif one.type == "emergency":
            yield self._at((one.ago, one.hour, one.minute), one, self._hurry, (*DRAFTED, Task))
            yield self._at((one.ago - 1, 10, 0), one, self._answer, ANSWERED)
        else:
            yield from self._settling(one)
        if one.until in {"under_way", "review", "closed"} and one.type != "emergency":
            yield self._at((one.ago, one.hour, one.minute), one, self._begin, BEGUN)
        if one.until in {"review", "closed"}:
            over = one.hour * 60 + one.minute + one.minutes - 5
            yield self._at((one.ago, over // 60, over % 60), one, self._finish, FINISHED)
        if one.until == "closed":
            yield self._at((one.ago - 2, 9, 30), one, self._close, CLOSED)

    def _settling(self, one: Planned) -> Iterator[Deed]:
        # What builds on another change is drafted after it.
        later = bool(one.about or one.after or one.until == "asking")
        first = max(one.ago + LEAD, FIRST.get(one.until, 8)) + (0 if later else self.chance.randrange(1, 4))
        yield self._at((first, 9, self.chance.randrange(50)), one, self._draft, DRAFTED)
        if one.until == "draft":
            return
        yield self._at((first, 10, 30), one, self._ask, ASKED)
        yield self._at((first - 1, 13, self.chance.randrange(50)), one, self._answer, ANSWERED)
        if one.until in {"asking", "silent"}:
            return
        if one.until == "cancelled":
            yield self._at((first - 3, 11, 0), one, self._cancel, ANSWERED)
            return
        yield self._at((first - 4, 14, 0), one, self._settle, ANSWERED)
        if one.until == "stopped":
            yield self._at((first - 5, 9, 0), one, self._cancel, ANSWERED)
            return
        yield self._at((first - 5, 15, 0), one, self._approve, APPROVED)
        if one.until != "approved":
            yield self._at((first - 5, 15, 20), one, self._schedule, SCHEDULED)

    def _at(self, when: When, one: Planned, deed: Callable[[Planned], object], only: tuple[type[Model], ...]) -> Deed:
        ago, hour, minute = when

        def done() -> None:
            with self.story.clock.believe(ago, hour, minute, only=only):
                deed(one)

        return ago, hour, minute, done

    # ---- drafting, asking, answering --------------------------------------------------------------------------

    def _draft(self, one: Planned) -> None:
        item, group = self._about(one)
        by = self.picking.member(group)
        kind = item.kind.key
        _kind, _often, titles, plan, test, way_back = next(sort for sort in cw.SORTS if sort[0] == kind)
        title = one.title if kind == one.kind or one.type == "emergency" else titles[one.luck % len(titles)]
        first, last = window(one, self.story.clock.today) if one.has_window else (None, None)
        change = draft_change(
            by=by, title=title.format(item.name)[:300], group=group.item.reference, type=one.type,
            purpose=one.purpose, plan=plan, test=test, way_back=way_back, starts_at=first, ends_at=last,
            items=[item.reference],
        )  # fmt: skip
        self.changes[one.key] = change
        if one.after:
            put_after(change.reference, self.changes[one.after].reference, by=by, note="Bygger på det som byts först")

    def _about(self, one: Planned) -> tuple[Item, Group]:
        """The item that it alters and the group that does it."""
        if one.about:
            affected = self.changes[one.about].affected.select_related("item__kind").first()
            if affected is not None:
                return affected.item, self.picking.answering(affected.item)
        asks = one.says in {"no", "yes_if", "yes_if open"} or one.until in {"asking", "silent", "stopped"}
        return self.picking.one(one.kind, must_touch=asks or one.type == "emergency")

    def _ask(self, one: Planned) -> None:
        change = self.changes[one.key]
        snapshot = Snapshot.objects.filter(change=change).first()
        if snapshot and any(int(group["group"]) != change.group_id for group in snapshot.groups):
            self.changes[one.key] = ask_positions(
                change.reference, by=self.picking.member(change.group), version=change.version
            )

    def _open(self, change: Change) -> list[Position]:
        rows = Position.objects.filter(change=change, withdrawn_at__isnull=True, stance="")
        return list(rows.select_related("group__item").order_by("id"))

    def _answer(self, one: Planned) -> None:
        """The special one answers first; where the change still waits, every other group is silent."""
        for place, position in enumerate(self._open(self.changes[one.key])):
            waits = one.until in {"asking", "silent", "review"} and one.says != "yes_if open"
            if waits and place % 2 == 0:
                continue
            said = one.says.split()[0] if one.says and place == 0 else ""
            if not said:
                said = "yes_if" if self.chance.random() < 0.09 and one.type == "normal" else "yes"
            self._say(position, said if said in Stance.values else "yes")

    def _say(self, position: Position, said: str) -> None:
        words = {"no": cw.NOES, "yes": cw.YES}.get(said, ("Vi kan ställa om, men behöver detta.",))
        answer_position(
            position.change.reference, position.group.item.reference, by=self.picking.chair(position.group),
            version=position.version, stance=said, words=self.chance.choice(words),
            conditions=self.chance.sample(cw.CONDITIONS, 2) if said == "yes_if" else (),
        )  # fmt: skip

    def _settle(self, one: Planned) -> None:
        """Conditions are met, and the management team decides about a no."""
        change = self.changes[one.key]
        for condition in Condition.objects.filter(position__change=change, task__state=TaskState.OPEN):
            task = condition.task
            finish_task(task.pk, by=self.picking.member(change.group), version=task.version, outcome="Klart")
        noes = Position.objects.filter(change=change, withdrawn_at__isnull=True, stance=Stance.NO)
        for position in noes.select_related("group__item"):
            goes_on = one.until != "stopped"
            settle_position(
                change.reference, position.group.item.reference, by=self.picking.lead(), version=position.version,
                goes_on=goes_on, words=self.chance.choice(cw.GOES_ON) if goes_on else cw.STOPS,
            )  # fmt: skip

    # ---- the steps -------------------------------------------------------------------------------------------

    def _approve(self, one: Planned) -> None:
        change = self.changes[one.key]
        by = self.picking.chair(change.group)
        try:
            self.changes[one.key] = approve_change(change.reference, by=by, version=change.version)
        except Refused:
            # The estate has grown since: those who are touched now are asked, and do not mind.
            self._ask_again(one)
            change = self.changes[one.key]
            self.changes[one.key] = approve_change(change.reference, by=by, version=change.version)

    def _ask_again(self, one: Planned) -> None:
        change = self._fresh(one)
        by = self.picking.chair(change.group)
        if facts_of(change, by, clashes=()).unasked:
            change = ask_positions(change.reference, by=by, version=change.version)
        self.changes[one.key] = change
        for position in self._open(change):
            self._say(position, "yes")
        self._settle(one)

    def _schedule(self, one: Planned) -> None:
        change = self.changes[one.key]
        by = self.picking.chair(change.group)
        clashes = unsigned_of(change)
        if clashes and one.says == "moved":
            change, clashes = self._move(change)
        for clash in clashes:
            sign_clash(change.reference, clash.key, by=by, reason=self.chance.choice(cw.SIGNED))
        self.changes[one.key] = schedule_change(change.reference, by=by, version=change.version)

    def _move(self, change: Change) -> tuple[Change, list[Clash]]:
        """To the first free time that is suggested after its own; it stays where there is none."""
        by = self.picking.chair(change.group)
        free = [one.during for one in free_times_of(change, most=MANY, most_short=0)]
        later = next((one for one in free if change.ends_at and one.starts_at > change.ends_at), None)
        if later is not None:
            change, _following = move_change(
                change.reference, later.starts_at, later.ends_at, by=by, version=change.version,
                reason="Krockade; första lediga tiden togs",
            )  # fmt: skip
        return change, unsigned_of(change)

    def _fresh(self, one: Planned) -> Change:
        return find_change(self.changes[one.key].reference, self.picking.lead())

    def _raise(self, one: Planned) -> None:
        """By the standard change of its kind, or else of another."""
        standard, kind = self.picking.standard(one.kind)
        one.kind = kind
        item, _group = self.picking.one(kind)
        by = self.picking.member(standard.group)
        change = raise_standard(
            standard.pk, by=by, item=item.reference, starts_at=starts(one, self.story.clock.today).astimezone(dt.UTC)
        )
        self.changes[one.key] = change
        if change.state != ChangeState.SCHEDULED:
            self._schedule(one)

    def _hurry(self, one: Planned) -> None:
        self._draft(one)
        change = self.changes[one.key]
        by = self.picking.chair(change.group)
        self.changes[one.key] = begin_change(change.reference, by=by, version=change.version, reason="Bråttom")

    def _begin(self, one: Planned) -> None:
        change = self.changes[one.key]
        by = self.picking.member(change.group)
        try:
            change = begin_change(change.reference, by=by, version=change.version)
        except Refused:
            if change.type == "normal":
                self._ask_again(one)
                if self.changes[one.key].state == ChangeState.ASKING:
                    self._approve(one)
            if self._fresh(one).state != ChangeState.SCHEDULED:
                self._schedule(one)
            for clash in unsigned_of(self._fresh(one)):
                sign_clash(change.reference, clash.key, by=by, reason=self.chance.choice(cw.SIGNED))
            change = begin_change(change.reference, by=by, version=self._fresh(one).version)
        self.changes[one.key] = change

    def _finish(self, one: Planned) -> None:
        change = self.changes[one.key]
        by = self.picking.member(change.group)
        outcome = went(one, change.group.name if change.group else "")
        self.changes[one.key] = finish_change(change.reference, by=by, version=change.version, outcome=outcome)
        if outcome in {"failed", "reverted"}:
            tell_consequence(
                change.reference, f"INC-{self.chance.randrange(10_000, 99_999)}", by=by,
                text=self.chance.choice(cw.INCIDENTS), minutes=self.chance.randrange(15, 240),
            )  # fmt: skip

    def _close(self, one: Planned) -> None:
        change = self.changes[one.key]
        for position in self._open(change):
            self._say(position, "yes")
        learnt = self.chance.choice(lessons(change.outcome))
        if one.type == "emergency":
            learnt = learnt or "Larmet gick rätt väg och jouren var på plats inom tjugo minuter."
        self.changes[one.key] = close_change(
            change.reference, by=self.picking.chair(change.group), version=change.version, learnt=learnt
        )

    def _cancel(self, one: Planned) -> None:
        change = self.changes[one.key]
        self.changes[one.key] = cancel_change(
            change.reference, by=self.picking.member(change.group), version=change.version,
            reason=cw.STOPS if one.until == "stopped" else self.chance.choice(cw.CANCELLED),
        )  # fmt: skip


def went(one: Planned, group: str) -> str:
    """How it went: its own luck against the fortune of its group."""
    bad, faults = cw.FORTUNES.get(group, (8, 8))
    if one.luck < bad:
        return "reverted" if one.luck % 2 else "failed"
    return "faults" if one.luck < bad + faults else "done"


def lessons(outcome: str) -> tuple[str, ...]:
    """What may have been learnt by it."""
    return {"failed": cw.LEARNT_BAD, "reverted": cw.LEARNT_BAD, "faults": cw.LEARNT_FAULTS}.get(outcome, cw.LEARNT_DONE)
