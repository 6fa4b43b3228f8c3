"""The other end of a dependency confirms or questions it; a question is a task until it is settled."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from helhet.estate.dependencies import add_dependency, change_dependency, remove_dependency
from helhet.estate.models import Dependency
from helhet.estate.settling import answer_question, confirm, question
from helhet.groups.answering import assign_by_hand
from helhet.groups.models import Task, TaskState
from helhet.items.models import Item
from helhet.journal.models import Event
from helhet.kit.errors import Forbidden, Invalid, Stale
from tests.world import DAY, SYSTEM, Cast, as_caller, make_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """Drift answers for the application, Nät for the server."""
    return Cast()


@pytest.fixture
def ends(cast: Cast) -> tuple[Item, Item]:
    """An application of Drift and a server of Nät."""
    app, server = make_item("Lönesystem", kind="application"), make_item("srv01")
    assign_by_hand([app.pk], cast.group, by=SYSTEM, on=DAY)
    assign_by_hand([server.pk], cast.other_group, by=SYSTEM, on=DAY)
    return app, server


def test_the_group_of_either_end_may_state_it_and_only_the_other_may_confirm(
    cast: Cast, ends: tuple[Item, Item]
) -> None:
    app, server = ends
    member, other = as_caller(cast.member), as_caller(cast.other)
    by_app = add_dependency(app, server, by=member)
    assert not by_app.is_from_provider
    with pytest.raises(Forbidden):
        confirm(by_app, by=member, version=by_app.version)
    confirm(by_app, by=other, version=by_app.version)
    by_app.refresh_from_db()
    assert (by_app.standing, by_app.standing_by) == ("confirmed", str(cast.other))
    by_server = add_dependency(app, server, by=other, sort="runs_on", is_from_provider=True)
    assert by_server.is_from_provider
    with pytest.raises(Forbidden):
        confirm(by_server, by=other, version=by_server.version)
    confirm(by_server, by=member, version=by_server.version)
    with pytest.raises(Forbidden):
        add_dependency(app, server, by=as_caller(cast.reader), sort="stored_in")


def test_a_question_is_a_task_for_the_group_that_stated_it_until_it_stands_by_it(
    cast: Cast, ends: tuple[Item, Item]
) -> None:
    member, other = as_caller(cast.member), as_caller(cast.other)
    one = add_dependency(*ends, by=member)
    with pytest.raises(Invalid):
        question(one, "  ", by=other, version=one.version)
    question(one, "Vi bytte i våras.", by=other, version=one.version)
    task = Task.objects.get()
    assert (task.group, task.item, task.text, task.state) == (cast.group, ends[0], "Vi bytte i våras.", TaskState.OPEN)
    with pytest.raises(Forbidden):
        answer_question(one, "Jo", by=other, version=one.version)
    answer_question(one, "Reserven går dit än.", by=member, version=one.version)
    one.refresh_from_db()
    task.refresh_from_db()
    assert (one.standing, task.state, task.outcome) == ("stated", TaskState.DONE, "Reserven går dit än.")
    verbs = Event.objects.filter(noun="item", noun_id=ends[0].pk, verb__startswith="estate.dependency.")
    assert list(verbs.order_by("id").values_list("verb", flat=True)) == [
        "estate.dependency.stated", "estate.dependency.questioned", "estate.dependency.stood_by",
    ]  # fmt: skip


def test_a_change_must_be_confirmed_anew_and_a_note_need_not(cast: Cast, ends: tuple[Item, Item]) -> None:
    member, other = as_caller(cast.member), as_caller(cast.other)
    one = confirm(add_dependency(*ends, by=member), by=other, version=1)
    change_dependency(one, by=member, version=one.version, note="Läser katalogen")
    assert one.standing == "confirmed"
    change_dependency(one, by=other, version=one.version, criticality="degrades")
    assert (one.standing, one.standing_by) == ("stated", "")


def test_removing_a_questioned_dependency_does_its_task(cast: Cast, ends: tuple[Item, Item]) -> None:
    one = add_dependency(*ends, by=as_caller(cast.member))
    question(one, "Finns den?", by=as_caller(cast.other), version=one.version)
    remove_dependency(one, by=as_caller(cast.other), version=one.version)
    assert Task.objects.get().state == TaskState.DONE
    assert not Dependency.objects.exists()


def test_a_change_from_what_stood_before_is_refused(ends: tuple[Item, Item]) -> None:
    one = add_dependency(*ends, by=SYSTEM)
    change_dependency(one, by=SYSTEM, version=1, note="Först")
    stale = Dependency.objects.get()
    for act in (
        lambda: change_dependency(stale, by=SYSTEM, version=1, note="Sedan"),
        lambda: confirm(stale, by=SYSTEM, version=1),
        lambda: question(stale, "?", by=SYSTEM, version=1),
        lambda: remove_dependency(stale, by=SYSTEM, version=1),
    ):
        with pytest.raises(Stale):
            act()


def test_the_page_walks_from_stating_by_the_provider_to_a_question_and_its_answer(
    cast: Cast, ends: tuple[Item, Item]
) -> None:
    app, server = ends
    client, asker = Client(), Client()
    client.force_login(cast.other)
    asker.force_login(cast.member)
    sent = {"direction": "needed_by", "to": app.reference, "type": "documented_by", "criticality": "hard"}
    address = reverse("estate:dependencies", args=[server.reference])
    refused = client.post(address, sent)
    assert refused.status_code == 422
    assert 'name="anyway"' in refused.content.decode()
    assert client.post(address, {**sent, "anyway": "on"}).status_code == 302
    one = Dependency.objects.get()
    assert (one.from_item, one.to_item, one.is_from_provider) == (app, server, True)
    shown = asker.get(app.get_absolute_url()).content.decode()
    assert reverse("estate:dependency", args=[app.reference, one.pk]) in shown
    asker.post(
        reverse("estate:dependency_question", args=[app.reference, one.pk]), {"words": "Nej?", "version": one.version}
    )
    one.refresh_from_db()
    assert one.standing == "questioned"
    page = client.get(reverse("estate:dependency", args=[server.reference, one.pk])).content.decode()
    assert "Nej?" in page
    assert reverse("estate:dependency_answer", args=[server.reference, one.pk]) in page
