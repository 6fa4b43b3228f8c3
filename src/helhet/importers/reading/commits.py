"""When files were committed, as `git` tells it of a checkout. What lies on the disk says nothing of that."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import orjson

KEPT = ".helhet-commits.json"
WAIT = 300
"""Seconds that git may take."""
_SAFE = (
    "-c", "core.fsmonitor=false", "-c", "log.showSignature=false", "-c", "core.quotePath=false", "-c",
    "protocol.allow=never", "-c", "core.hooksPath=/dev/null", "--no-pager", "--no-optional-locks",
)  # fmt: skip
"""The checkout may be anybody's: nothing in its settings may start a program or call another machine."""
_MARK = "\x01"


class Commits(NamedTuple):
    """Days in ISO. `first` and `number` are None where the history was cut off before the file began."""

    first: str | None
    last: str
    number: int | None


def commits_in(folder: Path) -> dict[str, Commits]:
    """By path below the folder, of the files that the history of its checkout names; empty without git or checkout.

    A file that was renamed begins with its new name. A copy that was kept without its history tells what was asked
    when it was made.
    """
    if (folder / KEPT).is_file():
        told = orjson.loads((folder / KEPT).read_bytes())
        return {path: Commits(*values) for path, values in told.items()}
    if shutil.which("git") is None or _git(folder, "rev-parse", "--is-inside-work-tree") != "true":
        return {}
    log = _git(folder, "log", f"--format={_MARK}%H %cs", "--name-only", "--no-renames", "--relative", "-z", "--", ".")
    if log is None:
        return {}
    cut = _cut_off(folder)
    found: dict[str, Commits] = {}
    commit, day = "", ""
    for part in log.split("\0"):
        if part.startswith(_MARK):
            commit, day = part.removeprefix(_MARK).split(" ")
        elif path := part.removeprefix("\n"):
            _take(found, path, day, is_cut=commit in cut)
    return found


def is_cut_off(folder: Path) -> bool:
    """Whether the checkout lacks the beginning of its history."""
    return shutil.which("git") is not None and bool(_cut_off(folder))


def keep_commits(folder: Path, copy: Path) -> None:
    """Let a copy of the folder, which has no history, tell the same."""
    if found := commits_in(folder):
        (copy / KEPT).write_bytes(orjson.dumps({path: list(one) for path, one in found.items()}))


def _take(found: dict[str, Commits], path: str, day: str, *, is_cut: bool) -> None:
    """One file in one commit, newest commits first. Where history is cut off, its last commit names every file."""
    known = found.get(path)
    if is_cut:
        if known is not None:
            found[path] = Commits(None, known.last, None)
    elif known is None:
        found[path] = Commits(day, day, 1)
    elif known.number is not None:
        found[path] = Commits(min(day, known.first or day), max(day, known.last), known.number + 1)


def _cut_off(folder: Path) -> frozenset[str]:
    """The commits before which a shallow checkout has none."""
    path = _git(folder, "rev-parse", "--git-path", "shallow")
    shallow = folder / path if path else None
    return frozenset(shallow.read_text("ascii").split()) if shallow and shallow.is_file() else frozenset()


def _git(folder: Path, *words: str) -> str | None:
    """What git answers, None when it refuses."""
    surroundings = {
        "PATH": os.environ.get("PATH", ""), "HOME": os.devnull, "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C.UTF-8",
    }  # fmt: skip
    try:
        done = subprocess.run(  # noqa: S603 - git itself, with fixed words
            ["git", *_SAFE, *words],  # noqa: S607 - the one that this machine has
            cwd=folder, env=surroundings, capture_output=True, timeout=WAIT, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", "replace").strip("\n\0") if done.returncode == 0 else None
