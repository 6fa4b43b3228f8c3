"""What becomes of a routine, its runs and its evidence when its item becomes another, and when that is undone."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from helhet.documents.actions import create_document
from helhet.items.merging import merge_items, split_items
from helhet.items.models import Item, Presence
from helhet.kit.errors import Clash
from helhet.routines.actions import begin_run, end_run
from helhet.routines.evidence import evidence_of
from helhet.routines.models import Routine, Run
from helhet.routines.tests.written import make_routine
from tests.world import SYSTEM, Cast, as_caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """One user of every sort."""
    return Cast()


def ran(routine: Routine, cast: Cast, outcome: str, *, days_ago: int = 0) -> Run:
    """A run of it that has ended so."""
    run = begun(routine, cast)
    end_run(run.pk, by=as_caller(cast.member), outcome=outcome, note="Så gick det")
    Run.objects.filter(pk=run.pk).update(ended_at=timezone.now() - dt.timedelta(days=days_ago))
    return run


def begun(routine: Routine, cast: Cast) -> Run:
    """A run of it that is under way."""
    return begin_run(routine, by=as_caller(cast.member), key=f"nyckel-{Run.objects.count():04}")


def kept_beside(routine: Routine) -> tuple[int, dt.date | None, dt.date | None]:
    """What is kept beside it; that its runs show as many uses is asked of them too."""
    found = Routine.objects.get(pk=routine.pk)
    assert evidence_of(found).uses == found.uses
    return found.uses, found.last_proven_on, found.proven_to


def test_a_routine_does_not_become_a_document_of_another_sort(cast: Cast) -> None:
    routine = make_routine(group=cast.group)
    begin_run(routine, by=as_caller(cast.member), key="nyckel-1")
    policy = create_document(by=SYSTEM, sort="policy", title="Omstart", audiences=["all"]).item
    with pytest.raises(Clash) as told:
        merge_items(policy.reference, routine.document.item.reference, by=SYSTEM, version=policy.version)
    assert "rutin" in told.value.message
    assert told.value.todo
    assert list(Routine.objects.all()) == [routine]
    assert (Run.objects.get().routine, Item.objects.get(pk=routine.document.item_id).presence) == (
        routine, Presence.HERE
    )  # fmt: skip


def test_a_run_that_ends_between_merge_and_split_is_counted_where_it_comes_to_be(cast: Cast) -> None:
    stays = make_routine("Omstart av köerna", group=cast.group, steps=[], prove_days=30)
    goes = make_routine(group=cast.group, steps=[], prove_days=10)
    ran(stays, cast, "failed")
    under_way, item = begun(goes, cast), stays.document.item
    batch = merge_items(item.reference, goes.document.item.reference, by=SYSTEM, version=item.version)
    end_run(under_way.pk, by=as_caller(cast.member), outcome="worked")
    today = timezone.localdate()
    assert kept_beside(stays) == (2, today, today + dt.timedelta(days=30))
    split_items(batch.pk, by=SYSTEM)
    assert kept_beside(stays) == (1, None, None)
    assert kept_beside(goes) == (1, today, today + dt.timedelta(days=10))


def test_what_proves_a_routine_follows_its_runs_and_comes_back_with_them(cast: Cast) -> None:
    stays = make_routine("Omstart av köerna", group=cast.group, steps=[], prove_days=30)
    goes = make_routine(group=cast.group, steps=[], prove_days=10)
    item, today = stays.document.item, timezone.localdate()
    days_ago = [today - dt.timedelta(days=number) for number in range(10)]
    ran(stays, cast, "worked", days_ago=8)
    for outcome, number in (("worked", 6), ("deviations", 5), ("failed", 4)):
        ran(goes, cast, outcome, days_ago=number)
    batch = merge_items(item.reference, goes.document.item.reference, by=SYSTEM, version=item.version)
    assert kept_beside(stays) == (4, days_ago[6], days_ago[6] + dt.timedelta(days=30))
    assert kept_beside(goes) == (0, None, None)
    split_items(batch.pk, by=SYSTEM)
    assert kept_beside(stays) == (1, days_ago[8], days_ago[8] + dt.timedelta(days=30))
    assert kept_beside(goes) == (3, days_ago[6], days_ago[6] + dt.timedelta(days=10))
