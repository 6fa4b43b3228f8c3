"""Clocks, percentiles, and processes whose memory is watched."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.data import Files

MIB = 1024 * 1024


@dataclass(slots=True)
class Place:
    """One store under measurement: where it lies, what it was filled from, and what cases leave for each other."""

    folder: Path
    files: Files
    size: int
    database: str
    requests: int
    kept: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Clock:
    """Seconds that passed."""

    seconds: float = 0.0


@contextmanager
def clocked(clock: Clock | None = None, by: Callable[[], float] = time.perf_counter) -> Iterator[Clock]:
    """Add what passes inside to the clock; by `time.process_time` what this process's processor took."""
    clock = clock or Clock()
    start = by()
    try:
        yield clock
    finally:
        clock.seconds += by() - start


def cpu_of(pid: int, *, of_group: bool = False) -> float:
    """Seconds of the processor that a process of this machine has taken, or all that stand in its group."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat") if of_group else [Path(f"/proc/{pid}/stat")]:
        try:
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if not of_group or int(fields[2]) == pid:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the values lie: the nearest of them, upward."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Middle and 95th percentile in milliseconds."""
    return {"p50_ms": ms(percentile(seconds, 0.5)), "p95_ms": ms(percentile(seconds, 0.95))}


def ms(seconds: float) -> float:
    """Milliseconds to two decimals."""
    return round(seconds * 1_000, 2)


def ratio(seconds: float, floor: float) -> float | None:
    """How many times the floor."""
    return round(seconds / floor, 2) if floor > 0 else None


def act(*arguments: str) -> dict[str, Any]:
    """Run `helhet ARGUMENTS --json` in a process of its own; returns its answer, seconds and peak memory."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.act", *arguments], capture_output=True, text=True, check=False, env=os.environ
    )
    if done.returncode:
        raise RuntimeError(f"helhet {' '.join(arguments)}\n{done.stdout[-2_000:]}{done.stderr[-4_000:]}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def say(text: str) -> None:
    """One line of progress."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - for the person who waits
