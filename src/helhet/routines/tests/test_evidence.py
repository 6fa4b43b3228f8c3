"""What runs show, held against a naive count."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from html import escape, unescape
from random import Random

import pytest
from django.test import Client
from django.utils import timezone

from helhet.groups.models import Group
from helhet.kit import spoken
from helhet.kit.errors import Invalid
from helhet.routines.evidence import evidence_of, month_of, next_month, read_month, report_data
from helhet.routines.models import Routine, Run, RunStep
from helhet.routines.tests.written import make_routine
from tests.world import SYSTEM, Cast, make_group, make_item

pytestmark = pytest.mark.django_db
OUTCOMES = ("worked", "deviations", "failed", "abandoned", "")


def small_history(chance: Random) -> tuple[list[Group], list[Routine]]:
    """Some routines of two groups and none, with runs on both sides of a month's ends."""
    groups = [make_group("Drift"), make_group("Nät")]
    routines = [make_routine(f"Rutin {n}", group=[*groups, None][n % 3]) for n in range(6)]
    server = make_item("SRV")
    midnight = dt.datetime(2026, 3, 1, tzinfo=timezone.get_default_timezone())
    for number in range(60):
        routine = chance.choice(routines[:5])
        ended = midnight + dt.timedelta(minutes=chance.choice([-1, 0, 1, 44_579, 44_580, 9_000]))
        outcome = chance.choice(OUTCOMES)
        run = Run.objects.create(
            key=f"korning-{number}", routine=routine, of_version=routine.document.published, by=chance.choice("ABC"),
            item=chance.choice([None, server]), outcome=outcome, ended_at=ended if outcome else None,
            minutes=chance.choice([None, 5, 10]), is_exercise=chance.random() < 0.3,
        )  # fmt: skip
        for _answer in range(chance.randrange(5)):
            step = chance.choice(["check", "note"])
            run.steps.filter(step=step).update(counts=False)
            RunStep.objects.create(run=run, key=f"{RunStep.objects.count():08}", step=step,
                                   state=chance.choice(["done", "skipped", "failed"]), by="A")  # fmt: skip
    return groups, routines


def naively(run: Run, state: str) -> list[str]:
    last = {row.step: row.state for row in run.steps.order_by("pk")}
    return [step for step, said in last.items() if said == state]


def test_the_figures_are_those_of_counting_by_hand() -> None:
    groups, routines = small_history(Random(7))
    for routine in routines:
        used = [run for run in routine.runs.all() if run.outcome in ("worked", "deviations", "failed")]
        told = evidence_of(routine)
        assert (told.uses, told.failed) == (len(used), sum(run.outcome == "failed" for run in used))
        times = [run.minutes for run in used if run.minutes is not None and run.outcome != "failed"]
        assert told.minutes == (round(sum(times) / len(times)) if times else None)
        assert dict(told.people) == Counter(run.by for run in used)
        titles = {"check": "Kontrollera larmet", "note": "Skriv vad du såg"}
        assert dict(told.skipped) == Counter(titles[one] for run in used for one in naively(run, "skipped"))
    first = dt.date(2026, 3, 1)
    for group in (None, *groups):
        data = report_data(month_of(SYSTEM, first, group))
        mine = [one for one in routines if group is None or one.answering_group_id == group.pk]
        assert {line["routine"] for line in data["routines"]} == {one.document.item.reference for one in mine}
        in_month = [run for one in mine for run in one.runs.exclude(outcome="")
                    if run.ended_at and first <= timezone.localdate(run.ended_at) < next_month(first)]  # fmt: skip
        assert data["sums"]["uses"] == sum(run.outcome != "abandoned" for run in in_month)
        assert data["sums"]["abandoned"] == sum(run.outcome == "abandoned" for run in in_month)
        assert data["sums"]["minutes"] == sum(run.minutes or 0 for run in in_month)
        assert data["sums"]["skipped"] == sum(len(naively(run, "skipped")) for run in in_month)


def test_each_figure_of_the_report_leads_to_a_list_that_counts_the_same() -> None:
    groups, _routines = small_history(Random(11))
    cast, client = Cast(), Client(headers={"accept-language": "en"})
    client.force_login(cast.reader)
    seen = 0
    for query in ("month=2026-03", *(f"month=2026-03&group={group.reference}" for group in groups)):
        report = client.get(f"/routines/evidence/?{query}")
        page = report.content.decode()
        figures = re.findall(r'<td class="r" data-l="([^"]+)"><a href="([^"]+)">([^<]+)</a></td>', page)
        assert len(figures) == len(re.findall(r'<td class="r" data-l="[^"]+"><a ', page)) > 0
        for label, address, figure in figures:
            listed = client.get(unescape(address)).context
            counted = {"Steps skipped": listed["skipped"], "Minutes": listed["minutes"]}.get(label, listed["count"])
            assert (label, spoken.number(counted)) == (label, figure)
            assert len(listed["runs"]) == listed["count"]
            seen += 1
        sums = report.context["sums"]
        for name in ("used", "failed"):
            address = report.context[f"{name}_url"]
            assert f'href="{escape(address)}"' in page
            assert client.get(address).context["count"] == sums["uses" if name == "used" else name]
    assert seen > 20


@pytest.mark.parametrize("query", ["show=nothing-such", "month=2026-13", "routine=RUT-999"])
def test_what_no_figure_counts_is_refused(query: str) -> None:
    client = Client()
    client.force_login(Cast().reader)
    assert client.get(f"/routines/evidence/runs/?{query}").status_code in {404, 422}


def test_a_routine_is_doubtful_the_day_after_its_proof_ends() -> None:
    routine = make_routine(prove_days=30, uses=1, last_proven_on=timezone.localdate() - dt.timedelta(days=30))
    routine.keep_proof()
    routine.save()
    assert month_of(SYSTEM, read_month("")).sums["doubtful"] == 0
    Routine.objects.update(proven_to=timezone.localdate() - dt.timedelta(days=1))
    assert month_of(SYSTEM, read_month("")).sums["doubtful"] == 1


@pytest.mark.parametrize("text", ["2026-13", "mars", "2026-3"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_month(text)
