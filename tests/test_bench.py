"""bin/bench works and tells what docs/performance.md says that it tells; not how fast anything is."""

from __future__ import annotations

import csv
import json
import subprocess
from pathlib import Path

import pytest

from bench import data
from bench.__main__ import CASES, parsed
from bench.measure import percentile, ratio

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.slow
def test_every_case_runs_at_a_tiny_size(tmp_path: Path) -> None:
    out = tmp_path / "told.json"
    done = subprocess.run(
        [ROOT / "bin" / "bench", "--size", "400", "--database", "sqlite", "--requests", "3", "--out", out],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3_000:]
    told = json.loads(done.stdout)
    assert told == json.loads(out.read_text(encoding="utf-8"))
    (run,) = told["runs"]
    assert (run["database"], run["size"]) == ("sqlite", 400)
    assert set(run["cases"]) == set(CASES)
    cases = run["cases"]
    assert cases["import"]["ratio"] > 0
    assert cases["import"]["peak_mib"] > 0
    assert cases["import"]["counted"]["items"] == 400
    assert cases["import"]["floor_all_rows"]["rows"] > cases["import"]["floor_items_and_answers"]["rows"] > 800
    assert cases["again"]["floor_csv"]["rows"] == 400 + data.GROUPS + 2
    assert cases["rules"]["moves_ten"]["selected"] == 10
    assert cases["rules"]["moves_a_tenth"]["moved"] > cases["rules"]["moves_ten"]["moved"]
    assert cases["lists"]["asked"]["text_in_half"]["page"]["bare"]["p95_ms"] > 0
    assert cases["saving"]["longest_seconds"] >= cases["saving"]["p50_seconds"]


def test_the_same_size_gives_the_same_estate_and_half_of_it_says_drift(tmp_path: Path) -> None:
    one, other = data.write(tmp_path / "a", 1_000), data.write(tmp_path / "b", 1_000)
    assert one.items.read_bytes() == other.items.read_bytes()
    with one.items.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == data.ITEM_COLUMNS
    assert sum("drift" in row["name"] for row in rows) == 500
    assert len({row["key"] for row in rows}) == 1_000
    keys = {row["key"]: at for at, row in enumerate(rows)}
    assert all(keys[row["part_of"]] < at for at, row in enumerate(rows) if row["part_of"])


def test_percentile_takes_a_value_that_was_measured() -> None:
    values = [5.0, 1.0, 3.0, 2.0, 4.0]
    assert percentile(values, 0.5) == 3.0
    assert percentile(values, 0.95) == 5.0
    assert ratio(3, 2) == 1.5
    assert ratio(3, 0) is None


def test_sizes_databases_and_cases_can_be_chosen() -> None:
    asked = parsed(["--size", "10", "20", "--database", "postgres", "--case", "again"])
    assert (asked.size, asked.database, asked.case) == ([10, 20], "postgres", ["again"])
    assert parsed([]).case == list(CASES)
