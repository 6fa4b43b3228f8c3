"""Builds the graph in a process of its own, and prints its seconds and greatest memory as JSON."""

from __future__ import annotations

import json
import os
import resource


def main() -> int:
    """`python -m bench.graph_build`."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    import django  # noqa: PLC0415 - settings must be named first

    django.setup()
    from helhet.estate.graph import build_graph, files  # noqa: PLC0415 - as above

    row = build_graph()
    told = {
        "seconds": round(row.seconds, 3),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "file_mib": files.path_of(row.token).stat().st_size // 1024**2,
    }
    print(json.dumps(told))  # noqa: T201 - the answer
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
