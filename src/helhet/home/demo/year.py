"""What Vinterhamn's changes stand among: the old tool's history, windows, freezes, standard changes, and time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from django.db.models import F
from django.utils import timezone

from helhet.changes.actions import close_change, give_ahead, state_freeze, state_window
from helhet.changes.actions.explaining import explain
from helhet.changes.actions.standards import decide_version, propose_standard, propose_version, retire_standard
from helhet.changes.actions.thresholds import state_threshold
from helhet.changes.models import Change, ChangeState, Lasting, Outcome, Position, Unregistered
from helhet.changes.rounds import escalate
from helhet.changes.writing import NewChange, add_changes
from helhet.home.demo import change_words as cw
from helhet.home.demo import words as w
from helhet.home.demo.changes import CHRISTMAS, CHRISTMAS_DAYS, SWITCHED, Plan, Planned
from helhet.home.demo.changing import Changing, lessons, went, window
from helhet.home.demo.picking import Picking
from helhet.items.models import KeySort, Source
from helhet.items.writing import NewKey
from helhet.journal.actions import close_batch, open_batch
from helhet.journal.models import BatchSort

if TYPE_CHECKING:
    from helhet.home.demo.make import Story

Step = tuple[int, Callable[[], None]]
OLD_TOOL = "gamla ändringslistan"
# Service, first hour, minutes, rule of weekdays.
WINDOWS = (
    ("Omsorgsjournal", 18, 360, "MO,TU,WE,TH"),
    ("Ekonomisystem", 17, 300, "MO,TU,WE,TH"),
    ("Lärplattform", 17, 360, "MO,TU,WE,TH,FR"),
)
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
SALARY = "Lönekörning"


@dataclass(frozen=True, slots=True)
class Frozen:
    """A freeze to be: its first and last day, how many days ago the group stated it, and the service (none: all)."""

    name: str
    group: str
    first: dt.date
    last: dt.date
    ago: int
    service: str = ""


class Year:
    """The steps of the year of changes."""

    def __init__(self, story: Story) -> None:
        """Nothing is written before the steps are taken."""
        self.story, self.clock = story, story.clock
        self.plan = Plan(story.clock.today)
        self.picking = Picking(story)
        self.changing = Changing(story, self.plan, self.picking)

    def steps(self) -> Iterator[Step]:
        """(days ago, what happens then)."""
        yield SWITCHED, self._history
        yield SWITCHED - 1, self._thresholds
        yield SWITCHED - 2, self._windows
        for place, standard in enumerate(cw.STANDARDS):
            ago = (SWITCHED - 3, SWITCHED - 3, SWITCHED - 4, SWITCHED - 4, 90, 5)[place]
            yield ago, partial(self._propose, place, standard, ago)
        yield SWITCHED - 6, partial(self._decide, range(4), SWITCHED - 6)
        yield 86, partial(self._decide, (4,), 86)
        yield 64, partial(self._word_anew, 64)
        yield 60, partial(self._decide, (0,), 60)
        yield 21, partial(self._retire, 21)
        for frozen in self._freezes():
            yield frozen.ago, partial(self._freeze, frozen)
        yield SWITCHED - 7, partial(self._ahead, SWITCHED - 7)
        for ago in (96, 72, 44):
            yield ago, partial(self._explain, ago)
        yield from self.changing.steps()
        for ago in (50, 12, 4):
            yield ago, partial(self._round, ago)
        yield 1, self._told

    # ---- the old tool ----------------------------------------------------------------------------------------

    def _history(self) -> None:
        """All that the old tool told of, in one batch, as an import takes it."""
        by = self.story.by("inventeringen")
        with self.clock.believe(SWITCHED, 8) as day:
            source = Source.objects.get_or_create(name=OLD_TOOL)[0]
            batch = open_batch(BatchSort.IMPORT, f"{OLD_TOOL} {day.isoformat()}", by=by)
            drafts = [self._old(one, source.pk) for one in self.plan.make() if one.key.startswith("A")]
            add_changes(drafts, by=by, on=day, batch=batch)
            Source.objects.filter(pk=source.pk).update(last_on=day, last_at=timezone.now())
            close_batch(batch, by=by, counts={"created": len(drafts)})
        submitted = Change.objects.filter(is_history=True, item__source_keys__source=source)
        submitted.update(submitted_at=F("asked_at"))

    def _old(self, one: Planned, source_id: int) -> NewChange:
        item, group = self.picking.one(one.kind)
        by = self.picking.member(group)
        first, last = window(one, self.clock.today)
        outcome = went(one, self._name(group.pk))
        if one.luck % 19 == 18:
            outcome = Outcome.CANCELLED
        done = outcome != Outcome.CANCELLED
        asked = first - dt.timedelta(days=2 + one.luck % 9)
        return NewChange(
            one.title.format(item.name)[:300], type=("emergency", "standard", "standard")[one.luck % 3]
            if one.luck % 10 < 3 else "normal", state=ChangeState.CLOSED, outcome=outcome, group_id=group.pk,
            owner_id=by.person_id, purpose=one.purpose, starts_at=first, ends_at=last, asked_at=asked,
            submitted_at=asked, approved_at=first - dt.timedelta(days=1),
            began_at=first + dt.timedelta(minutes=one.luck % 7) if done else None,
            finished_at=last + dt.timedelta(minutes=one.luck % 50 - 20) if done else None,
            closed_at=last + dt.timedelta(days=1), learnt=lessons(outcome)[one.luck % len(lessons(outcome))],
            is_history=True, items=[item.pk], key=NewKey(source_id, one.key, KeySort.CHANGE),
        )  # fmt: skip

    def _name(self, group: int) -> str:
        return next((name for name, one in self.story.groups.items() if one.pk == group), "")

    # ---- when changes may be made ----------------------------------------------------------------------------

    def _windows(self) -> None:
        with self.clock.believe(SWITCHED - 2, 10) as day:
            for service, hour, minutes, weekdays in WINDOWS:
                listed = weekdays.split(",")
                first = next(
                    on for on in (day + dt.timedelta(days=more) for more in range(7)) if DAYS[on.weekday()] in listed
                )
                group = next(row[1] for row in w.SERVICES if row[0] == service)
                state_window(
                    by=self.picking.chair(self.story.groups[group]), name=f"Servicefönster {service}", starts_on=first,
                    starts_time=dt.time(hour), minutes=minutes, rule=f"FREQ=WEEKLY;BYDAY={weekdays}",
                    item=self.story.reference(service), stated_by=self.story.groups[group].item.reference,
                    reason="Överenskommet med verksamheten",
                )  # fmt: skip

    def _freezes(self) -> Iterator[Frozen]:
        """Christmas, the running of salaries, and the closing of the books next week."""
        today = self.clock.today
        for year in (today.year - 1, today.year):
            first = dt.date(year, *CHRISTMAS)
            last = first + dt.timedelta(days=CHRISTMAS_DAYS - 1)
            if last > self.clock.day(SWITCHED - 20):
                ago = min(max((today - first).days + 50, 20), SWITCHED - 4)
                yield Frozen(f"Julfrys {year}", w.TEAM, first, last, ago)
        for back in (3, 2, 1, 0):
            month = (today.replace(day=1) - dt.timedelta(days=31 * back - 1)).replace(day=1)
            first = month.replace(day=20)
            ago = max((today - first).days + 14, 2)
            yield Frozen(f"{SALARY} {month:%Y-%m}", w.MONEY, first, month.replace(day=24), ago, "Lön")
        thursday = today + dt.timedelta(days=self.plan.monday + 3)
        yield Frozen("Delårsbokslut", w.MONEY, thursday, thursday + dt.timedelta(days=1), 16, "Ekonomisystem")

    def _freeze(self, one: Frozen) -> None:
        zone = timezone.get_default_timezone()
        with self.clock.believe(one.ago, 11):
            state_freeze(
                by=self.picking.chair(self.story.groups[one.group]), name=one.name,
                starts_at=dt.datetime.combine(one.first, dt.time(0), zone),
                ends_at=dt.datetime.combine(one.last, dt.time(18), zone),
                item=self.story.reference(one.service) if one.service else "",
                reason="Körningen får inte störas" if one.service else "Låg bemanning",
                stated_by=self.story.groups[one.group].item.reference,
            )  # fmt: skip

    # ---- what needs no asking --------------------------------------------------------------------------------

    def _thresholds(self) -> None:
        with self.clock.believe(SWITCHED - 1, 13):
            for kind, text, covered_by, group in cw.THRESHOLDS:
                state_threshold(
                    by=self.picking.lead(), text=text, covered_by=covered_by, kind=kind,
                    group=self.story.groups[group].item.reference,
                )  # fmt: skip

    def _propose(self, place: int, standard: tuple[str, str, str, str, str, str, int], ago: int) -> None:
        name, kind, group, conditions, routine, way_back, minutes = standard
        with self.clock.believe(ago, 9, place):
            made = propose_standard(
                by=self.picking.chair(self.story.groups[group]), name=name, kind=kind, conditions=conditions,
                group=self.story.groups[group].item.reference, routine=routine, way_back=way_back, minutes=minutes,
            )  # fmt: skip
        self.story.standards[place] = made.pk

    def _decide(self, places: range | tuple[int, ...], ago: int) -> None:
        with self.clock.believe(ago, 14):
            for place in places:
                made = self.picking.standard_at(place)
                decide_version(
                    made.pk, by=self.picking.lead(), version=made.version, approve=True,
                    words="Gjord trettio gånger utan fel" if place else "",
                )  # fmt: skip

    def _word_anew(self, ago: int) -> None:
        made = self.picking.standard_at(0)
        with self.clock.believe(ago, 10):
            routine = f"{cw.STANDARDS[0][4]}\n5. Anteckna versionen i inventeringen."
            by = self.picking.chair(self.story.groups[w.SERVERS])
            propose_version(made.pk, by=by, version=made.version, routine=routine, minutes=75)

    def _retire(self, ago: int) -> None:
        made = self.picking.standard_at(3)
        with self.clock.believe(ago, 10):
            retire_standard(
                made.pk, by=self.picking.lead(), version=made.version, reason="Utrymmet utökas av sig självt numera"
            )

    def _ahead(self, ago: int) -> None:
        with self.clock.believe(ago, 13):
            for group, type_, days, words in (
                (w.CLIENTS, "normal", ago + 60, "Våra datorer klarar korta avbrott"),
                (w.NETWORK, "emergency", ago + 200, "Brådskande ändringar får göras, vi följer med på larmen"),
            ):
                give_ahead(
                    self.story.groups[group].item.reference, by=self.picking.chair(self.story.groups[group]),
                    until_on=self.clock.day(ago - days), type_=type_, words=words,
                )  # fmt: skip

    # ---- what time does --------------------------------------------------------------------------------------

    def _explain(self, ago: int) -> None:
        """Most of what no change told of is explained; what came last still waits."""
        rows = Unregistered.objects.filter(state=Lasting.OPEN, item_id__in=self.story.ids.values()).order_by("id")
        for place, row in enumerate(rows):
            how = ("dismiss", "make", "dismiss", "cover")[place % 4]
            group = self.picking.answering(row.item)
            with self.clock.believe(ago, 10, place):
                by = self.picking.chair(group)
                words = cw.EXPLAINED[place % len(cw.EXPLAINED)]
                made = explain(row.pk, by=by, version=row.version, how=how, words=words).change
                if made is not None:
                    close_change(made.reference, by=by, version=made.version, learnt=cw.AROUND)

    def _round(self, ago: int) -> None:
        with self.clock.believe(ago, 7):
            escalate()

    def _told(self) -> None:
        """Nobody is sent mail about what the demonstration asks."""
        mine = [change.pk for change in self.changing.changes.values()]
        Position.objects.filter(change__in=mine, told_at__isnull=True).update(told_at=F("asked_at"))
