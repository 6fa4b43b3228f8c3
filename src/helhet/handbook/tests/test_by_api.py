"""All seven parts are written, approved and published by programs, and come back field by field."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from helhet.accounts.models import User
from helhet.changes.models import StandardChange
from helhet.documents.links import links_in
from helhet.documents.models import Document
from helhet.estate.dependencies import add_dependency
from helhet.groups.answering import assign_by_hand
from helhet.handbook.models import Part
from helhet.handbook.shapes import SHAPES
from helhet.items.models import Item
from helhet.rules.service_parts import PARTS
from helhet.suppliers.actions import add_contact, create_contract, create_supplier, state_delivery
from tests.world import DAY, SYSTEM, Cast, make_item

pytestmark = pytest.mark.django_db
API = "/api/v1"
SPELT = {Part.LEVELS: "/", Part.SUPPORT: "%2F"}
"""How the address of a part is written, where not with its own sign."""


def call(user: User, method: str, path: str, body: Any = None, version: int | str | None = None) -> Any:
    """Ask as the user; the answer's JSON, which must be a success."""
    client = Client()
    client.force_login(user)
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    answer = client.generic(
        method, f"{API}{path}", "" if body is None else json.dumps(body), "application/json", headers=headers
    )
    assert answer.status_code in {200, 201}, (method, path, answer.text)
    return answer.json()


def rows_of(cast: Cast, service: Item) -> dict[str, dict[str, Any]]:
    """A whole row of every part, each column with something in it."""
    routine, group = make_item("Omstart", kind="routine").reference, cast.group.reference
    standard = StandardChange.objects.create(name="Mer minne", item=service, group=cast.group)
    supplier = create_supplier(by=SYSTEM, name="Journal AB").item.reference
    duty = add_contact(supplier, by=SYSTEM, role="Jour", phone="08-777")
    contract = create_contract(by=SYSTEM, name="Avtal", supplier=supplier).item.reference
    state_delivery(supplier, service.reference, by=SYSTEM, contract=contract)
    return {
        Part.TASKS: {"name": "Omstart", "routine": routine, "interval": "varje vecka", "who": group, "minutes": 25,
                     "cost": "400"},
        Part.LEVELS: {"measure": "Tillgänglighet", "target": "99,9 %", "hours": "dygnet runt"},
        Part.ORDERS: {"name": "Konto", "for_whom": "Chefer", "approval": "Enhetschef", "routine": routine,
                      "lead_time": "2 dagar"},
        Part.CHANGES: {"name": "Mer minne", "standard": str(standard.pk), "conditions": "Utanför kontorstid",
                       "routine": routine},
        Part.SUPPORT: {"who": "Servicedesk", "hours": "vardagar", "contact": "1000", "escalate_minutes": 15},
        Part.SUPPLIERS: {"supplier": supplier, "contract": contract, "contacts": [str(duty.pk)], "note": "Driften"},
    }  # fmt: skip


def test_seven_parts_are_written_approved_and_published_by_api_with_all_their_fields() -> None:
    cast = Cast()
    service, needed = make_item("Vårdjournal", kind="business_service"), make_item("Databas")
    component = make_item("Motor", part_of_id=service.pk)
    assign_by_hand([service.pk], cast.group, by=SYSTEM, on=DAY)
    add_dependency(service, needed, by=SYSTEM)
    rows = rows_of(cast, service)
    assert {part: set(row) for part, row in rows.items()} == {
        part: {column.name for column in SHAPES[part].columns} for part in rows
    }
    for part in Part.values:
        call(cast.member, "POST", f"/services/{service.reference}/{part}")
        draft = f"/documents/{service.reference}{SPELT.get(part, '~')}{part}/draft"
        body: dict[str, Any] = {"text": f"Om {part}."}
        body |= {"structured": {"rows": [rows[part]]}} if part in rows else {}
        version = call(cast.member, "PUT", draft, body, 1)["version"]
        call(cast.member, "POST", f"{draft}/submit", {}, version)
        call(cast.chair, "POST", f"{draft}/verdict", {"step": "approval", "is_yes": True}, version)
        call(cast.member, "POST", f"{draft}/publish", {}, version)
    told = call(cast.reader, "GET", f"/services/{service.reference}")
    parts = {one["part"]: one for one in told["documentation"]}
    assert (told["completeness"], set(told["parts"].values()), told["drafts"]) == (1.0, {"valid"}, [])
    assert {part: parts[part]["fields"]["rows"] for part in rows} == {part: [row] for part, row in rows.items()}
    assert tuple(Part.values) == PARTS
    for part in Part.values:
        document = call(cast.reader, "GET", parts[part]["href"].removeprefix(API))
        assert (document["address"], document["href"]) == (f"{service.reference}/{part}", parts[part]["href"])
    browser = Client()
    browser.force_login(cast.reader)
    spelt = [browser.get(f"/documents/{service.reference}{mark}support/compare/") for mark in ("~", "/", "%2F")]
    assert [one.status_code for one in spelt] == [200] * 3
    assert links_in([f"[a](/documents/{service.reference}/support/)"])[0][0].item_id == service.pk
    drawn = parts["description"]["drawn"]
    assert [one["reference"] for one in drawn["parts"]] == [component.reference]
    assert [one["reference"] for one in drawn["needs"]] == [needed.reference]
    assert [one["name"] for one in drawn["suppliers"]] == ["Journal AB"]
    assert drawn["group"] == cast.group.reference
    assert drawn["facts"]
    assert {one.published and one.published.approved_by for one in Document.objects.filter(item=service)} == {
        str(cast.chair)
    }
