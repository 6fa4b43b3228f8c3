"""The ready mappings by API: the same as in the page."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from helhet.accounts.actions import make_token
from helhet.importers.mapping import find_mapping, load_mapping, shipped
from tests.world import SYSTEM, make_user

pytestmark = pytest.mark.django_db


def ask(path: str) -> Any:
    """The answer to a reader's token."""
    user = make_user("reader@sjovik.example")
    _token, text = make_token(user, by=SYSTEM, name="t", scopes=["read"])
    return Client().get(f"/api/v1/imports/mappings{path}", headers={"Authorization": f"Bearer {text}"})


def test_every_ready_mapping_is_listed_with_what_it_is_for_and_its_text() -> None:
    rows = ask("").json()["items"]
    assert [one["name"] for one in rows] == list(shipped())
    for one in rows:
        assert one["title"]
        assert one["about"]
        assert load_mapping(one["text"], one["name"]).rules == find_mapping(one["name"]).rules
        assert one["nouns"] == list(find_mapping(one["name"]).nouns)


def test_the_api_has_the_mappings_that_the_page_shows() -> None:
    rows = ask("").json()["items"]
    client = Client()
    client.force_login(make_user("other@sjovik.example"))
    page = client.get(reverse("importers:mappings")).content.decode()
    for one in rows:
        assert escape(one["text"]) in page


def test_one_is_read_by_its_name_and_one_that_there_is_not_says_which_there_are() -> None:
    assert ask("/plain").json()["text"] == find_mapping("plain").text


@pytest.mark.parametrize("name", ["nonesuch", "..", "/etc/passwd", "plain.yaml", "%2e%2e%2fmapping"])
def test_only_ready_ones_are_read_and_no_other_file(name: str) -> None:
    answer = ask(f"/{name}")
    assert answer.status_code == 404
    assert "helhet" not in answer.json().get("text", "")


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    answer = ask("/nonesuch")
    assert "netbox_rest" in answer.json()["todo"]
