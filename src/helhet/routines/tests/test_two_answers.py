"""Two answers to one step of a run: the second is told what stands, and somebody chooses."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from helhet.items.merging import merge_items, split_items
from helhet.journal.models import Event
from helhet.kit.errors import Clash, Forbidden, NotFound
from helhet.routines.actions import answer_step, begin_run, choose_answer, end_run, take_run
from helhet.routines.evidence import evidence_of
from helhet.routines.models import Run, RunStep
from helhet.routines.tests.written import make_routine
from tests.world import SYSTEM, Cast, as_caller

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


@pytest.fixture
def cast() -> Cast:
    """One user of every sort."""
    return Cast()


@pytest.fixture
def run(cast: Cast) -> Run:
    """A run of the member's, whose first step he has answered; the chair is in the same group."""
    begun = begin_run(make_routine(group=cast.group), by=as_caller(cast.member), key="nyckel-1")
    say(begun, cast.member, "check")
    return begun


def say(run: Run, user: Any, step: str, state: str = "done", **more: Any) -> RunStep:
    key = f"svar-{RunStep.objects.count():08}"
    return answer_step(run.pk, by=as_caller(user), key=key, step=step, state=state, **more)


def standing(run: Run) -> dict[str, tuple[str, str]]:
    """By step the state and value that count."""
    return {row.step: (row.state, row.value) for row in run.steps.filter(counts=True)}


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_second_answer_waits_and_is_shown_beside_the_first_until_somebody_chooses(cast: Cast, run: Run) -> None:
    first = say(run, cast.member, "queue", value="12")
    client = client_of(cast.chair)
    sent = {"key": "svar-annan-1", "step": "queue", "state": "done", "value": "900", "note": "Växer"}
    # Sent by a phone, twice since the first reply was lost.
    for _time in range(2):
        told = client.post(f"/runs/{run.pk}/answers/", sent, headers=JSON)
        assert (told.status_code, told.json()["waits"]) == (200, True)
    second = run.steps.get(key="svar-annan-1")
    assert (second.state, second.waits, second.counts, standing(run)["queue"]) == (
        "failed",
        True,
        False,
        ("done", "12"),
    )
    page = client.get(run.get_absolute_url()).content.decode()
    assert "”Läs köns längd” har två svar" in page
    assert all(words in page for words in ("12 st", "900 st", "Växer", "Ta mitt svar", "Behåll det som gäller"))
    assert "Ta det andra svaret" in client_of(cast.member).get(run.get_absolute_url()).content.decode()
    assert "ett steg har två svar" in client.get("/runs/").content.decode()
    # What the second phone kept after it is taken meanwhile.
    assert not say(run, cast.chair, "note", "skipped").waits
    body = {"choice": "take", "standing": first.pk}
    for _time in range(2):
        assert client.post(f"/runs/{run.pk}/answers/{second.pk}/choice/", body, headers=JSON).status_code == 200
    assert standing(run)["queue"] == ("failed", "900")
    assert run.steps.filter(step="queue").count() == 2
    page = client.get(run.get_absolute_url()).content.decode()
    assert "har två svar" not in page
    assert "Gäller inte:" in page
    assert Event.objects.filter(verb="routines.run.chosen").count() == 1


def test_keeping_what_counts_leaves_it_and_the_other_stays_in_the_history(cast: Cast, run: Run) -> None:
    second = say(run, cast.chair, "check", "failed")
    first = run.steps.get(step="check", counts=True)
    choose_answer(run.pk, second.pk, by=as_caller(cast.chair), take=False, standing=first.pk)
    assert standing(run)["check"] == ("done", "")
    assert run.steps.filter(step="check", waits=False).count() == 2
    with pytest.raises(Clash):
        choose_answer(run.pk, second.pk, by=as_caller(cast.chair), take=True, standing=first.pk)


def test_a_choice_made_before_another_answer_counted_is_refused(cast: Cast, run: Run) -> None:
    first = run.steps.get()
    second, third = say(run, cast.chair, "check", "failed"), say(run, cast.member, "check", note="Igen")
    choose_answer(run.pk, third.pk, by=as_caller(cast.member), take=True, standing=first.pk)
    with pytest.raises(Clash):
        choose_answer(run.pk, second.pk, by=as_caller(cast.chair), take=True, standing=first.pk)
    choose_answer(run.pk, second.pk, by=as_caller(cast.chair), take=True, standing=third.pk)
    assert standing(run)["check"] == ("failed", "")


def test_an_answer_that_names_the_one_it_knows_takes_its_place(cast: Cast, run: Run) -> None:
    first = run.steps.get()
    again = say(run, cast.member, "check", "failed", instead_of=first.pk)
    assert (again.waits, standing(run)["check"]) == (False, ("failed", ""))
    assert say(run, cast.member, "check", instead_of=first.pk).waits


def test_a_run_with_two_answers_to_a_step_ends_as_failed_or_when_it_is_chosen(cast: Cast, run: Run) -> None:
    second = say(run, cast.chair, "check", "failed")
    for step, more in (("queue", {"value": "3"}), ("tell", {})):
        say(run, cast.member, step, **more)
    with pytest.raises(Clash, match="Kontrollera larmet"):
        end_run(run.pk, by=as_caller(cast.member), outcome="worked")
    first = run.steps.get(step="check", counts=True)
    choose_answer(run.pk, second.pk, by=as_caller(cast.member), take=False, standing=first.pk)
    end_run(run.pk, by=as_caller(cast.member), outcome="worked")
    # What does not count is no evidence.
    assert evidence_of(run.routine).stopped_at == []


def test_after_the_end_nothing_is_chosen(cast: Cast, run: Run) -> None:
    second = say(run, cast.chair, "check", "failed")
    end_run(run.pk, by=as_caller(cast.member), outcome="failed", note="Stod still")
    first = run.steps.get(step="check", counts=True)
    with pytest.raises(Clash):
        choose_answer(run.pk, second.pk, by=as_caller(cast.member), take=True, standing=first.pk)
    assert "Ta det andra svaret" not in client_of(cast.member).get(run.get_absolute_url()).content.decode()


def test_those_choose_who_may_answer_the_step(cast: Cast, run: Run) -> None:
    second = say(run, cast.chair, "check", "failed")
    first = run.steps.get(step="check", counts=True)
    with pytest.raises(Forbidden):
        choose_answer(run.pk, second.pk, by=as_caller(cast.other), take=True, standing=first.pk)
    assert f"/answers/{second.pk}/choice/" not in client_of(cast.other).get(run.get_absolute_url()).content.decode()
    with pytest.raises(NotFound):
        choose_answer(run.pk, second.pk + 99, by=as_caller(cast.member), take=True, standing=first.pk)


def test_an_approval_and_a_refusal_at_once_are_chosen_between_by_another_than_who_runs_it(cast: Cast) -> None:
    routine = make_routine(group=cast.group, steps=[{"id": "ok", "title": "Godkänn omstart", "approval": True}])
    run = begin_run(routine, by=as_caller(cast.reader), key="nyckel-1")
    first, second = say(run, cast.member, "ok", "approved"), say(run, cast.chair, "ok", "refused", note="Inte nu")
    assert second.waits
    with pytest.raises(Forbidden):
        choose_answer(run.pk, second.pk, by=as_caller(cast.reader), take=False, standing=first.pk)
    page = client_of(cast.reader).get(run.get_absolute_url()).content.decode()
    assert "Någon som får godkänna steget väljer" in page
    assert "Inte nu" in page
    with pytest.raises(Clash):
        end_run(run.pk, by=as_caller(cast.reader), outcome="worked")
    choose_answer(run.pk, second.pk, by=as_caller(cast.other), take=True, standing=first.pk)
    assert standing(run)["ok"] == ("refused", "")


def test_a_run_whose_routine_becomes_another_goes_on_with_its_edition(cast: Cast, run: Run) -> None:
    kept, client = make_routine("Omstart av köerna", group=cast.group), client_of(cast.member)
    item = kept.document.item
    batch = merge_items(item.reference, run.routine.document.item.reference, by=SYSTEM, version=item.version)
    sent = {"key": "svar-efter-1", "step": "queue", "state": "done", "value": "5"}
    assert client.post(f"/runs/{run.pk}/answers/", sent, headers=JSON).status_code == 200
    assert client.get(run.get_absolute_url()).status_code == 200
    assert Run.objects.get().routine == kept
    assert Run.objects.get().of_version == run.of_version
    split_items(batch.pk, by=SYSTEM)
    assert Run.objects.get().routine == run.routine
    assert client.post(f"/runs/{run.pk}/end/", {"outcome": "failed"}, headers=JSON).status_code == 200


def test_whose_run_was_taken_over_is_told_too(cast: Cast, run: Run) -> None:
    take_run(run.pk, by=as_caller(cast.chair))
    say(run, cast.chair, "queue", value="5")
    late = client_of(cast.member).post(
        f"/runs/{run.pk}/answers/",
        {"key": "svar-sent-1", "step": "queue", "state": "done", "value": "7", "said_at": "2026-11-17T13:41:00Z"},
        follow=True,
    )
    page = late.content.decode()
    assert "Ta mitt svar" in page
    assert "5 st" in page
