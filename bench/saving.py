"""An ordinary save while an import runs in another process: how long it waits."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import Any

from django.db import connection

from bench import data
from bench.measure import Place, clocked, percentile, say
from helhet.items.actions import change_item, create_item
from helhet.kit.rights import the_system

TARGET_SECONDS = 2
LONGEST = 120
PAUSE = 0.05


def saving(place: Place) -> dict[str, Any]:
    """New items and changes of one, back to back, until the import is done or was watched for two minutes."""
    files = data.write(place.folder / "beside", place.size)
    by = the_system("bench")
    item = create_item(by=by, kind="server", name="Ändras hela tiden")
    connection.close()
    command = [sys.executable, "-m", "bench.act", "import", str(files.folder), "--source", "beside"]
    waits: list[float] = []
    start = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ) as process:
        while process.poll() is None and time.monotonic() - start < LONGEST:
            with clocked() as clock:
                if len(waits) % 2:
                    item = change_item(item.reference, by=by, version=item.version, name=f"Ändrad {len(waits)} gånger")
                else:
                    create_item(by=by, kind="server", name=f"Ny {len(waits)}")
            waits.append(clock.seconds)
            time.sleep(PAUSE)
        is_whole = process.poll() is not None
        if not is_whole:
            process.terminate()
    say(f"  {len(waits)} saves, the longest {max(waits):.2f} s")
    return {
        "saves": len(waits),
        "longest_seconds": round(max(waits), 3),
        "p95_seconds": round(percentile(waits, 0.95), 3),
        "p50_seconds": round(percentile(waits, 0.5), 3),
        "target_longest_seconds": TARGET_SECONDS,
        "watched_seconds": round(time.monotonic() - start, 1),
        "import_was_watched_to_its_end": is_whole,
    }
