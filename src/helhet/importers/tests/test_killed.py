"""An import killed at any place goes on where it stopped, and ends as if nothing had happened."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from helhet.importers.tests.rig import write

TIMES = {
    "at",
    "started_at",
    "finished_at",
    "created_at",
    "updated_at",
    "recorded_at",
    "opened_at",
    "closed_at",
    "last_at",
    "read_at",
}
PASSING = {"importers_run", "kit_job", "django_tasks_database_dbtaskresult"}
KILLS = 6


def content(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables, without instants and without what tells of the runs themselves."""
    base = sqlite3.connect(path)
    tables = [name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {}
    for table in sorted(tables):
        if table in PASSING or table.startswith(("sqlite_", "django_", "auth_")):
            continue
        columns = [row[1] for row in base.execute(f'PRAGMA table_info("{table}")') if row[1] not in TIMES]
        names = ", ".join(f'"{name}"' for name in columns)
        found[table] = sorted(base.execute(f'SELECT {names} FROM "{table}"'), key=repr)  # noqa: S608 - names of the schema
    base.close()
    return found


def run(folder: Path, data: Path, last: int = -1, inside: int = 0) -> int:
    """Take in as a process of its own; returns how it ended."""
    environment = os.environ | {"HELHET_DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "helhet.config.settings"}
    environment.pop("HELHET_DATABASE_URL", None)
    rig = [sys.executable, "-m", "helhet.importers.tests.rig_killed", str(folder), str(last), str(inside)]
    done = subprocess.run(rig, env=environment, capture_output=True, text=True, check=False)
    if done.returncode not in {0, -9}:
        raise AssertionError(done.stderr[-2_000:])
    return done.returncode


@pytest.mark.own_store
def test_a_killed_import_resumes_exactly(tmp_path: Path, store: Path) -> None:
    chance = random.Random(4)
    keys = [f"k{number}" for number in range(60)]
    items = [
        {
            "key": key,
            "kind": chance.choice(["server", "application"]),
            "name": f"N {key}",
            "group": chance.choice(["g1", "g2", "gx", ""]),
            "part_of": chance.choice([*keys, "nowhere", "", ""]),
            "tags": chance.choice(["", "x,y"]),
        }
        for key in keys
    ]
    tables = {
        "groups": [{"key": "g1", "name": "Ett"}, {"key": "g2", "name": "Två", "parent": "g1"}],
        "members": [{"group": "g1", "person": f"p{number}", "name": f"P{number}"} for number in range(9)],
        "dependencies": [{"from": chance.choice(keys), "to": chance.choice([*keys, "q"])} for _ in range(30)],
    }
    folder = write(tmp_path / "x", items=items, **tables)
    whole = tmp_path / "whole"
    broken = tmp_path / "broken"
    for one in (whole, broken):
        one.mkdir()
        (one / "helhet.sqlite3").write_bytes((store / "helhet.sqlite3").read_bytes())
    assert run(folder, whole) == 0
    kills = 0
    for _attempt in range(KILLS):
        if run(folder, broken, chance.randint(0, 2), chance.randint(0, 1)) == 0:
            break
        kills += 1
    assert kills > 2
    assert run(folder, broken) == 0
    expected, found = content(whole / "helhet.sqlite3"), content(broken / "helhet.sqlite3")
    assert found.keys() == expected.keys()
    for table, rows in expected.items():
        assert found[table] == rows, table
