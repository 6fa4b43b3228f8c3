from __future__ import annotations

import csv
import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from helhet.groups.actions import assign
from helhet.items.models import Item, Kind, State
from helhet.items.writing import NewItem, add_items
from tests.world import DAY, SYSTEM, as_caller, make_item

# Session, user, memberships and the frame take about ten of them; the list itself fifteen.
BUDGET = 26

pytestmark = pytest.mark.django_db


def test_an_empty_estate_teaches_what_belongs_there(admin):
    text = admin.get("/items/").content.decode()
    assert "The estate is empty" in text
    assert "/items/new/" in text


def test_the_list_shows_what_fits_and_says_it_in_a_sentence(admin, cast):
    make_item("Alpha", attributes={"env": "prod"})
    make_item("Beta", kind="document")
    text = admin.get("/items/", {"q": "kind:server"}).content.decode()
    assert "Alpha" in text
    assert "Beta" not in text
    assert "1\u00a0item fit the filter" in text
    assert "has no group" in text


def test_each_figure_leads_to_exactly_the_items_that_it_counts(admin, cast):
    owned, _unowned = make_item("Owned"), make_item("Unowned")
    make_item("Place", kind="location")
    assign([owned.pk], "Drift", by=as_caller(cast.administrator))
    context = admin.get("/items/").context
    figure = context["figures"]["unowned"]
    assert figure.count.number == 1
    lines = admin.get(figure.url).context["lines"]
    assert [line.chip.name for line in lines] == ["Unowned"]


def test_a_filter_that_cannot_be_read_is_pointed_at_and_kept(admin, cast):
    make_item("Alpha")
    answer = admin.get("/items/", {"q": "kind:srver Alpha"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="kind:srver Alpha"' in text
    assert 'data-error-at="5"' in text
    assert "Did you mean server?" in text


@pytest.mark.parametrize(
    "q", ["kind:", "(", '"', "a OR", "nosuch:1", "updated:<tomorrowish", "x" * 5000, "kind:server\x00"]
)
def test_no_filter_whatever_gives_an_error_of_the_server(admin, cast, q):
    assert admin.get("/items/", {"q": q}).status_code in {200, 422}


@pytest.mark.parametrize(
    "query",
    [{"sort": "nonsense"}, {"cursor": "%%%"}, {"cursor": "W3RydWVd"}, {"columns": ["nope", "attr.x"]},
     {"sort": "place"},
     {"sort": "attr."}, {"first": "9" * 40}, {"scope": "GRP-999"}, {"scope": "'"},
     {"sort": "group", "cursor": "W2ZhbHNlLCAieCIsIDFd"}],
)  # fmt: skip
def test_no_address_whatever_gives_an_error_of_the_server(admin, cast, query):
    make_item("Alpha")
    assert admin.get("/items/", query).status_code in {200, 422}


def test_chips_name_each_condition_and_lead_to_the_list_without_it(admin, cast):
    make_item("Alpha")
    chips = admin.get("/items/", {"q": "kind:server state:live"}).context["bar"].chips
    assert [(chip.label, chip.value) for chip in chips] == [("Kind", "Server"), ("State", "live")]
    assert chips[0].remove_url.endswith("?q=state%3Alive")
    chips = admin.get("/items/", {"q": "täckning:dead grund:hand seen:no"}).context["bar"].chips
    assert [chip.value for chip in chips] == ["group that cannot answer", "assigned by hand", "no"]


def test_who_may_import_begins_it_from_the_list(admin, sign_in, cast):
    make_item("Alpha")
    assert "/imports/new/" in [act.url for act in admin.get("/items/").context["acts"]]
    assert sign_in(cast.reader).get("/items/").context["acts"] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [("ki", "kind:"), ("kind:ser", "server "), ("state:pl", "planned "), ("group:Dr", "Drift "), ("env:pr", "prod "),
     ("kind:server en", "env:")],
)  # fmt: skip
def test_completion_offers_fields_and_values(admin, cast, text, expected):
    make_item("Alpha", attributes={"env": "prod"})
    answer = admin.get("/items/", {"complete": text, "at": len(text)}).json()
    assert expected in [choice["text"] for choice in answer["choices"]]


@pytest.mark.parametrize("text", ["", "(", 'kind:"', "nosuch:x", "a:b:c,", "-(-(", "\x00"])
def test_completion_of_broken_text_answers_all_the_same(admin, cast, text):
    assert set(admin.get("/items/", {"complete": text, "at": 99}).json()) == {"from", "to", "choices"}


def test_a_field_for_things_offers_those_that_begin_as_what_stands_at_the_cursor(admin, cast):
    alpha, other = make_item("Ålpha, den första"), make_item("Alvar")

    def offered(text, at=None, **more):
        answer = admin.get("/items/things/", {"complete": text, "at": len(text) if at is None else at, **more}).json()
        whole = [text[: answer["from"]] + one["text"] + text[answer["to"] :] for one in answer["choices"]]
        assert [one["label"] for one in answer["choices"]] == sorted(one["label"] for one in answer["choices"])
        return whole

    assert offered("  ålPHA, d") == [f"  {alpha.reference}"]
    assert offered(alpha.reference.lower()) == []
    assert offered("Alvar, Ålp") == []
    assert offered("Alvar, Ålp", several="1") == [f"Alvar, {alpha.reference}"]
    assert offered(f"ålp\n  alv, {alpha.reference}", 9, several="1") == [f"ålp\n  {other.reference}, {alpha.reference}"]
    for nothing in ("", " ", ",", "\x00", "nobody", "%", "X-" + "9" * 40):
        assert offered(nothing) == [] == offered(nothing, several="1")


@pytest.mark.parametrize(
    "sort", ["name", "id", "kind", "state", "criticality", "updated", "group", "part_of", "attr.rack"]
)
@pytest.mark.parametrize("turn", ["", "-"])
def test_every_sort_pages_through_all_items_once_forth_and_back(admin, cast, sort, turn, monkeypatch):
    monkeypatch.setattr("helhet.items.listing.PAGE", 50)
    whole, kinds = make_item("Whole"), [Kind.objects.get(key=key) for key in ("server", "document")]
    drafts = [
        NewItem(
            kind=kinds[number % 2], name=f"Item {number % 7}", state=State(number % 3),
            attributes={"rack": f"R{number % 5}"} if number % 3 else {},
            part_of_id=whole.pk if number % 4 == 0 else None,
        )
        for number in range(118)
    ]  # fmt: skip
    add_items(drafts, by=SYSTEM, on=DAY)
    ids = list(Item.objects.filter(kind__is_listed=True).values_list("pk", flat=True))
    assign(ids[::3], "Drift", by=as_caller(cast.administrator))
    assign(ids[1::3], "Nät", by=as_caller(cast.administrator))
    url, pages = f"/items/?sort={turn}{sort}", []
    while url:
        context = admin.get(url).context
        pages.append([line.chip.reference for line in context["lines"]])
        url, back = context["page"].next_url, context["page"].previous_url
    seen = [reference for page in pages for reference in page]
    assert sorted(seen) == sorted(item.reference for item in Item.objects.filter(pk__in=ids))
    assert [line.chip.reference for line in admin.get(back).context["lines"]] == pages[-2]


def test_the_scope_narrows_the_list_unless_the_filter_names_a_group(sign_in, cast):
    mine, _other = make_item("Mine"), make_item("Other")
    assign([mine.pk], "Drift", by=as_caller(cast.administrator))
    client = sign_in(cast.member)
    names = [line.chip.name for line in client.get("/items/?scope=mine").context["lines"]]
    assert names == ["Mine"]
    names = [line.chip.name for line in client.get("/items/?scope=mine&q=group:none").context["lines"]]
    assert names == ["Other"]


def test_a_view_is_kept_shown_as_a_tab_and_removed(admin, cast):
    make_item("Alpha")
    sent = {"name": "Servrar", "q": "kind:server", "sort": "-updated", "columns": ["group", "state"]}
    assert admin.post("/items/views/", sent).status_code == 302
    tabs = admin.get("/items/").context["bar"].views
    (tab,) = [tab for tab in tabs if tab.label == "Servrar"]
    context = admin.get(tab.url).context
    assert [column.name for column in context["columns"] if column.shown] == ["item", "group", "state"]
    assert context["view"].slug == "servrar"
    admin.post("/items/views/servrar/removal/", {"version": context["view"].version})
    assert "Servrar" not in [tab.label for tab in admin.get("/items/").context["bar"].views]


def _csv(answer):
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def test_csv_holds_all_that_match_and_no_formula(admin, cast):
    make_item("=1+1", attributes={"note": "@SUM(A1)", "size": 12})
    make_item("'-x", kind="document")
    head, *rows = _csv(admin.get("/items/export/csv/"))
    assert head[:4] == ["key", "kind", "name", "group"]
    assert {row[2] for row in rows} == {"'=1+1", "''-x"}
    note, size = head.index("note"), head.index("size")
    assert {row[note] for row in rows} == {"'@SUM(A1)", ""}
    assert {row[size] for row in rows} == {"12", ""}


def test_xlsx_holds_text_as_text_and_numbers_as_numbers(admin, cast):
    make_item("=1+1", attributes={"size": 12, "code": "007"})
    content = b"".join(admin.get("/items/export/xlsx/?q=kind:server").streaming_content)
    head, row = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("items").to_python()
    told = dict(zip(head, row, strict=True))
    assert told["name"] == "=1+1"
    assert told["size"] == 12
    assert told["code"] == "007"


def test_json_holds_what_the_api_gives(admin, cast):
    make_item("Alpha", attributes={"deep": {"a": [1]}}, tags=["x"])
    (item,) = json.loads(b"".join(admin.get("/items/export/json/").streaming_content))["items"]
    assert item["attributes"] == {"deep": {"a": [1]}}
    assert item["tags"] == ["x"]


def test_the_list_asks_the_database_as_often_for_many_rows_as_for_few(admin, cast):
    make_item("First")
    admin.get("/items/")
    with CaptureQueriesContext(connection) as few:
        admin.get("/items/?q=kind:server")
    for number in range(60):
        make_item(f"Item {number}", attributes={"a": number})
    admin.get("/items/?q=kind:server")
    with CaptureQueriesContext(connection) as many:
        admin.get("/items/?q=kind:server")
    assert len(many) <= len(few)
    assert len(many) <= BUDGET, "\n".join(query["sql"][:160] for query in many.captured_queries)
