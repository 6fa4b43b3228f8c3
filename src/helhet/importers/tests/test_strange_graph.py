"""A large and dirty graph of somebody else's: taken in, walked as decision 0006 words it, and the same once more."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from helhet.estate import weak
from helhet.estate.command_impact import ImpactCommand
from helhet.estate.command_weakest import WeakestCommand
from helhet.estate.graph import build_graph
from helhet.estate.models import Dependency
from helhet.estate.walking import Direction, walk_by_sql
from helhet.importers import portions
from helhet.importers.models import Finding
from helhet.importers.tests.rig import take, totals, write
from helhet.importers.tests.rig_graph import Graph, Naive, Row, grow
from helhet.items.models import Item, SourceKey
from helhet.kit.command import Output

pytestmark = pytest.mark.django_db

EFFECTS = {"degraded": 1, "failed": 2}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    monkeypatch.setattr(portions, "GAP", 0)
    settings.FILES_DIR, settings.DATA_DIR = tmp_path / "files", tmp_path / "data"


@pytest.fixture(scope="module")
def small() -> Graph:
    return grow(things=250, links=900, chain=120, star=150, core=9, sets=40)


def ran(command: Any, *arguments: str) -> dict[str, Any]:
    """What a command answers with --json."""
    parser, said = ArgumentParser(), io.StringIO()
    command.add_arguments(parser)
    assert command.run(parser.parse_args(arguments), Output(as_json=True, stdout=said, stderr=io.StringIO())) == 0
    answer: dict[str, Any] = json.loads(said.getvalue())
    return answer


def holds(graph: Graph, asked: Sequence[str]) -> None:
    """Each of these, both ways, as the command tells it, against the plain walk over the rows."""
    naive = Naive(graph.items, graph.dependencies)
    numbers = dict(SourceKey.objects.filter(source__name="other").values_list("key", "item_id"))
    references = {one.pk: one.reference for one in Item.objects.all()}
    reference = {key: references[number] for key, number in numbers.items()}
    key_of = {text: key for key, text in reference.items()}
    for key in asked:
        wanted = naive.hit_by(key, numbers)
        told = ran(ImpactCommand(), reference[key])
        assert told["start"] == [reference[key]]
        assert told["reached"] == len(told["items"]) == len(wanted.distance)
        got = {key_of[one["reference"]]: one for one in told["items"]}
        assert {name: one["distance"] for name, one in got.items()} == wanted.distance, key
        assert {name: EFFECTS[one["effect"]] for name, one in got.items()} == wanted.effect, key
        assert {name: key_of[one["via"]] for name, one in got.items()} == wanted.via, key
        assert {loop for loops in told["loops"] for loop in loops} <= {reference[key], *map(reference.get, got)}
        told = ran(ImpactCommand(), reference[key], "--direction", "needs")
        assert {key_of[one["reference"]]: one["distance"] for one in told["items"]} == naive.needs_of(key), key
        told = ran(ImpactCommand(), f"other:{key}", "--depth", "2")
        assert {key_of[one["reference"]] for one in told["items"]} == set(naive.hit_by(key, numbers, 2).distance)


def test_what_is_taken_in_is_walked_as_the_rows_say_by_the_database_and_by_arrays(small: Graph, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", items=small.items, dependencies=small.dependencies)
    first = take(folder, source="other")
    naive = Naive(small.items, small.dependencies)
    assert first.report.counts["created"]["items"] == len(small.items)
    pairs = {(row["from"], row["to"]) for row in small.dependencies if row["from"] != row["to"]}
    known = {row["key"] for row in small.items}
    assert Dependency.objects.count() == sum(set(pair) <= known for pair in pairs)
    sorts = set(Finding.objects.filter(source__name="other").values_list("sort", flat=True))
    assert {"self_link", "unknown_end"} <= sorts
    holds(small, small.asked[1:4])
    build_graph()
    holds(small, small.asked)
    ids = dict(SourceKey.objects.filter(source__name="other").values_list("key", "item_id"))
    for key in ("k119", "nav"):
        by_sql = walk_by_sql([ids[key]], Direction.DEPENDANTS)
        assert {one.item: one.distance for one in by_sql.reached()} == {
            ids[name]: distance for name, distance in naive.hit_by(key, ids).distance.items()
        }
    again = take(folder, source="other")
    assert totals(again)[:2] == (0, 0)
    holds(small, small.asked[-2:])


def packed(tables: dict[str, list[Row]], form: str, place: Path) -> Path:
    """The same tables in another form."""
    place.mkdir()
    texts = {}
    for name, rows in tables.items():
        text = io.StringIO()
        writer = csv.DictWriter(text, rows[0])
        writer.writeheader()
        writer.writerows(rows)
        texts[f"{name}.csv"] = text.getvalue().encode()
    if form == "gz":
        for name, data in texts.items():
            (place / f"{name}.gz").write_bytes(gzip.compress(data))
        return place
    if form == "zip":
        with zipfile.ZipFile(place / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in texts.items():
                archive.writestr(name, data)
        return place / "all.zip"
    with xlsxwriter.Workbook(str(place / "all.xlsx")) as book:
        for name, rows in tables.items():
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, list(rows[0]))
            for number, row in enumerate(rows, 1):
                sheet.write_row(number, 0, list(row.values()))
    return place / "all.xlsx"


@pytest.mark.parametrize("form", ["gz", "zip", "xlsx"])
def test_the_same_graph_in_other_forms_gives_the_same(form: str, tmp_path: Path) -> None:
    graph = grow(things=80, links=200, chain=20, star=30, core=5, sets=8, seed=2)
    take(packed({"items": graph.items, "dependencies": graph.dependencies}, form, tmp_path / "in"), source="other")
    holds(graph, graph.asked)


def falls_apart_without(graph: Graph) -> set[str]:
    """The things without which some pair that hung together hangs together no more: each taken away in turn."""
    naive = Naive(graph.items, graph.dependencies)
    around: dict[str, set[str]] = defaultdict(set)
    for one, providers in naive.providers.items():
        for other in providers:
            around[one].add(other)
            around[other].add(one)

    def pieces(without: str) -> int:
        left, count = set(around) - {without}, 0
        while left:
            count += 1
            work = [left.pop()]
            while work:
                onward = around[work.pop()] & left
                left -= onward
                work += onward
        return count

    whole = pieces("")
    return {one for one in around if pieces(one) > whole}


def test_what_holds_the_rest_together_is_what_a_plain_look_finds(tmp_path: Path) -> None:
    graph = grow(things=60, links=60, chain=40, star=10, core=5, sets=4, seed=3)
    take(write(tmp_path / "in", items=graph.items, dependencies=graph.dependencies), source="other")
    told = ran(WeakestCommand(), "--sort", "cut")
    numbers = dict(SourceKey.objects.filter(source__name="other").values_list("key", "item_id"))
    reference = {one.pk: one.reference for one in Item.objects.all()}
    assert {one["reference"] for one in told["items"]} == {
        reference[numbers[key]] for key in falls_apart_without(graph)
    }  # fmt: skip


@pytest.mark.slow
def test_a_chain_deeper_than_any_stack_is_walked_and_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr(weak, "LAYERS_WALKED", 5_000)
    graph = grow(things=50, links=100, chain=3_000, star=10, core=5, sets=2, seed=4)
    take(write(tmp_path / "in", items=graph.items, dependencies=graph.dependencies), source="other")
    build_graph()
    holds(graph, ["k2999", "k0"])
    told = ran(WeakestCommand())
    assert 0 < told["walked"] < told["candidates"]
    assert "cut" in {sort for one in told["items"] for sort in one["sorts"]}
