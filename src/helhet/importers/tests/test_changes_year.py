"""A real year of changes: taken in whole, and its figures what a plain count over its file gives."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from collections import Counter, defaultdict
from math import ceil
from pathlib import Path

import pytest

from helhet.changes.models import Change, ChangeItem
from helhet.changes.outcomes import outcomes
from helhet.importers import portions
from helhet.importers.models import Finding
from helhet.importers.tests.rig import SYSTEM, take, totals
from helhet.items.models import SourceKey

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MAPPING = str(Path(__file__).resolve().parents[4] / "examples" / "production_changes.yaml")


def nearest(values: list[float], share: float) -> float:
    return sorted(values)[max(0, ceil(share * len(values)) - 1)]


def test_a_real_year_of_changes_comes_whole_and_is_counted_rightly(shared, tmp_path, settings, monkeypatch):
    monkeypatch.setattr(portions, "GAP", 0)
    settings.FILES_DIR = tmp_path / "files"
    file = shared / "data/changes/production_changes_2019-07_2020-06.jsonl.gz"
    raw = [json.loads(line) for line in gzip.decompress(file.read_bytes()).splitlines()]
    outcome = take(file, source="puppet", mapping=MAPPING)
    ids = {one["id"] for one in raw}
    told = [one for one in raw if one["reverts"] in ids]
    instants = {one["id"]: dt.datetime.fromisoformat(one["submitted"]) for one in raw}
    ends = {one["id"]: dt.datetime.fromisoformat(one["merged"]) for one in raw}
    assert outcome.report.counts["created"]["changes"] == len(raw)
    by_key = dict(SourceKey.objects.filter(sort=2).values_list("item_id", "key"))
    stated = {(by_key[row.change_id], row.item.name) for row in ChangeItem.objects.select_related("item")}
    assert stated == {(one["id"], part) for one in raw for part in one["components"]}
    ties = Change.objects.filter(reverts__isnull=False).values_list("pk", "reverts_id")
    assert {(by_key[a], by_key[b]) for a, b in ties} == {(one["id"], one["reverts"]) for one in told}
    assert {by_key[row.pk]: row.submitted_at for row in Change.objects.all()} == instants
    assert set(Finding.objects.filter(sort="times").values_list("key", flat=True)) == {
        key for key in ids if ends[key] < instants[key]
    }
    assert Finding.objects.filter(closed_at=None, sort="unknown_change").count() == sum(
        bool(one["reverts"]) and one["reverts"] not in ids for one in raw
    )
    assert totals(take(file, source="puppet", mapping=MAPPING))[:2] == (0, 0)

    takes_back: dict[str, list[str]] = defaultdict(list)
    for one in told:
        takes_back[one["reverts"]].append(one["id"])

    def stands(key: str) -> bool:
        return not any(stands(other) for other in takes_back[key])

    undone = {key for key in ids if not stands(key)}
    leads = [(ends[key] - instants[key]).total_seconds() for key in ids]
    fit = [lead for lead in leads if lead > 0]
    found = outcomes(SYSTEM)
    whole = found.whole
    assert (whole.count, whole.undone, whole.good) == (len(raw), len(undone), len(raw) - len(undone))
    assert whole.reverts == len(told)
    assert (whole.lead_median, whole.lead_p90) == (nearest(fit, 0.5), nearest(fit, 0.9))
    assert whole.contradictory == sum(lead < 0 for lead in leads)
    by_part = Counter(part for one in raw for part in one["components"])
    assert {part.name: part.figures.count for part in found.items} == by_part
    lost = Counter(part for one in raw for part in one["components"] if one["id"] in undone)
    assert {part.name: part.figures.undone for part in found.items if part.figures.undone} == lost
    by_group = Counter(one["components"][0].split("/")[0] if one["components"] else "" for one in raw)
    assert {part.name: part.figures.count for part in found.groups} == by_group
