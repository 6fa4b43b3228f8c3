"""The pages of coverage and rules, in both languages, for those who may."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from helhet.groups.models import Answer
from helhet.responsibility.actions import Draft, create_rule
from helhet.responsibility.models import Rule
from helhet.responsibility.readings import take_reading
from tests.world import SYSTEM, Cast, make_group, make_item


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast()


def signed_in(user, language="sv") -> Client:
    user.language = language
    user.save()
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(("language", "sentence"), [("sv", "saknar grupp"), ("en", "have no group")])
def test_coverage_opens_with_its_sentence(cast: Cast, language: str, sentence: str):
    make_item("Växel Björkskolan", kind="network_device")
    make_item(says=cast.group)
    take_reading(dt.date(2026, 1, 1))
    take_reading()
    page = signed_in(cast.reader, language).get("/coverage/").content.decode()
    assert sentence in page
    assert "Växel Björkskolan" in page
    assert "coverage%3Aunowned" in page


def test_coverage_of_nothing_teaches(cast: Cast):
    assert "Inget att bevisa" in signed_in(cast.reader).get("/coverage/").content.decode()


def test_coverage_answers_for_a_past_day_and_for_one_family(cast: Cast):
    make_item(on=dt.date(2026, 1, 1))
    client = signed_in(cast.reader)
    assert client.get("/coverage/?on=2025-12-31").status_code == 200
    assert client.get("/coverage/?family=hardware").status_code == 200
    assert client.get("/coverage/?family=nonsense").status_code == 422
    assert client.get("/coverage/?on=yesterday").status_code == 422


def test_a_suggestion_is_taken_with_one_click(cast: Cast):
    for number in range(7):
        make_item(f"växel {number}", kind="network_device", says=cast.group, attributes={"site": "Hamnen"})
    item = make_item("växel 8", kind="network_device", attributes={"site": "Hamnen"})
    client = signed_in(cast.member)
    value = f"{item.pk}:{cast.group.pk}"
    assert value in client.get("/coverage/").content.decode()
    assert client.post("/coverage/assignments/", {"assign": value}).status_code == 302
    assert Answer.objects.open().get(item=item).group_id == cast.group.pk


def test_a_member_cannot_assign_to_a_group_that_he_is_not_in(cast: Cast):
    item = make_item()
    answer = signed_in(cast.member).post("/coverage/assignments/", {"assign": f"{item.pk}:{cast.other_group.pk}"})
    assert answer.status_code == 403
    assert Answer.objects.open().get(item=item).group_id is None


def test_a_rule_is_tried_then_saved(cast: Cast):
    make_item(kind="server")
    client = signed_in(cast.coordinator)
    data = {"sort": "named", "filter": "kind:server", "group": cast.group.pk, "place": "", "note": "drift"}
    tried = client.post("/rules/new/", {**data, "try": "1"})
    assert "Väljer" in tried.content.decode()
    assert not Rule.objects.filter(sort="named").exists()
    part = client.post("/rules/preview/", data, headers={"HX-Request": "true"})
    assert part.status_code == 200
    saved = client.post("/rules/new/", {**data, "save": "1"})
    assert saved.status_code == 302
    assert Answer.objects.open().filter(group=cast.group).count() == 1
    assert client.get(saved["Location"]).status_code == 200


def test_nobody_is_told_off_while_a_rule_is_being_written(cast: Cast):
    client = signed_in(cast.coordinator, "en")
    data = {"sort": "named", "filter": "kind:server", "group": "", "place": "", "note": ""}
    assert "Choose a group, and you see here what would move." in client.post("/rules/preview/", data).content.decode()
    empty = client.post("/rules/preview/", {**data, "filter": "", "group": cast.group.pk}).content.decode()
    assert "Say which items, and you see here what would move." in empty
    wrong = client.post("/rules/preview/", {**data, "place": "first"}).content.decode()
    assert "Place in the list: " in wrong


def test_the_list_tells_rules_in_words(cast: Cast):
    create_rule(Draft(filter="kind:network_device -tag:voice", group=cast.group, note="All of the net"), by=SYSTEM)
    page = signed_in(cast.reader, "en").get("/rules/").content.decode()
    assert "All of the net" in page
    assert "Kind Network device; not tag voice" in page
    assert "kind:network_device" not in page


def test_a_fault_in_the_filter_is_shown_at_the_field_and_nothing_is_lost(cast: Cast):
    data = {"sort": "named", "filter": "kind:serverr", "group": cast.group.pk, "note": "mitt skäl", "save": "1"}
    answer = signed_in(cast.coordinator).post("/rules/new/", data)
    assert answer.status_code == 422
    assert "mitt skäl" in answer.content.decode()
    assert "kind:serverr" in answer.content.decode()


def test_rules_are_moved_and_removed(cast: Cast):
    rule, _moved = create_rule(Draft(filter="kind:server", group=make_group("X")), by=SYSTEM)
    client = signed_in(cast.coordinator)
    assert client.get("/rules/").status_code == 200
    client.post(f"/rules/{rule.number}/place/", {"step": "up", "version": rule.version})
    assert [one.number for one in Rule.objects.order_by("position")] == [1, rule.number, 2]
    rule.refresh_from_db()
    assert client.get(f"/rules/{rule.number}/removal/").status_code == 200
    assert client.post(f"/rules/{rule.number}/removal/", {"version": rule.version}).status_code == 302
    assert not Rule.objects.filter(pk=rule.pk).exists()


def test_a_reader_sees_rules_and_cannot_write_them(cast: Cast):
    client = signed_in(cast.reader)
    assert client.get("/rules/1/").status_code == 200
    assert client.get("/rules/new/").status_code == 403
    assert client.post("/rules/1/", {"sort": "source", "save": "1"}).status_code == 403
