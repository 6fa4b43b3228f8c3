"""Changes that another tool ran: taken in as history, once, with what they alter and what they take back."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from helhet.changes.models import Change
from helhet.importers import portions
from helhet.importers.models import Finding, Run
from helhet.importers.tests.rig import SYSTEM, take, totals, write
from helhet.importers.undo import undo_run

pytestmark = pytest.mark.django_db

ITEMS = [{"key": "a", "name": "Ada", "kind": "server", "group": "drift"}]
GROUPS = [{"key": "drift", "name": "Drift"}]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, settings: object, tmp_path: Path) -> None:
    monkeypatch.setattr(portions, "GAP", 0)
    settings.FILES_DIR = tmp_path / "files"  # type: ignore[attr-defined]


def change(key: str, source: str = "cmdb") -> Change:
    return Change.objects.get(
        item__source_keys__key=key, item__source_keys__sort=2, item__source_keys__source__name=source
    )


def told(**fields: str) -> dict[str, str]:
    own = {"key": "c1", "title": "Ny kärna", "group": "drift", "items": "a", "submitted": "2026-01-02T10:00+01:00"}
    times = {"starts": "2026-01-03 20:00", "ends": "2026-01-03 22:00", "finished": "2026-01-03T21:30:00Z"}
    return own | times | fields


def counts(outcome: object, noun: str = "changes") -> dict[str, int]:
    return {verdict: found[noun] for verdict, found in outcome.report.counts.items() if found[noun]}  # type: ignore[attr-defined]


def test_a_change_is_history_with_its_times_in_the_zone_that_they_are_written_in(tmp_path):
    outcome = take(write(tmp_path / "one", groups=GROUPS, items=ITEMS, changes=[told(type="akut", tickets="T1, T2")]))
    assert counts(outcome) == {"created": 1}
    one = change("c1")
    assert (one.is_history, one.state, one.outcome, one.type) == (True, "closed", "done", "emergency")
    assert one.group is not None
    assert one.group.name == "Drift"
    assert [row.item.name for row in one.affected.all()] == ["Ada"]
    assert one.submitted_at == dt.datetime(2026, 1, 2, 9, tzinfo=dt.UTC)
    assert one.starts_at == dt.datetime(2026, 1, 3, 19, tzinfo=dt.UTC)
    assert one.finished_at == dt.datetime(2026, 1, 3, 21, 30, tzinfo=dt.UTC)
    assert one.item.attributes["tickets"] == ["T1", "T2"]


def test_the_same_file_again_changes_nothing_and_a_trial_says_so_before(tmp_path):
    path = write(tmp_path / "one", groups=GROUPS, items=ITEMS, changes=[told(), told(key="c2", reverts="c1")])
    assert totals(take(path, trial=True))[:2] == (4, 0)
    assert totals(take(path))[:2] == (4, 0)
    assert totals(take(path)) == (0, 0, 4, 0, 0)


def test_what_differs_is_changed_and_told_field_by_field(tmp_path):
    take(write(tmp_path / "one", groups=GROUPS, items=ITEMS, changes=[told()]))
    path = write(
        tmp_path / "two", groups=GROUPS, items=ITEMS, changes=[told(title="Äldre kärna", outcome="failed", items="")]
    )
    assert counts(take(path, trial=True)) == {"changed": 1}
    outcome = take(path)
    assert counts(outcome) == {"changed": 1}
    one = change("c1")
    assert (one.name, one.outcome, one.affected.count()) == ("Äldre kärna", "failed", 0)
    row = Run.objects.get(pk=outcome.run.pk).rows.get(verdict="changed")
    assert set(row.changes) == {"name", "outcome", "items"}


def test_one_that_takes_back_a_later_row_is_tied_to_it_without_a_finding(tmp_path):
    rows = [told(key="c3", reverts="c2"), told(key="c2", reverts="c1"), told(key="c1")]
    outcome = take(write(tmp_path / "one", groups=GROUPS, items=ITEMS, changes=rows))
    assert outcome.findings == 0
    assert change("c3").reverts == change("c2")
    assert change("c2").reverts == change("c1")
    assert not Finding.objects.exists()


def test_unknown_ends_are_findings_until_what_they_name_comes(tmp_path):
    rows = [told(items="a, b", group="nät", owner="Eva Ek", reverts="c0")]
    outcome = take(write(tmp_path / "one", groups=GROUPS, items=ITEMS, changes=rows))
    assert sorted(Finding.objects.values_list("sort", "value")) == [
        ("unknown_change", "c0"), ("unknown_end", "b"), ("unknown_group", "nät"), ("unknown_person", "Eva Ek"),
    ]  # fmt: skip
    assert outcome.findings == 4
    more = [*ITEMS, {"key": "b", "name": "Bo", "kind": "server", "group": "drift"}]
    groups, persons = [*GROUPS, {"key": "nät", "name": "Nät"}], [{"key": "Eva Ek", "name": "Eva Ek", "email": ""}]
    later = write(tmp_path / "two", groups=groups, items=more, persons=persons, changes=[*rows, told(key="c0")])
    assert take(later, trial=True).findings == 0
    assert take(later).findings == 0
    one = change("c1")
    assert {row.item.name for row in one.affected.all()} == {"Ada", "Bo"}
    assert one.group is not None
    assert one.owner is not None
    assert (one.group.name, one.owner.name, one.reverts) == ("Nät", "Eva Ek", change("c0"))


def test_times_that_contradict_each_other_are_kept_and_are_findings(tmp_path):
    rows = [
        told(finished="2026-01-01T10:00Z"),
        told(key="c2", ends="2026-01-03 19:00"),
        told(key="c3", finished="om en stund"),
    ]
    outcome = take(write(tmp_path / "one", groups=GROUPS, items=ITEMS, changes=rows))
    found = set(Finding.objects.values_list("key", "sort", "field"))
    assert found == {("c1", "times", "submitted"), ("c2", "times", "ends"), ("c3", "unreadable", "finished")}
    assert outcome.findings == 3
    assert change("c1").finished_at == dt.datetime(2026, 1, 1, 10, tzinfo=dt.UTC)
    mended = write(tmp_path / "two", groups=GROUPS, items=ITEMS, changes=[told(), told(key="c2"), told(key="c3")])
    assert take(mended).findings == 0


def test_items_of_changes_in_a_file_of_their_own_are_added_and_stay(tmp_path):
    more = [*ITEMS, {"key": "b", "name": "Bo", "kind": "server", "group": "drift"}]
    pairs = [{"change": "c1", "item": "b"}, {"change": "c9", "item": "b"}]
    path = write(tmp_path / "one", groups=GROUPS, items=more, changes=[told()], changed_items=pairs)
    outcome = take(path)
    assert counts(outcome, "changed_items") == {"created": 1, "waiting": 1}
    assert {row.item.name for row in change("c1").affected.all()} == {"Ada", "Bo"}
    take(
        write(
            tmp_path / "two", groups=GROUPS, items=more, changes=[told(items=""), told(key="c9")], changed_items=pairs
        )
    )
    assert [row.item.name for row in change("c1").affected.all()] == ["Bo"]
    assert [row.item.name for row in change("c9").affected.order_by("item__name")] == ["Ada", "Bo"]


def test_an_item_and_a_change_may_have_the_same_key(tmp_path):
    outcome = take(write(tmp_path / "one", groups=GROUPS, items=ITEMS, changes=[told(key="a")]))
    assert totals(outcome)[0] == 3
    assert change("a").affected.get().item.name == "Ada"


def test_an_undo_takes_the_changes_away_and_sets_back_what_it_changed(tmp_path):
    take(write(tmp_path / "one", groups=GROUPS, items=ITEMS, changes=[told()]))
    path = write(
        tmp_path / "two", groups=GROUPS, items=ITEMS, changes=[told(title="Annat", outcome="failed"), told(key="c2")]
    )
    second = take(path)
    undo_run(second.run, by=SYSTEM)
    one = change("c1")
    assert (one.name, one.outcome) == ("Ny kärna", "done")
    assert not Change.objects.visible_to(SYSTEM).filter(pk=change("c2").pk).exists()
    again = take(path)
    assert counts(again) == {"created": 1, "changed": 1}
    assert Change.objects.visible_to(SYSTEM).filter(pk=change("c2").pk).exists()


def test_a_change_that_the_file_lacks_is_not_seen(tmp_path):
    take(write(tmp_path / "one", groups=GROUPS, items=ITEMS, changes=[told(), told(key="c2")]))
    outcome = take(write(tmp_path / "two", groups=GROUPS, items=ITEMS, changes=[told()]))
    assert counts(outcome) == {"unchanged": 1, "not_seen": 1}
    back = take(write(tmp_path / "one", groups=GROUPS, items=ITEMS, changes=[told(), told(key="c2")]))
    assert counts(back)["created"] == 1


# ---- ServiceNow ---------------------------------------------------------------------------------------------------


def test_the_four_ways_in_which_servicenow_writes_a_change_give_the_same(tmp_path, settings):
    settings.TIME_ZONE = "Europe/Stockholm"
    at = ["09:00", "10:00", "11:00", "10:00", "10:30", "12:00"]
    later = ["10:00", "11:00", "12:00", "11:00", "11:30", "13:00"]
    names = (
        "number,sys_id,short_description,type,state,close_code,assignment_group,cmdb_ci,"
        "opened_at,start_date,end_date,work_start,work_end,closed_at"
    )
    labels = (
        "Number,Sys ID,Short description,Type,State,Close code,Assignment group,Configuration item,"
        "Opened,Planned start date,Planned end date,Actual start,Actual end,Closed"
    )
    raw = ",".join(["CHG1,x1,Byt disk,emergency,3,successful_issues,Drift,a", *(f"2026-01-02 {one}:00" for one in at)])
    as_shown = ",".join(
        ["CHG1,x1,Byt disk,Emergency,Closed,Successful with issues,Drift,a", *(f"2026-01-02 {one}:00" for one in later)]
    )
    plain = dict(zip(names.split(","), raw.split(","), strict=True))
    both = {name: {"value": value, "display_value": value} for name, value in plain.items()}
    take(write(tmp_path / "items", groups=GROUPS, items=ITEMS), source="n0")
    files = {
        "n1": f"{names}\n{raw}\n",
        "n2": f"{labels}\n{as_shown}\n",
        "n3": json.dumps({"result": [plain]}),
        "n4": json.dumps({"result": [both]}),
    }
    seen = set()
    for source, text in files.items():
        path = tmp_path / f"{source}.{'json' if text.startswith('{') else 'csv'}"
        path.write_text(text.replace(",a,", ",n0:a,").replace('"a"', '"n0:a"').replace("Drift", "n0:drift"))
        outcome = take(path, source=source, mapping="servicenow_change_request")
        assert counts(outcome) == {"created": 1}, source
        one = change("x1", source)
        seen.add((one.name, one.type, one.state, one.outcome, one.submitted_at, one.starts_at, one.finished_at,
                  one.closed_at, one.affected.get().item.name, tuple(one.item.attributes["tickets"])))  # fmt: skip
    opened, began, finished, closed = (
        dt.datetime(2026, 1, 2, *time, tzinfo=dt.UTC) for time in ((9, 0), (10, 0), (10, 30), (12, 0))
    )
    told = ("Byt disk", "emergency", "closed", "faults")
    assert seen == {(*told, opened, began, finished, closed, "Ada", ("CHG1",))}


def test_what_servicenow_changes_alter_comes_from_a_second_file(tmp_path):
    take(write(tmp_path / "items", groups=GROUPS, items=ITEMS), source="snow")
    folder = tmp_path / "changes"
    folder.mkdir()
    (folder / "change_request.csv").write_text("number,sys_id,short_description,state\nCHG1,x1,Byt disk,3\n")
    (folder / "task_ci.csv").write_text("task,ci_item\nx1,a\n")
    outcome = take(folder, source="snow", mapping="servicenow_change_request", partial=True)
    assert counts(outcome, "changed_items") == {"created": 1}
    assert change("x1", "snow").affected.get().item.name == "Ada"
