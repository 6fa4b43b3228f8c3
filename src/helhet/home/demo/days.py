"""The operational tasks of Vinterhamn day by day: done, skipped, late; notes between shifts; alerts."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from helhet.groups.models import Answer
from helhet.home.demo.day_words import ALERTS, NOTES, REASONS, TASKS
from helhet.items.models import Item
from helhet.routines.actions.occurrences import do_occurrence, skip_occurrence, write_handover
from helhet.routines.actions.operations import create_operation
from helhet.routines.actions.telling_alerts import Told, take_alerts
from helhet.routines.models import Occurrence, OperationalTask, RoutineLabel
from helhet.routines.occurring import make_due

if TYPE_CHECKING:
    from helhet.home.demo.make import Story

BEGAN = 75


class Days:
    """The steps: the tasks begin, and each day some of them are done."""

    def __init__(self, story: Story) -> None:
        """Of one organisation, the same each time."""
        self.story = story
        self.chance = random.Random(11)  # noqa: S311 - a story, no secret
        self.tasks: dict[int, str] = {}

    def steps(self) -> Iterator[tuple[int, Callable[[], None]]]:
        """(days ago, what happens then)."""
        yield BEGAN, self._begin
        for ago in range(BEGAN - 1, -1, -1):
            yield ago, partial(self._day, ago)
        yield 0, self._today

    def _begin(self) -> None:
        for group, kind, title, how in TASKS:
            named = self.story.groups[group]
            answers = Answer.objects.open().filter(group=named, item__presence=0)
            item = Item.objects.filter(kind__key=kind, pk__in=answers.values("item_id")).order_by("pk").first()
            item = item or Item.objects.filter(pk__in=answers.values("item_id")).order_by("pk").first()
            if item is None:
                continue
            with self.story.clock.believe(BEGAN, 9):
                made = create_operation(
                    by=self.story.chair(group), title=title, item=item.reference, group=named.item.reference,
                    first_on=self.story.clock.day(BEGAN - 1), **how,
                )  # fmt: skip
            self.tasks[made.pk] = group

    def _day(self, ago: int) -> None:
        today = self.story.clock.day(ago)
        with transaction.atomic():
            for task in OperationalTask.objects.select_for_update().filter(pk__in=self.tasks):
                make_due(task, today)
        due = Occurrence.objects.filter(task__in=self.tasks, state="open", due_on__lte=today)
        for one in due.select_related("task").order_by("due_on", "pk"):
            self._close(one, ago)

    def _close(self, one: Occurrence, ago: int) -> None:
        luck = self.chance.random()
        if ago < 1 or luck < 0.12 or (ago < 3 and luck < 0.6):
            return
        by = self.story.chair(self.tasks[one.task_id])
        with self.story.clock.believe(ago, 10, self.chance.randrange(60)):
            if luck < 0.2:
                skip_occurrence(one.pk, by=by, version=one.version, reason=self.chance.choice(REASONS))
                return
            minutes = round((one.task.minutes or 20) * self.chance.uniform(0.7, 1.5)) if luck < 0.9 else None
            do_occurrence(one.pk, by=by, version=one.version, minutes=minutes, cost=one.task.cost)

    def _today(self) -> None:
        clock = self.story.clock
        for group, text in NOTES:
            with clock.believe(0, 7):
                write_handover(by=self.story.chair(group), group=self.story.groups[group].item.reference, text=text)
        label = RoutineLabel.objects.filter(name="alertname").exclude(value="").order_by("pk").first()
        named = [(label.value, "Larm som har en rutin", 2, 0)] if label is not None else []
        servers = list(Item.objects.filter(kind__key="server", presence=0).order_by("pk")[: len(ALERTS) + 1])
        with clock.believe(0, 7):
            self._alerts(named, servers)

    def _alerts(self, named: Sequence[tuple[str, str, int, int]], servers: Sequence[Item]) -> None:
        now = timezone.now()
        for count, ((name, says, began, over), server) in enumerate(zip([*named, *ALERTS], servers, strict=False)):
            starts_at = now - dt.timedelta(hours=began)
            ends_at = starts_at + dt.timedelta(hours=over) if over else None
            told = Told(
                f"demo{count}", {"alertname": name, "instance": f"{server.name}:9100"}, {"summary": says}, starts_at,
                ends_at,
            )  # fmt: skip
            take_alerts("alertmanager", f'{{}}:{{alertname="{name}"}}', [told], by=self.story.chair(TASKS[0][0]))
