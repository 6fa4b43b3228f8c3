"""Standard changes: proposed, decided by the management team, worded anew, raised without asking anybody."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from helhet.changes.actions.standards import (
    approved_of,
    decide_version,
    propose_standard,
    propose_version,
    raise_standard,
    retire_standard,
)
from helhet.changes.clashes import clashes_of
from helhet.changes.models import Change, ChangeState, Position, StandardChange
from helhet.changes.standards import use_of
from helhet.changes.tests.planned import make_freeze
from helhet.kit.errors import Clash, Forbidden, Invalid, Stale


def proposed(sjovik: SimpleNamespace, **more: str) -> StandardChange:
    told = {"name": "Starta om", "item": sjovik.node.reference, "routine": "Starta om den"} | more
    return propose_standard(by=sjovik.member, group=sjovik.drift.reference, **told)


def approved(sjovik: SimpleNamespace, **more: str) -> StandardChange:
    return decide_version(proposed(sjovik, **more).pk, by=sjovik.team, version=1, approve=True)


def soon() -> dt.datetime:
    return timezone.now() + dt.timedelta(days=5)


def test_only_the_management_team_approves_and_only_then_it_is_raised(sjovik):
    one = proposed(sjovik)
    with pytest.raises(Clash):
        raise_standard(one.pk, by=sjovik.member, starts_at=soon())
    with pytest.raises(Forbidden):
        decide_version(one.pk, by=sjovik.chair, version=1, approve=True)
    with pytest.raises(Stale):
        decide_version(one.pk, by=sjovik.team, version=7, approve=True)
    one = decide_version(one.pk, by=sjovik.team, version=1, approve=True)
    change = raise_standard(one.pk, by=sjovik.member, starts_at=soon())
    assert (change.state, change.type) == (ChangeState.SCHEDULED, "standard")
    assert change.ends_at - change.starts_at == dt.timedelta(hours=1)
    assert not Position.objects.filter(change=change).exists()


def test_one_that_clashes_stays_a_draft_until_somebody_answers_for_it(sjovik):
    one = approved(sjovik)
    make_freeze("Lönekörning", soon() - dt.timedelta(days=1), soon() + dt.timedelta(days=1))
    assert raise_standard(one.pk, by=sjovik.member, starts_at=soon()).state == ChangeState.DRAFT
    assert raise_standard(one.pk, by=sjovik.member).state == ChangeState.DRAFT


def test_a_new_wording_replaces_the_old_when_it_is_approved_and_keeps_what_was_not_said(sjovik):
    one = approved(sjovik, conditions="Klustret är friskt")
    one = propose_version(one.pk, by=sjovik.member, version=one.version, minutes=30)
    with pytest.raises(Clash):
        propose_version(one.pk, by=sjovik.member, version=one.version, minutes=31)
    held = approved_of(one)
    assert held is not None
    assert held.number == 1
    one = decide_version(one.pk, by=sjovik.team, version=one.version, approve=True)
    held = approved_of(one)
    assert held is not None
    assert (held.number, held.minutes, held.conditions) == (2, 30, "Klustret är friskt")
    assert [version.state for version in one.versions.all()] == ["approved", "replaced"]


def test_a_refusal_says_why_and_leaves_the_version_before(sjovik):
    one = approved(sjovik)
    one = propose_version(one.pk, by=sjovik.member, version=one.version, minutes=30)
    with pytest.raises(Invalid):
        decide_version(one.pk, by=sjovik.team, version=one.version, approve=False)
    one = decide_version(one.pk, by=sjovik.team, version=one.version, approve=False, words="För kort")
    held = approved_of(one)
    assert held is not None
    assert held.number == 1


def test_a_retired_one_is_raised_no_longer_and_its_changes_stay(sjovik):
    one = approved(sjovik)
    raise_standard(one.pk, by=sjovik.member, starts_at=soon())
    one = retire_standard(one.pk, by=sjovik.member, version=one.version, reason="Görs av en robot")
    with pytest.raises(Clash):
        raise_standard(one.pk, by=sjovik.member, starts_at=soon())
    assert use_of(one)["raised"] == 1


def test_of_a_kind_it_is_raised_on_items_of_that_kind_alone(sjovik):
    told = {"name": "Starta om", "kind": "storage", "routine": "Starta om den"}
    one = propose_standard(by=sjovik.member, group=sjovik.drift.reference, **told)
    one = decide_version(one.pk, by=sjovik.team, version=1, approve=True)
    with pytest.raises(Invalid):
        raise_standard(one.pk, by=sjovik.member, item=sjovik.base.reference)
    assert raise_standard(one.pk, by=sjovik.member, item=sjovik.node.reference).affected.get().item == sjovik.node


def test_the_page_shows_versions_side_by_side_and_the_item_offers_it(sjovik, client):
    one = approved(sjovik)
    propose_version(one.pk, by=sjovik.member, version=one.version, minutes=45)
    client.force_login(sjovik.cast.chair)
    shown = client.get(f"/changes/standards/{one.pk}/").content.decode()
    assert "<del>60</del>" in shown
    assert f"/changes/standards/{one.pk}/raise/" in client.get(sjovik.node.get_absolute_url()).content.decode()
    told = client.post(f"/changes/standards/{one.pk}/raise/", {"item": "", "starts_at": ""})
    assert told.status_code == 302


def test_with_one_click_it_has_the_first_free_time_and_stands_in_the_calendar(sjovik, client):
    one = approved(sjovik)
    client.force_login(sjovik.cast.member)
    page = client.get(sjovik.node.get_absolute_url()).content.decode()
    assert 'name="at_first_free"' in page
    address = reverse("changes:standard_raise", args=[one.pk])
    sent = {"item": sjovik.node.reference, "at_first_free": "on"}
    assert "schemalagd" in client.post(address, sent, follow=True).content.decode()
    change = Change.objects.get(type="standard")
    assert (change.state, change.ends_at - change.starts_at) == (ChangeState.SCHEDULED, dt.timedelta(hours=1))
    assert clashes_of(change) == []
    second = raise_standard(one.pk, by=sjovik.member, at_first_free=True)
    assert second.state == ChangeState.SCHEDULED
    assert second.starts_at >= change.ends_at or second.ends_at <= change.starts_at
    client.force_login(sjovik.cast.reader)
    assert 'name="at_first_free"' not in client.get(sjovik.node.get_absolute_url()).content.decode()
