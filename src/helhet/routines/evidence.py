"""That routines are used, and how it goes: counted by the database, for one routine and for a group's month."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Avg, Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.documents.models import Document
from helhet.groups.models import Answer, Group
from helhet.items.finding import find_item
from helhet.items.models import Item, State
from helhet.kit.errors import Invalid
from helhet.kit.rights import Caller
from helhet.routines.listing import doubtful, every_routine, never_used
from helhet.routines.models import Routine, Run, RunOutcome, RunStep, StepState
from helhet.rules.steps import read_steps

MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)
TOLD = 5
NAMED = ("prefix", "number", "name", "state")
DONE = (RunOutcome.WORKED, RunOutcome.DEVIATIONS)
USED = (*DONE, RunOutcome.FAILED)
SHOWS: dict[str, Q] = {
    "": Q(), "used": Q(outcome__in=USED), "deviations": Q(outcome=RunOutcome.DEVIATIONS),
    "failed": Q(outcome=RunOutcome.FAILED), "abandoned": Q(outcome=RunOutcome.ABANDONED), "skipped": Q(skipped__gt=0),
}  # fmt: skip
"""What each figure of a month counts, of the runs that ended in it."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the runs of one routine show. A use is a run that has ended, as it should or failing.

    Minutes are the mean of those that came through: one that fails at its first step says nothing of the time it takes.
    """

    uses: int = 0
    worked: int = 0
    deviations: int = 0
    failed: int = 0
    abandoned: int = 0
    exercises: int = 0
    minutes: int | None = None
    expected: int | None = None
    people: list[tuple[str, int]] = field(default_factory=list)
    items: list[tuple[str, str, int]] = field(default_factory=list)
    skipped: list[tuple[str, int]] = field(default_factory=list)
    stopped_at: list[tuple[str, int]] = field(default_factory=list)
    last_proven_on: dt.date | None = None
    proven_by_exercise: bool = False
    proven_to: dt.date | None = None


def _counts() -> dict[str, Any]:
    return {
        "uses": Count("pk", filter=Q(outcome__in=USED)),
        "worked": Count("pk", filter=Q(outcome=RunOutcome.WORKED)),
        "deviations": Count("pk", filter=Q(outcome=RunOutcome.DEVIATIONS)),
        "failed": Count("pk", filter=Q(outcome=RunOutcome.FAILED)),
        "abandoned": Count("pk", filter=Q(outcome=RunOutcome.ABANDONED)),
        "exercises": Count("pk", filter=Q(outcome__in=USED, is_exercise=True)),
    }


def evidence_of(routine: Routine) -> Evidence:
    """Of one routine, over all its runs."""
    version = routine.document.published
    steps = read_steps(version.fields.get("steps")) if version else ()
    expected = routine.expected_minutes or sum(step.minutes or 0 for step in steps) or None
    if routine._state.adding:
        return Evidence(expected=expected)
    runs = Run.objects.filter(routine=routine)
    used = runs.filter(outcome__in=USED)
    counts = runs.order_by().aggregate(**_counts(), minutes=Avg("minutes", filter=Q(outcome__in=DONE)))
    titles = {step.id: step.title for step in steps}
    last = used.filter(outcome=RunOutcome.WORKED).order_by("-ended_at", "-pk").values_list("is_exercise", flat=True)
    people = used.order_by().values("by").annotate(n=Count("pk")).order_by("-n", "by")[:TOLD]
    on = used.filter(item__isnull=False).order_by().values("item").annotate(n=Count("pk")).order_by("-n", "item")[:TOLD]
    named = Item.objects.select_related("kind").in_bulk([row["item"] for row in on])
    minutes = counts.pop("minutes")
    return Evidence(
        **counts, minutes=None if minutes is None else round(minutes), expected=expected,
        people=[(row["by"], row["n"]) for row in people],
        items=[(named[row["item"]].name, named[row["item"]].reference, row["n"]) for row in on],
        skipped=_by_step(used, (StepState.SKIPPED,), titles),
        stopped_at=_by_step(used, (StepState.FAILED, StepState.REFUSED), titles),
        last_proven_on=routine.last_proven_on, proven_by_exercise=bool(last.first()), proven_to=routine.proven_to,
    )  # fmt: skip


def counting(runs: QuerySet[Run]) -> QuerySet[RunStep]:
    """The answers that count: one of each step of each run."""
    return RunStep.objects.filter(run__in=runs.order_by(), counts=True).order_by()


def _by_step(runs: QuerySet[Run], states: tuple[str, ...], titles: dict[str, str]) -> list[tuple[str, int]]:
    rows = counting(runs).filter(state__in=states).values("step").annotate(n=Count("pk")).order_by("-n", "step")
    return [(titles.get(row["step"], row["step"]), row["n"]) for row in rows[:TOLD]]


# ---- a group's month -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One routine in a month. Minutes and cost are sums; `is_doubtful` and `is_never_used` are as of today."""

    document: Document
    uses: int
    worked: int
    deviations: int
    failed: int
    abandoned: int
    exercises: int
    minutes: int
    cost: float
    skipped: int
    is_doubtful: bool
    is_never_used: bool


@dataclass(frozen=True, slots=True)
class Report:
    """A month of the routines that a group answers for (of all, without one). `first` is its first day."""

    group: Group | None
    first: dt.date
    lines: list[Line]

    @property
    def sums(self) -> dict[str, int]:
        """The columns added up."""
        names = ("uses", "worked", "deviations", "failed", "abandoned", "exercises", "minutes", "skipped")
        told = {name: sum(getattr(line, name) for line in self.lines) for name in names}
        told["routines"] = len(self.lines)
        told["doubtful"] = sum(line.is_doubtful for line in self.lines)
        told["never_used"] = sum(line.is_never_used for line in self.lines)
        return told


def read_month(text: str) -> dt.date:
    """The first day of a month written as 2026-11; this month when empty. Raises Invalid."""
    if not text.strip():
        return timezone.localdate().replace(day=1)
    match = MONTH.fullmatch(text.strip())
    if match is None or not 1900 <= int(match[1]) <= 9000:
        raise Invalid(_("%(text)s is no month.") % {"text": text[:40]}, todo=_("Write it as 2026-11."), field="month")
    return dt.date(int(match[1]), int(match[2]), 1)


def next_month(first: dt.date) -> dt.date:
    """The first day of the month after."""
    return (first + dt.timedelta(days=32)).replace(day=1)


def month_of(caller: Caller, first: dt.date, group: Group | None = None) -> Report:
    """The report of the month that begins on `first`, in four questions. Runs belong to the month in which they ended,
    by the local clock; of withdrawn routines those are told that were run in it.
    """
    documents = _answered_by(caller, group)
    runs = _ended(documents, first)
    rows = runs.order_by().values("routine").annotate(**_counts(), minutes=Sum("minutes"), money=Sum("cost"))
    counted: dict[int, dict[str, Any]] = {row["routine"]: dict(row) for row in rows}
    skips = counting(runs).filter(state=StepState.SKIPPED).values("run__routine").annotate(n=Count("pk"))
    skipped = {row["run__routine"]: row["n"] for row in skips}
    in_use = documents.exclude(item__state=State.RETIRED)
    doubted = set(in_use.filter(doubtful()).order_by().values_list("pk", flat=True))
    unused = set(in_use.filter(never_used()).order_by().values_list("pk", flat=True))
    named = documents.select_related(None).select_related("item").only(*(f"item__{name}" for name in NAMED))
    lines = [
        _line(one, counted.get(one.pk, {}), skipped.get(one.pk, 0), one.pk in doubted, one.pk in unused)
        for one in named.order_by("item__name_key", "pk")
        if one.item.state != State.RETIRED or one.pk in counted
    ]
    return Report(group, first, lines)


def runs_of_month(caller: Caller, first: dt.date, group: Group | None, show: str, routine: str = "") -> QuerySet[Run]:
    """The runs that a figure of that report counts, the last first, each with the steps `skipped` in it. `routine` is a
    reference, for one line of it. Raises Invalid.
    """
    if show not in SHOWS:
        raise Invalid(_("There is no such figure."), todo=", ".join(filter(None, SHOWS)), field="show")
    skips = Count("steps", filter=Q(steps__counts=True, steps__state=StepState.SKIPPED))
    documents = _answered_by(caller, group)
    if routine:
        documents = documents.filter(item=find_item(routine, caller))
    runs = _ended(documents, first).annotate(skipped=skips).filter(SHOWS[show])
    return runs.select_related("routine__document__item", "item").order_by("-ended_at", "-pk")


def _answered_by(caller: Caller, group: Group | None) -> QuerySet[Document]:
    documents = every_routine(caller)
    if group is None:
        return documents
    return documents.filter(Exists(Answer.objects.open().filter(item_id=OuterRef("item_id"), group=group)))


def _ended(documents: QuerySet[Document], first: dt.date) -> QuerySet[Run]:
    since, until = (timezone.make_aware(dt.datetime.combine(day, dt.time())) for day in (first, next_month(first)))
    return Run.objects.filter(routine__document__in=documents.order_by(), ended_at__gte=since, ended_at__lt=until)


def _line(document: Document, row: dict[str, Any], skipped: int, is_doubtful: bool, is_never: bool) -> Line:
    names = ("uses", "worked", "deviations", "failed", "abandoned", "exercises")
    return Line(
        document, **{name: row.get(name, 0) for name in names}, minutes=row.get("minutes") or 0,
        cost=float(row.get("money") or 0), skipped=skipped, is_doubtful=is_doubtful, is_never_used=is_never,
    )  # fmt: skip


def report_data(report: Report) -> dict[str, Any]:
    """As the API and the command tell it."""
    names = ("uses", "worked", "deviations", "failed", "abandoned", "exercises", "minutes", "cost", "skipped",
             "is_doubtful", "is_never_used")  # fmt: skip
    return {
        "month": f"{report.first:%Y-%m}", "group": report.group.item.reference if report.group else None,
        "sums": report.sums,
        "routines": [
            {"routine": line.document.item.reference, "name": line.document.item.name}
            | {name: getattr(line, name) for name in names}
            for line in report.lines
        ],
    }  # fmt: skip
