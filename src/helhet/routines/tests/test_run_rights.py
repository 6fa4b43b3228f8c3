"""Whose a run is: who goes on with it, who takes it over, who approves a step."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from helhet.groups.models import Membership, Person
from helhet.journal.models import Event
from helhet.kit.errors import Clash, Forbidden
from helhet.routines.actions import abandon_run, answer_step, begin_run, end_run, take_run
from helhet.routines.models import Run, RunStep
from helhet.routines.tests.written import make_routine
from tests.world import DAY, Cast, as_caller, make_group

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """One user of every sort."""
    return Cast()


def say(run: Run, user: Any, step: str = "check", state: str = "done", **more: Any) -> RunStep:
    key = f"svar-{RunStep.objects.count():08}"
    return answer_step(run.pk, by=as_caller(user), key=key, step=step, state=state, **more)


def page_of(run: Run, user: Any) -> str:
    client = Client()
    client.force_login(user)
    return client.get(run.get_absolute_url()).content.decode()


def test_a_run_is_gone_on_with_by_whose_it_is_and_the_group_that_answers_and_seen_by_others(cast: Cast) -> None:
    run = begin_run(make_routine(group=cast.group), by=as_caller(cast.reader), key="nyckel-1")
    for act in (
        lambda: say(run, cast.other),
        lambda: end_run(run.pk, by=as_caller(cast.other), outcome="failed", note="Fel"),
        lambda: abandon_run(run.pk, by=as_caller(cast.other)),
    ):
        with pytest.raises(Forbidden):
            act()
    seen = page_of(run, cast.other)
    assert "Läs köns längd" in seen
    assert f"/runs/{run.pk}/take/" in seen
    assert f"/runs/{run.pk}/answers/" not in seen
    assert f"/runs/{run.pk}/end/" not in seen
    for user in (cast.reader, cast.member):
        assert f"/runs/{run.pk}/answers/" in page_of(run, user)
        say(run, user)


def test_taking_a_run_over_is_told_and_what_the_first_ones_phone_kept_is_taken(cast: Cast) -> None:
    run = begin_run(make_routine(), by=as_caller(cast.reader), key="nyckel-1")
    client = Client()
    client.force_login(cast.other)
    for _time in range(2):
        assert client.post(f"/runs/{run.pk}/take/").status_code == 302
    run = Run.objects.get()
    assert (run.by, run.person, run.group) == (str(cast.other), Person.objects.get(user=cast.other), cast.other_group)
    event = Event.objects.get(verb="routines.run.taken")
    assert (event.before, event.after) == ({"by": str(cast.reader)}, {"by": str(cast.other)})
    say(run, cast.other)
    say(run, cast.reader, "queue", value="5")
    assert begin_run(run.routine, by=as_caller(cast.reader), key="nyckel-1") == run
    with pytest.raises(Forbidden):
        say(run, cast.member, "queue", value="5")
    end_run(run.pk, by=as_caller(cast.other), outcome="failed", note="Fel")
    with pytest.raises(Clash):
        take_run(run.pk, by=as_caller(cast.reader))


STEPS: list[dict[str, Any]] = [{"id": "go", "title": "Starta om"}, {"id": "ok", "title": "Godkänn", "approval": True}]


def test_nobody_who_ran_it_or_did_a_step_approves(cast: Cast) -> None:
    run = begin_run(make_routine(group=cast.group, steps=STEPS), by=as_caller(cast.reader), key="nyckel-1")
    say(run, cast.member, "go")
    take_run(run.pk, by=as_caller(cast.chair))
    for user in (cast.reader, cast.member, cast.chair):
        with pytest.raises(Forbidden):
            say(run, user, "ok", "approved")
    seen = page_of(run, cast.other)
    assert 'value="approved"' in seen
    assert 'value="done"' not in seen
    assert say(run, cast.other, "ok", "approved").state == "approved"


@pytest.mark.parametrize("role", ["Nattvakten", "jourhavande", "chair"])
def test_a_step_that_names_a_role_is_approved_by_one_who_has_it(cast: Cast, role: str) -> None:
    steps = [STEPS[0], {**STEPS[1], "role": role.upper()}]
    run = begin_run(make_routine(group=cast.group, steps=steps), by=as_caller(cast.reader), key="nyckel-1")
    say(run, cast.reader, "go")
    person = Person.objects.get(user=cast.chair)
    if role == "Nattvakten":
        make_group("Nattvakten", members=(person,))
    elif role == "jourhavande":
        Membership.objects.create(group=cast.other_group, person=person, role="Jourhavande", from_on=DAY)
    with pytest.raises(Forbidden):
        say(run, cast.other, "ok", "approved")
    assert 'value="approved"' not in page_of(run, cast.other)
    say(run, cast.chair, "ok", "approved")
    told = Event.objects.filter(verb="routines.run.answered").latest("pk").after or {}
    assert told["role_checked"] is True


def test_a_role_that_nobody_is_known_to_have_is_said_to_be_unchecked(cast: Cast) -> None:
    steps = [{**STEPS[1], "role": "Driftledare"}]
    run = begin_run(make_routine(group=cast.group, steps=steps), by=as_caller(cast.reader), key="nyckel-1")
    ended = timezone.localdate().replace(year=2020)
    person = Person.objects.get(user=cast.member)
    Membership.objects.create(group=cast.group, person=person, role="Driftledare", from_on=ended, to_on=ended)
    assert "heter Driftledare" in page_of(run, cast.other)
    say(run, cast.other, "ok", "approved")
    told = Event.objects.filter(verb="routines.run.answered").latest("pk").after or {}
    assert (told["role"], told["role_checked"]) == ("Driftledare", False)
