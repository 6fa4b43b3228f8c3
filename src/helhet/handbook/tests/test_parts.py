"""What the seven parts are made of, what they show, and what they state."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.translation import gettext as _

from helhet.changes.models import StandardChange
from helhet.documents.models import Document, Version
from helhet.estate.dependencies import add_dependency
from helhet.estate.link_findings import Asked, findings
from helhet.groups.models import Membership
from helhet.handbook.describing import describes
from helhet.handbook.doing import doing
from helhet.handbook.fields import checked, clean
from helhet.handbook.models import Part
from helhet.handbook.showing import plain, shown
from helhet.items.models import Item
from helhet.kit.api_errors import refusal_body
from helhet.kit.errors import Invalid
from helhet.routines.models import OperationalTask, Routine
from helhet.suppliers.actions import add_contact, create_contract, create_supplier, set_levels
from tests.world import DAY, SYSTEM, make_group, make_item, make_person

pytestmark = pytest.mark.django_db


def published(part: str, rows: list[dict[str, Any]], item: Item | None = None, text: str = "") -> Version:
    document = Document.objects.create(
        item=item or make_item("Vårdjournal", kind="business_service"), part=part, sort="documentation"
    )
    fields = clean("documentation", part, {"rows": rows} if rows else {})
    assert fields is not None
    document.published = Version.objects.create(document=document, major=1, title="t", text=text, fields=fields)
    document.save()
    return document.published


def test_other_documents_have_no_fields_of_ours() -> None:
    assert clean("routine", "", {"steps": []}) is None
    assert clean("documentation", "", {}) is None


def test_the_fields_of_every_part_come_out_as_they_went_in_once_they_are_clean() -> None:
    routine, supplier = make_item("Omstart", kind="routine"), create_supplier(by=SYSTEM, name="Journal AB")
    rows: dict[str, dict[str, Any]] = {
        Part.TASKS: {"name": "Omstart", "routine": routine.reference, "who": "Driftjouren", "minutes": "25"},
        Part.LEVELS: {"measure": "Tillgänglighet", "target": "99,9 %"},
        Part.ORDERS: {"name": "Nytt konto", "routine": routine.reference},
        Part.CHANGES: {"name": "Mer minne"},
        Part.SUPPORT: {"who": "Servicedesk", "escalate_minutes": 15},
        Part.SUPPLIERS: {"supplier": supplier.item.reference.lower()},
    }
    for part, row in rows.items():
        once = clean("documentation", part, {"rows": [row, {}]})
        assert once is not None
        assert len(once["rows"]) == 1
        assert clean("documentation", part, once) == once


@pytest.mark.parametrize(
    ("part", "row", "places"),
    [
        (Part.TASKS, {"name": "x", "routine": "RUT-999"}, [".1.routine"]),
        (Part.TASKS, {"name": "x", "who": "Karin Sjöström"}, [".1.who"]),
        (Part.SUPPORT, {"who": "karin sjöström"}, [".1.who"]),
        (Part.SUPPLIERS, {"supplier": "LEV-99"}, [".1.supplier"]),
        (Part.CHANGES, {"name": "x", "standard": "99", "routine": "RUT-9"}, [".1.routine", ".1.standard"]),
        (Part.LEVELS, {"measure": "x"}, [".1.target"]),
        (Part.DESCRIPTION, {"name": "x"}, [""]),
        (Part.LEVELS, {"measure": "x", "target": "y", "colour": "z"}, [".1.colour"]),
    ],
)
def test_what_points_at_nothing_or_at_a_person_is_refused_at_its_place_in_what_was_sent(
    part: str, row: dict[str, Any], places: list[str]
) -> None:
    make_person("Karin Sjöström")
    with pytest.raises(Invalid) as told:
        clean("documentation", part, {"rows": [{}, row]})
    assert [one["field"] for one in refusal_body(told.value)["fields"]] == [f"structured.rows{one}" for one in places]


def test_a_group_written_by_name_is_kept_by_its_reference() -> None:
    group = make_group("Drift och lagring")
    fields = clean("documentation", Part.SUPPORT, {"rows": [{"who": "drift och  lagring"}]})
    assert fields is not None
    assert fields["rows"][0]["who"] == group.reference


def test_a_support_path_shows_roles_groups_and_how_they_are_reached_as_it_stands_now() -> None:
    group = make_group("Drift", contacts={"phone": "08-555"})
    supplier = create_supplier(by=SYSTEM, name="Journal AB")
    add_contact(supplier.item.reference, by=SYSTEM, role="Jour", phone="08-777")
    version = published(
        Part.SUPPORT,
        [{"who": "Servicedesk", "contact": "1000", "escalate_minutes": 15}, {"who": group.reference},
         {"who": supplier.item.reference}],
    )  # fmt: skip
    html = shown(version, SYSTEM)
    assert all(text in html for text in ("Servicedesk", "15", "08-555", "08-777", group.get_absolute_url()))
    assert "Journal AB" in plain(version)
    group.state = "closed"
    group.save()
    assert "hh-mark over" in shown(version, SYSTEM)


def test_hostile_cells_are_shown_as_text() -> None:
    version = published(Part.LEVELS, [{"measure": "<script>alert(1)</script>", "target": "<b>"}])
    assert "<script>" not in shown(version, SYSTEM)
    assert "&lt;script&gt;" in shown(version, SYSTEM)


def test_the_suppliers_part_states_its_contacts_contract_and_nothing_of_other_suppliers() -> None:
    supplier, other = (create_supplier(by=SYSTEM, name=name) for name in ("Journal AB", "Kabel AB"))
    jour = add_contact(supplier.item.reference, by=SYSTEM, role="Jour", phone="08-777")
    sales = add_contact(supplier.item.reference, by=SYSTEM, role="Sälj", phone="08-888")
    foreign = add_contact(other.item.reference, by=SYSTEM, role="Jour", phone="08-999")
    contract = create_contract(by=SYSTEM, name="Avtal", supplier=supplier.item.reference, ends_on="2028-04-30",
                               notice_months=6)  # fmt: skip
    set_levels(contract.item.reference, by=SYSTEM, version=1, levels=[{"measure": "Svar", "target": "1 h"}])
    row = {"supplier": supplier.item.reference, "contract": contract.item.reference, "contacts": [str(jour.pk)]}
    version = published(Part.SUPPLIERS, [row])
    stated = set(describes(version))
    assert {("contact", jour.pk, ""), ("contract", contract.pk, "levels"), ("item", supplier.pk, "name")} <= stated
    assert not {noun_id for noun, noun_id, _aspect in stated if noun == "contact"} & {sales.pk, foreign.pk}
    html = shown(version, SYSTEM)
    assert "08-777" in html
    assert "08-888" not in html
    assert "Svar" in html


def test_the_description_draws_what_the_service_needs_and_states_it() -> None:
    item, needed = make_item("Vårdjournal", kind="business_service"), make_item("Databas vårdjournal", kind="database")
    add_dependency(item, needed, by=SYSTEM)
    version = published(Part.DESCRIPTION, [], item, "Journal för hemtjänst.")
    assert "Databas vårdjournal" in shown(version, SYSTEM)
    assert ("item", item.pk, "dependencies") in set(describes(version))


def test_tasks_and_standard_changes_state_their_routine_group_and_standard() -> None:
    routine, group = make_item("Omstart", kind="routine"), make_group("Drift")
    standard = StandardChange.objects.create(name="Mer minne", item=make_item(), group=group)
    tasks = published(Part.TASKS, [{"name": "Omstart", "routine": routine.reference, "who": group.reference}])
    changes = published(Part.CHANGES, [{"name": "Mer minne", "standard": str(standard.pk)}], tasks.document.item)
    assert {("item", routine.pk, "name"), ("item", group.pk, "state")} <= set(describes(tasks))
    assert set(describes(changes)) == {("standard", standard.pk, "approved")}
    assert "Mer minne" in shown(changes, SYSTEM)


def test_a_support_path_that_ends_at_a_closed_group_or_somebody_who_left_is_a_finding() -> None:
    closed, here = make_group("Telefoni"), make_group("Drift")
    gone = make_person("Sven Svensson", email="sven@sjovik.example")
    rows = [{"who": closed.reference}, {"who": here.reference}, {"who": "Jouren", "contact": "sven@sjovik.example"}]
    published(Part.SUPPORT, rows)
    assert not [one for one in findings(Asked(), SYSTEM) if one.sort == "path_end"]
    closed.state = "closed"
    closed.save()
    gone.ended_on = DAY
    gone.save()
    (found,) = [one for one in findings(Asked(), SYSTEM) if one.sort == "path_end"]
    assert found.count == 2
    assert ["Telefoni" in line.words for line in found.rows(0, 9)] == [True, False]
    assert found.rows(1, 2)[0].step_url.endswith("#part-support")


@pytest.mark.parametrize(
    "cell",
    [
        {"who": "Tekniker Sven Ask"}, {"who": "Jouren", "contact": "Sven Ask, dagtid"},
        {"who": "Jouren", "contact": "Mobil +46 70-012 34 56"}, {"who": "Jouren", "contact": "(sven@sjovik.example)."},
    ],
)  # fmt: skip
def test_whoever_has_left_is_found_by_name_number_and_address_within_a_cell(cell: dict[str, str]) -> None:
    published(Part.SUPPORT, [cell, {"who": "Jouren", "contact": "08-111 222"}, {"who": "Sven Askman"}])
    gone = make_person("Sven Ask", email="sven@sjovik.example", phone="0700-12 34 56", ended_on=DAY)
    make_person("Sven Askman", phone="08-111 222")
    (found,) = [one for one in findings(Asked(), SYSTEM) if one.sort == "path_end"]
    assert [line.words for line in found.rows(0, 9)] == [_("%(name)s has left.") % {"name": gone.name}]
    make_person("Sven Ask", email="sven@sjovik.example", phone="070-0123456")
    assert not [one for one in findings(Asked(), SYSTEM) if one.sort == "path_end"]


def test_whoever_has_left_is_not_met_in_a_longer_name_of_somebody_who_is_here() -> None:
    published(Part.SUPPORT, [{"who": "Anna Berg Ström, dagtid"}])
    published(Part.SUPPORT, [{"who": "Anna Berg Ström, annars Anna Berg"}])
    for name, ended_on in (("Anna Berg", DAY), ("Anna Berg Ström", None)):
        make_person(name, ended_on=ended_on)
    (found,) = [one for one in findings(Asked(), SYSTEM) if one.sort == "path_end"]
    assert [(line.words, line.to_text) for line in found.rows(0, 9)] == [
        (_("%(name)s has left.") % {"name": "Anna Berg"}, "Anna Berg Ström, annars Anna Berg")
    ]


def test_a_number_or_address_in_a_path_may_be_somebodys_while_a_name_is_refused() -> None:
    make_person("Sven Ask", email="sven@sjovik.example", phone="0700-12 34 56")
    for contact in ("0700-12 34 56", "sven@sjovik.example"):
        rows, faults = checked("support", [{"who": "Jouren", "contact": contact}])
        assert (rows[0]["contact"], faults) == (contact, [])
    for cell in ({"who": "Jouren", "contact": "Sven Ask"}, {"who": "sven@sjovik.example"}):
        assert checked("support", [cell])[1]


def test_a_path_that_ends_where_nobody_is_is_a_finding() -> None:
    empty, supplier = make_group("Tom", chair=None), create_supplier(by=SYSTEM, name="Kabel AB")
    reached = {"who": supplier.item.reference, "contact": "08-1"}
    published(Part.SUPPORT, [{"who": empty.reference}, {"who": supplier.item.reference}, reached])
    (found,) = [one for one in findings(Asked(), SYSTEM) if one.sort == "path_end"]
    assert ["Tom" in line.words for line in found.rows(0, 9)] == [True, False]
    Membership.objects.create(group=empty, person=make_person("Alva Ek"), role="member", from_on=DAY)
    add_contact(supplier.item.reference, by=SYSTEM, role="Jour", phone="08-777")
    assert not [one for one in findings(Asked(), SYSTEM) if one.sort == "path_end"]


@pytest.mark.parametrize(
    ("row", "place"),
    [({"who": "Tekniker Alva Ek"}, "who"), ({"who": "Jouren", "contact": "Ring Alva Ek, 08-1"}, "contact"),
     ({"who": "alva@sjovik.example"}, "who")],
)  # fmt: skip
def test_a_support_path_names_no_person_anywhere(row: dict[str, str], place: str) -> None:
    make_person("Alva Ek", email="alva@sjovik.example")
    with pytest.raises(Invalid) as refused:
        clean("documentation", Part.SUPPORT, {"rows": [row]})
    assert refused.value.where == place
    assert clean("documentation", Part.SUPPORT, {"rows": [{"who": "Jouren", "contact": "08-1"}]})


def test_what_is_done_and_what_the_text_names_are_held_against_each_other_both_ways() -> None:
    item = make_item("Vårdjournal", kind="business_service")
    routine, other = make_item("Omstart", kind="routine"), make_item("Annat")
    for title, of in (
        ("Omstart av motorn", item),
        ("Prov  av återläsning", item),
        ("Bara här", item),
        ("Annans", other),
    ):
        OperationalTask.objects.create(
            item=of, title=title, rule="FREQ=WEEKLY", first_on=DAY,
            routine=routine_of(routine) if title.startswith("Omstart") else None,
        )  # fmt: skip
    OperationalTask.objects.create(item=item, title="Slut", rule="FREQ=WEEKLY", first_on=DAY, ended_on=DAY)
    rows: list[dict[str, Any]] = [
        {"name": "Starta om", "routine": routine.reference}, {"name": "prov av återläsning"},
        {"name": "Rensa loggar", "interval": "varje vecka"}, {"name": "Byta nyckel", "interval": "Vid behov"},
    ]  # fmt: skip
    found = doing(item, rows, SYSTEM)
    assert {one.task.title: one.is_written for one in found.tasks} == {
        "Omstart av motorn": True, "Prov  av återläsning": True, "Bara här": False,
    }  # fmt: skip
    assert found.unminded == ["Rensa loggar"]
    assert doing(other, [], SYSTEM).unminded == []


def routine_of(item: Item) -> Routine:
    document = Document.objects.create(item=item, sort="routine")
    return Routine.objects.create(document=document, kind="operation")
