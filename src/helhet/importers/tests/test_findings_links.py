"""What sources say of dependencies that cannot be tied, in the one list of findings of dependencies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.urls import reverse

from helhet.estate.link_findings import Asked, findings, page_of
from helhet.estate.models import Dependency
from helhet.importers import portions
from helhet.importers.models import Finding
from helhet.importers.tests.rig import take, write
from tests.world import SYSTEM, make_item, make_source

pytestmark = pytest.mark.django_db

EXAMPLES = Path(__file__).resolve().parents[4] / "examples"


def test_what_sources_say_of_unknown_ends_stands_in_the_same_list_with_its_place() -> None:
    item = make_item("Lönesystem")
    Finding.objects.create(
        source=make_source(), sort="unknown_end", noun="dependencies", key="lon\x1fborta\x1fruns on", field="to",
        value="borta", place="deps.csv:7", item=item,
    )  # fmt: skip
    Finding.objects.create(
        source=make_source(), sort="unknown_end", noun="links", key="x\x1fy\x1fz", field="to", value="y"
    )
    found = findings(Asked(), SYSTEM)
    assert [(one.sort, one.count) for one in found] == [("unknown_end", 1)]
    assert findings(Asked(source="another"), SYSTEM) == []
    (line,) = page_of(found, Asked(sort="unknown_end"), 0, 9)
    assert (line.from_item, line.to_text, line.place, line.source) == (item, "borta", "deps.csv:7", "cmdb")
    assert reverse("importers:findings") in line.step_url


def test_a_row_that_stands_twice_is_listed_until_the_source_has_it_once(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    monkeypatch.setattr(portions, "GAP", 0)
    settings.FILES_DIR = tmp_path / "files"
    items = [{"key": key, "kind": "server", "name": key} for key in "abc"]
    once = [{"from": "a", "to": "b"}, {"from": "b", "to": "c"}]
    take(write(tmp_path / "1", items=items, dependencies=[*once, {"from": "a", "to": "b"}]), source="x")
    take(write(tmp_path / "y", items=items, dependencies=once), source="y")
    take(write(tmp_path / "2", items=[{"key": "a", "kind": "server", "name": "A"}]), source="x", partial=True)
    found = {one.sort: one for one in findings(Asked(), SYSTEM)}
    assert found["refused"].count == 1
    (line,) = page_of(list(found.values()), Asked(sort="refused"), 0, 9)
    assert (line.source, line.place, line.type) == ("x", "dependencies.csv:4", "använder")
    assert [one and one.name for one in (line.from_item, line.to_item)] == ["A", "b"]
    assert "dependencies.csv:2" in line.words
    assert [one.sort for one in findings(Asked(source="y"), SYSTEM) if one.sort == "refused"] == []
    take(write(tmp_path / "3", items=items, dependencies=once), source="x")
    assert [one.sort for one in findings(Asked(), SYSTEM) if one.sort == "refused"] == []


def test_real_catalogues_of_four_years_lose_nothing_that_does_not_hold_together(
    shared: Path, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    """Each pair that a catalogue tells is a dependency, a finding, or a row refused for want of an end."""
    monkeypatch.setattr(portions, "GAP", 0)
    settings.FILES_DIR = tmp_path / "files"
    for year in ("2019-01-31", "2019-12-19", "2020-12-14", "2021-12-08", "2022-12-19"):
        file = shared / "data" / "catalogue" / f"gitlab_services_{year}.yml"
        told = yaml.safe_load(file.read_text(encoding="utf-8"))["services"]
        rows = told.values() if isinstance(told, dict) else told
        keys = {one["name"] for one in rows if isinstance(one, dict) and "name" in one} or set(told)
        pairs = {
            (name, other)
            for name, one in (told.items() if isinstance(told, dict) else ((one["name"], one) for one in told))
            for other in targets((one.get("technical") or {}).get("dependencies"))
        }
        source = f"catalogue {year}"
        take(file, source=source, mapping=str(EXAMPLES / "gitlab_services.yaml"))
        found = findings(Asked(source=source), SYSTEM)
        counts = {one.sort: one.count for one in found}
        assert counts.get("unknown_end", 0) == sum(other not in keys for _name, other in pairs), year
        assert counts.get("self_link", 0) == sum(name == other for name, other in pairs), year
        whole = {(a, b) for a, b in pairs if a != b and b in keys}
        assert Dependency.objects.filter(source__name=source).count() == len(whole), year


def targets(listed: Any) -> set[str]:
    """What a service says that it depends on: texts, or objects with the service's name."""
    found = listed if isinstance(listed, list) else [listed] if listed else []
    names = (one.get("service") if isinstance(one, dict) else one for one in found)
    return {name for name in names if isinstance(name, str) and name}
