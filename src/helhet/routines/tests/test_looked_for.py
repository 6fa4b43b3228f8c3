"""Whoever looks for something that there is not is led on: to the lists that have it, and to a group to tell."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from helhet.documents.actions import create_document, publish, withdraw
from helhet.routines.tests.written import make_routine
from tests.world import SYSTEM, Cast

pytestmark = pytest.mark.django_db
ODD = "a%26b%20%3Cx%3E"


@pytest.fixture
def client() -> Client:
    found = Client(headers={"accept-language": "en"})
    found.force_login(Cast().reader)
    return found


def led_to(client: Client, address: str) -> dict[str, str]:
    """The words and addresses that a page leads on to."""
    page = client.get(address).content.decode().partition("<main")[2]
    links = re.findall(r'<a [^>]*?href="([^"]+)"[^>]*>(.*?)</a>', page, re.DOTALL)
    return {re.sub(r"<[^>]*>", "", words).strip(): unescape(url) for url, words in links}


def test_the_list_of_documents_leads_to_routines_that_have_the_words(client: Client) -> None:
    make_routine(symptoms="Journalen är seg")
    way = led_to(client, "/documents/?filter=seg")["1 routine has it"]
    assert way == "/routines/?q=seg"
    assert "Omstart av motorn" in client.get(way).content.decode()
    assert "1 routine has it" not in led_to(client, "/documents/?filter=snabb")


def test_the_text_of_a_routine_leads_to_where_it_is_run_until_it_is_withdrawn(client: Client) -> None:
    routine = make_routine()
    address = f"/documents/{routine.document.address}/"
    assert led_to(client, address)["To the routine, to run it"] == routine.get_absolute_url()
    withdraw(routine.document.address, by=SYSTEM, version=routine.document.version, reason="Ersatt")
    assert "To the routine, to run it" not in led_to(client, address)
    policy = create_document(by=SYSTEM, sort="policy", title="Lösenord", text="Långa.")
    publish(policy.address, by=SYSTEM, version=1)
    assert "To the routine, to run it" not in led_to(client, f"/documents/{policy.address}/")


@pytest.mark.parametrize(
    "address", [f"/documents/?filter={ODD}%20kind:routine", f"/routines/?q={ODD}", f"/search/?q={ODD}"]
)
def test_what_is_missing_is_told_to_a_group_in_the_words_that_were_looked_for(client: Client, address: str) -> None:
    make_routine()
    told = led_to(client, address)["Tell a group what is missing"]
    assert client.get(told).context["form"]["title"].value() == "Missing: a&b <x>"


def test_a_list_that_is_narrowed_without_words_asks_for_nothing(client: Client) -> None:
    make_routine()
    for address in ("/documents/?state=overdue", "/documents/?filter=kind:server", "/routines/?proof=proven"):
        assert "Tell a group what is missing" not in led_to(client, address)
