"""A change in pages: drafted from an item, asked about, answered, settled, and told in its history."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client

from helhet.accounts.models import User
from helhet.changes.models import Change, Position
from helhet.groups.models import Task

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def drafted(sjovik: SimpleNamespace) -> Change:
    form = {
        "title": "Byte av nod", "type": "normal", "group": sjovik.drift.reference, "items": sjovik.node.reference,
        "starts_at": "2031-11-24T18:00", "ends_at": "2031-11-25T02:00", "purpose": "Garantin upphör",
    }  # fmt: skip
    answer = signed_in(sjovik.cast.member).post("/changes/new/", form)
    assert answer.status_code == 302, answer.content.decode()
    return Change.objects.get()


def post(user: User, address: str, **form: str) -> str:
    """What the page says after it was sent."""
    answer = signed_in(user).post(address, form, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def test_the_form_begins_with_the_item_and_offers_ones_own_groups(sjovik: SimpleNamespace) -> None:
    page = signed_in(sjovik.cast.member).get(f"/changes/new/?item={sjovik.node.reference}").content.decode()
    assert f'value="{sjovik.node.reference}"' in page
    assert f'<option value="{sjovik.drift.reference}"' in page
    assert f'<option value="{sjovik.net.reference}"' not in page


def test_a_form_that_lacks_something_keeps_what_was_written(sjovik: SimpleNamespace) -> None:
    form = {"title": "Byte", "type": "normal", "group": sjovik.drift.reference, "items": "SRV-999999"}
    answer = signed_in(sjovik.cast.member).post("/changes/new/", form)
    assert answer.status_code in {404, 422}
    assert not Change.objects.exists()


def test_from_draft_to_a_yes_a_yes_if_and_the_approval(sjovik: SimpleNamespace) -> None:
    change = drafted(sjovik)
    home = change.get_absolute_url()
    page = post(sjovik.cast.member, f"{home}asking/", version="1")
    assert "2 andra grupper" in page
    net, school = (User.objects.get(email=name) for name in ("natchef@sjovik.example", "skola@sjovik.example"))
    page = post(net, f"{home}positions/{sjovik.net.reference}/", version="1", stance="yes")
    assert "1 har sagt ja" in page
    page = post(
        school, f"{home}positions/{sjovik.school.reference}/", version="1", stance="yes_if",
        conditions="Reservrutinen är utdelad\nSkolan är stängd",
    )  # fmt: skip
    assert "Reservrutinen är utdelad" in page
    tasks = Task.objects.filter(origin="condition", group=sjovik.drift)
    assert tasks.count() == 2
    for task in tasks:
        post(sjovik.cast.member, f"/tasks/{task.pk}/finishing/", version="1")
    change.refresh_from_db()
    page = post(sjovik.cast.chair, f"{home}approval/", version=str(change.version))
    assert Change.objects.get().state == "approved"
    assert "godkände den" in page


def test_a_no_is_settled_by_the_management_team_and_stands_on_the_page(sjovik: SimpleNamespace) -> None:
    change = drafted(sjovik)
    home = change.get_absolute_url()
    post(sjovik.cast.member, f"{home}asking/", version="1")
    school = User.objects.get(email="skola@sjovik.example")
    said = signed_in(school).post(
        f"{home}positions/{sjovik.school.reference}/", {"version": "1", "stance": "no", "words": ""}
    )
    assert said.status_code == 422
    page = post(
        school, f"{home}positions/{sjovik.school.reference}/", version="1", stance="no", words="Nationella prov"
    )
    assert "Nationella prov" in page
    version = Position.objects.get(group=sjovik.school).version
    page = post(
        sjovik.cast.coordinator, f"{home}positions/{sjovik.school.reference}/settlement/", version=str(version),
        goes_on="yes", words="Noden håller inte",
    )  # fmt: skip
    assert "Noden håller inte" in page


def test_the_page_says_what_hinders_and_what_to_do(sjovik: SimpleNamespace) -> None:
    change = drafted(sjovik)
    post(sjovik.cast.member, f"{change.get_absolute_url()}asking/", version="1")
    page = signed_in(sjovik.cast.chair).get(change.get_absolute_url()).content.decode()
    assert "2 grupper har inte svarat." in page
    assert "Påminn dem" in page
    assert "approval" not in page


def test_somebody_who_was_first_is_shown_and_nothing_is_lost(sjovik: SimpleNamespace) -> None:
    change = drafted(sjovik)
    home = change.get_absolute_url()
    first = {
        "title": "Byte av nod", "type": "normal", "group": sjovik.drift.reference, "version": "1",
        "items": sjovik.node.reference, "starts_at": "2031-11-24T18:00", "ends_at": "2031-11-25T02:00",
    }  # fmt: skip
    post(sjovik.cast.member, f"{home}edit/", **first, plan="En hylla i taget")
    answer = signed_in(sjovik.cast.chair).post(f"{home}edit/", {**first, "plan": "Allt på en gång"})
    assert answer.status_code == 422
    assert "Allt på en gång" in answer.content.decode()
    assert "En hylla i taget" in answer.content.decode()
