"""Run by the tests of broken imports as a process of its own: takes a folder in, and kills itself at one place.

Arguments: folder, the number of portions to apply, and whether to die inside the next one (1) or after it (0). A number
below 0 never dies.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

import django

django.setup()

from helhet.importers import portions, runs  # noqa: E402 - Django first
from helhet.importers.mapping import find_mapping  # noqa: E402
from helhet.kit.rights import the_system  # noqa: E402


def main() -> None:
    """Take in, until the place where to die."""
    path, last, inside = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "1"
    portions.GAP, portions.FIRST, portions.MOST, portions.LEAST = 0, 7, 7, 7
    portions.LONGEST = dict.fromkeys(portions.LONGEST, 0)
    whole = runs._one_portion
    done = 0

    def portion(work: Any, spool: Any, chunks: Any, take: Any) -> int:
        nonlocal done

        def dying(work: Any, rows: Any) -> None:
            take(work, rows)
            if inside and done == last:
                os.kill(os.getpid(), signal.SIGKILL)

        rows = whole(work, spool, chunks, dying)
        done += 1
        if not inside and done - 1 == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return rows

    runs._one_portion = portion
    order = runs.Order(path, path.name, find_mapping("plain"), "cmdb")
    runs.import_now(order, by=the_system("test"))


main()
