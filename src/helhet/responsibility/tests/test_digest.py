"""Groups are told once a day what came to them, left them or lost its owner."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from helhet.groups.answering import assign_by_hand
from helhet.items.models import SourceKey
from helhet.responsibility.deciding import recompute
from helhet.responsibility.digest import news, send_digest
from tests.world import SYSTEM, make_group, make_item, make_person

TODAY = dt.date(2026, 6, 1)


@pytest.mark.django_db
def test_each_group_is_told_what_came_left_and_was_lost():
    ann, bo = make_person("Ann", email="ann@sjovik.example"), make_person("Bo", email="bo@sjovik.example")
    drift, net = make_group("Drift", chair=ann), make_group("Nät", chair=bo)
    moved = make_item("Växel 1", says=drift, key="k1")
    lost = make_item("Växel 2", says=drift, key="k2")
    send_digest()
    mail.outbox.clear()
    assign_by_hand([moved.pk], net, by=SYSTEM, on=TODAY)
    SourceKey.objects.filter(item=lost).update(says_group=None)
    recompute([lost.pk], by=SYSTEM, on=TODAY)
    digest = send_digest()
    assert digest.mails == 2
    told = {message.to[0]: message for message in mail.outbox}
    assert "Växel 1" in told["bo@sjovik.example"].body
    assert "Växel 2" in told["ann@sjovik.example"].body
    assert "Växel 1" in told["ann@sjovik.example"].body


@pytest.mark.django_db
def test_nothing_new_is_no_mail():
    make_item(says=make_group("Drift", chair=make_person("Ann", email="ann@sjovik.example")))
    send_digest()
    mail.outbox.clear()
    assert send_digest().mails == 0
    assert mail.outbox == []


@pytest.mark.django_db
def test_what_went_and_came_back_on_the_same_day_is_no_news():
    drift, net = make_group("Drift"), make_group("Nät")
    item = make_item(says=drift, key="k")
    since = timezone.now()
    for group in (net, drift):
        SourceKey.objects.filter(item=item).update(says_group_id=group.pk)
        recompute([item.pk], by=SYSTEM, on=TODAY)
    assert news(since, timezone.now()) == {}


@pytest.mark.django_db
def test_what_moved_and_then_only_changed_its_ground_is_still_told():
    drift, net = make_group("Drift"), make_group("Nät")
    item = make_item(says=drift, key="k")
    since = timezone.now()
    SourceKey.objects.filter(item=item).update(says_group_id=net.pk)
    recompute([item.pk], by=SYSTEM, on=TODAY)
    assign_by_hand([item.pk], net, by=SYSTEM, on=TODAY + dt.timedelta(days=1))
    found = news(since, timezone.now())
    assert (found[net.pk].came, found[drift.pk].left) == ([item.pk], [item.pk])
