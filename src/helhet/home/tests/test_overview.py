"""The overview says how it stands, and every figure leads to exactly what it counts."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from helhet.documents.models import Document
from helhet.groups.actions.task import create_task
from helhet.groups.models import Group, Membership
from helhet.home import figures as kept_figures
from helhet.home.figures import as_plain, count_now, figures, from_plain, keep
from helhet.home.jobs import count_for_pages
from helhet.home.looking import deviations
from helhet.home.scope import groups_in, scope_choices, scope_groups
from helhet.home.state import areas, state_of, trend
from helhet.items.listing import ItemList
from helhet.items.models import Family, Item, Source, SourceKey, State
from helhet.journal.actions import close_batch, open_batch
from helhet.kit.jobs import Job
from helhet.responsibility.actions import Draft, create_rule
from helhet.responsibility.coverage import count
from helhet.responsibility.readings import take_reading
from helhet.routines.models import Alert, Occurrence, OperationalTask
from helhet.routines.tests.written import make_routine
from tests.world import SYSTEM, Cast, as_caller, make_group, make_item, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    cache.clear()


@pytest.fixture
def town() -> Cast:
    """Groups that answer, one that cannot, a contested item, one not seen and two without a group."""
    cast = Cast()
    dead = make_group("Ingen leder", chair=None)
    make_item("Ägd", says=cast.group)
    make_item("Död", says=dead)
    make_item("Omtvistad", says=cast.group, tags=["nät"])
    make_item("Lös")
    make_item("Också lös", kind="application")
    make_item("Borta", says=cast.other_group)
    create_rule(Draft(filter="tag:nät", group=cast.group, place=1), by=SYSTEM)
    SourceKey.objects.filter(item__name="Borta").update(not_seen_since=timezone.localdate())
    make_item("Båda vill", says=cast.other_group, tags=["nät"])
    return cast


def shown(answer: Any) -> str:
    """What the page says, without the frame, which names all groups."""
    return str(answer.content.decode().split("<main", 1)[1].split("</main>", 1)[0])


def listed(url: str, user: Any) -> int:
    parts = urlsplit(unescape(url))
    (text,) = parse_qs(parts.query)["q"]
    return ItemList(as_caller(user), text).count().number


def test_each_figure_of_the_page_is_the_length_of_its_list(town: Cast, client: Client) -> None:
    client.force_login(town.administrator)
    page = client.get("/").content.decode()
    checked = 0
    for url, inner in re.findall(r'<a [^>]*href="(/items/\?q=[^"]+)"[^>]*>(.*?)</a>', page, re.DOTALL):
        figure = re.search(r"(\d+)(?!\d*,)", re.sub(r"<svg.*?</svg>", "", inner))
        if figure and "%" not in inner:
            assert listed(url, town.administrator) == int(figure.group(1)), (url, inner)
            checked += 1
    assert checked >= 12


def test_the_sentence_and_the_deviations_tell_what_is_wrong(town: Cast, client: Client) -> None:
    create_task(by=SYSTEM, title="Försenad sak", group="Drift", due_on=timezone.localdate() - dt.timedelta(days=3))
    client.force_login(town.administrator)
    page = client.get("/", headers={"Accept-Language": "en"}).content.decode()
    for text in ("have no group", "cannot answer", "No chair", "not seen any longer", "contested", "Försenad sak"):
        assert text in page
    found = deviations(count_now(), list(Group.objects.select_related("item")), SYSTEM, "all", None)
    assert all(one.next_url and one.next_label and one.why for one in found)
    assert [one.mark for one in found][:1] == ["over"]


def test_when_all_is_in_order_the_page_says_so(client: Client) -> None:
    cast = Cast()
    make_item("Ägd", says=cast.group)
    client.force_login(cast.reader)
    page = client.get("/", headers={"Accept-Language": "en"}).content.decode()
    assert "nothing is overdue" in page
    assert "All of" in page


def test_an_empty_store_teaches_and_only_an_administrator_may_fill_it(client: Client) -> None:
    reader, administrator = make_user("r@sjovik.example"), make_user("a@sjovik.example", access="administrator")
    client.force_login(reader)
    assert "/demonstration/" not in client.get("/").content.decode()
    assert client.post("/demonstration/").status_code == 403
    client.force_login(administrator)
    assert "/demonstration/" in client.get("/").content.decode()
    assert client.get("/demonstration/").status_code == 405
    answer = client.post("/demonstration/")
    job = Job.objects.get(name="home.demo")
    assert answer["Location"] == f"/jobs/{job.pk}/"
    client.post("/demonstration/")
    assert Job.objects.filter(name="home.demo").count() == 1
    make_item("En egen")
    assert client.post("/demonstration/").status_code == 409


def test_an_import_that_counted_by_noun_is_among_the_news(town: Cast, client: Client) -> None:
    batch = open_batch("import", "netbox 2026-11-21", by=SYSTEM)
    close_batch(batch, by=SYSTEM, counts={"created": {"items": 1_250, "dependencies": 7}, "not_seen": {"persons": 2}})
    other = open_batch("import", "Import of services.yml from catalogue", by=SYSTEM)
    close_batch(other, by=SYSTEM, counts={"created": {"groups": 3}})
    Source.objects.create(name="catalogue")
    client.force_login(town.member)
    text = client.get("/").content.decode()
    assert "Import ur netbox" in text
    assert "1\u00a0250 nya" in text
    assert "Import ur catalogue: 3 nya" in text


def test_nobody_is_led_to_sign_in_and_outsiders_are_refused(client: Client) -> None:
    cast = Cast()
    assert client.get("/").status_code == 302
    client.force_login(cast.outsider)
    assert client.get("/").status_code == 403


def test_a_member_can_look_through_the_eyes_of_a_group_and_is_remembered(town: Cast, client: Client) -> None:
    caller = as_caller(town.member)
    key = town.group.reference
    assert [choice for choice, _label in scope_choices(caller)] == ["all"]
    assert next(choice for choice, _label in scope_groups(caller)) == key
    assert groups_in(key, caller) == frozenset({town.group.pk})
    client.force_login(town.member)
    page = shown(client.get("/", {"scope": key}))
    assert "Drift" in page
    assert "Ingen leder" not in page
    assert f"group%3A{key}" in page
    assert "Ingen leder" not in shown(client.get("/"))
    assert "Ingen leder" in shown(client.get("/", {"scope": "all"}))
    other = shown(client.get("/", {"scope": town.other_group.reference}))
    assert f"group%3A{town.other_group.reference}" in other
    assert f"group%3A{key}" not in other
    assert client.get("/", {"scope": "GRP-99999"}).context["scope"] == "all"


def test_the_page_stays_within_its_queries_however_much_there_is(town: Cast, client: Client) -> None:
    client.force_login(town.administrator)
    counts = []
    for _round in range(2):
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/").status_code == 200
        counts.append(len(queries))
        for number in range(12):
            make_item(f"Mer {number}", says=make_group(f"Grupp {number}", chair=None if number % 2 else ""))
    assert counts[0] <= 60
    assert counts[1] <= counts[0] + 3


def test_a_large_register_is_never_counted_by_a_page(
    town: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_figures, "QUICK_ITEMS", 3)
    take_reading()
    client.force_login(town.reader)
    assert "räknas" in client.get("/", headers={"Accept-Language": "sv"}).content.decode()
    keep()
    make_item("Kom efteråt")
    known = figures()
    assert known is not None
    assert known.coverage.all.items == 7
    count_for_pages.now(caller=SYSTEM)
    again = figures()
    assert again is not None
    assert again.coverage.all.items == 8


def test_a_small_one_is_counted_anew_after_each_change(town: Cast) -> None:
    del town
    keep()
    before = figures()
    make_item("Ännu en")
    after = figures()
    assert before is not None
    assert after is not None
    assert after.coverage.all.unowned == before.coverage.all.unowned + 1


def test_what_is_kept_reads_back_as_it_was_counted(town: Cast) -> None:
    del town
    found = count_now()
    again = from_plain(as_plain(found), found.counted_at)
    assert again == found
    assert again.coverage.by_group == count().by_group


def test_every_item_that_is_counted_has_a_cell(town: Cast) -> None:
    del town
    known = count_now()
    state = state_of(known, list(Group.objects.select_related("item")), None)
    assert sum(row.items for row in state.rows) == known.coverage.all.items
    assert {family for _label, families in areas() for family in families} == set(Family)
    assert all(len(row.cells) == len(state.heads) for row in state.rows)


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=12))
def test_a_trend_draws_within_its_frame_and_says_its_change(values: list[int]) -> None:
    found = trend(values)
    assert len(found.bars) == len(values)
    assert all(0 <= bar.y <= 25 and bar.y + bar.height == pytest.approx(26, abs=0.06) for bar in found.bars)
    assert found.change == (values[-1] - values[-2] if len(values) > 1 else 0)


def test_a_chair_that_leaves_shows_at_once(town: Cast, client: Client) -> None:
    client.force_login(town.reader)
    Membership.objects.filter(group=town.group, role="chair").update(to_on=timezone.localdate() - dt.timedelta(days=1))
    cache.clear()
    assert listed("/items/?q=coverage:dead", town.reader) == 4
    assert Item.objects.filter(name="Ägd").exists()
    assert f"group%3A{town.group.reference}" in client.get("/").content.decode()


def test_bars_beneath_each_other_share_one_scale():
    low, high = trend([1, 1, 2], top=60), trend([60, 60, 60], top=60)
    assert max(bar.height for bar in high.bars) > 20 * max(bar.height for bar in low.bars)
    assert [low.now, low.change] == [2, 1]


def rows(page: str) -> dict[str, str]:
    """The first line of each row of what to look at first, with where its button leads."""
    found = {}
    for row in re.findall(r'<li class="hh-dev.*?</li>', page, re.DOTALL):
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"<svg.*?</svg>", "", row, flags=re.DOTALL)))
        found[text] = unescape(re.findall(r'href="([^"]+)"', row)[-1])
    return found


def test_what_upkeep_has_left_undone_stands_among_what_to_look_at_first(town: Cast, client: Client) -> None:
    today = timezone.localdate()
    stale, doubted, fine = (make_routine(name, group=town.group).document for name in ("Gammal", "Tveksam", "Riktig"))
    Document.objects.filter(pk=stale.pk).update(due_on=today - dt.timedelta(days=3))
    Document.objects.filter(pk=doubted.pk).update(is_doubtful=True)
    Document.objects.filter(pk=fine.pk).update(due_on=today)
    task = OperationalTask.objects.create(title="Läs loggen", item=stale.item, group=town.group, first_on=today)
    for day in (today - dt.timedelta(days=2), today):
        Occurrence.objects.create(task=task, rule_on=day, due_on=day)
    Alert.objects.create(sender="alertmanager", fingerprint="a", name="Fullt", began_at=timezone.now())
    withdrawn = make_routine("Borttagen", group=town.group)
    Item.objects.filter(pk=withdrawn.document.item_id).update(state=State.RETIRED)
    Alert.objects.create(
        sender="alertmanager", fingerprint="b", name="Tyst", began_at=timezone.now(), routine=withdrawn
    )
    client.force_login(town.administrator)
    for scope, seen in (("all", True), (town.group.item.reference, True), (town.other_group.item.reference, False)):
        found = rows(client.get("/", {"scope": scope}, headers={"accept-language": "en"}).content.decode())
        documents = [text for text in found if "2 documents" in text and "1 is past its review" in text]
        late = [text for text in found if "1 operational task" in text and "Läs loggen" in text]
        assert (len(documents), len(late)) == (int(seen), int(seen)), (scope, found)
        for text in documents:
            assert len(re.findall(r'<tr><th scope="row">', client.get(found[text]).content.decode())) == 2, text
        assert all(client.get(url).status_code == 200 for url in found.values())
        assert any("2 alerts" in text for text in found) == (scope == "all")
