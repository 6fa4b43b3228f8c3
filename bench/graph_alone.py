"""What the graph of the estate costs a process of its own: building it, or asking it. Prints JSON."""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path
from typing import Any


def main() -> int:
    """`python -m bench.graph_alone build`, or `ask ITEM`."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    import django  # noqa: PLC0415 - settings must be named first

    django.setup()
    told = _built() if sys.argv[1] == "build" else _asked(int(sys.argv[2]))
    print(json.dumps(told))  # noqa: T201 - the answer
    return 0


def _built() -> dict[str, Any]:
    """Seconds and greatest memory."""
    from helhet.estate.graph import build_graph, files  # noqa: PLC0415 - after the settings

    done = threading.Event()
    own = [_own_mib()]

    def watch() -> None:
        while not done.wait(0.005):
            own.append(_own_mib())

    # Not ru_maxrss, which begins with what the process that started this one had.
    watcher = threading.Thread(target=watch)
    watcher.start()
    row = build_graph()
    done.set()
    watcher.join()
    return {
        "seconds": round(row.seconds, 3), "peak_own_mib": max(own),
        "file_mib": files.path_of(row.token).stat().st_size // 1024**2,
    }  # fmt: skip


def _asked(item: int) -> dict[str, Any]:
    """What a process has of its own before it asks, at its greatest while it asks, and after; the file is shared."""
    from helhet.estate.impact import impact  # noqa: PLC0415 - after the settings
    from helhet.items.models import Item  # noqa: PLC0415 - after the settings
    from helhet.kit.rights import the_system  # noqa: PLC0415 - after the settings

    start = [Item.objects.select_related("kind").get(pk=item)]
    before = _own_mib()
    most = 0
    for _time in range(3):
        found = impact(start, the_system("bench"))
        found.count_services()
        most = max(most, _own_mib())
        del found
    return {"own_before_mib": before, "own_with_an_answer_mib": most, "own_after_mib": _own_mib()}


def _own_mib() -> int:
    """Memory that no file stands behind: files that are mapped are shared, and count once."""
    rows = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith("RssAnon")) // 1024


if __name__ == "__main__":
    raise SystemExit(main())
