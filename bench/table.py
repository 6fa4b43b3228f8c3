"""`python -m bench.table FILE...`: the tables of docs/performance.md out of what `bin/bench --out FILE` wrote."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def main() -> int:
    """Print Markdown for all runs in the files."""
    runs = [run for name in sys.argv[1:] for run in json.loads(Path(name).read_text(encoding="utf-8"))["runs"]]
    lines = [*_short(runs), "", *_lists(runs)]
    print("\n".join(lines))  # noqa: T201 - the answer
    return 0


def _short(runs: list[dict[str, Any]]) -> Iterator[str]:
    yield "| what | " + " | ".join(f"{run['size']:,} {run['database']}" for run in runs) + " | target |"
    yield "|---" * (len(runs) + 2) + "|"
    wanted = (
        ("first import, s", ("import", "seconds"), ""),
        ("processor seconds of it", ("import", "cpu_seconds"), ""),
        ("floor, items and answers, s", ("import", "floor_items_and_answers", "seconds"), ""),
        ("times that floor", ("import", "ratio"), "5"),
        ("floor, all rows, s", ("import", "floor_all_rows", "seconds"), ""),
        ("times that floor", ("import", "ratio_all_rows"), "5"),
        ("search right after, s", ("import", "search_right_after_seconds"), "as long again"),
        ("peak memory, MiB", ("import", "peak_mib"), "1,024"),
        ("same import again, s", ("again", "seconds"), ""),
        ("times `csv` over the files", ("again", "ratio"), "5"),
        ("rule that moves a tenth, s", ("rules", "moves_a_tenth", "seconds"), ""),
        ("times one update", ("rules", "moves_a_tenth", "ratio"), "4"),
        ("its preview, times one update", ("rules", "moves_a_tenth", "preview_ratio"), "4"),
        ("rule that moves ten, share of that", ("rules", "moves_ten", "share_of_the_large"), "0.1"),
        ("longest save during an import, s", ("saving", "longest_seconds"), "2"),
        ("machine load before", ("load_before",), ""),
    )
    for name, path, target in wanted:
        yield f"| {name} | " + " | ".join(_at(run, path) for run in runs) + f" | {target} |"


def _at(run: dict[str, Any], path: tuple[str, ...]) -> str:
    found: Any = run if path[0] == "load_before" else run["cases"]
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return "–" if found is None else f"{found:,}"


def _lists(runs: list[dict[str, Any]]) -> Iterator[str]:
    """Medians: the whole page, the processor's part of it, all SQL bare, the slowest statement; the API's answer."""
    shown = [run for run in runs if "asked" in run["cases"].get("lists", {})]
    yield "| list | " + " | ".join(f"{run['size']:,} {run['database']}" for run in shown) + " |"
    yield "|---" * (len(shown) + 1) + "|"
    for name in shown[0]["cases"]["lists"]["asked"] if shown else ():
        yield f"| {name} | " + " | ".join(_doors(run["cases"]["lists"]["asked"].get(name, {})) for run in shown) + " |"


def _doors(one: dict[str, Any]) -> str:
    if not one:
        return "–"
    page, api = one["page"], one["api"]
    bare, slowest = page["bare"]["p50_ms"], page["slowest_statement_ms"]
    return f"{page['p50_ms']:.0f} / {page['cpu_p50_ms']:.0f} / {bare:.0f} / {slowest:.0f}; {api['p50_ms']:.0f}"


if __name__ == "__main__":
    raise SystemExit(main())
