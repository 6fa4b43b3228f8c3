"""What was saved is found by its words within seconds: workers notice that the index is behind."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from helhet.items.actions import change_item
from helhet.items.models import Kind
from helhet.items.writing import NewItem, add_items
from helhet.journal.actions import close_batch, open_batch
from helhet.journal.models import Event
from helhet.kit.jobs import Job, JobState, worker
from helhet.search.finding import find
from helhet.search.following import ask_if_behind
from helhet.search.indexing import index_all
from tests.world import DAY, SYSTEM, make_item

pytestmark = pytest.mark.django_db


def found(text: str) -> list[str]:
    return [hit.name for one in find(text, SYSTEM) for hit in one.hits]


def test_a_save_is_noticed_and_found_when_the_job_has_run() -> None:
    index_all()
    item = make_item("Fyrdatabasen", kind="database")
    change_item(item.reference, by=SYSTEM, version=item.version, name="Sjökortet")
    assert ask_if_behind()
    assert worker.drain() == 1
    assert found("sjökortet") == ["Sjökortet"]
    assert not ask_if_behind()


def test_however_much_is_saved_one_job_waits() -> None:
    for number in range(3):
        item = make_item(f"srv-{number}")
        change_item(item.reference, by=SYSTEM, version=item.version, description="ny")
        ask_if_behind()
    assert Job.objects.count() == 1


def test_an_import_is_left_alone_until_its_batch_is_closed() -> None:
    index_all()
    batch = open_batch("import", "cmdb", by=SYSTEM)
    add_items([NewItem(Kind.objects.get(key="server"), "srv-ny")], by=SYSTEM, on=DAY, batch=batch)
    assert not ask_if_behind()
    close_batch(batch, by=SYSTEM)
    assert ask_if_behind()
    worker.drain()
    assert found("srv-ny") == ["srv-ny"]


def test_a_job_that_was_given_up_is_not_asked_for_again_at_once() -> None:
    item = make_item("srv-1")
    change_item(item.reference, by=SYSTEM, version=item.version, description="ny")
    assert ask_if_behind()
    Job.objects.update(state=JobState.DEAD, finished_at=timezone.now())
    assert not ask_if_behind()


def test_looking_costs_two_reads_and_no_writing() -> None:
    item = make_item("srv-1")
    change_item(item.reference, by=SYSTEM, version=item.version, description="ny")
    index_all()
    assert Event.objects.exists()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert not ask_if_behind()
    assert len(asked) == 2


def test_a_worker_looks_around_while_it_has_nothing_to_do() -> None:
    stop, looked = threading.Event(), []

    def look() -> None:
        looked.append(True)
        stop.set()

    assert worker.run(stop_event=stop, rounds=[look]) == 0
    assert looked == [True]
