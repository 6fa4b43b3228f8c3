"""What must not get round what the groups said: later noes, dropped conditions, old decisions, closed changes."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from django.utils import timezone

from helhet.changes import actions, rounds
from helhet.changes.flow import positions_of
from helhet.changes.models import Change, ChangePerson, ChangeState, Condition, ImpactMark, Position
from helhet.changes.tests.test_positions import answer, asked, drafted, now, step, window
from helhet.groups.actions import drop_task
from helhet.groups.models import Group, Task, TaskState
from helhet.kit.errors import Clash

pytestmark = pytest.mark.django_db


def settle(sjovik: SimpleNamespace, change: Change, group: Group, *, goes_on: bool = True) -> None:
    position = Position.objects.get(change=change, group=group)
    actions.settle_position(
        change.reference, group.reference, by=sjovik.team, version=position.version, goes_on=goes_on, words="Vi tar det"
    )


def agreed(sjovik: SimpleNamespace) -> Change:
    change = asked(sjovik)
    for who, group in ((sjovik.net_lead, sjovik.net), (sjovik.school_lead, sjovik.school)):
        answer(sjovik, change, who, group, "yes")
    return change


def opened(origin: str) -> int:
    return Task.objects.filter(origin=origin, state=TaskState.OPEN).count()


def test_a_no_that_comes_after_the_approval_keeps_the_change_from_being_scheduled(sjovik: SimpleNamespace) -> None:
    change = agreed(sjovik)
    step(actions.approve_change, change, sjovik.chair)
    answer(sjovik, change, sjovik.net_lead, sjovik.net, "no", words="Inte i december")
    with pytest.raises(Clash, match="säger nej"):
        step(actions.schedule_change, change, sjovik.member)


def test_a_condition_whose_task_was_dropped_is_not_met(sjovik: SimpleNamespace) -> None:
    change = agreed(sjovik)
    answer(sjovik, change, sjovik.net_lead, sjovik.net, "yes_if", conditions=["Reserv på plats"])
    task = Task.objects.get(origin="condition")
    drop_task(task.pk, by=sjovik.member, version=task.version, reason="Hinns inte")
    with pytest.raises(Clash, match="Villkoren"):
        step(actions.approve_change, change, sjovik.chair)
    answer(sjovik, change, sjovik.net_lead, sjovik.net, "yes_if", conditions=["Reserv på plats"])
    assert opened("condition") == Condition.objects.count() == 1


def test_a_decision_on_a_no_holds_until_the_group_is_asked_anew(sjovik: SimpleNamespace) -> None:
    change = agreed(sjovik)
    answer(sjovik, change, sjovik.net_lead, sjovik.net, "no", words="För kort tid")
    settle(sjovik, change, sjovik.net)
    step(actions.approve_change, change, sjovik.chair)
    actions.move_change(change.reference, *window(9, 12).values(), by=sjovik.member, version=now(change).version)
    answer(sjovik, change, sjovik.school_lead, sjovik.school, "yes")
    with pytest.raises(Clash, match="har inte svarat"):
        step(actions.approve_change, change, sjovik.chair)


def test_a_decision_on_silence_stands_when_others_are_asked(sjovik: SimpleNamespace) -> None:
    change = asked(sjovik)
    settle(sjovik, change, sjovik.net)
    step(actions.ask_positions, change, sjovik.member)
    answer(sjovik, change, sjovik.school_lead, sjovik.school, "yes")
    assert step(actions.approve_change, change, sjovik.chair).state == ChangeState.APPROVED


def test_silence_that_is_settled_already_is_no_matter_of_the_management_team(sjovik: SimpleNamespace) -> None:
    change = asked(sjovik)
    settle(sjovik, change, sjovik.net)
    assert rounds.escalate(timezone.now() + dt.timedelta(days=30)) == 1
    assert opened("settlement") == 1


@pytest.mark.parametrize("how", ["answered", "settled", "withdrawn"])
def test_the_management_teams_task_ends_with_the_silence(sjovik: SimpleNamespace, how: str) -> None:
    change = asked(sjovik)
    rounds.escalate(timezone.now() + dt.timedelta(days=30))
    assert opened("settlement") == 2
    if how == "answered":
        answer(sjovik, change, sjovik.net_lead, sjovik.net, "yes")
    elif how == "settled":
        settle(sjovik, change, sjovik.net)
    else:
        step(actions.cancel_change, change, sjovik.member, reason="Behövs inte")
    assert opened("settlement") == (0 if how == "withdrawn" else 1)


def test_the_conditions_of_a_position_that_is_withdrawn_need_not_be_met(sjovik: SimpleNamespace) -> None:
    change = asked(sjovik)
    answer(sjovik, change, sjovik.net_lead, sjovik.net, "yes_if", conditions=["Reserv på plats"])
    step(actions.take_back_change, change, sjovik.member)
    assert opened("condition") == 0
    step(actions.ask_positions, change, sjovik.member)
    answer(sjovik, change, sjovik.net_lead, sjovik.net, "yes_if", conditions=["Reserv på plats"])
    assert opened("condition") == 1
    assert [len(one.conditions.all()) for one in positions_of(change)].count(1) == 1


def test_a_closed_change_is_neither_marked_settled_reminded_nor_given_people(sjovik: SimpleNamespace) -> None:
    change = drafted(sjovik, type="emergency")
    step(actions.begin_change, change, sjovik.member)
    answer(sjovik, change, sjovik.net_lead, sjovik.net, "no", words="Nej")
    for group in (sjovik.net, sjovik.school):
        settle(sjovik, change, group)
    step(actions.finish_change, change, sjovik.member, outcome="done")
    step(actions.close_change, change, sjovik.member, learnt="Öva")
    with pytest.raises(Clash):
        step(actions.mark_impact, change, sjovik.member, item=sjovik.base.reference, is_hit=False, reason="Kopia")
    with pytest.raises(Clash):
        settle(sjovik, change, sjovik.net, goes_on=False)
    with pytest.raises(Clash):
        actions.remind(change.reference, sjovik.school.reference, by=sjovik.member)
    with pytest.raises(Clash):
        step(actions.change_change, change, sjovik.member, people=[sjovik.cast.member.email])
    assert not ImpactMark.objects.exists()
    assert not ChangePerson.objects.exists()
