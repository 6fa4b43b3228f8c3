"""The cases over one store: one size, one database. Started by `bench.__main__` with the store in its environment."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any


def main() -> int:
    """`python -m bench.run SIZE DATABASE FOLDER REQUESTS CASE...`: prints JSON."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    import django  # noqa: PLC0415 - settings must be named first

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - as above

    from bench import (  # noqa: PLC0415 - as above
        bundles,
        clashes,
        data,
        doubts,
        filling,
        floors,
        graph,
        importing,
        lists,
        routine_pages,
        rules,
        saving,
        searching,
    )
    from bench.measure import Place, say  # noqa: PLC0415

    size, database, folder, requests, *wanted = sys.argv[1:]
    is_taken_in = not set(wanted) <= {"graph", "search"}
    files = data.write(Path(folder) / "files", int(size) if is_taken_in else 0)
    place = Place(Path(folder), files, int(size), database, int(requests))
    call_command("migrate", interactive=False, verbosity=0)
    if is_taken_in:
        floors.keep_empty(place)
        importing.first(place)
    elif "graph" in wanted:
        filling.fill(place)
    cases: dict[str, Callable[[Place], dict[str, Any]]] = {
        "import": importing.told_first, "again": importing.again, "lists": lists.lists, "rules": rules.rules,
        "saving": saving.saving, "graph": graph.graph, "clashes": clashes.clashes,
        "bundle": bundles.bundles, "search": searching.searching, "doubts": doubts.doubts,
        "routine": routine_pages.routine_pages,
    }  # fmt: skip
    told: dict[str, Any] = {}
    for name, case in cases.items():
        if name in wanted:
            say(f" {name}")
            try:
                told[name] = case(place)
            except Exception as error:  # noqa: BLE001 - one case that fails must not hide the others' figures
                told[name] = {"error": repr(error)}
                say(f"  failed: {error!r}")
    print(json.dumps(told))  # noqa: T201 - the answer
    return int(any("error" in one for one in told.values()))


if __name__ == "__main__":
    raise SystemExit(main())
