"""Every row that was read is accounted for by noun: created, changed, unchanged, refused or waiting for an end."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from helhet.importers.models import Verdict
from helhet.importers.report import as_json
from helhet.importers.runs import Outcome
from helhet.importers.tests.rig import take, write

pytestmark = pytest.mark.django_db

VERDICTS = (Verdict.CREATED, Verdict.CHANGED, Verdict.UNCHANGED, Verdict.REFUSED, Verdict.WAITING)
INVENTING = """
invent_groups: true
by_columns: true
items: {table: [items], key: key, kind: kind, name: name, group: group, part_of: part_of}
groups: {table: [groups], key: key, name: name, parent: parent}
members: {table: [members], group: group, person: person, role: role}
responsibilities: {table: [responsibilities], item: item, group: group, role: role}
part_of: {table: [part_of], item: item, parent: parent}
links: {table: [links], from: from, to: to, type: type}
dependencies: {table: [dependencies], from: from, to: to, type: type}
"""
KEYS = st.sampled_from(["a", "b", "c", "d", ""])
GROUPS = st.sampled_from(["g", "h", "i", ""])
ROWS: dict[str, dict[str, st.SearchStrategy[str]]] = {
    "items": {"key": KEYS, "kind": st.sampled_from(["server", "application", "none such"]),
              "name": st.sampled_from("AB"), "group": GROUPS, "part_of": KEYS},
    "groups": {"key": GROUPS, "name": st.sampled_from("GH"), "parent": GROUPS},
    "members": {"group": GROUPS, "person": st.sampled_from(["p", "q", ""]), "role": st.sampled_from(["", "chair"])},
    "responsibilities": {"item": KEYS, "group": GROUPS, "role": st.sampled_from(["", "supports"])},
    "part_of": {"item": KEYS, "parent": KEYS},
    "links": {"from": KEYS, "to": KEYS, "type": st.sampled_from(["", "reads"])},
    "dependencies": {"from": KEYS, "to": KEYS, "type": st.sampled_from(["", "needs"])},
}  # fmt: skip
TABLES = st.fixed_dictionaries({
    noun: st.lists(st.fixed_dictionaries(columns), min_size=1, max_size=4) for noun, columns in ROWS.items()
})  # fmt: skip
Tables = dict[str, list[dict[str, str]]]
NUMBERS = count()
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
"""Without shrinking, which takes minutes at the database."""


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path / "files"


def sums(outcome: Outcome) -> Counter[str]:
    """How many rows are accounted for, by noun."""
    return Counter({noun: sum(outcome.report.total(verdict, noun) for verdict in VERDICTS) for noun in ROWS})


def by_verdict(outcome: Outcome) -> Mapping[str, Any]:
    """All counts."""
    counts = outcome.report.as_counts()
    return {verdict: {noun: number for noun, number in counts[verdict].items() if number} for verdict in sorted(counts)}


def check(path: Path, tables: Tables, mapping: str, source: str, *, partial: bool) -> None:
    """Try out and apply: both give the same counts, and these are the rows of the file."""
    trial = take(path, source=source, mapping=mapping, partial=partial, trial=True)
    done = take(path, source=source, mapping=mapping, partial=partial)
    assert by_verdict(trial) == by_verdict(done)
    found = sums(done)
    for noun, rows in tables.items():
        read = sum(any(row.values()) for row in rows)
        if noun == "groups" and mapping != "plain":
            named = {row["group"] for name in ("items", "members", "responsibilities") for row in tables.get(name, ())}
            assert read <= found[noun] <= read + len(named)
        else:
            assert found[noun] == read, noun
    told = as_json(done.report, (), findings=0)
    names = ("created", "changed", "unchanged", "refused", "waiting")
    for noun, rows in tables.items():
        counted = told["by_noun"].get("memberships" if noun == "members" else noun, dict.fromkeys(names, 0))
        assert sum(counted[name] for name in names) == found[noun] or not rows


@settings(max_examples=25, deadline=None, phases=PHASES, suppress_health_check=list(HealthCheck))
@given(
    imports=st.lists(st.tuples(TABLES, st.booleans()), min_size=1, max_size=3), invents=st.booleans(),
    left_out=st.lists(st.sampled_from(sorted(ROWS)), max_size=3),
)  # fmt: skip
def test_every_row_read_is_counted_once_by_noun(
    tmp_path: Path, imports: list[tuple[Tables, bool]], invents: bool, left_out: list[str]
) -> None:
    number, mapping = next(NUMBERS), INVENTING if invents else "plain"
    for step, (tables, partial) in enumerate([*imports, imports[-1]]):
        kept = {noun: rows for noun, rows in tables.items() if noun not in left_out or step == 0}
        path = write(tmp_path / f"{number}-{step}", **kept)
        check(path, kept, mapping, f"s{number}", partial=partial)


def test_a_part_that_is_taken_is_not_counted_with_what_waits_elsewhere(tmp_path: Path) -> None:
    items = [{"key": "a", "kind": "server", "name": "A"}, {"key": "b", "kind": "server", "name": "B"}]
    waits = [{"from": "a", "to": f"far{number}"} for number in range(5)]
    first = take(write(tmp_path / "1", items=items, dependencies=waits))
    assert by_verdict(first) == {
        "created": {"items": 2}, "waiting": {"dependencies": 5}
    }  # fmt: skip
    held = [{"from": "a", "to": "b"}]
    assert by_verdict(take(write(tmp_path / "2", dependencies=held), partial=True)) == {"created": {"dependencies": 1}}
    assert by_verdict(take(tmp_path / "2", partial=True)) == {"unchanged": {"dependencies": 1}}


def test_a_row_that_waited_is_created_when_its_end_comes(tmp_path: Path) -> None:
    tables: dict[str, Any] = {
        "items": [{"key": "a", "kind": "server", "name": "A"}], "members": [{"group": "g", "person": "p"}],
        "dependencies": [{"from": "a", "to": "b"}],
    }  # fmt: skip
    take(write(tmp_path / "1", **tables))
    more = tables | {"items": [*tables["items"], {"key": "b", "kind": "server", "name": "B"}]}
    path = write(tmp_path / "2", groups=[{"key": "g", "name": "G"}], **more)
    wanted = {
        "created": {"groups": 1, "items": 1, "members": 1, "dependencies": 1}, "unchanged": {"items": 1, "persons": 1},
    }  # fmt: skip
    assert by_verdict(take(path, trial=True)) == wanted
    assert by_verdict(take(path)) == wanted


def test_what_waits_is_not_counted_again_by_a_file_that_does_not_speak_of_it(tmp_path: Path) -> None:
    mapping = """
    items: {records: ".items[]?", key: key, name: key, kind: '"server"'}
    dependencies: {records: ".needs[]?", from: from, to: to}
    """
    for name, told in (("1", {"items": [{"key": "a"}], "needs": [{"from": "a", "to": "far"}]}), ("2", {"items": []})):
        (tmp_path / f"{name}.json").write_text(json.dumps(told | {"items": [{"key": "a"}]}))
    first = take(tmp_path / "1.json", mapping=mapping)
    assert by_verdict(first) == {"created": {"items": 1}, "waiting": {"dependencies": 1}}
    for trial in (True, False):
        again = take(tmp_path / "2.json", mapping=mapping, trial=trial)
        assert {verdict: counts for verdict, counts in by_verdict(again).items() if counts} == {
            "unchanged": {"items": 1}
        }
