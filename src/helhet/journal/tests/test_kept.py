"""The database refuses to alter or delete events, whoever asks it, but for what sealing and blanking need."""

from __future__ import annotations

import datetime as dt
import importlib
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from helhet.journal.actions import record
from helhet.journal.models import Event
from helhet.journal.sealing import seal_all, verify
from helhet.kit.rights import the_system

pytestmark = pytest.mark.django_db
BY = the_system("test")
BLANK = {"actor": "", "before": None, "after": None, "reason": "", "salt": ""}
ALTERED: dict[str, Any] = {
    "actor": "någon annan", "verb": "x.y.z", "noun": "group", "noun_id": 99, "before": {"å": 2}, "after": None,
    "reason": "", "user_id": 7, "request_id": "x",
}  # fmt: skip


def written() -> Event:
    return record("a.b.c", "thing", 1, by=BY, before={"å": 1}, after={"å": 2}, reason="därför")


def refused(**fields: Any) -> None:
    with pytest.raises(DatabaseError, match="never altered"), transaction.atomic():
        Event.objects.update(**fields)


@pytest.mark.parametrize("field", sorted(ALTERED))
@pytest.mark.parametrize("is_sealed", [False, True])
def test_what_an_event_says_is_not_altered(field: str, is_sealed: bool) -> None:
    written()
    if is_sealed:
        seal_all()
    refused(**{field: ALTERED[field]})
    assert verify() is None


def test_its_place_and_its_seal_are_given_once() -> None:
    written()
    seal_all()
    for field, value in {"sequence": 9, "at": timezone.now(), "seal": "0", "details_seal": "0", "salt": "0"}.items():
        refused(**{field: value})
    assert verify() is None


def test_a_moment_can_be_set_back_before_the_seal() -> None:
    written()
    earlier = timezone.now() - dt.timedelta(days=100)
    Event.objects.update(at=earlier)
    assert Event.objects.get().at == earlier


def test_details_are_blanked_together_or_not_at_all() -> None:
    written()
    seal_all()
    refused(salt="")
    refused(**{**BLANK, "reason": "annat"})
    Event.objects.update(**BLANK)
    assert verify() is None
    refused(actor="någon annan")


@pytest.mark.parametrize("is_sealed", [False, True])
def test_no_event_is_deleted(is_sealed: bool) -> None:
    if connection.vendor == "sqlite":
        # Left out of the tests' database: see conftest.py.
        kept = importlib.import_module("helhet.journal.migrations.0004_kept")
        with connection.cursor() as cursor:
            name = "journal_event_kept"
            cursor.execute(f"CREATE TRIGGER {name} {kept.SQLITE[name]} BEGIN SELECT RAISE(ABORT, '{kept.SAID}'); END")
    written()
    if is_sealed:
        seal_all()
    with pytest.raises(DatabaseError, match="never altered"), transaction.atomic():
        Event.objects.all().delete()
    assert Event.objects.count() == 1


def test_every_migration_leaves_the_guards_standing() -> None:
    kept = importlib.import_module("helhet.journal.migrations.0004_kept")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = 'journal_event'::regclass AND NOT tgisinternal"
            )
            assert [name for (name,) in cursor.fetchall()] == ["journal_event_kept"]
            return
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'journal_event'")
        assert {name for (name,) in cursor.fetchall()} | {"journal_event_kept"} == set(kept.SQLITE)
