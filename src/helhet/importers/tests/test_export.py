"""Everything comes out in the plain layout, and goes in again elsewhere as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from helhet.changes.models import Change
from helhet.estate.models import Dependency
from helhet.groups.models import Answer, Group, Membership
from helhet.importers import portions
from helhet.importers.export_rows import tables
from helhet.importers.export_write import write as write_out
from helhet.importers.models import Run
from helhet.importers.tests.rig import SYSTEM, take, totals, write
from helhet.importers.undo import undo_run
from helhet.items.models import Item, Presence

pytestmark = pytest.mark.django_db

NASTY = ["=1+1", "+46 8", "-x", "@a", "'=kept", "'plain", "a,b\nc", 'say "x"', "åäö", "007", "x" * 250]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, settings: object, tmp_path: Path) -> None:
    monkeypatch.setattr(portions, "GAP", 0)
    settings.FILES_DIR = tmp_path / "files"  # type: ignore[attr-defined]


def content() -> dict[str, Any]:
    """What the register holds, in words that do not depend on numbers."""
    here = Item.objects.filter(presence=Presence.HERE)
    owners = Answer.objects.open().filter(item__presence=Presence.HERE)
    return {
        "items": sorted(here.values_list("kind__key", "name", "state", "criticality", "part_of__name"), key=repr),
        "attributes": sorted((one.name, sorted(one.attributes.items()), one.tags) for one in here),
        "owners": sorted(owners.values_list("item__name", "group__item__name"), key=repr),
        "groups": sorted(
            Group.objects.filter(item__presence=0).values_list("item__name", "basis", "mandate", "parent__item__name"),
            key=repr,
        ),
        "members": sorted(
            Membership.objects.values_list("group__item__name", "person__name", "role", "to_on", "share"), key=repr
        ),
        "changes": sorted(
            (
                one.name,
                one.type,
                one.state,
                one.outcome,
                one.group and one.group.name,
                one.owner and one.owner.name,
                one.submitted_at,
                one.starts_at,
                one.ends_at,
                one.finished_at,
                one.purpose,
                one.plan,
                one.learnt,
                sorted(one.affected.values_list("item__name", flat=True)),
                one.reverts and one.reverts.name,
                sorted(one.item.attributes.items()),
            )
            for one in Change.objects.filter(item__presence=Presence.HERE)
        ),
        "dependencies": sorted(
            Dependency.objects.values_list("from_item__name", "to_item__name", "type", "criticality")
        ),
    }


@pytest.mark.parametrize("name", ["out", "out.zip", "out.xlsx", "out.json"])
def test_what_comes_out_goes_in_again_as_it_was(tmp_path: Path, name: str) -> None:
    items = [
        {
            "key": f"n{number}",
            "kind": "server",
            "name": text.replace("\n", " "),
            "group": "g",
            "part_of": "n0" if number else "",
            "criticality": "high",
            "tags": "x,y",
            "note": text,
            "=head": "1",
        }
        for number, text in enumerate(NASTY)
    ]
    take(
        write(
            tmp_path / "x",
            items=items,
            groups=[{"key": "g", "name": "=Nät", "mandate": "-allt"}, {"key": "h", "name": "H", "parent": "g"}],
            members=[
                {
                    "group": "g",
                    "person": "p",
                    "name": "Per",
                    "role": "chair",
                    "from": "2026-01-01",
                    "to": "2026-12-31",
                    "share": "12.5",
                }
            ],
            dependencies=[{"from": "n1", "to": "n2", "criticality": "degrades"}],
            changes=[
                {
                    "key": "c1",
                    "title": "=Byte",
                    "type": "emergency",
                    "state": "closed",
                    "outcome": "reverted",
                    "group": "g",
                    "owner": "p",
                    "submitted": "2026-03-01T08:00:00+01:00",
                    "starts": "2026-03-02T18:00:00Z",
                    "ends": "2026-03-02T20:00:00Z",
                    "finished": "2026-03-02T19:30:00Z",
                    "items": "n1,n2",
                    "description": "-för att",
                    "plan": "1. a\n2. b",
                    "learnt": "@intet",
                    "tickets": "INC-1,INC-2",
                    "leverantör": "Isfors",
                },
                {"key": "c2", "title": "Tillbaka", "state": "scheduled", "starts": "2026-04-01 10:00", "reverts": "c1"},
            ],
        )
    )
    before = content()
    assert len(before["changes"]) == 2
    out = tmp_path / name
    counts = write_out(out, tables(), lambda _done: None)
    assert counts["items.server"] == len(NASTY)
    undo_run(Run.objects.get(), by=SYSTEM)
    outcome = take(out, source="back")
    assert totals(outcome)[3] == 0, outcome.refused()
    assert content() == before
