"""How changes went: each figure against a plain count of one's own."""

from __future__ import annotations

import argparse
import datetime as dt
import io
import json
from typing import Any

import pytest

from helhet.changes.command import OutcomesCommand
from helhet.changes.outcomes import as_data, outcomes
from helhet.changes.writing import NewChange, add_changes
from helhet.kit.command import Output
from tests.world import DAY, SYSTEM, Cast, make_group, make_item

pytestmark = pytest.mark.django_db


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def ended(name: str, **fields: Any) -> int:
    told = {"state": "closed", "outcome": "done", "submitted_at": at("2026-03-02T08:00"), "is_history": True,
            "finished_at": at("2026-03-03T08:00")} | fields  # fmt: skip
    return add_changes([NewChange(name, **told)], by=SYSTEM, on=DAY)[0]


def test_what_is_open_or_cancelled_is_not_counted_and_the_rest_is_once():
    group, item = make_group("Drift"), make_item("Ada", kind="server")
    ended("Ett", group_id=group.pk, items=[item.pk])
    ended("Två", group_id=group.pk, outcome="faults")
    ended("Tre", outcome="failed")
    ended("Inställd", outcome="cancelled")
    ended("Öppen", state="scheduled", outcome="", starts_at=at("2026-03-02T08:00"), ends_at=at("2026-03-02T09:00"))
    found = outcomes(SYSTEM)
    assert (found.whole.count, found.whole.good, found.whole.faults, found.whole.failed) == (3, 1, 1, 1)
    assert [(part.name, part.figures.count) for part in found.groups] == [("Drift", 2), ("", 1)]
    assert [(part.key, part.figures.success) for part in found.kinds] == [("server", 1.0)]
    assert [part.key for part in found.items] == [item.reference]


def test_one_that_was_taken_back_did_not_go_well_until_that_was_taken_back_too():
    first = ended("Ny kärna")
    second = ended("Ta tillbaka ny kärna", reverts_id=first)
    assert outcomes(SYSTEM).whole.undone == 1
    ended("Ändå ny kärna", reverts_id=second)
    whole = outcomes(SYSTEM).whole
    assert (whole.count, whole.good, whole.undone, whole.reverts) == (3, 2, 1, 2)


def test_lead_time_is_told_in_elapsed_and_in_working_hours_and_a_negative_one_in_neither():
    ended("Över helgen", submitted_at=at("2026-03-06T15:00"), finished_at=at("2026-03-09T08:00"))
    ended("Bakvänd", submitted_at=at("2026-03-06T15:00"), finished_at=at("2026-03-05T08:00"))
    whole = outcomes(SYSTEM).whole
    assert whole.lead_median == 65 * 3_600
    assert whole.working_median == 2 * 3_600
    assert whole.contradictory == 1


def test_a_time_and_a_group_narrow_what_is_counted():
    group = make_group("Drift")
    ended("Mars", group_id=group.pk)
    ended("April", finished_at=at("2026-04-03T08:00"))
    assert [part.key for part in outcomes(SYSTEM).months] == ["2026-03", "2026-04"]
    assert outcomes(SYSTEM, since=dt.date(2026, 4, 1)).whole.count == 1
    assert outcomes(SYSTEM, until=dt.date(2026, 3, 3)).whole.count == 1
    assert outcomes(SYSTEM, group=group).whole.count == 1


def test_page_api_and_command_tell_the_same_figures(cast: Cast, client):
    ended("Ett", group_id=make_group("Teknik").pk, items=[make_item("Ada").pk])
    data = json.loads(json.dumps(as_data(outcomes(SYSTEM)), default=str))
    client.force_login(cast.reader)
    assert client.get("/api/v1/change-outcomes").json() == data
    assert client.get("/api/v1/change-outcomes?when=now").status_code == 422
    page = client.get("/changes/outcomes/?since=2026-03-01").content.decode()
    assert "Ada" in page
    assert "Teknik" in page
    assert client.get("/changes/outcomes/?since=igår").status_code == 422
    out = io.StringIO()
    parser = argparse.ArgumentParser()
    OutcomesCommand().add_arguments(parser)
    OutcomesCommand().run(parser.parse_args([]), Output(as_json=True, stdout=out))
    assert json.loads(out.getvalue()) == data
