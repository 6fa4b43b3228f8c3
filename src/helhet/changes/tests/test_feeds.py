"""Calendars under a secret address: whose, for how long, what is told, and what guessing meets."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlsplit

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from helhet.changes import feeds
from helhet.changes.actions import end_feed, make_feed, renew_feed
from helhet.changes.actions.feeds import GUESSES
from helhet.changes.feeds import AHEAD, BACK
from helhet.changes.models import ChangePerson, ChangeState, Feed, Outcome, Position
from helhet.changes.tests.planned import at, make_change, make_freeze
from helhet.groups.models import Person
from helhet.journal.models import Event
from helhet.kit.errors import Clash, NotFound, Stale
from helhet.routines.actions.operations import change_operation, create_operation
from helhet.routines.feeding import times_of
from helhet.routines.models import Occurrence
from helhet.routines.occurring import make_all
from tests.world import SYSTEM, Cast, as_caller, make_item

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now() -> object:
    with time_machine.travel("2026-11-19 12:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def cast() -> Cast:
    return Cast()


def path_of(url: str) -> str:
    return urlsplit(url).path


def fetched(url: str) -> str:
    answer = Client().get(path_of(url))
    assert answer.status_code == 200
    return answer.content.decode().replace("\r\n ", "")


def test_a_groups_calendar_tells_titles_and_times_of_its_changes_and_nothing_else(cast: Cast) -> None:
    node = make_item("Hemlig nod")
    make_change("Byte", [node], at(21, 18), at(21, 26), group=cast.group, purpose="Hemligt skäl")
    make_change("Annans", [node], at(21, 18), at(21, 26), group=cast.other_group)
    asked = make_change("Frågad", [node], at(22, 18), at(22, 26), group=cast.other_group, state=ChangeState.ASKING)
    Position.objects.create(change=asked, group=cast.group, due_at=at(20))
    make_change("Utkast", [node], at(21, 18), at(21, 26), group=cast.group, state=ChangeState.DRAFT)
    make_change(
        "Inställd", [node], at(23, 18), at(23, 26), group=cast.group, state=ChangeState.CLOSED,
        outcome=Outcome.CANCELLED, version=4,
    )  # fmt: skip
    make_freeze("Julstopp", at(20, month=12), at(28, month=12))
    text = fetched(make_feed(by=as_caller(cast.reader), group=cast.group.reference)[1])
    assert [name in text for name in ("Byte", "Frågad", "Inställd", "Julstopp")] == [True] * 4
    assert [name in text for name in ("Annans", "Utkast", "Hemlig", "skäl", "Siv")] == [False] * 5
    assert "DTSTART:20261121T170000Z" in text
    assert "STATUS:TENTATIVE" in text
    cancelled = text[text.index("Inställd") :]
    assert cancelled.index("STATUS:CANCELLED") < cancelled.index("SEQUENCE:4")


def test_a_persons_calendar_holds_what_he_takes_part_in(cast: Cast) -> None:
    person = Person.objects.get(user=cast.member)
    make_change("Egen", [make_item()], at(21, 18), at(21, 26), owner=person)
    shared = make_change("Deltar", [make_item()], at(21, 18), at(21, 26))
    ChangePerson.objects.create(change=shared, person=person)
    make_change("Andras", [make_item()], at(21, 18), at(21, 26))
    text = fetched(make_feed(by=as_caller(cast.member))[1])
    assert ("Egen" in text, "Deltar" in text, "Andras" in text) == (True, True, False)
    with pytest.raises(Clash):
        make_feed(by=as_caller(cast.reader))


def test_the_address_of_an_event_stays_and_its_sequence_grows(cast: Cast) -> None:
    change = make_change("Byte", [make_item()], at(21, 18), at(21, 26), group=cast.group)
    _feed, url = make_feed(by=as_caller(cast.reader), group=cast.group.reference)
    first = fetched(url)
    change.version, change.starts_at = 2, at(21, 20)
    change.save()
    second = fetched(url)
    uid = next(line for line in first.split("\r\n") if line.startswith("UID:"))
    assert uid in second
    assert ("SEQUENCE:1" in first, "SEQUENCE:2" in second) == (True, True)


def test_only_the_hash_is_kept_and_the_secret_is_in_no_event(cast: Cast) -> None:
    feed, url = make_feed(by=as_caller(cast.reader), group=cast.group.reference)
    secret = path_of(url).removeprefix("/feeds/").removesuffix(".ics")
    assert len(secret) == 43
    kept = [str(value) for value in Feed.objects.filter(pk=feed.pk).values_list().get()]
    assert not any(secret in value for value in kept)
    assert not any(secret in str(event.after) for event in Event.objects.all())
    assert secret not in Client().get("/feeds/").content.decode()


@pytest.mark.parametrize("deed", ["ended", "lapsed", "disabled", "no access", "closed group"])
def test_an_address_answers_no_longer_when(cast: Cast, deed: str, now: time_machine.Traveller) -> None:
    feed, url = make_feed(by=as_caller(cast.reader), group=cast.group.reference)
    assert Client().get(path_of(url)).status_code == 200
    if deed == "ended":
        end_feed(feed.pk, by=as_caller(cast.reader), version=1)
    elif deed == "lapsed":
        now.shift(dt.timedelta(days=366))
    elif deed == "disabled":
        cast.reader.is_active = False
        cast.reader.save()
    elif deed == "no access":
        cast.reader.access = "none"
        cast.reader.save()
    else:
        cast.group.state = "closed"
        cast.group.save()
    assert Client().get(path_of(url)).status_code == 404


def test_a_persons_calendar_ends_with_the_tie_to_his_user(cast: Cast) -> None:
    _feed, url = make_feed(by=as_caller(cast.member))
    Person.objects.filter(user=cast.member).update(user=None)
    assert Client().get(path_of(url)).status_code == 404


def test_renewing_gives_another_address_and_ends_the_old(cast: Cast) -> None:
    feed, old = make_feed(by=as_caller(cast.reader), group=cast.group.reference)
    renewed, new = renew_feed(feed.pk, by=as_caller(cast.reader), version=1)
    assert renewed.group == cast.group
    assert [Client().get(path_of(url)).status_code for url in (old, new)] == [404, 200]
    with pytest.raises(Stale):
        renew_feed(renewed.pk, by=as_caller(cast.reader), version=9)
    with pytest.raises(NotFound):
        end_feed(renewed.pk, by=as_caller(cast.administrator), version=1)


def test_the_last_use_is_told_on_the_page(cast: Cast) -> None:
    feed, url = make_feed(by=as_caller(cast.reader), group=cast.group.reference)
    fetched(url)
    assert Feed.objects.get(pk=feed.pk).last_used_at is not None
    client = Client()
    client.force_login(cast.reader)
    page = client.get("/changes/feeds/").content.decode()
    assert "alldeles nyss" in page or "nyss" in page
    assert feed.prefix in page


def test_guessing_is_braked_by_address_and_using_is_not(cast: Cast) -> None:
    _feed, url = make_feed(by=as_caller(cast.reader), group=cast.group.reference)
    for _count in range(GUESSES + 5):
        assert Client().get(path_of(url)).status_code == 200
    guesses = [Client().get(f"/feeds/{'x' * 43}{count}.ics").status_code for count in range(GUESSES + 1)]
    assert (guesses[0], guesses[GUESSES - 1], guesses[GUESSES]) == (404, 404, 429)
    assert Client().get(path_of(url)).status_code == 429
    assert Client(REMOTE_ADDR="10.0.0.9").get(path_of(url)).status_code == 200


def test_a_calendars_secret_lets_nobody_in_elsewhere(cast: Cast) -> None:
    _feed, url = make_feed(by=as_caller(cast.reader), group=cast.group.reference)
    secret = path_of(url).removeprefix("/feeds/").removesuffix(".ics")
    assert Client().get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"}).status_code == 401
    client = Client()
    client.post(f"/link/{secret}/")
    assert client.get("/changes/calendar/").status_code == 302


def test_a_calendar_of_operational_tasks_tells_their_days_also_those_to_come(cast: Cast) -> None:
    item = make_item("Hemlig nod")
    task = create_operation(
        by=SYSTEM, title="Gå igenom", item=item.reference, group=cast.group.reference, rule="FREQ=WEEKLY;BYDAY=FR",
        first_on=dt.date(2026, 12, 25), closed_day="next",
    )  # fmt: skip
    make_change("Byte", [item], at(21, 18), at(21, 26), group=cast.group)
    made, url = make_feed(by=as_caller(cast.reader), group=cast.group.reference, what="operations")
    text = fetched(url)
    assert "DTSTART;VALUE=DATE:20261228" in text
    assert "SUMMARY:Gå igenom" in text
    assert ("Byte" in text, "Hemlig" in text) == (False, False)
    _renewed, both = renew_feed(made.pk, by=as_caller(cast.reader), version=1)
    assert "DTSTART;VALUE=DATE:20261228" in fetched(both)
    skipped = Occurrence.objects.create(
        task=task, rule_on=dt.date(2026, 12, 25), due_on=dt.date(2026, 12, 28), state="skipped", version=2
    )
    change_operation(task.pk, by=SYSTEM, version=1, at=dt.time(9))
    later = fetched(both)
    uid = f"UID:operation-{task.pk}-{skipped.rule_on:%Y%m%d}@"
    (event,) = [one for one in later.split("BEGIN:VEVENT") if uid in one]
    assert ("STATUS:CANCELLED" in event, "SEQUENCE:4" in event) == (True, True)
    assert "SEQUENCE:1" in text
    assert "SEQUENCE:2" in later


def test_of_more_times_than_a_calendar_holds_the_nearest_are_held_and_the_last_whole_day_is_told(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, now: time_machine.Traveller
) -> None:
    item = make_item("Nod")
    for number in range(7):
        create_operation(
            by=SYSTEM, title=f"Uppgift {number}", item=item.reference, group=cast.group.reference, lead_days=number,
            rule=("FREQ=DAILY", "FREQ=WEEKLY;BYDAY=SU")[number % 2], closed_day=("before", "next", "keep")[number % 3],
        )  # fmt: skip
    for _day in range(40):
        now.shift(dt.timedelta(days=1))
        make_all()
    today = timezone.localdate()
    asked = {"group_id": cast.group.pk, "person_id": None, "back": BACK, "ahead": AHEAD}
    everything = times_of(as_caller(cast.reader), **asked, most=10**6)
    assert (len(everything.times) > 1_500, everything.up_to) == (True, None)
    for most in (1, 60, 200, 250, 300, 900):
        held = times_of(as_caller(cast.reader), **asked, most=most)
        nearest = sorted(abs(one.on - today) for one in everything.times)[:most]
        assert sorted(abs(one.on - today) for one in held.times) == nearest
        assert set(held.times) <= set(everything.times)
        missing = [one.on for one in everything.times if one not in held.times and one.on >= today]
        assert held.up_to is not None
        assert today - dt.timedelta(days=1) <= held.up_to < min(missing)
    _feed, url = make_feed(by=as_caller(cast.reader), group=cast.group.reference, what="operations")
    assert "more-operations@" not in fetched(url)
    monkeypatch.setattr(feeds, "MOST", 60)
    text = fetched(url)
    assert text.count("BEGIN:VEVENT") == 61
    assert "SUMMARY:Kalendern rymmer 60 driftuppgifter\\, de närmaste i tid: alla till och med " in text


def test_of_more_changes_than_a_calendar_holds_those_to_come_are_held(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in (1, 5, 18, 21, 22, 29):
        make_change(f"Den {day}:e", [make_item(f"Nod {day}")], at(day, 18), at(day, 20), group=cast.group)
    _feed, url = make_feed(by=as_caller(cast.reader), group=cast.group.reference)
    monkeypatch.setattr(feeds, "MOST", 4)
    text = fetched(url)
    assert [day for day in (1, 5, 18, 21, 22, 29) if f"Den {day}:e" in text] == [18, 21, 22, 29]
    assert "more-changes@" not in text
    monkeypatch.setattr(feeds, "MOST", 2)
    text = fetched(url)
    assert [day for day in (1, 5, 18, 21, 22, 29) if f"Den {day}:e" in text] == [21, 22]
    (told,) = [one for one in text.split("BEGIN:VEVENT") if "UID:more-changes@" in one]
    assert "SUMMARY:Kalendern rymmer 2 ändringar: alla kommande till och med 28 november" in told
    assert "DTSTART;VALUE=DATE:20261128" in told


def test_the_page_says_how_much_a_calendar_holds(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.reader)
    page = client.get("/changes/feeds/").content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert f"Den rymmer högst {feeds.MOST:,} ändringar".replace(",", " ") in page
