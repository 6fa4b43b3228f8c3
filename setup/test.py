"""What bin/test does after setting up: checks, then tests on SQLite, on a PostgreSQL of its own, and in a browser."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests import postgres  # noqa: E402 - found through the line above

BIN = ROOT / ".venv" / "bin"
BYTECODE = ROOT / ".venv" / "bytecode"
COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped)")
QUICK = "not browser and not slow"
# What knows no database, or only one that it brings along, need not be tried on a second one.
ON_ANY = f"{QUICK} and not own_store and not any_store"
PURE = ["--ignore=src/helhet/rules", "--ignore=tests/architecture"]
LAST_LINE = re.compile(r"^=*\s*(?:\d+ \w+,? ?)+.* in [\d.]+s")


@dataclass
class Score:
    """What passed and what failed so far; a check counts as one."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, name: str, passed: int, failed: int, skipped: int = 0) -> None:
        """Count one step."""
        self.passed += passed
        self.failed += failed
        self.skipped += skipped
        if failed:
            self.faults.append(name)


def say(text: str) -> None:
    """One line for the person at the terminal."""
    print(text, flush=True)


def environment(**more: str) -> dict[str, str]:
    """Ours, without what would make a run differ from another."""
    kept = {
        name: value for name, value in os.environ.items() if name == "HELHET_SHARED" or not name.startswith("HELHET_")
    }
    path = f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"
    # Tests start hundreds of processes: each would read four thousand files of source anew where no bytecode is kept.
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return {**kept, "PATH": path, "PYTHONUNBUFFERED": "1", "PYTHONPYCACHEPREFIX": str(BYTECODE), **more}


def check(score: Score, name: str, *command: str, **more: str) -> None:
    """One check: its output is shown only when it fails."""
    begun = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env=environment(**more), capture_output=True, text=True, check=False)
    good = done.returncode == 0
    say(f"{'ok    ' if good else 'FAILED'}  {name} ({time.monotonic() - begun:.1f} s)")
    if not good:
        say(done.stdout + done.stderr)
    score.add(name, int(good), int(not good))


def pytest(score: Score, name: str, *arguments: str, aside: bool = False, **more: str) -> None:
    """One run of pytest: shown as it goes (or, run aside, when it is done), and its last line counted."""
    begun, last, kept = time.monotonic(), "", [f"\n---- {name}\n"]
    command = [str(BIN / "python"), "-m", "pytest", "-q", "--color=no", "--durations=5", "-rs", *arguments]
    if not aside:
        say(kept.pop().rstrip())
    with subprocess.Popen(command, cwd=ROOT, env=environment(**more), stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            if aside:
                kept.append(line)
            else:
                print(line, end="", flush=True)
            last = line if LAST_LINE.match(line) else last
    counts = {word.rstrip("s") if word.startswith("error") else word: int(n) for n, word in COUNT.findall(last)}
    failed = counts.get("failed", 0) + counts.get("error", 0)
    nothing_to_do = process.returncode == 5
    if process.returncode and not failed and not nothing_to_do:
        failed = 1
    score.add(name, counts.get("passed", 0), failed, counts.get("skipped", 0))
    say("".join(kept) + f"{'FAILED' if failed else 'ok    '}  {name} ({time.monotonic() - begun:.1f} s)")


def static_checks(score: Score) -> None:
    """What can be said without running anything."""
    templates = [str(path) for path in (ROOT / "src").rglob("templates/**/*.html")]
    check(score, "ruff: faults", "ruff", "check", ".")
    check(score, "ruff: layout", "ruff", "format", "--check", ".")
    check(score, "floors", "lint-imports")
    check(score, "types", "mypy")
    if templates:
        check(score, "templates", "djade", "--target-version", "5.2", "--check", *templates)
    more = {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(ROOT)}
    check(score, "migrations", "django-admin", "makemigrations", "--check", "--dry-run", **more)


def need(found: Callable[[], bool], package: str, what: str) -> bool:
    """Whether a program of Debian's is there, installed if it was missing and we are root."""
    if found():
        return True
    line = f"apt-get install -y {package}"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        say(f"{what} is missing. On Debian or Ubuntu, as root:  {line}")
        return False
    say(f"{what} is missing; installing Debian's package {package} ...")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], [*line.split(), "-qq", "--no-install-recommends"]):
        subprocess.run(command, env=env, stdout=subprocess.DEVNULL, check=False)
    if found():
        return True
    say(f"{package} could not be installed. As root:  {line}")
    return False


def on_postgresql(score: Score, arguments: list[str]) -> None:
    """All tests that may meet a database again, on a throwaway cluster."""
    name = "tests on PostgreSQL"
    if not need(lambda: postgres.binaries() is not None, postgres.PACKAGE, "PostgreSQL's server"):
        score.add(name, 0, 1)
        return
    try:
        with postgres.cluster(postgres.WITHOUT_AUTOVACUUM) as address:
            pytest(score, name, *arguments, aside=True, HELHET_DATABASE_URL=address)
    except RuntimeError as error:
        say(f"FAILED  {name}: {error}")
        score.add(name, 0, 1)


def in_browser(score: Score, arguments: list[str]) -> None:
    """The walks that people take, in Chromium."""
    name = "tests in the browser"
    if not need(lambda: shutil.which("chromium") is not None, "chromium", "The browser Chromium"):
        score.add(name, 0, 1)
        return
    chosen = arguments or ["tests/browser"]
    pytest(score, name, "-m", "browser", *chosen, aside=True, DJANGO_ALLOW_ASYNC_UNSAFE="1")


def elsewhere(score: Score, arguments: list[str]) -> None:
    """What runs beside the tests on SQLite, one after the other; what ends in the middle has failed."""
    is_through = False
    try:
        on_postgresql(score, ["-m", ON_ANY, *(arguments or PURE)])
        in_browser(score, arguments)
        is_through = True
    finally:
        score.add("what runs beside the tests on SQLite", int(is_through), int(not is_through))


def main() -> int:
    """All steps in order; 1 when anything failed."""
    parser = argparse.ArgumentParser(
        prog="bin/test", description="Set up, check and test everything. Other arguments go to pytest."
    )
    parser.add_argument("--quick", action="store_true", help="leave out PostgreSQL, the browser and slow tests")
    options, arguments = parser.parse_known_args()
    score, begun = Score(), time.monotonic()
    try:
        chosen = QUICK if options.quick else "not browser"
        beside = None
        if not options.quick:
            # Beside the checks and SQLite, where what is slow is shown alone: so two cores have as much to do each.
            beside = threading.Thread(target=elsewhere, args=(score, arguments))
            beside.start()
        if not arguments:
            static_checks(score)
        pytest(score, "tests on SQLite", "-m", chosen, *arguments)
        if beside is not None:
            beside.join()
    except KeyboardInterrupt:
        say("\nStopped.")
        return 130
    say(
        f"\n{time.monotonic() - begun:.0f} s, {score.skipped} skipped"
        + (f"; see: {', '.join(score.faults)}" if score.faults else "")
    )
    say(f"{score.passed} passed, {score.failed} failed")
    return 1 if score.failed else 0


if __name__ == "__main__":
    sys.exit(main())
