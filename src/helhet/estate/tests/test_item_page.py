from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helhet.estate.answering import answering_of
from helhet.estate.models import Dependency
from helhet.groups.actions import assign
from helhet.groups.models import Answer
from helhet.items.actions import change_item
from helhet.items.models import Attachment, Comment, Item, Kind, Presence, SourceKey
from helhet.items.writing import change_items
from tests.world import DAY, SYSTEM, as_caller, make_item, make_source

pytestmark = pytest.mark.django_db
BUDGET = 56


def html(answer):
    return answer.content.decode()


def test_the_page_says_that_nobody_answers_and_offers_the_next_step(sign_in, cast):
    item = make_item("Alpha")
    text = html(sign_in(cast.member).get(f"/items/{item.reference}/"))
    assert "No group answers for it" in text
    assert "Take it to Drift" in text


def test_a_member_takes_an_unowned_item_with_one_click_and_the_page_says_why(sign_in, cast):
    item = make_item("Alpha")
    client = sign_in(cast.member)
    assert client.post(f"/items/{item.reference}/taking/", {"group": cast.group.reference}).status_code == 302
    text = html(client.get(f"/items/{item.reference}/"))
    assert "Assigned by hand. Member" in text
    assert f'href="{cast.group.get_absolute_url()}">Drift</a> answers' in text


def test_a_claimant_is_assigned_with_one_click(admin, cast):
    item = make_item("Alpha", key="a")
    item.source_keys.update(claimants=[cast.group.pk, cast.other_group.pk])
    text = html(admin.get(f"/items/{item.reference}/"))
    assert text.count('name="group" value="GRP-') == 2
    admin.post(f"/items/{item.reference}/group/", {"group": cast.other_group.reference})
    assert Answer.objects.open().get(item=item).group == cast.other_group


def test_another_name_of_an_item_leads_to_its_reference(admin, cast):
    item = make_item("Alpha", key="k/1")
    assert admin.get("/items/cmdb:k/1/").headers["Location"] == item.get_absolute_url()
    assert admin.get(f"/items/{item.reference.lower()}/").headers["Location"] == item.get_absolute_url()
    old = make_item("Old")
    Item.objects.filter(pk=old.pk).update(presence=Presence.MERGED, merged_into=item)
    assert admin.get(old.get_absolute_url()).headers["Location"] == item.get_absolute_url()


@pytest.mark.parametrize("reference", ["NO-1", "nonsense", "a:b", "SRV-" + "9" * 30, "%00", "..%2f..%2fetc"])
def test_what_is_no_item_is_not_found(admin, cast, reference):
    assert admin.get(f"/items/{reference}/").status_code == 404


def test_a_field_is_edited_where_it_stands(admin, cast):
    item = make_item("Alpha")
    url = f"/items/{item.reference}/fields/state/"
    opened = html(admin.get(url, headers={"HX-Request": "true"}))
    assert 'name="version" value="1"' in opened
    saved = admin.post(url, {"value": "retiring", "version": "1"}, headers={"HX-Request": "true"})
    assert "retiring" in html(saved)
    assert "/undo/" in html(saved)
    assert Item.objects.get(pk=item.pk).state == 2


def test_saving_without_script_leads_back_to_the_page(admin, cast):
    item = make_item("Alpha")
    answer = admin.post(f"/items/{item.reference}/fields/name/", {"value": "Beta", "version": "1"})
    assert answer.headers["Location"] == item.get_absolute_url()
    assert Item.objects.get(pk=item.pk).name == "Beta"


def test_a_stale_edit_shows_both_values_and_keeps_what_was_typed(admin, cast):
    item = make_item("Alpha")
    change_item(item.reference, by=as_caller(cast.administrator), version=1, name="Theirs")
    answer = admin.post(
        f"/items/{item.reference}/fields/name/", {"value": "Mine", "version": "1"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 412
    assert "It is now: Theirs" in html(answer)
    assert 'value="Mine"' in html(answer)
    assert 'name="version" value="2"' in html(answer)


def test_the_page_tells_every_rule_and_which_one_decided(admin, cast):
    item = make_item("Alpha", says=cast.group)
    text = html(admin.get(f"/items/{item.reference}/"))
    assert "How the group was found" in text
    assert re.search(r"As the source says.*<b>Drift</b>.*decided", text, re.DOTALL | re.IGNORECASE)


SCHEMA = {
    "type": "object",
    "properties": {
        "size": {"type": "number", "description": "In terabytes."},
        "bought": {"type": "string", "format": "date"},
        "tier": {"type": "string", "enum": ["gold", "silver"]},
        "backed up": {"type": "boolean"},
    },
    "required": ["tier"],
}


@pytest.mark.parametrize(
    ("name", "sent", "kept", "mark"),
    [
        ("size", "1 200,5", 1200.5, 'inputmode="decimal"'), ("size", "7", 7, "decimal"),
        ("bought", "2024-03-04", "2024-03-04", 'type="date"'),
        ("tier", "gold", "gold", "<select"), ("backed up", "true", True, "<select"),
        ("free", "text", "text", 'type="text"'),
    ],
)  # fmt: skip
def test_an_attribute_has_the_input_that_its_schema_asks_for(  # noqa: PLR0917 - one row of the table above
    admin, cast, name, sent, kept, mark
):
    Kind.objects.filter(key="server").update(schema=SCHEMA)
    item = make_item("Alpha", attributes={"tier": "silver"})
    url = f"/items/{item.reference}/fields/attribute/?name={name}"
    assert mark in html(admin.get(url, headers={"HX-Request": "true"}))
    assert admin.post(url, {"value": sent, "version": "1"}).status_code == 302
    assert Item.objects.get(pk=item.pk).attributes[name] == kept


@pytest.mark.parametrize(("name", "sent"), [("size", "big"), ("bought", "yesterday"), ("tier", "bronze"), ("tier", "")])
def test_a_value_that_does_not_fit_is_refused_at_its_field(admin, cast, name, sent):
    Kind.objects.filter(key="server").update(schema=SCHEMA)
    item = make_item("Alpha", attributes={"tier": "silver"})
    answer = admin.post(f"/items/{item.reference}/fields/attribute/?name={name}", {"value": sent, "version": "1"})
    assert answer.status_code == 422
    assert "hh-error" in html(answer)
    assert Item.objects.get(pk=item.pk).attributes == {"tier": "silver"}


def test_what_does_not_fit_is_said_in_the_sentence_and_at_the_attribute(admin, cast):
    Kind.objects.filter(key="server").update(schema=SCHEMA)
    item = make_item("Alpha", attributes={"size": "big"})
    text = html(admin.get(f"/items/{item.reference}/"))
    assert "2 attributes</a> are missing or do not fit" in text
    assert "is missing" in text
    assert "does not fit: big is not a number" in text


def test_history_tells_who_changed_what_and_each_change_can_be_undone(admin, cast):
    item = make_item("Alpha", attributes={"rack": "3"})
    change_item(item.reference, by=as_caller(cast.administrator), version=1, attribute=("rack", "4"), reason="moved")
    text = html(admin.get(f"/items/{item.reference}/"))
    assert 'Administrator changed rack <span class="hh-quiet">(moved)</span>: <del>3</del> <ins>4</ins>' in text
    (undo,) = re.findall(r'action="(/items/[^"]+/undo/)"', text)
    admin.post(undo)
    assert Item.objects.get(pk=item.pk).attributes == {"rack": "3"}


def test_history_tells_an_emptied_attribute_as_gone_and_not_as_a_dash(admin, cast):
    item = make_item("Alpha", attributes={"rack": "3"})
    for version, value in ((1, ""), (2, "5")):
        change_item(item.reference, by=as_caller(cast.administrator), version=version, attribute=("rack", value))
    text = html(admin.get(f"/items/{item.reference}/"))
    assert re.search(r"changed rack: <del>3</del>\s*<form", text)
    assert "changed rack: <ins>5</ins>" in text


def test_history_tells_groups_with_their_ground_and_any_day_can_be_asked_for(admin, cast):
    item = make_item("Alpha")
    assign([item.pk], "Drift", by=as_caller(cast.administrator), reason="theirs")
    text = html(admin.get(f"/items/{item.reference}/"))
    assert "The responsible group became <ins>Drift</ins> (by hand: Administrator: theirs)" in text
    past = html(admin.get(f"/items/{item.reference}/?on=2026-02-01"))
    assert "On 1\u00a0February no group answered" in past
    assert "is not a day" in html(admin.get(f"/items/{item.reference}/?on=2026-02-31"))
    assert "is not a day" in html(admin.get(f"/items/{item.reference}/?on=soon"))


def test_letting_go_says_what_became_of_the_item(admin, cast):
    item = make_item("Alpha")
    url = f"/items/{item.reference}/release/"
    assert "was not assigned by hand" in html(admin.post(url, follow=True))
    assign([item.pk], "Drift", by=as_caller(cast.administrator))
    assert "No rule gives" in html(admin.post(url, follow=True))


def test_days_among_the_attributes_are_read_in_words(admin, cast):
    item = make_item("Alpha", attributes={"support_ends": "2026-10-11", "year": 2014, "odd": "2026-13-45"})
    text = html(admin.get(f"/items/{item.reference}/"))
    assert "11\u00a0October\u00a02026" in text or "11\u00a0October 2026" in text
    assert "2014" in text
    assert "2026-13-45" in text


def test_a_long_history_is_read_page_by_page_without_loss(admin, cast):
    item = make_item("Alpha")
    for number in range(70):
        change_item(item.reference, by=as_caller(cast.administrator), version=number + 1, description=f"n{number}")
    url, seen = f"/items/{item.reference}/", []
    while url:
        text = html(admin.get(url))
        seen += re.findall(r"<ins>(n\d+)</ins>", text)
        more = re.search(r'href="(\?before=\d+)"', text)
        url = f"/items/{item.reference}/{more.group(1)}" if more else ""
    assert seen == [f"n{number}" for number in reversed(range(70))]


def test_comments_are_said_and_taken_back(sign_in, cast):
    item = make_item("Alpha")
    client = sign_in(cast.reader)
    client.post(f"/items/{item.reference}/comments/", {"text": "<b>Hello</b>"})
    text = html(client.get(f"/items/{item.reference}/"))
    assert "&lt;b&gt;Hello&lt;/b&gt;" in text
    said = Comment.objects.get()
    other = sign_in(cast.other)
    assert other.post(f"/items/{item.reference}/comments/{said.pk}/removal/").status_code == 403
    client.post(f"/items/{item.reference}/comments/{said.pk}/removal/")
    assert Comment.objects.get().text == ""


def test_a_file_is_kept_and_handed_out_as_a_download_only(admin, sign_in, cast):
    item = make_item("Alpha")
    page = b"<html><script>alert(1)</script></html>"
    admin.post(
        f"/items/{item.reference}/attachments/", {"file": SimpleUploadedFile("../../evil åäö.html", page, "text/html")}
    )
    kept = Attachment.objects.get()
    assert kept.name == "evil åäö.html"
    answer = sign_in(cast.reader).get(f"/items/{item.reference}/attachments/{kept.pk}/")
    assert b"".join(answer.streaming_content) == page
    assert answer.headers["Content-Type"] == "text/plain"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_file_is_seen_by_nobody_who_may_not_see_the_item(admin, client, sign_in, cast):
    item = make_item("Alpha")
    admin.post(f"/items/{item.reference}/attachments/", {"file": SimpleUploadedFile("a.txt", b"a")})
    url = f"/items/{item.reference}/attachments/{Attachment.objects.get().pk}/"
    assert client.get(url).status_code == 302
    assert sign_in(cast.outsider).get(url).status_code == 403
    assert (
        admin.get(f"/items/{make_item('Beta').reference}/attachments/{Attachment.objects.get().pk}/").status_code == 404
    )


def test_an_empty_file_is_refused_and_a_removed_one_is_gone(admin, cast, django_capture_on_commit_callbacks, tmp_path):
    item = make_item("Alpha")
    admin.post(f"/items/{item.reference}/attachments/", {"file": SimpleUploadedFile("a.txt", b"")})
    assert not Attachment.objects.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    admin.post(f"/items/{item.reference}/attachments/", {"file": SimpleUploadedFile("a.txt", b"a")})
    url = f"/items/{item.reference}/attachments/{Attachment.objects.get().pk}/"
    with django_capture_on_commit_callbacks(execute=True):
        admin.post(f"{url}removal/")
    assert admin.get(url).status_code == 404
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_dependencies_and_links_are_stated_shown_by_group_and_removed(admin, cast):
    one, two, manual = make_item("One"), make_item("Two"), make_item("Manual", kind="document")
    assign([two.pk], "Nät", by=as_caller(cast.administrator))
    sent = {"to": two.reference, "direction": "needs", "type": "runs_on", "criticality": "degrades"}
    admin.post(f"/items/{one.reference}/dependencies/", sent)
    admin.post(f"/items/{one.reference}/links/", {"other": manual.reference, "type": "described in"})
    text = html(admin.get(f"/items/{one.reference}/"))
    assert re.search(r'rowgroup" colspan="3">Nät</th>.*Two', text, re.DOTALL)
    assert "degrades it" in text
    assert "described in" in text
    assert "depends on it" in html(admin.get(f"/items/{two.reference}/"))
    admin.post(f"/items/{one.reference}/dependencies/{Dependency.objects.get().pk}/removal/", {"version": "1"})
    assert not Dependency.objects.exists()


@pytest.mark.parametrize("sent", [{"to": ""}, {"to": "NO-1"}, {"to": "SELF"}, {"to": "HW-1", "criticality": "awful"}])
def test_a_dependency_that_cannot_be_is_refused_with_a_word(admin, cast, sent):
    item = make_item("One")
    sent = {name: item.reference if value in {"SELF", "HW-1"} else value for name, value in sent.items()}
    sent = {"direction": "needs", "type": "uses", "criticality": "hard"} | sent
    answer = admin.post(f"/items/{item.reference}/dependencies/", sent)
    assert answer.status_code == 422
    assert 'role="alert"' in html(answer)
    assert not Dependency.objects.exists()


def test_a_new_item_needs_only_kind_and_name(sign_in, cast):
    client = sign_in(cast.member)
    assert client.get("/items/new/").status_code == 200
    answer = client.post("/items/new/", {"kind": "server", "name": "Gamma", "tags": "a, b"})
    item = Item.objects.get(name="Gamma")
    assert answer.headers["Location"] == item.get_absolute_url()
    assert item.tags == ["a", "b"]


def test_a_wrong_new_item_is_told_at_the_field_and_keeps_what_was_typed(admin, cast):
    answer = admin.post("/items/new/", {"kind": "server", "name": "Gamma", "part_of": "NO-1"})
    assert answer.status_code == 422
    assert "There is no item NO-1." in html(answer)
    assert 'value="Gamma"' in html(answer)
    answer = admin.post("/items/new/", {"kind": "", "name": "Gamma"})
    assert answer.status_code == 422
    assert 'value="Gamma"' in html(answer)


def test_the_kind_changes_and_the_reference_stays(admin, cast):
    item = make_item("Alpha")
    admin.post(f"/items/{item.reference}/kind/", {"kind": "storage", "version": "1"})
    assert Item.objects.get(pk=item.pk).kind.key == "storage"
    assert Item.objects.get(pk=item.pk).reference == item.reference
    stale = admin.post(f"/items/{item.reference}/kind/", {"kind": "server", "version": "1"})
    assert stale.status_code == 422
    assert 'name="version" value="2"' in html(stale)


def test_what_a_source_no_longer_shows_is_said(admin, cast):
    item = make_item("Alpha", key="a")
    item.source_keys.update(not_seen_since=dt.date(2026, 3, 1))
    assert "cmdb has not shown it since 1\u00a0March" in html(admin.get(f"/items/{item.reference}/"))


def test_a_full_page_stays_within_its_budget(admin, cast):
    item, whole = make_item("Alpha", key="a"), make_item("Whole")
    Item.objects.filter(pk=item.pk).update(part_of=whole)
    for number in range(20):
        other = make_item(f"Part {number}", part_of_id=item.pk)
        Dependency.objects.create(from_item=item, to_item=other)
        Comment.objects.create(item=item, author="a", text="t")
    assign([item.pk], "Drift", by=as_caller(cast.administrator))
    make_source()
    admin.get(f"/items/{item.reference}/")
    with CaptureQueriesContext(connection) as asked:
        admin.get(f"/items/{item.reference}/")
    assert len(asked) <= BUDGET, "\n".join(query["sql"][:160] for query in asked.captured_queries)


@pytest.mark.parametrize(
    ("path", "sent"),
    [("fields/name/", {"value": "x", "version": "1"}), ("kind/", {"kind": "storage", "version": "1"}),
     ("attachments/", {}), ("links/", {}), ("dependencies/", {}), ("release/", {})],
)  # fmt: skip
def test_a_reader_and_another_groups_member_change_nothing(sign_in, cast, path, sent):
    item = make_item("Alpha")
    assign([item.pk], "Drift", by=as_caller(cast.administrator))
    assert sign_in(cast.reader).post(f"/items/{item.reference}/{path}", sent).status_code == 403
    answer = sign_in(cast.other).post(f"/items/{item.reference}/{path}", sent)
    assert answer.status_code in {302, 403, 422}
    now = Item.objects.get(pk=item.pk)
    assert (now.version, now.name, now.kind.key) == (1, "Alpha", "server")
    assert Answer.objects.open().get(item=item).group == cast.group


def test_since_when_a_group_answers_is_not_moved_by_its_becoming_contested(cast):
    item = make_item(kind="server", key="a", says=cast.group, on=DAY)
    flags = []
    for days, other in ((10, cast.other_group), (20, None), (30, cast.other_group)):
        key, _made = SourceKey.objects.get_or_create(source=make_source("other"), key="x", defaults={"item": item})
        key.says_group_id = other.pk if other else None
        key.save()
        fresh = Item.objects.select_related("kind").get(pk=item.pk)
        change_items([(fresh, {"tags": [str(days)]})], by=SYSTEM, on=DAY + dt.timedelta(days=days))
        found = answering_of(item, as_caller(cast.administrator))
        flags.append(found.is_contested)
        assert (found.group, found.since) == (cast.group, DAY)
    assert flags == [True, False, True]
    past = answering_of(item, as_caller(cast.administrator), on=DAY + dt.timedelta(days=9))
    assert (past.is_contested, past.since) == (False, DAY)
