"""A real catalogue, year by year as one source: what came, changed, vanished and lost its owner is right after each.

And each of the other real sources goes in whole, twice the same, out again by undo.
"""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from helhet.groups.models import Answer
from helhet.importers import portions
from helhet.importers.models import Finding, Run, RunRow
from helhet.importers.tests.rig import SYSTEM, take, totals
from helhet.importers.undo import undo_run
from helhet.items.models import Item, Presence, SourceKey
from helhet.responsibility.coverage import count

pytestmark = pytest.mark.django_db

EXAMPLES = Path(__file__).resolve().parents[4] / "examples"
YEARS = ("2019-01-31", "2019-12-19", "2020-12-14", "2021-12-08", "2022-12-19")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, settings: object, tmp_path: Path) -> None:
    monkeypatch.setattr(portions, "GAP", 0)
    settings.FILES_DIR = tmp_path / "files"  # type: ignore[attr-defined]


def owners() -> dict[str, str | None]:
    """Service to the key of the group that answers for it."""
    keys = {key.item_id: key.key for key in SourceKey.objects.filter(sort=1)}
    services = {key.item_id: key.key for key in SourceKey.objects.filter(sort=0)}
    rows = Answer.objects.open().filter(item_id__in=services).values_list("item_id", "group_id")
    return {services[item_id]: keys.get(group_id or 0) for item_id, group_id in rows}


def names_one(service: dict[str, Any], teams: set[str]) -> str | None:
    """The one team that a service names and that is known."""
    named = list(dict.fromkeys(team for team in service.get("teams") or [] if isinstance(team, str) and team))
    named = named or [service["infra_owner"]] if named or service.get("infra_owner") else []
    return named[0] if len(named) == 1 and named[0] in teams else None


def test_the_years_of_a_catalogue_as_one_source(shared: Path, tmp_path: Path) -> None:
    catalogue = shared / "data" / "catalogue"
    expected: dict[str, str | None] = {}
    teams: set[str] = set()
    missing: set[str] = set()
    for year in YEARS:
        folder = tmp_path / year
        folder.mkdir()
        shutil.copy(catalogue / f"gitlab_services_{year}.yml", folder)
        data = yaml.safe_load((folder / f"gitlab_services_{year}.yml").read_text())
        if (catalogue / f"gitlab_teams_{year}.yml").exists():
            shutil.copy(catalogue / f"gitlab_teams_{year}.yml", folder)
            data["teams"] = yaml.safe_load((folder / f"gitlab_teams_{year}.yml").read_text())["teams"]
        services = {service["name"]: service for service in data["services"]}
        teams |= {team["name"] for team in data["teams"]}
        before = dict(expected)
        outcome = take(
            folder, source="gitlab", mapping=str(EXAMPLES / "gitlab_services.yaml"), on=dt.date.fromisoformat(year)
        )
        created = services.keys() - expected.keys()
        gone = expected.keys() - services.keys() - missing
        missing = expected.keys() - services.keys()
        expected |= {name: names_one(service, teams) for name, service in services.items()}
        listed = RunRow.objects.filter(run=outcome.run, noun="items")
        assert set(listed.filter(verdict="created").values_list("key", flat=True)) == created
        assert set(listed.filter(verdict="not_seen").values_list("key", flat=True)) == gone
        assert outcome.report.counts["created"]["items"] == len(created)
        assert owners() == expected
        lost = {name for name, owner in before.items() if owner and not expected[name]}
        moved = Answer.objects.filter(batch_id=outcome.run.batch_id, group=None, from_on=year).exclude(
            item__created_on=year
        )
        ids = SourceKey.objects.filter(sort=0, item_id__in=moved.values("item_id"))
        assert lost <= set(ids.values_list("key", flat=True))
        coverage = count(dt.date.fromisoformat(year)).all
        assert (coverage.items, coverage.owned) == (
            len(expected),
            sum(owner is not None for owner in expected.values()),
        )
        again = take(
            folder, source="gitlab", mapping=str(EXAMPLES / "gitlab_services.yaml"), on=dt.date.fromisoformat(year)
        )
        assert totals(again)[:2] == (0, 0)
        assert totals(again)[4] == 0
    assert set(SourceKey.objects.filter(sort=0, not_seen_since=None).values_list("key", flat=True)) == services.keys()


@pytest.mark.parametrize(
    ("path", "mapping"),
    [
        ("groups/kubernetes_sigs_2022-07-01.yaml", str(EXAMPLES / "kubernetes_sigs.yaml")),
        ("estate/netbox_demo_v3.6.json.gz", "netbox_fixture"),
        ("estate/platform_applications.jsonl.gz", str(EXAMPLES / "platform_applications.yaml")),
        ("catalogue/backstage_giantswarm_groups.yaml", "backstage"),
        ("catalogue/backstage_giantswarm_charts.yaml", "backstage"),
        ("catalogue/backstage_giantswarm_crds.yaml", "backstage"),
    ],
)
def test_a_real_source_goes_in_twice_the_same_and_is_undone(shared: Path, path: str, mapping: str) -> None:
    file = shared / "data" / path
    trial = totals(take(file, source="real", mapping=mapping, trial=True))
    first = totals(take(file, source="real", mapping=mapping))
    assert first == trial
    assert first[0] > 0
    standing = list(Item.objects.order_by("id").values("id", "name", "version", "attributes"))
    second = totals(take(file, source="real", mapping=mapping))
    assert second == (0, 0, first[0], first[3], 0)
    assert list(Item.objects.order_by("id").values("id", "name", "version", "attributes")) == standing
    undo_run(Run.objects.order_by("id")[0], by=SYSTEM)
    assert not Item.objects.filter(presence=Presence.HERE).exists()
    assert not Finding.objects.filter(closed_at=None).exists()
