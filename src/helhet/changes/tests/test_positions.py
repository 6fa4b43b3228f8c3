from __future__ import annotations

import datetime as dt
import re
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone, translation

from helhet.accounts.models import User
from helhet.changes import actions, rounds
from helhet.changes.clashes import clashes_of
from helhet.changes.flow import positions_of
from helhet.changes.free import free_times_of
from helhet.changes.models import Change, ChangeState, Position, Snapshot, Stance
from helhet.changes.touching import last_of, news_since, touch_of
from helhet.estate.dependencies import add_dependency
from helhet.groups.actions import finish_task
from helhet.groups.models import Task, TaskState
from helhet.journal.models import Event
from helhet.kit.errors import Clash, Forbidden, Invalid, Stale
from tests.world import SYSTEM, make_item

pytestmark = pytest.mark.django_db


def window(days: int = 7, hours: int = 4) -> dict[str, dt.datetime]:
    start = (timezone.now() + dt.timedelta(days=days)).replace(minute=0, second=0, microsecond=0)
    return {"starts_at": start, "ends_at": start + dt.timedelta(hours=hours)}


def drafted(sjovik: SimpleNamespace, **fields: Any) -> Change:
    wanted = {"items": [sjovik.node.reference], **window(), **fields}
    return actions.draft_change(by=sjovik.member, title="Byte av lagringsnod", group=sjovik.drift.reference, **wanted)


def asked(sjovik: SimpleNamespace, **fields: Any) -> Change:
    change = drafted(sjovik, **fields)
    return actions.ask_positions(change.reference, by=sjovik.member, version=change.version)


def answer(sjovik: SimpleNamespace, change: Change, who: Any, group: Any, stance: str, **more: Any) -> Position:
    position = Position.objects.get(change=change, group=group)
    return actions.answer_position(
        change.reference, group.reference, by=who, version=position.version, stance=stance, **more
    )


def now(change: Change) -> Change:
    return Change.objects.select_related("item", "group__item").get(pk=change.pk)


def step(verb: Any, change: Change, by: Any, **more: Any) -> Any:
    return verb(change.reference, by=by, version=now(change).version, **more)


def test_a_draft_says_what_it_touches_and_keeps_it(sjovik: SimpleNamespace) -> None:
    change = drafted(sjovik)
    kept = Snapshot.objects.get(change=change)
    assert kept.reached == 2
    assert kept.services == [sjovik.service.pk]
    assert {one["group"] for one in kept.groups} == {sjovik.drift.pk, sjovik.net.pk, sjovik.school.pk}
    way = next(one["path"] for one in kept.groups if one["group"] == sjovik.school.pk)
    assert way == [sjovik.node.pk, sjovik.base.pk, sjovik.service.pk]


def test_each_other_group_is_asked_with_the_way_and_a_task(sjovik: SimpleNamespace) -> None:
    change = asked(sjovik)
    assert now(change).state == ChangeState.ASKING
    found = {one.group_id: one for one in positions_of(change)}
    assert found.keys() == {sjovik.net.pk, sjovik.school.pk}
    assert found[sjovik.school.pk].reason["path"][-1] == sjovik.service.pk
    assert found[sjovik.school.pk].task.group_id == sjovik.school.pk
    assert Task.objects.waiting_for(sjovik.school_lead).count() == 1


def test_only_the_leads_of_the_asked_group_answer(sjovik: SimpleNamespace) -> None:
    change = asked(sjovik)
    for other in (sjovik.member, sjovik.chair, sjovik.reader, sjovik.school_lead):
        with pytest.raises(Forbidden):
            answer(sjovik, change, other, sjovik.net, "yes")
    assert answer(sjovik, change, sjovik.net_lead, sjovik.net, "yes").stance == Stance.YES
    assert not Task.objects.waiting_for(sjovik.net_lead).exists()


def test_an_answer_from_an_older_question_is_refused(sjovik: SimpleNamespace) -> None:
    change = asked(sjovik)
    position = Position.objects.get(change=change, group=sjovik.net)
    answer(sjovik, change, sjovik.net_lead, sjovik.net, "yes")
    with pytest.raises(Stale):
        actions.answer_position(
            change.reference, sjovik.net.reference, by=sjovik.net_lead, version=position.version, stance="no", words="n"
        )


def test_it_is_approved_when_all_have_said_yes_and_not_before(sjovik: SimpleNamespace) -> None:
    change = asked(sjovik)
    answer(sjovik, change, sjovik.net_lead, sjovik.net, "yes")
    with pytest.raises(Clash, match="1 grupp har inte svarat"):
        step(actions.approve_change, change, sjovik.chair)
    answer(sjovik, change, sjovik.school_lead, sjovik.school, "yes")
    assert step(actions.approve_change, change, sjovik.chair).state == ChangeState.APPROVED


def test_conditions_are_tasks_of_the_changes_group_and_hold_it_until_they_are_done(sjovik: SimpleNamespace) -> None:
    change = asked(sjovik)
    answer(sjovik, change, sjovik.net_lead, sjovik.net, "yes")
    answer(sjovik, change, sjovik.school_lead, sjovik.school, "yes_if", conditions=["Dela ut reservrutinen"])
    task = Task.objects.get(origin="condition")
    assert task.group_id == sjovik.drift.pk
    with pytest.raises(Clash, match="Villkoren"):
        step(actions.approve_change, change, sjovik.chair)
    finish_task(task.pk, by=sjovik.member, version=task.version)
    assert step(actions.approve_change, change, sjovik.chair).state == ChangeState.APPROVED


def test_a_later_answer_drops_the_conditions_that_are_not_asked_for_any_more(sjovik: SimpleNamespace) -> None:
    change = asked(sjovik)
    answer(sjovik, change, sjovik.school_lead, sjovik.school, "yes_if", conditions=["A", "B"])
    answer(sjovik, change, sjovik.school_lead, sjovik.school, "yes_if", conditions=["B"])
    states = dict(Task.objects.filter(origin="condition").values_list("text", "state"))
    assert states == {"A": TaskState.DROPPED, "B": TaskState.OPEN}


@pytest.mark.parametrize(
    ("said", "field"),
    [({"stance": "no"}, "words"), ({"stance": "yes_if"}, "conditions"), ({"stance": "kanske"}, "stance")],
)
def test_an_answer_that_says_too_little_is_refused(sjovik: SimpleNamespace, said: dict[str, str], field: str) -> None:
    change = asked(sjovik)
    with pytest.raises(Invalid) as refused:
        answer(sjovik, change, sjovik.net_lead, sjovik.net, **said)
    assert refused.value.field == field
    assert Position.objects.get(change=change, group=sjovik.net).stance == ""


@pytest.mark.parametrize("goes_on", [True, False])
def test_the_management_team_settles_a_no_and_its_decision_holds(sjovik: SimpleNamespace, goes_on: bool) -> None:
    change = asked(sjovik)
    answer(sjovik, change, sjovik.net_lead, sjovik.net, "yes")
    answer(sjovik, change, sjovik.school_lead, sjovik.school, "no", words="Nationella prov")
    with pytest.raises(Clash, match="säger nej"):
        step(actions.approve_change, change, sjovik.chair)
    position = Position.objects.get(change=change, group=sjovik.school)
    said = {"version": position.version, "goes_on": goes_on, "words": "Noden håller inte längre."}
    with pytest.raises(Forbidden):
        actions.settle_position(change.reference, sjovik.school.reference, by=sjovik.chair, **said)
    actions.settle_position(change.reference, sjovik.school.reference, by=sjovik.team, **said)
    if goes_on:
        assert step(actions.approve_change, change, sjovik.chair).state == ChangeState.APPROVED
    else:
        with pytest.raises(Clash, match="inte ska gå vidare"):
            step(actions.approve_change, change, sjovik.chair)
    assert Event.objects.filter(verb="changes.position.settled", noun_id=change.pk).count() == 1


def test_silence_becomes_a_matter_of_the_management_team_once(sjovik: SimpleNamespace) -> None:
    change = asked(sjovik)
    late = timezone.now() + dt.timedelta(days=30)
    assert rounds.escalate() == 0
    assert rounds.escalate(late) == 2
    assert rounds.escalate(late) == 0
    assert Task.objects.filter(origin="settlement", group=sjovik.cast.team).count() == 2
    assert {one.escalated_at for one in positions_of(change)} == {late}


def test_a_group_gets_one_mail_for_all_that_it_is_asked(sjovik: SimpleNamespace) -> None:
    first, second = asked(sjovik), asked(sjovik)
    assert rounds.tell() == 2
    assert rounds.tell() == 0
    to_school = next(one for one in mail.outbox if one.to == ["skola@sjovik.example"])
    assert first.reference in to_school.body
    assert second.reference in to_school.body
    assert first.get_absolute_url() in to_school.body
    actions.remind(first.reference, sjovik.school.reference, by=sjovik.member)
    assert rounds.tell() == 1


@pytest.mark.parametrize(("language", "words"), [("sv", "Svara här:"), ("en", "Answer here:")])
def test_the_mail_leads_to_the_answer_in_the_readers_language_through_sign_in(
    sjovik: SimpleNamespace, client: Any, language: str, words: str
) -> None:
    user = User.objects.get(email="skola@sjovik.example")
    user.language = language
    user.set_password("ett långt lösenord 7")
    user.save()
    change = asked(sjovik)
    rounds.tell()
    (sent,) = (one for one in mail.outbox if one.to == [user.email])
    (address,) = re.findall(rf"{words} (\S+)", sent.body)
    path = urlsplit(address).path
    with translation.override(language):
        to_sign_in = client.get(path)
        assert to_sign_in.status_code == 302
        signed_in = client.post(
            to_sign_in["Location"], {"email": user.email, "password": "ett långt lösenord 7"}, follow=True
        )
        assert signed_in.request["PATH_INFO"] == path
        client.post(path, {"version": "1", "stance": "yes"})
    assert Position.objects.get(change=change, group=sjovik.school).stance == Stance.YES


def test_a_yes_in_advance_answers_at_once_until_its_day(sjovik: SimpleNamespace) -> None:
    day = timezone.localdate() + dt.timedelta(days=30)
    ahead = actions.give_ahead(
        sjovik.net.reference, by=sjovik.net_lead, until_on=day, item=sjovik.node.reference, type_="normal"
    )
    change = asked(sjovik)
    position = Position.objects.get(change=change, group=sjovik.net)
    assert (position.stance, position.advance_id) == (Stance.YES, ahead.pk)
    assert not Task.objects.filter(origin="position", group=sjovik.net, state=TaskState.OPEN).exists()
    actions.end_ahead(ahead.pk, by=sjovik.net_lead, version=ahead.version)
    assert Position.objects.get(change=asked(sjovik), group=sjovik.net).stance == ""


def test_a_yes_in_advance_to_one_item_says_nothing_of_another(sjovik: SimpleNamespace) -> None:
    day = timezone.localdate() + dt.timedelta(days=30)
    actions.give_ahead(sjovik.net.reference, by=sjovik.net_lead, until_on=day, item=sjovik.node.reference)
    other = make_item("Lagringsnod två", kind="storage")
    add_dependency(sjovik.base, other, by=SYSTEM)
    change = asked(sjovik, items=[sjovik.node.reference, other.reference])
    assert Position.objects.get(change=change, group=sjovik.net).stance == ""


def test_what_is_new_since_the_groups_were_asked_is_told_and_hinders_the_beginning(sjovik: SimpleNamespace) -> None:
    change = asked(sjovik)
    for who, group in ((sjovik.net_lead, sjovik.net), (sjovik.school_lead, sjovik.school)):
        answer(sjovik, change, who, group, "yes")
    step(actions.approve_change, change, sjovik.chair)
    step(actions.schedule_change, change, sjovik.member)
    new = make_item("Lön", kind="business_service")
    add_dependency(new, sjovik.base, by=SYSTEM)
    actions_news = news_since(last_of(change, "asked"), touch_of(change, sjovik.member))
    assert (actions_news.services, actions_news.groups) == ([new.pk], [])
    assert step(actions.begin_change, change, sjovik.member).state == ChangeState.UNDER_WAY


def test_a_mark_by_hand_survives_and_stops_the_walk(sjovik: SimpleNamespace) -> None:
    change = drafted(sjovik)
    step(actions.mark_impact, change, sjovik.member, item=sjovik.base.reference, is_hit=False, reason="Har egen kopia")
    change = (
        step(actions.ask_positions, change, sjovik.member)
        if touch_of(change, sjovik.member).groups[1:]
        else now(change)
    )
    assert [one.group for one in touch_of(change, sjovik.member).groups] == [sjovik.drift.pk]
    assert step(actions.approve_change, change, sjovik.chair).state == ChangeState.APPROVED


def test_a_longer_window_asks_anew_and_a_shorter_one_does_not(sjovik: SimpleNamespace) -> None:
    change = asked(sjovik)
    answer(sjovik, change, sjovik.net_lead, sjovik.net, "yes")
    answer(sjovik, change, sjovik.school_lead, sjovik.school, "yes")
    step(actions.approve_change, change, sjovik.chair)
    shorter, longer = window(9, 2), window(9, 12)
    actions.move_change(change.reference, *shorter.values(), by=sjovik.member, version=now(change).version)
    assert {one.stance for one in positions_of(change)} == {Stance.YES}
    actions.move_change(change.reference, *longer.values(), by=sjovik.member, version=now(change).version)
    assert {one.stance for one in positions_of(change)} == {""}
    assert now(change).state == ChangeState.ASKING


def test_taking_back_withdraws_what_was_said_and_asking_again_asks_again(sjovik: SimpleNamespace) -> None:
    change = asked(sjovik)
    answer(sjovik, change, sjovik.net_lead, sjovik.net, "yes")
    step(actions.take_back_change, change, sjovik.member)
    assert positions_of(change) == []
    assert not Task.objects.filter(origin="position", state=TaskState.OPEN).exists()
    step(actions.ask_positions, change, sjovik.member)
    assert [one.stance for one in positions_of(change)] == ["", ""]


def test_an_emergency_begins_at_once_and_is_not_closed_before_the_groups_have_answered(sjovik: SimpleNamespace) -> None:
    change = drafted(sjovik, type="emergency", starts_at=None, ends_at=None)
    step(actions.begin_change, change, sjovik.member)
    assert now(change).state == ChangeState.UNDER_WAY
    assert len(positions_of(change)) == 2
    step(actions.finish_change, change, sjovik.member, outcome="done")
    with pytest.raises(Clash, match="uppföljning"):
        step(actions.close_change, change, sjovik.member)
    with pytest.raises(Clash, match="2 grupper har inte svarat"):
        step(actions.close_change, change, sjovik.member, learnt="Skaffa reservdelar")
    for who, group in ((sjovik.net_lead, sjovik.net), (sjovik.school_lead, sjovik.school)):
        answer(sjovik, change, who, group, "yes")
    assert step(actions.close_change, change, sjovik.member, learnt="Skaffa reservdelar").state == ChangeState.CLOSED


def test_a_change_without_an_item_is_neither_asked_about_nor_scheduled(sjovik: SimpleNamespace) -> None:
    change = drafted(sjovik, items=[])
    for verb, who in ((actions.ask_positions, sjovik.member), (actions.approve_change, sjovik.chair)):
        with pytest.raises(Clash, match="gäller inget objekt"):
            step(verb, change, who)


def test_b_begins_only_after_a_and_circles_are_refused(sjovik: SimpleNamespace) -> None:
    alone = make_item("Ensam", kind="server")
    first = drafted(sjovik, items=[alone.reference], **window(7))
    later = drafted(sjovik, items=[alone.reference], **window(8))
    last = drafted(sjovik, items=[alone.reference], **window(9))
    actions.put_after(later.reference, first.reference, by=sjovik.member)
    actions.put_after(last.reference, later.reference, by=sjovik.member)
    with pytest.raises(Invalid):
        actions.put_after(first.reference, last.reference, by=sjovik.member)
    for change in (first, later):
        step(actions.approve_change, change, sjovik.chair)
        step(actions.schedule_change, change, sjovik.member)
    with pytest.raises(Clash, match="måste vara klar före"):
        step(actions.begin_change, later, sjovik.member)
    step(actions.begin_change, first, sjovik.member)
    step(actions.finish_change, first, sjovik.member, outcome="done")
    assert step(actions.begin_change, later, sjovik.member).state == ChangeState.UNDER_WAY


def test_a_change_that_is_over_clashes_with_nothing_and_asks_nobody(sjovik: SimpleNamespace, client: Any) -> None:
    soon = window(7)
    asked(sjovik, **soon)
    over = drafted(sjovik, **soon)
    assert clashes_of(over)
    step(actions.cancel_change, over, sjovik.member, reason="Behövs inte")
    assert clashes_of(now(over)) == []
    client.force_login(sjovik.cast.reader)
    page = client.get(reverse("changes:change", args=[over.reference])).content.decode()
    assert "har inte frågats" not in page
    assert 'id="clashes"' not in page


def test_no_time_is_offered_before_the_groups_are_to_have_answered(sjovik: SimpleNamespace) -> None:
    change = drafted(sjovik, **window(9))
    by_then = timezone.now() + dt.timedelta(days=5)
    step(actions.ask_positions, change, sjovik.member, answer_by=by_then)
    found = free_times_of(now(change))
    assert found
    assert all(one.during.starts_at >= by_then for one in found)


def test_silence_waits_where_there_is_no_management_team_to_have_it(sjovik: SimpleNamespace) -> None:
    change = asked(sjovik)
    type(sjovik.cast.team).objects.filter(pk=sjovik.cast.team.pk).update(is_management_team=False)
    late = timezone.now() + dt.timedelta(days=30)
    assert rounds.escalate(late) == 0
    assert {one.escalated_at for one in positions_of(change)} == {None}
    type(sjovik.cast.team).objects.filter(pk=sjovik.cast.team.pk).update(is_management_team=True)
    assert rounds.escalate(late) == 2


@pytest.mark.parametrize(
    ("text", "count"), [("LAGRINGSNOD", 1), ("livslängden", 1), ("type:normal byte", 1), ("xyz", 0)]
)
def test_the_list_finds_a_change_by_name_and_purpose(
    sjovik: SimpleNamespace, client: Any, text: str, count: int
) -> None:
    change = drafted(sjovik, purpose="Livslängden har passerat, livslängden tar slut.")
    client.force_login(sjovik.cast.reader)
    page = client.get(reverse("changes:changes"), {"q": text}).content.decode()
    assert (change.get_absolute_url() in page) == bool(count)
