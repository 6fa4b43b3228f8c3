"""Every page type in every dress: axe finds nothing, nothing scrolls sideways, the browser complains of nothing."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Page, expect

from helhet.accounts.models import User
from helhet.groups.actions import create_task, save_view
from helhet.groups.models import Person
from helhet.home.figures import keep
from helhet.items.actions import change_item, comment
from helhet.items.models import Item
from helhet.responsibility.actions import Draft, create_rule
from helhet.responsibility.readings import take_reading
from helhet.search.indexing import index_all
from tests.browser.walking import faults_of, sign_in, wide_parts
from tests.matrix_samples import samples
from tests.world import SYSTEM, Cast, as_caller, make_item

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

WIDE, NARROW = 1280, 360


class Dress(NamedTuple):
    """How a page is seen. axe looks at all pages where its colours are new, else at those of `MAIN`."""

    language: str
    theme: str
    width: int
    looks_at_all: bool


DRESSES = [
    Dress("sv", "light", WIDE, looks_at_all=True),
    Dress("en", "dark", WIDE, looks_at_all=True),
    Dress("sv", "dark", NARROW, looks_at_all=False),
    Dress("en", "light", NARROW, looks_at_all=False),
]

ADDRESSES = [
    "/", "/help/", "/items/{item}/merge/", "/items/", "/items/?q=kind:server", "/items/?q=kind:nothing-such",
    "/items/?q=state:retired",
    "/items/{item}/", "/items/{item}/group/", "/items/{item}/kind/", "/items/{item}/fields/name/", "/items/new/",
    "/items/views/", "/items/changes/{batch}/", "/groups/", "/groups/new/", "/groups/{group}/",
    "/groups/{group}/edit/", "/groups/{group}/close/", "/groups/{group}/members/new/", "/groups/{group}/chair/",
    "/memberships/{membership}/", "/people/", "/people/new/", "/people/{person}/", "/people/{person}/end/",
    "/tasks/", "/tasks/all/", "/tasks/new/", "/tasks/{task}/", "/tasks/{task}/handover/", "/views/",
    "/coverage/", "/coverage/?on=2026-02-01", "/rules/", "/rules/new/", "/rules/{rule}/", "/rules/{rule}/removal/",
    "/imports/", "/imports/new/", "/imports/{run}/", "/imports/findings/", "/imports/mappings/",
    "/search/?q=server", "/search/?q=finnsinte", "/jobs/", "/jobs/{job}/", "/me/", "/me/password/",
    "/me/tokens/new/", "/settings/users/", "/settings/users/new/", "/settings/users/{user}/", "/settings/kinds/",
    "/settings/kinds/new/", "/settings/kinds/server/", "/settings/words/", "/items/SRV-999999/",
]  # fmt: skip


MAIN = {"/", "/items/", "/items/{item}/", "/groups/", "/groups/{group}/", "/coverage/", "/rules/{rule}/", "/tasks/"}


def furnished(cast: Cast) -> dict[str, Any]:
    """A house with something on every page, and what stands in the holes of addresses."""
    things = samples(cast)
    administrator = as_caller(cast.administrator)
    for number in range(5):
        make_item(f"Server {number}", key=f"s{number}", attributes={"location": "Hall 1", "note": "ord " * 20})
    make_item("Ett-mycket-långt-namn-utan-mellanrum-" * 4, kind="application", description="Ord " * 80)
    comment(Item.objects.get(pk=things["item_id"]), "Ett ord till, med åäö.", by=administrator)
    found = Item.objects.get(pk=things["item_id"])
    change_item(found.reference, by=administrator, version=found.version, name="Server ett, än en gång")
    create_rule(Draft("named", "kind:application", cast.other_group, "De kan det."), by=SYSTEM)
    create_task(by=administrator, title="Gå igenom listan", group=cast.group.reference, item=found.reference)
    save_view(by=administrator, name="Mina servrar", filter="kind:server")
    take_reading()
    keep()
    index_all()
    return things


@pytest.mark.parametrize("dress", DRESSES, ids=lambda dress: f"{dress.language}-{dress.theme}-{dress.width}")
def test_every_page_is_sound_in_every_dress(page: Page, live_server: Any, complaints: Any, dress: Dress) -> None:
    cast = Cast()
    things = furnished(cast)
    User.objects.filter(pk=cast.administrator.pk).update(language=dress.language, theme=dress.theme)
    sign_in(page, cast.administrator, live_server)
    page.set_viewport_size({"width": dress.width, "height": 900})
    found: list[Any] = []
    for address in ADDRESSES:
        page.goto(address.format(**things))
        expect(page.locator("html")).to_have_attribute("lang", dress.language)
        if dress.looks_at_all or address in MAIN:
            found += [(address, *fault) for fault in faults_of(page)]
        found += [(address, part) for part in wide_parts(page)]
    # A page that is refused says so with its status, which the browser repeats; that is meant here.
    complaints.found[:] = [line for line in complaints.found if "status of 4" not in line]
    assert found == []


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_names_of_one_long_word_widen_no_page(page: Page, live_server: Any, complaints: Any, width: int) -> None:
    cast = Cast()
    things = furnished(cast)
    word = "Informationssäkerhetsklassificeringssamordningsgruppen" * 4
    Item.objects.update(name=word, name_fold=word.lower())
    Person.objects.update(name=word)
    sign_in(page, cast.administrator, live_server)
    page.set_viewport_size({"width": width, "height": 900})
    found: list[Any] = []
    for address in ADDRESSES:
        page.goto(address.format(**things))
        found += [(address, part) for part in wide_parts(page)]
    complaints.found[:] = [line for line in complaints.found if "status of 4" not in line]
    assert found == []


def test_the_doors_for_who_has_not_signed_in_are_sound(page: Page, complaints: Any) -> None:
    found: list[Any] = []
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": 900})
        for address in ("/sign-in/", "/link/nonesuch/"):
            page.goto(address)
            found += [(address, *fault) for fault in faults_of(page)]
            found += [(address, part) for part in wide_parts(page)]
    assert found == []
    assert complaints.found == []
