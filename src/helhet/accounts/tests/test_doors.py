"""Getting in and out, one's own page, and the administrator's users."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from helhet.accounts.actions import ADDRESS_TRIES, TRIES, create_user, first_link, make_token, sign_in_link
from helhet.accounts.models import Access, SignInLink, Token, User
from helhet.kit.rights import the_system
from tests.world import as_caller

pytestmark = pytest.mark.django_db

PASSWORD = "en ganska lång mening"
SYSTEM = the_system("test")


def made(email: str = "siv@example.org", access: str = Access.READER, password: str | None = PASSWORD) -> User:
    return create_user(email, by=SYSTEM, name="Siv Ek", access=access, password=password)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def post(client: Client, place: str, /, *args: object, **data: object) -> Any:
    return client.post(reverse(f"accounts:{place}", args=args), data)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_pages_of_nobody_answer_in_both_languages(language: str, client: Client) -> None:
    client.cookies["helhet_language"] = language
    for path in (reverse("accounts:sign_in"), reverse("accounts:link", args=["x" * 43])):
        page = client.get(path)
        assert page.status_code == 200
        assert f'lang="{language}"' in page.content.decode()


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_pages_of_an_administrator_answer_in_both_languages(language: str) -> None:
    user = made(access=Access.ADMINISTRATOR)
    user.language = language
    user.save()
    make_token(user, by=as_caller(user), name="Skript", scopes=["read"])
    client = signed_in(user)
    names = ("me", "password", "token_new", "users", "user_new")
    for path in [*(reverse(f"accounts:{name}") for name in names), reverse("accounts:user", args=[user.pk])]:
        page = client.get(path)
        assert page.status_code == 200, path
        assert f'lang="{language}"' in page.content.decode()


def test_address_and_password_let_in_and_lead_on(client: Client) -> None:
    made()
    answer = client.post(reverse("accounts:sign_in"), {
        "email": " Siv@Example.org ", "password": PASSWORD, "next": "/me/",
    })  # fmt: skip
    assert answer.status_code == 302
    assert answer["Location"] == "/me/"
    assert client.get("/me/").status_code == 200


def test_a_mistyped_password_does_not_lose_the_way(client: Client) -> None:
    made()
    data = {"email": "siv@example.org", "password": "fel", "next": "/me/"}
    page = client.post(reverse("accounts:sign_in"), data).content.decode()
    assert 'name="next" value="/me/"' in page


def test_nobody_is_led_to_another_host(client: Client) -> None:
    made()
    data = {"email": "siv@example.org", "password": PASSWORD, "next": "https://evil.example/"}
    assert "evil" not in client.post(reverse("accounts:sign_in"), data)["Location"]


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client: Client) -> None:
    made()
    texts = []
    for email in ("siv@example.org", "ingen@example.org"):
        page = client.post(reverse("accounts:sign_in"), {"email": email, "password": "fel"})
        assert page.status_code == 422
        texts.append([str(error) for error in page.context["form"].non_field_errors()])
    assert texts[0] == texts[1] != []


def test_a_user_without_access_is_not_let_in(client: Client) -> None:
    made(access=Access.NONE)
    answer = client.post(reverse("accounts:sign_in"), {"email": "siv@example.org", "password": PASSWORD})
    assert answer.status_code == 422


def test_an_account_is_guarded_against_guessing(client: Client) -> None:
    made()
    data = {"email": "siv@example.org", "password": "fel"}
    for _try in range(TRIES):
        assert client.post(reverse("accounts:sign_in"), data).status_code == 422
    answer = client.post(reverse("accounts:sign_in"), data | {"password": PASSWORD})
    assert answer.status_code == 429


def test_an_address_is_guarded_against_trying_many_accounts(client: Client) -> None:
    for number in range(ADDRESS_TRIES):
        data = {"email": f"a{number}@example.org", "password": "fel"}
        assert client.post(reverse("accounts:sign_in"), data).status_code == 422
    made()
    data = {"email": "siv@example.org", "password": PASSWORD}
    assert client.post(reverse("accounts:sign_in"), data).status_code == 429
    assert client.post(reverse("accounts:sign_in"), data, REMOTE_ADDR="10.0.0.9").status_code == 302


def test_a_forged_header_gives_no_further_tries(client: Client) -> None:
    data = {"email": "siv@example.org", "password": PASSWORD}
    for number in range(ADDRESS_TRIES):
        wrong = {"email": f"a{number}@example.org", "password": "fel"}
        client.post(reverse("accounts:sign_in"), wrong, HTTP_X_FORWARDED_FOR=f"192.0.2.{number}")
    made()
    assert client.post(reverse("accounts:sign_in"), data, HTTP_X_FORWARDED_FOR="192.0.2.250").status_code == 429


def test_behind_a_trusted_proxy_each_client_has_its_own_tries(settings: LazySettings) -> None:
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    client = Client()
    for number in range(ADDRESS_TRIES):
        wrong = {"email": f"a{number}@example.org", "password": "fel"}
        forged = f"192.0.2.{number}, 198.51.100.1"
        client.post(reverse("accounts:sign_in"), wrong, HTTP_X_FORWARDED_FOR=forged)
    made()
    data = {"email": "siv@example.org", "password": PASSWORD}
    for client_address, status in {"198.51.100.1": 429, "198.51.100.2": 302}.items():
        answer = client.post(reverse("accounts:sign_in"), data, HTTP_X_FORWARDED_FOR=f"10.1.1.1, {client_address}")
        assert answer.status_code == status


def test_signing_in_forgives_earlier_mistakes(client: Client) -> None:
    made()
    for _round in range(3):
        for _try in range(TRIES - 1):
            client.post(reverse("accounts:sign_in"), {"email": "siv@example.org", "password": "fel"})
        data = {"email": "siv@example.org", "password": PASSWORD}
        assert client.post(reverse("accounts:sign_in"), data).status_code == 302
        client.post(reverse("accounts:sign_out"))


def test_looking_at_a_link_does_not_use_it_and_the_button_does_once(client: Client) -> None:
    user = made(password=None)
    path = "/" + sign_in_link(user, by=SYSTEM).split("/", 3)[3]
    assert client.get(path).status_code == 200
    assert client.head(path).status_code == 200
    answer = client.post(path)
    assert answer["Location"] == reverse("accounts:welcome")
    other = Client()
    assert other.post(path).status_code == 404
    assert other.get("/me/").status_code == 302


def test_the_first_administrator_says_name_address_and_password(client: Client) -> None:
    link = first_link()
    assert link is not None
    client.post("/" + link.split("/", 3)[3])
    assert "email" in client.get(reverse("accounts:welcome")).context["form"].fields
    wrong = {"name": "Siv Ek", "email": "siv", "password": "kort"}
    assert client.post(reverse("accounts:welcome"), wrong).status_code == 422
    answer = client.post(
        reverse("accounts:welcome"), {"name": "Siv Ek", "email": "siv@example.org", "password": PASSWORD}
    )
    assert answer["Location"] == reverse("home:overview")
    user = User.objects.get(email="siv@example.org")
    assert (user.name, user.access) == ("Siv Ek", Access.ADMINISTRATOR)
    assert user.check_password(PASSWORD)
    assert client.get("/me/").status_code == 200
    assert first_link() is None


def test_others_are_not_asked_for_an_address_they_cannot_choose(client: Client) -> None:
    user = made(password=None)
    client.post("/" + sign_in_link(user, by=SYSTEM).split("/", 3)[3])
    client.post(reverse("accounts:welcome"), {"name": "Siv", "email": "boss@example.org", "password": PASSWORD})
    user.refresh_from_db()
    assert user.email == "siv@example.org"


def test_signing_out_needs_a_post(client: Client) -> None:
    client.force_login(made())
    assert client.get(reverse("accounts:sign_out")).status_code == 405
    assert client.get("/me/").status_code == 200
    client.post(reverse("accounts:sign_out"))
    assert client.get("/me/").status_code == 302


def test_language_is_kept_on_the_user_and_in_a_cookie_for_others(client: Client) -> None:
    answer = client.post(reverse("accounts:language"), {"language": "en", "next": reverse("accounts:sign_in")})
    assert answer.status_code == 302
    assert 'lang="en"' in client.get(reverse("accounts:sign_in")).content.decode()
    assert client.post(reverse("accounts:language"), {"language": "xx"}).status_code == 422
    user = made()
    client.force_login(user)
    client.post(reverse("accounts:language"), {"language": "sv"})
    user.refresh_from_db()
    assert user.language == "sv"


def test_the_theme_is_kept(client: Client) -> None:
    user = made()
    client.force_login(user)
    post(client, "theme", theme="dark")
    user.refresh_from_db()
    assert user.theme == "dark"
    assert post(client, "theme", theme="pink").status_code == 422
    assert 'data-bs-theme="dark"' in client.get("/me/").content.decode()


def test_changing_the_password_asks_for_the_old_one_and_ends_other_sessions() -> None:
    user = made()
    here, there = signed_in(user), signed_in(user)
    assert post(here, "password", old="fel", new="en annan lång mening").status_code == 422
    assert post(here, "password", old=PASSWORD, new="kort").status_code == 422
    assert post(here, "password", old=PASSWORD, new="en annan lång mening").status_code == 302
    assert here.get("/me/").status_code == 200
    assert there.get("/me/").status_code == 302


def test_all_other_sessions_can_be_ended() -> None:
    user = made()
    here, there = signed_in(user), signed_in(user)
    post(here, "sessions_end")
    assert here.get("/me/").status_code == 200
    assert there.get("/me/").status_code == 302


def test_a_token_is_shown_once_and_never_stored_in_clear() -> None:
    user = made()
    client = signed_in(user)
    page = post(client, "token_new", name="Skript", scopes=["read"], days="30")
    text = page.context["text"]
    assert text in page.content.decode()
    token = Token.objects.get()
    secret = text.split(".")[1]
    assert all(secret not in str(value) for value in vars(token).values())
    assert text not in client.get("/me/").content.decode()
    headers = {"Authorization": f"Bearer {text}"}
    assert Client().get("/api/v1/me", headers=headers).status_code == 200
    post(client, "token_end", token.pk)
    assert Client().get("/api/v1/me", headers=headers).status_code == 401


def test_nobody_ends_the_token_of_another() -> None:
    user = made()
    token, _text = make_token(user, by=as_caller(user), name="x", scopes=["read"])
    other = signed_in(made("annan@example.org"))
    assert post(other, "token_end", token.pk).status_code == 404
    token.refresh_from_db()
    assert token.is_valid


def test_a_link_is_never_stored_in_clear() -> None:
    secret = sign_in_link(made(), by=SYSTEM).rstrip("/").rsplit("/", 1)[1]
    assert all(secret not in str(value) for value in vars(SignInLink.objects.get()).values())


def test_an_administrator_invites_changes_and_ends_a_user() -> None:
    boss = signed_in(made("chef@example.org", Access.ADMINISTRATOR))
    page = post(boss, "user_new", email="ny@example.org", name="Ny", access="reader")
    guest = Client()
    guest.post("/" + page.context["link"].split("/", 3)[3])
    assert guest.get(reverse("accounts:welcome")).status_code == 200
    user = User.objects.get(email="ny@example.org")
    assert post(boss, "user", user.pk, name="X", access="reader").status_code == 422
    assert post(boss, "user", user.pk, name="X", access="reader", version=user.version - 1).status_code == 422
    post(boss, "user", user.pk, name="Nya Namnet", access="administrator", version=user.version)
    user.refresh_from_db()
    assert (user.name, user.access) == ("Nya Namnet", "administrator")
    assert post(boss, "user_end", user.pk, active="0").status_code == 428
    post(boss, "user_end", user.pk, active="0", version=user.version)
    assert guest.get("/me/").status_code == 302
    assert post(boss, "user_link", user.pk).status_code == 422
    post(boss, "user_end", user.pk, active="1", version=user.version + 1)
    user.refresh_from_db()
    assert user.is_active


def test_the_last_administrator_stays() -> None:
    boss = made("chef@example.org", Access.ADMINISTRATOR)
    client = signed_in(boss)
    assert post(client, "user", boss.pk, name="Chef", access="reader", version=boss.version).status_code == 422
    assert post(client, "user_end", boss.pk, active="0", version=boss.version).status_code == 422
    boss.refresh_from_db()
    assert boss.is_active


def test_only_administrators_see_users() -> None:
    user = made()
    client = signed_in(user)
    for path in (reverse("accounts:users"), reverse("accounts:user_new"), reverse("accounts:user", args=[user.pk])):
        assert client.get(path).status_code == 403
        assert Client().get(path).status_code == 302
    for name in ("user_link", "user_end"):
        assert post(client, name, user.pk).status_code == 403


def test_a_token_that_may_change_may_also_read(client: Client) -> None:
    user = made()
    client.force_login(user)
    page = post(client, "token_new", name="Skript", scopes=["write"], days="30")
    assert "läsa, ändra" in page.content.decode()
    assert user.tokens.get().scopes == ["read", "write"]
