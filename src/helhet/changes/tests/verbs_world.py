"""A small world in which anybody does anything with changes, each held against the naive model beside it."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from helhet.accounts.models import Access
from helhet.changes import actions, rounds
from helhet.changes.listing import tabs
from helhet.changes.models import (
    Change,
    ChangeItem,
    Condition,
    Consequence,
    ImpactMark,
    Order,
    Position,
    Settlement,
    Snapshot,
)
from helhet.changes.tests.verbs_model import NOT_BEGUN, Estate, Plan, can
from helhet.estate.dependencies import add_dependency, remove_dependency
from helhet.estate.models import Dependency
from helhet.groups.actions import drop_task, end_person, finish_task
from helhet.groups.answering import assign_by_hand
from helhet.groups.models import Group, Membership, Role, Task, TaskState
from helhet.journal.models import Event
from helhet.kit.errors import Refused
from helhet.kit.rights import Caller
from tests.world import DAY, SYSTEM, as_caller, make_group, make_item, make_person, make_user

START = dt.datetime(2027, 3, 1, 8, tzinfo=dt.UTC)
ROOM = (Position, ChangeItem, ImpactMark, Consequence, Snapshot)
ALLOWED = {
    ("draft", "asking"), ("draft", "approved"), ("draft", "scheduled"), ("draft", "under_way"), ("draft", "closed"),
    ("asking", "approved"), ("asking", "draft"), ("asking", "closed"), ("approved", "scheduled"),
    ("approved", "asking"), ("approved", "draft"), ("approved", "closed"), ("scheduled", "under_way"),
    ("scheduled", "asking"), ("scheduled", "approved"), ("scheduled", "draft"), ("scheduled", "closed"),
    ("under_way", "review"), ("review", "closed"),
}  # fmt: skip
STEPS: dict[str, tuple[Callable[..., Any], str]] = {
    "ask": (actions.ask_positions, "asked"), "approve": (actions.approve_change, "approved"),
    "schedule": (actions.schedule_change, "scheduled"), "begin": (actions.begin_change, "begun"),
    "finish": (actions.finish_change, "finished"), "close": (actions.close_change, "closed"),
    "cancel": (actions.cancel_change, "cancelled"), "take_back": (actions.take_back_change, "taken_back"),
}  # fmt: skip
MORE: dict[str, dict[str, str]] = {
    "finish": {"outcome": "failed"}, "close": {"learnt": "Öva mera"}, "cancel": {"reason": "Behövs inte"},
}  # fmt: skip
NEXT = {"draft": "ask", "asking": "approve", "approved": "schedule", "scheduled": "begin", "under_way": "finish",
        "review": "close"}  # fmt: skip
numbers = itertools.count(1)
MEMBER, LEAD = "member", "lead"


class Verbs:
    """A world of its own for each row of verbs, beside those of the rows before it."""

    def __init__(self, traveller: Any) -> None:
        self.traveller = traveller
        self.actors: dict[str, tuple[Any, Any]] = {}
        self.roles: dict[str, set[tuple[int, str]]] = {}
        self.groups = [self._group(name) for name in ("Drift", "Nät", "Skola")]
        for name, access in (("nobody", Access.NONE), ("reader", Access.READER), ("admin", Access.ADMINISTRATOR)):
            self._actor(name, access)
        coordinator = self._actor("coordinator")
        team = Group.objects.filter(is_management_team=True).first()
        if team is None:
            team = make_group("Ledningsgruppen", chair=None, is_management_team=True)
        Membership.objects.create(group=team, person=coordinator, role=Role.MEMBER, from_on=DAY)
        kinds = ("storage", "database", "business_service", "server")
        self.items = [make_item(kind, kind=kind) for kind in kinds]
        owners = [*self.groups, self.groups[0]]
        self.estate = Estate(
            {item.pk: group.pk for item, group in zip(self.items, owners, strict=True)}, set(), {self.items[2].pk}
        )
        for item, group in zip(self.items, owners, strict=True):
            assign_by_hand([item.pk], group, by=SYSTEM, on=DAY)
        self._tie(1, 0)
        self._tie(2, 1)
        self.plans: dict[int, Plan] = {}
        self.seen: dict[int, str] = {}
        for number in range(2):
            self.draft(1, number, number, 1)

    def _group(self, name: str) -> Group:
        group = make_group(f"{name} {next(numbers)}", chair=None)
        for role in (Role.MEMBER, Role.CHAIR):
            person = self._actor(f"{role} {group.pk}")
            Membership.objects.create(group=group, person=person, role=role, from_on=DAY)
            self.roles[f"{role} {group.pk}"] = {(group.pk, MEMBER)} | (
                {(group.pk, LEAD)} if role == Role.CHAIR else set()
            )
        return group

    def _actor(self, name: str, access: str = Access.READER) -> Any:
        user = make_user(f"p{next(numbers)}@sjovik.example", access=access)
        person = make_person(user.email, email=user.email, user=user)
        self.actors[name] = (user, person)
        return person

    def _tie(self, needs: int, needed: int) -> None:
        one, other = self.items[needs], self.items[needed]
        add_dependency(one, other, by=SYSTEM)
        self.estate.needs.add((one.pk, other.pk))

    def _who(self, pick: int) -> str:
        return list(self.actors)[pick % len(self.actors)]

    def _often(self, pick: int, entitled: str) -> str:
        return self._who(pick) if pick % 3 == 0 else entitled

    def _caller(self, name: str) -> Caller:
        return as_caller(self.actors[name][0])

    def _may(self, name: str, level: str, group: int) -> bool:
        return name in {"admin", "coordinator"} or (group, level) in self.roles.get(name, set())

    def _change(self, pick: int) -> tuple[Change, Plan]:
        pk = list(self.plans)[pick % len(self.plans)]
        return Change.objects.select_related("item").get(pk=pk), self.plans[pk]

    def _window(self, slot: int, long: int = 4) -> dict[str, dt.datetime]:
        begins = START + dt.timedelta(days=300 + 3 * slot)
        return {"starts_at": begins, "ends_at": begins + dt.timedelta(hours=long)}

    def _all(self) -> Any:
        changes = list(self.plans)
        kept = [list(model.objects.filter(change__in=changes).order_by("pk").values()) for model in ROOM]
        return (
            kept, list(Change.objects.filter(pk__in=changes).order_by("pk").values()),
            list(Condition.objects.filter(position__change__in=changes).order_by("pk").values()),
            list(Settlement.objects.filter(position__change__in=changes).order_by("pk").values()),
            list(Order.objects.filter(after__in=changes).order_by("pk").values()), Change.objects.count(),
            list(Task.objects.filter(item__in=changes).order_by("pk").values()), Event.objects.count(),
        )  # fmt: skip

    def attempt(self, expected: bool | None, verb: Callable[..., Any], *words: Any, says: str = "", **more: Any) -> Any:
        """What the verb gives, None when it was refused. `expected` None: a clash may hinder."""
        self.traveller.shift(60)
        before, last = self._all(), Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        refused: Refused | None = None
        try:
            made = verb(*words, **more)
        except Refused as error:
            refused = error
        if refused is not None:
            assert self._all() == before, (verb, refused)
            assert not expected, (verb, words, refused)
            return None
        assert expected is not False, (verb, words, more)
        if says:
            assert Event.objects.filter(pk__gt=last, verb=says).count() == 1, (says, verb)
        return made if made is not None else True

    def draft(self, who: int, of: int, item: int, type_of: int) -> None:
        if len(self.plans) > 3:
            return
        group, slot = self.groups[of % 2], next(numbers)
        name, type_ = self._often(who, f"{Role.CHAIR} {group.pk}"), "normal" if type_of % 3 else "emergency"
        items = [] if item % 9 == 8 else [self.items[item % 4]]
        expected = self._may(name, MEMBER, group.pk)
        made = self.attempt(
            expected, actions.draft_change, by=self._caller(name), title="Byte", group=group.reference, type=type_,
            items=[one.reference for one in items], says="changes.change.drafted", **self._window(slot),
        )  # fmt: skip
        if made:
            self.plans[made.pk] = Plan(group.pk, type_, frozenset(one.pk for one in items), slot)
            assert Snapshot.objects.filter(change=made, moment="drafted").count() == 1

    def step(self, pick: int, who: int, step: int, is_stale: int) -> None:
        change, plan = self._change(pick)
        name = self._often(who, f"{Role.CHAIR} {plan.group}")
        self._step(change, list(STEPS)[step % len(STEPS)], name, change.version - (is_stale % 10 == 9))

    def go_on(self, pick: int, *_more: int) -> None:
        change, plan = self._change(pick)
        if plan.state == "closed":
            return
        for group in list(plan.said):
            if plan.said[group].waits:
                self._answer(change, group, "coordinator", "yes")
        step = NEXT[plan.state]
        if plan.state == "draft" and plan.type == "emergency":
            step = "begin"
        elif plan.state == "draft" and not self.estate.touched(plan):
            step = "approve"
        self._step(Change.objects.get(pk=change.pk), step, "admin", Change.objects.get(pk=change.pk).version)

    def _step(self, change: Change, step: str, name: str, version: int) -> None:
        plan, (verb, says) = self.plans[change.pk], STEPS[step]
        expected: bool | None = self._may(name, LEAD if step == "approve" else MEMBER, plan.group)
        expected = expected and version == change.version and can(step, plan, self.plans, self.estate)
        if step == "schedule" or (step == "begin" and plan.type == "normal"):
            meets = any(one is not plan and one.slot == plan.slot for one in self.plans.values())
            expected = None if expected and meets else expected
        made = self.attempt(
            expected, verb, change.reference, by=self._caller(name), version=version, says=f"changes.change.{says}",
            **MORE.get(step, {}),
        )  # fmt: skip
        if made is None:
            return
        grown = Change.objects.get(pk=change.pk).version - change.version
        asks = step == "begin" and plan.type == "emergency" and bool(self.estate.touched(plan))
        assert grown == (2 if asks else 1)
        self._stepped(plan, step, asks=asks)

    def _stepped(self, plan: Plan, step: str, *, asks: bool) -> None:
        leads = {"approve": "approved", "schedule": "scheduled", "begin": "under_way", "finish": "review",
                 "close": "closed", "cancel": "closed", "take_back": "draft"}  # fmt: skip
        plan.state = leads.get(step, plan.state)
        if step == "ask" or asks:
            self.estate.ask(plan)
        if step in {"cancel", "take_back"}:
            plan.said, plan.was_asked = {}, False

    def answer(self, pick: int, who: int, stance: int, *_more: int) -> None:
        if asked := self._asked():
            pk, group = asked[pick % len(asked)]
            said = ("yes", "no", "yes_if", "yes_if", "yes_if")[stance % 5]
            change = Change.objects.select_related("item").get(pk=pk)
            self._answer(change, group, self._often(who, f"{Role.CHAIR} {group}"), said)

    def _asked(self) -> list[tuple[int, int]]:
        return [(pk, group) for pk, plan in self.plans.items() for group in plan.said]

    def _answer(self, change: Change, group: int, name: str, stance: str) -> None:
        plan = self.plans[change.pk]
        position = Position.objects.select_related("group__item").get(change=change, group=group)
        texts = [f"Villkor {len(plan.said[group].conditions) % 2}"] if stance == "yes_if" else []
        made = self.attempt(
            self._may(name, LEAD, group) and plan.state != "closed", actions.answer_position, change.reference,
            position.group.reference, by=self._caller(name), version=position.version, stance=stance, words="Så",
            conditions=texts, says="changes.position.answered",
        )  # fmt: skip
        if made:
            said = plan.said[group]
            said.stance, said.goes_on = stance, None
            said.conditions = {
                text: how if (how := said.conditions.get(text, "open")) != "dropped" else "open" for text in texts
            }
            assert made.version == position.version + 1

    def settle(self, pick: int, who: int, decided: int, *_more: int) -> None:
        asked, goes_on = self._asked(), bool(decided % 3)
        if not asked:
            return
        pk, group = asked[pick % len(asked)]
        name, said = self._often(who, "coordinator"), self.plans[pk].said[group]
        position = Position.objects.select_related("group__item", "change__item").get(change=pk, group=group)
        right = name in {"admin", "coordinator"} and said.stance in {"", "no"} and self.plans[pk].state != "closed"
        made = self.attempt(
            right, actions.settle_position, position.change.reference, position.group.reference, by=self._caller(name),
            version=position.version, goes_on=goes_on, words="Så blir det", says="changes.position.settled",
        )  # fmt: skip
        if made:
            said.goes_on = goes_on

    def move(self, pick: int, who: int, hours: int, onto: int) -> None:
        change, plan = self._change(pick)
        name, long = self._often(who, f"{Role.MEMBER} {plan.group}"), (2, 4, 6)[hours % 3]
        others = [one.slot for one in self.plans.values() if one is not plan]
        slot = others[0] if onto % 5 == 0 and others and plan.state == "draft" else next(numbers)
        right = self._may(name, MEMBER, plan.group) and plan.state in NOT_BEGUN
        made = self.attempt(
            right, actions.move_change, change.reference, *self._window(slot, long).values(),
            by=self._caller(name), version=change.version, says="changes.change.moved",
        )  # fmt: skip
        if made:
            self.estate.move(plan, slot, long)

    def edit(self, pick: int, who: int, item: int, of: int) -> None:
        change, plan = self._change(pick)
        what = ("items", "people", "plan", "mark")[of % 4]
        name, thing = self._often(who, f"{Role.CHAIR} {plan.group}"), self.items[item % 4]
        right = self._may(name, MEMBER, plan.group) and plan.state != "closed"
        told: dict[str, Any] = {"by": self._caller(name), "version": change.version}
        if what == "mark":
            said = {"is_hit": True, "reason": "Vi vet det"}
            if self.attempt(right, actions.mark_impact, change.reference, thing.reference, **told, **said):
                plan.marks.add(thing.pk)
            return
        said = {
            "items": [thing.reference], "people": [self.actors["coordinator"][1].email], "plan": f"Text {next(numbers)}"
        }  # fmt: skip
        right = right and (what != "items" or plan.state == "draft")
        if (
            self.attempt(right, actions.change_change, change.reference, **told, **{what: said[what]})
            and what == "items"
        ):
            plan.items = frozenset({thing.pk})

    def order(self, pick: int, before: int, who: int, *_more: int) -> None:
        (change, plan), (first, _other) = self._change(pick), self._change(before)
        waits, layer = set(), {first.pk}
        while layer:
            waits |= layer
            layer = {one for pk in layer for one in self.plans[pk].after} - waits
        right = self._may(self._who(who), MEMBER, plan.group) and plan.state in NOT_BEGUN and change.pk not in waits
        if self.attempt(right, actions.put_after, change.reference, first.reference, by=self._caller(self._who(who))):
            plan.after.add(first.pk)

    def condition(self, how: int, pick: int, *_more: int) -> None:
        is_done = bool(how % 2)
        rows = Condition.objects.filter(position__change__in=self.plans, position__withdrawn_at__isnull=True)
        opened = list(rows.filter(task__state=TaskState.OPEN).select_related("task", "position").order_by("pk"))
        if opened:
            one = opened[pick % len(opened)]
            if is_done:
                finish_task(one.task_id, by=self._caller("admin"), version=one.task.version)
            else:
                drop_task(one.task_id, by=self._caller("admin"), version=one.task.version, reason="Hinns inte")
            said = self.plans[one.position.change_id].said[one.position.group_id]
            said.conditions[one.text] = "done" if is_done else "dropped"

    def ahead(self, of: int, who: int, *_more: int) -> None:
        group = self.groups[of % 3]
        until = timezone.localdate() + dt.timedelta(days=700)
        right = self._may(self._who(who), LEAD, group.pk)
        if self.attempt(right, actions.give_ahead, group.reference, by=self._caller(self._who(who)), until_on=until):
            self.estate.ahead.add(group.pk)

    def alter_estate(self, needs: int, needed: int, *_more: int) -> None:
        one, other = self.items[needs % 4], self.items[needed % 4]
        known = Dependency.objects.filter(from_item=one, to_item=other).first()
        if known is not None:
            remove_dependency(known, by=SYSTEM, version=known.version)
            self.estate.needs.discard((one.pk, other.pk))
        elif one.pk != other.pk:
            add_dependency(one, other, by=SYSTEM, is_anyway=True)
            self.estate.needs.add((one.pk, other.pk))

    def end_member(self, of: int, *_more: int) -> None:
        name = f"{Role.MEMBER} {self.groups[of % 3].pk}"
        if self.roles[name]:
            person = self.actors[name][1]
            person.refresh_from_db()
            end_person(person.pk, by=SYSTEM, version=person.version)
            self.roles[name] = set()

    def wait(self, days: int, *_more: int) -> None:
        self.traveller.shift(dt.timedelta(days=1 + days % 5))
        rows = Position.objects.filter(change__in=self.plans, withdrawn_at__isnull=True, due_at__lte=timezone.now())
        for position in rows:
            said = self.plans[position.change_id].said[position.group_id]
            said.is_escalated |= said.waits and self.plans[position.change_id].state != "closed"
        rounds.escalate()
        assert rounds.escalate() == 0

    def agrees(self) -> None:
        """States, positions and tasks are as the model has them, and every state was reached by an allowed step."""
        for change in Change.objects.filter(pk__in=self.plans):
            plan = self.plans[change.pk]
            assert change.state == plan.state
            was = self.seen.get(change.pk, "draft")
            assert was == plan.state or (was, plan.state) in ALLOWED
            self.seen[change.pk] = plan.state
            rows = Position.objects.filter(change=change, withdrawn_at__isnull=True)
            assert {one.group_id: one.stance for one in rows} == {pk: one.stance for pk, one in plan.said.items()}
            assert Snapshot.objects.filter(change=change).exists()
            self._tasks_agree(change, plan)

    def _tasks_agree(self, change: Change, plan: Plan) -> None:
        opened = Task.objects.filter(item=change.pk, state=TaskState.OPEN)
        counts = {origin: opened.filter(origin=origin).count() for origin in ("condition", "position", "settlement")}
        said = plan.said.values()
        assert counts == {
            "condition": sum(how == "open" for one in said for how in one.conditions.values()),
            "position": sum(one.waits for one in said),
            "settlement": sum(one.waits and one.is_escalated for one in said),
        }, (change.state, plan)  # fmt: skip

    def is_read_by_those_who_may(self) -> None:
        """A reader sees all changes and nobody none, and the tabs count what there is."""
        mine = Change.objects.filter(pk__in=self.plans)
        seen = mine.visible_to(self._caller("reader"))
        assert seen.count() == len(self.plans)
        assert not mine.visible_to(self._caller("nobody")).exists()
        counts = {tab.key: tab.count for tab in tabs(seen)}
        assert counts["open"] == sum(plan.state != "closed" for plan in self.plans.values())
        assert counts["closed"] == sum(plan.state == "closed" for plan in self.plans.values())
