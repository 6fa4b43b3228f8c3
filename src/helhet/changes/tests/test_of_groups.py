"""Changes on the pages of groups and persons, and what hangs on a person who leaves."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from helhet.changes import actions
from helhet.changes.models import Change, Feed, Position
from helhet.groups.actions import end_person, weight_of_person
from helhet.groups.models import Person
from helhet.journal.models import Event
from tests.world import SYSTEM, as_caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(sjovik: SimpleNamespace) -> Change:
    change = actions.draft_change(
        by=sjovik.member, title="Byte av nod", group=sjovik.drift.reference, items=[sjovik.node.reference],
        starts_at=timezone.now() + dt.timedelta(days=7), ends_at=timezone.now() + dt.timedelta(days=7, hours=2),
        people=[sjovik.cast.chair.email],
    )  # fmt: skip
    return actions.ask_positions(change.reference, by=sjovik.member, version=change.version)


def page_of(user: object, address: str) -> str:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client.get(address).content.decode()


def test_a_group_page_shows_what_it_must_answer_with_the_way_to_the_answer(
    sjovik: SimpleNamespace, asked: Change
) -> None:
    to_answer = reverse("changes:position", args=[asked.reference, sjovik.net.reference])
    page = page_of(Person.objects.get(name="Karin").user, sjovik.net.get_absolute_url())
    assert to_answer in page
    assert "Begär svar" in page
    others = page_of(sjovik.cast.reader, sjovik.net.get_absolute_url())
    assert asked.name in others
    assert to_answer not in others
    Position.objects.filter(change=asked, group=sjovik.net).update(stance="yes")
    assert "Begär svar" not in page_of(sjovik.cast.reader, sjovik.net.get_absolute_url())


def test_a_group_page_shows_its_changes_and_makes_its_calendar_address(sjovik: SimpleNamespace, asked: Change) -> None:
    page = page_of(sjovik.cast.member, sjovik.drift.get_absolute_url())
    assert asked.get_absolute_url() in page
    assert "Prenumerera på dess ändringar i en kalender" in page
    feed, _address = actions.make_feed(by=sjovik.member, group=sjovik.drift.reference)
    assert feed.prefix in page_of(sjovik.cast.member, sjovik.drift.get_absolute_url())
    assert feed.prefix not in page_of(sjovik.cast.chair, sjovik.drift.get_absolute_url())


def test_a_person_page_shows_the_same_for_the_person(sjovik: SimpleNamespace, asked: Change) -> None:
    leads = Person.objects.get(name="Karin")
    assert reverse("changes:position", args=[asked.reference, sjovik.net.reference]) in page_of(
        leads.user, leads.get_absolute_url()
    )
    takes_part = sjovik.cast.chair.person
    page = page_of(sjovik.cast.chair, takes_part.get_absolute_url())
    assert asked.get_absolute_url() in page
    assert "Prenumerera på mina ändringar" in page
    assert "Prenumerera" not in page_of(sjovik.cast.reader, takes_part.get_absolute_url())


def test_the_list_finds_what_a_person_owns_or_takes_part_in(sjovik: SimpleNamespace, asked: Change) -> None:
    for person in (sjovik.cast.member.person, sjovik.cast.chair.person):
        page = page_of(sjovik.cast.reader, f"{reverse('changes:changes')}?q=person:%22{person.name}%22")
        assert asked.get_absolute_url() in page
    other = Person.objects.get(name="Karin")
    assert asked.get_absolute_url() not in page_of(
        sjovik.cast.reader, f"{reverse('changes:changes')}?q=person:%22{other.name}%22"
    )


def test_what_hangs_on_a_person_has_changes_conditions_and_calendars(sjovik: SimpleNamespace, asked: Change) -> None:
    actions.make_feed(by=sjovik.member, group=sjovik.drift.reference)
    position = Position.objects.get(change=asked, group=sjovik.net)
    actions.answer_position(
        asked.reference, sjovik.net.reference, by=sjovik.net_lead, version=position.version, stance="yes_if",
        conditions=["Reservrutinen är utdelad"],
    )  # fmt: skip
    task = position.conditions.get().task
    task.person = sjovik.cast.member.person
    task.save()
    counts = {one.label: one.count for one in weight_of_person(sjovik.cast.member.person).others}
    assert counts == {
        "Ändringar som personen ser till": 1, "Villkor som ändringar väntar på": 1, "Kalenderadresser som upphör": 1,
    }  # fmt: skip
    counts = {one.label: one.count for one in weight_of_person(sjovik.cast.chair.person).others}
    assert counts == {"Ändringar som personen deltar i": 1}
    page = page_of(sjovik.cast.administrator, reverse("groups:person_end", args=[sjovik.cast.member.person.pk]))
    assert "Kalenderadresser som upphör" in page


def test_a_person_who_leaves_takes_the_calendars_along(sjovik: SimpleNamespace) -> None:
    person = sjovik.cast.member.person
    of_group, address = actions.make_feed(by=sjovik.member, group=sjovik.drift.reference)
    of_person, _own = actions.make_feed(by=sjovik.member)
    other, _other = actions.make_feed(by=as_caller(sjovik.cast.chair), group=sjovik.drift.reference)
    path = address[address.index("/feeds/") :]
    assert Client().get(path).status_code == 200
    end_person(person.pk, by=SYSTEM, version=person.version)
    assert Client().get(path).status_code == 404
    ended = Feed.objects.filter(ended_at__isnull=False)
    assert set(ended.values_list("pk", flat=True)) == {of_group.pk, of_person.pk}
    assert Event.objects.filter(verb="changes.feed.ended").count() == 2
    assert Feed.objects.get(pk=other.pk).ended_at is None
