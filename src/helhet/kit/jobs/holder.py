"""Who holds a lease, told so exactly that a neighbour on the same machine can see that the holder is dead."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import uuid4

_PROC = Path("/proc")


def own_name() -> str:
    """This process: machine (and its present boot), process namespace, process number, its start, and a nonce."""
    return f"{_place()}|{os.getpid()}|{_start_of(os.getpid()) or '?'}|{uuid4().hex[:8]}"


def is_surely_gone(holder: str) -> bool:
    """Whether the holder lived on this very machine and is dead. False also where that cannot be known."""
    parts = holder.split("|")
    if len(parts) != 4 or "?" in parts or parts[0] != _place() or not parts[1].isdigit():
        return False
    return _start_of(int(parts[1])) != parts[2]


def _place() -> str:
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}/{(_PROC / 'self/ns/pid').readlink()}"
    except OSError:
        return "?"


def _start_of(pid: int) -> str | None:
    """The moment at which the process began, in clock ticks since boot; None when there is none, or it is a zombie."""
    try:
        stat = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in {"Z", "X"} else fields[19]
