"""The pages of the room: they render for those who may, in both languages, and do what their forms say."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from helhet.accounts.models import User
from helhet.groups.actions import (
    add_member,
    assign,
    change_group,
    close_group,
    create_group,
    create_task,
    save_view,
)
from helhet.groups.models import Group, GroupState, LocalName, Membership, Person, SavedView, Task
from helhet.kit.rights import Caller
from helhet.kit.words import forget
from tests.world import Cast, make_item, make_person


def post(client: Client, where: str, *args: object, **data: object) -> Any:
    return client.post(reverse(f"groups:{where}", args=args), data)


def get(client: Client, where: str, *args: object, query: str = "") -> Any:
    return client.get(reverse(f"groups:{where}", args=args) + query)


def speaking(user: User, language: str) -> Client:
    user.language = language
    user.save()
    client = Client()
    client.force_login(user)
    return client


def filled(cast: Cast, boss: Caller) -> None:
    """Enough that every part of every page has something to show."""
    bare = create_group(by=boss, name="Tomma", parent=cast.group.reference, contacts={"email": "t@sjovik.example"})
    change_group(
        cast.group.reference, by=boss, version=cast.group.item.version, mandate="Vi svarar.", basis="technology",
        contacts={"phone": "123", "web": "https://sjovik.example"},
    )  # fmt: skip
    item = make_item("Nod")
    assign([item.pk], cast.group.reference, by=boss)
    late = timezone.localdate() - dt.timedelta(days=1)
    create_task(by=boss, title="Byt disk", group=cast.group.reference, item=item.reference, due_on=late, text="Nu")
    create_task(by=boss, title="Ring", person=cast.member.person.pk, due_on=timezone.localdate())
    extra = make_person("Siv Ek", unit="IT", title="Tekniker")
    add_member(cast.group.reference, extra.pk, by=boss, role="deputy", share="60")
    add_member(cast.other_group.reference, extra.pk, by=boss, share="60", to_on=timezone.localdate())
    save_view(by=boss, name="Servrar", filter="kind:server", is_shared=True)
    close_group(bare.reference, by=boss, version=bare.item.version)
    Membership.objects.create(
        group=cast.group, person=extra, role="skrivare", from_on=dt.date(2020, 1, 1), to_on=dt.date(2020, 2, 1)
    )


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_page_renders_in_both_languages(cast: Cast, boss: Caller, language: str) -> None:
    filled(cast, boss)
    client = speaking(cast.administrator, language)
    person, task, row = Person.objects.get(name="Siv Ek"), Task.objects.first(), Membership.objects.first()
    assert task is not None
    assert row is not None
    reference = cast.group.reference
    pages: list[tuple[str, tuple[object, ...]]] = [
        ("groups", ()), ("group_new", ()), ("persons", ()), ("person_new", ()), ("waits", ()), ("tasks", ()),
        ("task_new", ()), ("views", ()), ("words", ()),
        *((name, (reference,)) for name in ("group", "group_edit", "group_close", "member_new", "group_chair")),
        *((name, (person.pk,)) for name in ("person", "person_edit", "person_end")),
        *((name, (task.pk,)) for name in ("task", "task_edit", "task_handover", "task_drop")),
        ("membership", (row.pk,)), ("view", (SavedView.objects.get().slug,)), ("group_field", (reference, "basis")),
    ]  # fmt: skip
    for name, args in pages:
        page = get(client, name, *args)
        assert page.status_code == 200, name
        assert f'lang="{language}"' in page.content.decode(), name
    closed = Group.objects.get(state=GroupState.CLOSED)
    for where, query in (
        ("groups", "?show=closed"),
        ("groups", "?show=no_mandate"),
        ("tasks", "?show=late"),
        ("tasks", "?show=closed"),
        ("persons", "?show=overloaded"),
        ("persons", "?q=siv"),
    ):
        assert get(client, where, query=query).status_code == 200, (where, query)
    assert get(client, "group", closed.reference).status_code == 200


def test_empty_pages_teach(cast: Cast) -> None:
    assert cast.group.pk
    Membership.objects.all().delete()
    Task.objects.all().delete()
    client = Client()
    client.force_login(User.objects.get(email="administrator@sjovik.example"))
    for where in ("waits", "tasks", "views"):
        assert "hh-empty" in get(client, where).content.decode(), where


def test_the_list_of_groups_says_what_is_missing(boss: Caller, browser: Client) -> None:
    create_group(by=boss, name="Ny")
    page = get(browser, "groups")
    counts = page.context["counts"]
    assert (counts["no_chair"], counts["no_members"], counts["no_mandate"]) == (1, 1, 4)
    shown = get(browser, "groups", query="?show=no_chair").context["rows"]
    assert [row.group.name for row in shown] == ["Ny"]


def test_the_figure_of_items_is_that_of_the_list_behind_it(cast: Cast, boss: Caller, browser: Client) -> None:
    items = [make_item(f"Nod {number}").pk for number in range(3)]
    assign(items, cast.group.reference, by=boss)
    assign([cast.other_group.pk], cast.group.reference, by=boss)
    page = get(browser, "group", cast.group.reference)
    assert page.context["items"] == 3
    assert browser.get(page.context["items_url"]).status_code == 200


def test_a_group_is_formed_changed_closed_and_reopened(cast: Cast, browser: Client) -> None:
    answer = post(browser, "group_new", name="Lagring", mandate="Diskar", basis="technology",
                  parent=cast.group.reference, contact_email="lagring@sjovik.example")  # fmt: skip
    assert answer.status_code == 302
    group = Group.objects.get(item__name="Lagring")
    assert (group.basis, group.parent_id, group.contacts) == (
        "technology", cast.group.pk, {"email": "lagring@sjovik.example"}
    )  # fmt: skip
    form = {"version": group.item.version, "name": "Lagring och backup", "mandate": "Diskar", "basis": "technology"}
    assert post(browser, "group_edit", group.reference, **form).status_code == 302
    group = Group.objects.select_related("item").get(pk=group.pk)
    assert (group.name, group.parent_id, group.contacts) == ("Lagring och backup", None, {})
    post(browser, "group_close", group.reference, version=group.item.version)
    group.refresh_from_db()
    assert group.state == GroupState.CLOSED
    post(browser, "group_reopen", group.reference)
    group.refresh_from_db()
    assert group.state == GroupState.ACTIVE


def test_a_stale_form_keeps_what_was_typed_and_shows_what_stands_now(cast: Cast, boss: Caller, browser: Client) -> None:
    old = cast.group.item.version
    change_group(cast.group.reference, by=boss, version=old, mandate="Den andres")
    page = post(browser, "group_edit", cast.group.reference, version=old, name="Drift", mandate="Min", basis="other")
    text = page.content.decode()
    assert page.status_code == 422
    assert "Min" in text
    assert "Den andres" in text
    again = {name: page.context["form"][name].value() for name in ("version", "name", "mandate", "basis")}
    assert post(browser, "group_edit", cast.group.reference, **again).status_code == 302
    cast.group.refresh_from_db()
    assert cast.group.mandate == "Min"


def test_one_field_is_edited_where_it_stands(cast: Cast, browser: Client) -> None:
    url = reverse("groups:group_field", args=[cast.group.reference, "basis"])
    part = browser.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<form" in part
    assert "<html" not in part
    version = Group.objects.get(pk=cast.group.pk).item.version
    answer = browser.post(url, {"version": version, "basis": "delivery"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "hh-inplace" in answer.content.decode()
    cast.group.refresh_from_db()
    assert cast.group.basis == "delivery"
    stale = browser.post(url, {"version": version, "basis": "other"}, headers={"HX-Request": "true"})
    assert stale.status_code == 422
    assert browser.post(url, {"version": version + 1, "basis": "other"}).status_code == 302
    assert browser.get(reverse("groups:group_field", args=[cast.group.reference, "number"])).status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [("name", "Nytt namn", "Nytt namn"), ("mandate", "Svarar för nätet.", "Svarar för nätet."),
     ("state", "closing", "stängs"), ("parent", "{other}", "{other_name}")],
)  # fmt: skip
def test_name_mandate_state_and_parent_are_changed_where_they_stand(
    cast: Cast, browser: Client, field: str, value: str, shown: str
) -> None:
    holes = {"other": cast.other_group.reference, "other_name": cast.other_group.name}
    page = browser.get(cast.group.get_absolute_url()).content.decode()
    url = reverse("groups:group_field", args=[cast.group.reference, field])
    assert f'hx-get="{url}"' in page
    version = Group.objects.get(pk=cast.group.pk).item.version
    answer = browser.post(url, {"version": version, field: value.format(**holes)}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert shown.format(**holes) in answer.content.decode()
    assert f'id="field-{field}"' in answer.content.decode()


def test_a_group_is_not_closed_by_its_field(cast: Cast, browser: Client) -> None:
    url = reverse("groups:group_field", args=[cast.group.reference, "state"])
    version = Group.objects.get(pk=cast.group.pk).item.version
    answer = browser.post(url, {"version": version, "state": "closed"}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert Group.objects.get(pk=cast.group.pk).state == "active"


def test_editing_one_contact_way_keeps_the_others(cast: Cast, boss: Caller, browser: Client) -> None:
    change_group(cast.group.reference, by=boss, version=1, contacts={"email": "a@sjovik.example", "phone": "1"})
    version = Group.objects.get(pk=cast.group.pk).item.version
    post(browser, "group_field", cast.group.reference, "contact_phone", version=version, contact_phone="2")
    cast.group.refresh_from_db()
    assert cast.group.contacts == {"email": "a@sjovik.example", "phone": "2"}


def test_closing_asks_what_becomes_of_what_hangs_on_it(cast: Cast, boss: Caller, browser: Client) -> None:
    item = make_item("Nod")
    assign([item.pk], cast.group.reference, by=boss)
    version = Group.objects.get(pk=cast.group.pk).item.version
    assert post(browser, "group_close", cast.group.reference, version=version).status_code == 422
    done = post(browser, "group_close", cast.group.reference, version=version, to=cast.other_group.reference)
    assert done.status_code == 302
    assert item.answers.get(to_on__isnull=True).group_id == cast.other_group.pk


def test_members_come_change_and_go(cast: Cast, browser: Client) -> None:
    siv = make_person("Siv Ek", email="siv@sjovik.example")
    reference = cast.group.reference
    assert post(browser, "member_new", reference, person="Siv Ek", share="40").status_code == 302
    row = Membership.objects.get(person=siv)
    assert post(browser, "member_new", reference, person="siv@sjovik.example").status_code == 422
    assert post(browser, "member_new", reference, person="Ingen Alls").status_code == 422
    form = {"version": row.version, "role": "member", "from_on": "2026-01-01", "share": "50"}
    assert post(browser, "membership", row.pk, **form).status_code == 302
    row.refresh_from_db()
    assert row.share == 50
    assert row.version == 2
    assert post(browser, "group_chair", reference, person="Siv Ek").status_code == 302
    assert Membership.objects.filter(person=siv, role="chair", to_on__isnull=True).exists()
    last = Membership.objects.get(person=siv, role="chair")
    assert post(browser, "membership_remove", last.pk, version=last.version).status_code == 302
    assert post(browser, "membership_end", row.pk, version=1).status_code == 412


def test_a_person_is_added_changed_ended_and_comes_back(cast: Cast, browser: Client) -> None:
    del cast
    assert post(browser, "person_new", name="Bo Ek", email="bo@sjovik.example").status_code == 302
    person = Person.objects.get(name="Bo Ek")
    assert post(browser, "person_new", name="Bo", email="bo@sjovik.example").status_code == 422
    form = {"version": person.version, "name": "Bo Ek", "email": "bo@sjovik.example", "unit": "Nät"}
    assert post(browser, "person_edit", person.pk, **form).status_code == 302
    person.refresh_from_db()
    assert person.unit == "Nät"
    assert post(browser, "person_end", person.pk, version=person.version).status_code == 302
    person.refresh_from_db()
    assert person.ended_on == timezone.localdate()
    assert post(browser, "person_return", person.pk, version=person.version).status_code == 302


def test_a_task_is_made_taken_done_and_reopened(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.member)
    assert post(client, "task_new", title="Byt disk", group=cast.group.reference).status_code == 302
    task = Task.objects.get()
    assert get(client, "waits").context["waiting"] == 1
    post(client, "task_taking", task.pk, version=task.version)
    task.refresh_from_db()
    assert task.person_id == cast.member.person.pk
    post(client, "task_finishing", task.pk, version=task.version, back="waits")
    assert get(client, "waits").context["waiting"] == 0
    post(client, "task_reopening", task.pk)
    task.refresh_from_db()
    assert task.state == "open"
    assert post(client, "task_drop", task.pk, version=task.version).status_code == 422
    assert post(client, "task_drop", task.pk, version=task.version, reason="Onödigt").status_code == 302


def test_this_house_says_team_everywhere_and_takes_it_back(cast: Cast, browser: Client) -> None:
    del cast
    assert post(browser, "words", **{"sv.group.plural": "team", "sv.group.singular": "grupp"}).status_code == 302
    assert LocalName.objects.count() == 1
    forget()
    assert "Team" in get(browser, "groups").content.decode()
    assert post(browser, "words", **{"sv.group.plural": "x" * 101}).status_code == 422
    post(browser, "word_reset", "group")
    forget()
    assert not LocalName.objects.exists()


def test_a_view_is_renamed_shared_and_deleted(cast: Cast, boss: Caller, browser: Client) -> None:
    del cast
    view = save_view(by=boss, name="Servrar", filter="kind:server")
    assert post(browser, "view", view.slug, name="Maskiner", filter="kind:srver", version=1).status_code == 422
    new = {"name": "Maskiner", "filter": "kind:server", "is_shared": "on"}
    assert post(browser, "view", view.slug, **new, version=1).status_code == 302
    assert post(browser, "view", view.slug, **new, version=1).status_code == 422
    view.refresh_from_db()
    assert (view.name, view.slug, view.is_shared) == ("Maskiner", "servrar", True)
    assert post(browser, "view_delete", view.slug, version=1).status_code == 412
    post(browser, "view_delete", view.slug, version=2)
    assert not SavedView.objects.exists()


def test_who_may_be_made_chair_is_named_where_one_is_chosen(cast: Cast, boss: Caller) -> None:
    filled(cast, boss)
    page = get(speaking(cast.administrator, "en"), "group_chair", cast.group.reference).content.decode()
    assert "In the group are " in page
    assert "Siv Ek (deputy)" in page
