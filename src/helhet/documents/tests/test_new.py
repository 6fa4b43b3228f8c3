"""A new document is begun with a sort that its writer chose, and a group that can approve it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from helhet.accounts.models import User
from helhet.documents.models import Document
from helhet.groups.models import Membership, Role
from helhet.responsibility.actions import Draft, create_rule
from tests.world import DAY, SYSTEM, Cast

pytestmark = pytest.mark.django_db
NEW = "/documents/new/"


@pytest.fixture
def cast() -> Cast:
    return Cast()


def client_of(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def form_of(user: User, query: str = "") -> Any:
    return client_of(user).get(f"{NEW}{query}").context["form"]


def body(**more: str) -> dict[str, Any]:
    return {"title": "Omstart", "sort": "policy", "language": "sv", "audiences": ["all"], **more}


def also_in_other(cast: Cast) -> None:
    person = cast.member.person
    Membership.objects.create(group=cast.other_group, person=person, role=Role.MEMBER, from_on=DAY)


def test_the_sort_is_chosen_and_only_where_it_is_known_there_beforehand(cast: Cast) -> None:
    assert form_of(cast.member)["sort"].value() is None
    assert client_of(cast.member).post(NEW, body(sort="")).status_code == 422
    assert form_of(cast.member, "?sort=routine")["sort"].value() == "routine"
    listed = client_of(cast.member).get("/documents/?sort=policy").content.decode()
    assert f'href="{NEW}?sort=policy"' in listed
    assert f'href="{NEW}"' in client_of(cast.member).get("/documents/").content.decode()


def test_who_is_in_one_group_writes_for_it_and_who_is_in_none_for_nobody(cast: Cast) -> None:
    assert form_of(cast.member)["group"].value() == cast.group.reference
    assert form_of(cast.administrator)["group"].value() is None
    assert form_of(cast.member, f"?group={cast.other_group.reference}")["group"].value() == cast.other_group.reference
    assert client_of(cast.member).post(NEW, body(group=cast.group.reference)).status_code == 302
    assert Document.objects.get().answering_group_id == cast.group.pk


def test_who_is_in_several_says_which_with_his_own_first(cast: Cast) -> None:
    also_in_other(cast)
    field = form_of(cast.member)["group"]
    (_none, _blank), (first, mine), (second, others) = field.field.choices
    assert (str(first), {one for one, _name in mine}) == (
        "My groups", {cast.group.reference, cast.other_group.reference}
    )  # fmt: skip
    assert (str(second), field.value()) == ("Other groups", None)
    assert not {one for one, _name in mine} & {one for one, _name in others}
    answer = client_of(cast.member).post(NEW, body())
    assert (answer.status_code, "group" in answer.context["form"].errors) == (422, True)
    client_of(cast.member).post(NEW, body(group=cast.other_group.reference))
    assert Document.objects.get().answering_group_id == cast.other_group.pk


def test_a_rule_that_says_another_group_is_told_where_the_group_stands(cast: Cast) -> None:
    create_rule(Draft("named", "kind:document", cast.other_group, "De äger dem."), by=SYSTEM)
    answer = client_of(cast.member).post(NEW, body(group=cast.group.reference))
    assert answer.status_code == 422
    assert f"say that {cast.other_group.name} answers for it" in str(answer.context["form"].errors["group"])
    assert not Document.objects.exists()
