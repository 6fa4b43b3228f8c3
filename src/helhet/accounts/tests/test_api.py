"""One's own account by API: what one chose, and the tokens that speak in one's name."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from helhet.accounts.actions import create_user, make_token
from helhet.accounts.models import Token, User
from helhet.kit.errors import Invalid
from helhet.kit.rights import the_system

pytestmark = pytest.mark.django_db

SYSTEM = the_system("test")


@pytest.fixture
def siv() -> User:
    """A reader."""
    return create_user("siv@example.org", by=SYSTEM, name="Siv Ek")


def ask(method: str, path: str, user: User, body: Any = None, scopes: tuple[str, ...] = ("read", "write")) -> Any:
    """The answer to the user's call."""
    _token, text = make_token(user, by=SYSTEM, name="of the call", scopes=list(scopes))
    call = getattr(Client(), method.lower())
    more = {} if body is None else {"data": body, "content_type": "application/json"}
    return call(f"/api/v1/me{path}", headers={"Authorization": f"Bearer {text}"}, **more)


def test_one_reads_what_one_chose_and_what_one_may(siv: User) -> None:
    told = ask("GET", "", siv).json()
    assert (told["user"], told["email"], told["name"], told["level"]) == (siv.pk, siv.email, "Siv Ek", "reader")
    assert (told["language"], told["theme"], told["scopes"]) == ("sv", "", ["read", "write"])


def test_one_changes_ones_name_language_and_theme_and_what_is_left_out_stays(siv: User) -> None:
    told = ask("PATCH", "", siv, {"name": " Siv  Lund ", "language": "en"})
    assert told.status_code == 200, told.content
    assert (told.json()["name"], told.json()["language"], told.json()["theme"]) == ("Siv Lund", "en", "")
    assert ask("PATCH", "", siv, {"theme": "dark"}).json()["theme"] == "dark"
    siv.refresh_from_db()
    assert (siv.name, siv.language, siv.theme) == ("Siv Lund", "en", "dark")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"language": "tlh"}, "language"),
        ({"theme": "x"}, "theme"),
    ],
)
def test_what_cannot_be_chosen_is_refused_at_its_field(siv: User, body: dict[str, str], field: str) -> None:
    told = ask("PATCH", "", siv, body)
    assert (told.status_code, told.json()["fields"][0]["field"]) == (422, field)
    siv.refresh_from_db()
    assert (siv.name, siv.language, siv.theme) == ("Siv Ek", "", "")


@pytest.mark.parametrize("access", ["", "member", "x" * 200])
def test_an_access_that_there_is_not_is_refused_with_those_that_there_are(access: str) -> None:
    with pytest.raises(Invalid) as refused:
        create_user("olle@example.org", by=SYSTEM, access=access)
    assert refused.value.todo.endswith("none, reader, administrator.")


@pytest.mark.parametrize("field", ["access", "email", "is_active", "level"])
def test_nobody_gives_himself_rights_or_another_address(siv: User, field: str) -> None:
    assert ask("PATCH", "", siv, {field: "administrator"}).status_code == 422
    siv.refresh_from_db()
    assert (siv.access, siv.email, siv.is_active) == ("reader", "siv@example.org", True)


def test_ones_tokens_are_listed_without_their_text_or_hash(siv: User) -> None:
    token, text = make_token(siv, by=SYSTEM, name="Backup", scopes=["read"])
    make_token(create_user("olle@example.org", by=SYSTEM), by=SYSTEM, name="of somebody else", scopes=["read"])
    answer = ask("GET", "/tokens?sort=name", siv)
    assert [(one["id"], one["name"], one["scopes"]) for one in answer.json()["items"]][:1] == [
        (token.pk, "Backup", ["read"])
    ]
    assert {one["name"] for one in answer.json()["items"]} == {"Backup", "of the call"}
    assert text.partition(".")[2] not in answer.content.decode()
    assert token.hash not in answer.content.decode()


def test_a_token_that_is_ended_lets_nobody_in_and_is_told_as_ended(siv: User) -> None:
    token, text = make_token(siv, by=SYSTEM, name="Backup", scopes=["read"])
    with_it = {"Authorization": f"Bearer {text}"}
    assert Client().get("/api/v1/me", headers=with_it).status_code == 200
    assert ask("DELETE", f"/tokens/{token.pk}", siv).status_code == 204
    assert Client().get("/api/v1/me", headers=with_it).status_code == 401
    told = {one["id"]: one for one in ask("GET", "/tokens", siv).json()["items"]}
    assert told[token.pk]["ended_at"]


def test_a_token_that_only_reads_ends_none_and_nobody_ends_anothers(siv: User) -> None:
    token, _text = make_token(siv, by=SYSTEM, name="Backup", scopes=["read"])
    assert ask("DELETE", f"/tokens/{token.pk}", siv, scopes=("read",)).status_code == 403
    olle = create_user("olle@example.org", by=SYSTEM, access="administrator")
    assert ask("DELETE", f"/tokens/{token.pk}", olle, scopes=("read", "write", "admin")).status_code == 404
    assert Token.objects.get(pk=token.pk).is_valid
