"""Real worker processes: killed, frozen, stopped, and side by side."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from helhet.kit.tests.rig_jobs import STEPS

START = "import sys, django; django.setup(); from helhet.kit.tests.rig_jobs import main; main(sys.argv[1])"


@pytest.fixture
def surroundings(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a rig with an empty database of its own, of the same sort as the one under test."""
    around = os.environ | {
        "HELHET_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE,
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "RIG_SEED": "2",
    }
    around.pop("HELHET_DATABASE_URL", None)
    if connection.vendor != "postgresql":
        yield around
        return
    given = connection.settings_dict
    name = f"rig_{uuid4().hex[:12]}"
    user, password = quote(given["USER"], safe=""), quote(given["PASSWORD"], safe="")
    # A socket's folder may stand among the options, where the address gave it as ?host=.
    host = quote(given["HOST"] or given["OPTIONS"].get("host", ""), safe="")

    def address(database: str) -> str:
        return f"postgres://{user}:{password}@/{database}?host={host}&port={given['PORT'] or 5432}"

    with psycopg.connect(address("postgres"), autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    try:
        yield around | {"HELHET_DATABASE_URL": address(name)}
    finally:
        with psycopg.connect(address("postgres"), autocommit=True) as server:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def played(scenario: str, surroundings: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", START, scenario],
        env=surroundings,
        cwd=surroundings["HELHET_DATA_DIR"],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert found["errors"] == [], found["errors"]
    return found


def test_workers_killed_at_random_moments_lose_no_job_and_do_none_beside_itself(surroundings: dict[str, str]) -> None:
    found = played("kills", surroundings)
    assert found["doubles"] == []
    assert {job["state"] for job in found["jobs"]} == {"done"}
    assert {job["result"] for job in found["jobs"]} == {STEPS}
    steps = defaultdict(list)
    keys = {job["pk"]: job["unique_key"] for job in found["jobs"]}
    order = defaultdict(list)
    for job, step in found["effects"]:
        steps[job].append(step)
        order[keys[job]].append(job)
    assert len(steps) == len(found["jobs"]) == 40
    assert all(taken == list(range(STEPS)) for taken in steps.values())
    for key in ("key-0", "key-1", "key-2"):
        assert order[key] == sorted(order[key])
    assert sum(job["tries"] for job in found["jobs"]) > 45, "hardly any worker died in the middle of a job"
    assert found["codes"] == [0, 0]


def test_a_frozen_worker_that_wakes_up_finishes_nothing_that_another_took(surroundings: dict[str, str]) -> None:
    found = played("freeze", surroundings)
    assert found["was_taken"]
    assert [(job["state"], job["tries"]) for job in found["jobs"]] == [("done", 2)]
    assert [step for _job, step in found["effects"]] == list(range(STEPS))
    assert found["codes"] == [0, 0]


def test_two_processes_take_each_slot_of_the_timetable_once(surroundings: dict[str, str]) -> None:
    found = played("slots", surroundings)
    assert sum(found["taken"]) == found["slots"] - 1
    assert found["slots"] > 2
    assert found["eras"] == [0]


def test_a_worker_told_to_stop_gives_its_job_back_at_once(surroundings: dict[str, str]) -> None:
    found = played("stop", surroundings)
    assert found["codes"] == [0]
    assert found["seconds"] < 60
    assert [(job["state"], job["tries"]) for job in found["jobs"]] == [("waiting", 0)]
