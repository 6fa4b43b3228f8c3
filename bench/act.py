"""One `helhet` command in a process of its own, with what it took.

The start of Python and Django is not counted.
"""

from __future__ import annotations

import io
import json
import os
import resource
import sys
import time
from contextlib import redirect_stdout


def main() -> int:
    """Run the command of the arguments and print JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    import django  # noqa: PLC0415 - settings must be named first

    django.setup()
    from helhet.config.cli import main as helhet  # noqa: PLC0415 - as above
    from helhet.importers import command  # noqa: F401, PLC0415 - loaded before the clock starts

    said = io.StringIO()
    start, cpu = time.perf_counter(), time.process_time()
    with redirect_stdout(said):
        code = helhet([*sys.argv[1:], "--json"])
    print(  # noqa: T201 - the answer
        json.dumps(
            {
                "seconds": time.perf_counter() - start,
                "cpu_seconds": time.process_time() - cpu,
                "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "answer": json.loads(said.getvalue() or "{}"),
            }
        )
    )
    return code


if __name__ == "__main__":
    raise SystemExit(main())
