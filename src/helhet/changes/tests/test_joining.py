"""Changes on the pages of items and groups, and when a group closes."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client

from helhet.changes import actions
from helhet.changes.models import Change, Position
from helhet.groups.actions import close_group
from helhet.groups.actions.group import weight_of
from helhet.groups.models import Group, Task
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db


def asked(sjovik: SimpleNamespace) -> Change:
    change = actions.draft_change(
        by=sjovik.member, title="Byte av nod", group=sjovik.drift.reference, items=[sjovik.node.reference],
        type="emergency",
    )  # fmt: skip
    return actions.begin_change(change.reference, by=sjovik.member, version=change.version)


def test_an_items_page_shows_its_changes_and_leads_to_a_new_one(sjovik: SimpleNamespace) -> None:
    change = asked(sjovik)
    client = Client()
    client.force_login(sjovik.cast.member)
    page = client.get(sjovik.node.get_absolute_url()).content.decode()
    assert change.get_absolute_url() in page
    assert f"/changes/new/?item={sjovik.node.reference}" in page
    client.force_login(sjovik.cast.reader)
    assert "/changes/new/" not in client.get(sjovik.base.get_absolute_url()).content.decode()


def test_what_waits_for_a_group_hangs_on_it_and_follows_to_the_one_that_takes_over(sjovik: SimpleNamespace) -> None:
    change = asked(sjovik)
    counts = {one.label: one.count for one in weight_of(Group.objects.get(pk=sjovik.school.pk)).others}
    assert counts["Svar som den ska lämna"] == 1
    school = Group.objects.get(pk=sjovik.school.pk)
    close_group(school.reference, by=SYSTEM, version=school.item.version, to=sjovik.cast.team.reference)
    position = Position.objects.get(change=change, group=sjovik.cast.team)
    assert (position.stance, position.withdrawn_at, position.told_at) == ("", None, None)
    assert Task.objects.get(pk=position.task_id).group == sjovik.cast.team


def test_a_group_that_is_asked_already_is_not_asked_twice(sjovik: SimpleNamespace) -> None:
    change = asked(sjovik)
    school = Group.objects.get(pk=sjovik.school.pk)
    close_group(school.reference, by=SYSTEM, version=school.item.version, to=sjovik.net.reference)
    assert list(Position.objects.visible_to(SYSTEM).filter(change=change).values_list("group", flat=True)) == [
        sjovik.net.pk
    ]


def test_a_group_whose_position_was_withdrawn_is_asked_when_it_takes_over(sjovik: SimpleNamespace) -> None:
    change = asked(sjovik)
    Position.objects.filter(change=change, group=sjovik.net).update(
        stance="no", words="Nej", withdrawn_at=change.submitted_at, answered_at=change.submitted_at
    )
    school = Group.objects.get(pk=sjovik.school.pk)
    due = Position.objects.get(change=change, group=school).due_at
    close_group(school.reference, by=SYSTEM, version=school.item.version, to=sjovik.net.reference)
    position = Position.objects.visible_to(SYSTEM).get(change=change)
    assert (position.group_id, position.stance, position.words, position.due_at) == (sjovik.net.pk, "", "", due)
    task = Task.objects.get(pk=position.task_id)
    assert (task.state, task.group_id, task.origin_id) == ("open", sjovik.net.pk, position.pk)


def test_open_changes_follow_to_the_group_that_takes_over(sjovik: SimpleNamespace) -> None:
    change = asked(sjovik)
    drift = Group.objects.get(pk=sjovik.drift.pk)
    close_group(drift.reference, by=SYSTEM, version=drift.item.version, to=sjovik.net.reference)
    assert Change.objects.get(pk=change.pk).group_id == sjovik.net.pk
    assert not Position.objects.visible_to(SYSTEM).filter(change=change, group=sjovik.net).exists()
