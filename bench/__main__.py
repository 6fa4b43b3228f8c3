"""`bin/bench`: each size on each database, in a store of its own that is gone afterwards."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from bench.measure import say
from tests import postgres

SIZES = (10_000, 100_000, 1_000_000)
CASES = ("import", "again", "lists", "rules", "saving", "graph", "clashes", "bundle", "search", "doubts", "routine")
ROOT = Path(__file__).resolve().parent.parent


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The choices."""
    parser = argparse.ArgumentParser(prog="bin/bench", description="Measure speed against floors of the same run.")
    parser.add_argument("--size", type=int, nargs="+", default=list(SIZES), metavar="N", help="how many items")
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--case", nargs="+", choices=CASES, default=list(CASES), metavar="NAME", help=", ".join(CASES))
    parser.add_argument("--requests", type=int, default=30, metavar="N", help="how often each list is asked (30)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the JSON there too")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and print; 1 when some case failed."""
    asked = parsed(arguments)
    told: dict[str, Any] = {
        "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()},
        "runs": [],
    }
    failed = False
    for database in ("sqlite", "postgres") if asked.database == "both" else (asked.database,):
        for size in asked.size:
            say(f"{size} items on {database}")
            with _store(database) as environment, tempfile.TemporaryDirectory(prefix="helhet-bench-") as folder:
                start, load = time.monotonic(), os.getloadavg()[0]
                code, cases = _child((str(size), database, folder, str(asked.requests), *asked.case), environment)
                failed = failed or code != 0
                told["runs"].append(
                    {"database": database, "size": size, "seconds": round(time.monotonic() - start, 1),
                     "load_before": round(load, 2), "cases": cases}
                )  # fmt: skip
            if asked.out:
                asked.out.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(told, indent=1))  # noqa: T201 - the answer
    return int(failed)


def _child(arguments: Sequence[str], environment: dict[str, str]) -> tuple[int, dict[str, Any]]:
    folder = Path(arguments[2])
    own = {name: value for name, value in os.environ.items() if not name.startswith(("HELHET_", "DJANGO_"))}
    paths = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
    done = subprocess.run(
        [sys.executable, "-m", "bench.run", *arguments], cwd=ROOT, text=True, check=False,
        stdout=subprocess.PIPE,
        env={**own, "PYTHONPATH": paths, "HELHET_DATA_DIR": str(folder / "data"), **environment},
    )  # fmt: skip
    lines = done.stdout.strip().splitlines()
    return done.returncode, json.loads(lines[-1]) if lines else {"error": f"stopped with {done.returncode}"}


@contextmanager
def _store(database: str) -> Iterator[dict[str, str]]:
    """The environment that names the store; PostgreSQL is a throwaway cluster."""
    if database == "sqlite":
        yield {}
        return
    with postgres.cluster() as address:
        with psycopg.connect(address.replace("/helhet?", "/postgres?"), autocommit=True) as admin:
            admin.execute("CREATE DATABASE helhet")
        yield {"HELHET_DATABASE_URL": address}


if __name__ == "__main__":
    raise SystemExit(main())
