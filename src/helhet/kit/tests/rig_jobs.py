"""A small world of real worker processes for test_jobs_processes.py, which starts it in a process of its own.

It forks workers, which are killed, frozen and stopped. The last line it prints is its findings in JSON.
"""

from __future__ import annotations

import fcntl
import json
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import OperationalError, connection, transaction

from helhet.kit import words
from helhet.kit.jobs import Job, JobContext, Slot, job, registry
from helhet.kit.jobs import worker as loop
from helhet.kit.jobs.slots import take_due
from helhet.rules.timetable import Every

STEPS = 6
SLOTS = 100
START = datetime(2026, 10, 24, 12, tzinfo=UTC)


def main(scenario: str) -> None:

    # The rooms above, which keep the house's words, have no tables here.
    words.overrides.fill([])
    call_command("migrate", "kit", verbosity=0)
    call_command("migrate", "django_tasks_database", verbosity=0)
    number = "bigserial" if connection.vendor == "postgresql" else "integer"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE rig_effect (id {number} PRIMARY KEY, job_id bigint, step integer)")
    registry.discover()
    scenarios: dict[str, Callable[[], dict[str, Any]]] = {
        "kills": kills, "freeze": freeze, "slots": slots, "stop": stop,
    }  # fmt: skip
    sys.stdout.write(json.dumps(scenarios[scenario]()) + "\n")


@job(name="rig.steps", max_tries=100)
def steps_alone(context: JobContext, pause: float) -> int:
    """Take all steps, and tell on whoever works on the same job beside this run."""
    with (Path.cwd() / f"lock-{context.job_id}").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tell("doubles", f"{context.job_id}")
        return take_steps(context, pause)


@job(name="rig.slow", lease=1.0)
def steps_slowly(context: JobContext) -> int:
    """Take all steps, a quarter of a second each."""
    tell("attempts", f"{context.attempt}")
    return take_steps(context, 0.25)


@job(name="rig.tick")
def tick(_context: JobContext) -> None:
    """Leave the slot itself as the only trace."""


def take_steps(context: JobContext, pause: float) -> int:
    """Write each step that is missing, in a transaction that only the job's holder can commit."""
    for step in range(STEPS):
        with transaction.atomic(), connection.cursor() as cursor:
            context.hold()
            cursor.execute("SELECT count(*) FROM rig_effect WHERE job_id = %s AND step = %s", [context.job_id, step])
            if cursor.fetchone() == (0,):
                cursor.execute("INSERT INTO rig_effect (job_id, step) VALUES (%s, %s)", [context.job_id, step])
        context.progress(step + 1, STEPS)
        time.sleep(pause)
    return STEPS


def tell(file: str, line: str) -> None:
    with Path(file).open("a") as out:
        out.write(line + "\n")


def told(file: str) -> list[str]:
    return Path(file).read_text().splitlines() if Path(file).exists() else []


def fork(work: Callable[[], object]) -> int:
    """Start a process that does the work with a connection of its own."""
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()  # type: ignore[attr-defined]
    pid = os.fork()
    if pid == 0:
        try:
            work()
        except BaseException:  # noqa: BLE001 - a forked child must never come back into its parent's code
            tell("errors", traceback.format_exc())
            os._exit(1)
        os._exit(0)
    return pid


def worker() -> None:

    loop.SHORTEST_PAUSE = loop.LONGEST_PAUSE = 0.05
    loop.ROUNDS_SECONDS = 0.1
    loop.run()


def end(pid: int, number: int) -> int:
    os.kill(pid, number)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def wait_until(fact: Callable[[], bool], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if fact():
            return True
        time.sleep(0.02)
    return False


def findings(**more: Any) -> dict[str, Any]:

    with connection.cursor() as cursor:
        cursor.execute("SELECT job_id, step FROM rig_effect ORDER BY id")
        effects = cursor.fetchall()
    jobs = list(Job.objects.order_by("pk").values("pk", "state", "unique_key", "tries", "result", "error"))
    return {"jobs": jobs, "effects": effects, "doubles": told("doubles"), "errors": told("errors"), **more}


def kills() -> dict[str, Any]:
    """Forty jobs, two workers, twenty of which are killed at random moments."""
    chance = random.Random(int(os.environ["RIG_SEED"]))
    for number in range(40):
        key = f"key-{number % 3}" if number % 2 else ""
        steps_alone.later(caller=None, unique=key, pause=chance.uniform(0, 0.03) + number / 1e6)
    workers = [fork(worker) for _ in range(2)]
    for _kill in range(20):
        wait_until(lambda: Job.objects.filter(state="running").exists(), 2)
        time.sleep(chance.uniform(0.0, 0.1))
        busy = [
            int(name.split("|")[1]) for name in Job.objects.filter(state="running").values_list("holder", flat=True)
        ]
        victim = chance.choice([pid for pid in busy if pid in workers] or workers)
        workers.remove(victim)
        end(victim, signal.SIGKILL)
        workers.append(fork(worker))
    wait_until(lambda: not Job.objects.open().exists(), 30)
    codes = [end(pid, signal.SIGTERM) for pid in workers]
    return findings(codes=codes)


def freeze_between_writes(pid: int, job_id: int) -> None:
    """Freeze the process at a moment when it keeps nobody else from writing."""

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 20")
    while True:
        os.kill(pid, signal.SIGSTOP)
        try:
            with transaction.atomic():
                Job.objects.select_for_update(nowait=True).get(pk=job_id)
        except OperationalError:
            os.kill(pid, signal.SIGCONT)
            time.sleep(0.03)
        else:
            return


def freeze() -> dict[str, Any]:
    """A worker is frozen in the middle of a job until another has taken it over, and then wakes up."""
    asked = steps_slowly.later(caller=None)
    frozen = fork(worker)
    wait_until(lambda: told("attempts") == ["1"], 20)
    time.sleep(0.4)
    freeze_between_writes(frozen, asked.pk)
    second = fork(worker)
    was_taken = wait_until(lambda: told("attempts") == ["1", "2"], 20)
    os.kill(frozen, signal.SIGCONT)
    wait_until(lambda: not Job.objects.filter(pk=asked.pk).open().exists(), 30)
    return findings(codes=[end(pid, signal.SIGTERM) for pid in (frozen, second)], was_taken=was_taken)


def slots() -> dict[str, Any]:
    """Two processes take the slots of the same fast clock; one of them is frozen now and then."""
    begun, minutes_a_second = time.monotonic(), 40

    def clock() -> datetime:
        return START + timedelta(minutes=(time.monotonic() - begun) * minutes_a_second)

    timetable = [Every("rig.tick", minutes=1)]
    take_due(timetable, clock)

    def walk() -> None:
        count = 0
        while clock() < START + timedelta(minutes=SLOTS):
            count += len(take_due(timetable, clock))
        tell("taken", f"{count}")

    pids = [fork(walk), fork(walk)]
    for _freeze in range(5):
        time.sleep(0.2)
        os.kill(pids[0], signal.SIGSTOP)
        time.sleep(0.2)
        os.kill(pids[0], signal.SIGCONT)
    for pid in pids:
        os.waitpid(pid, 0)
    taken = [int(count) for count in told("taken")]
    marks = list(Slot.objects.order_by("pk").values_list("era", "slot_at"))
    return findings(taken=taken, eras=sorted({era for era, _at in marks}), slots=len({at for _era, at in marks}))


def stop() -> dict[str, Any]:
    """A worker is told to stop in the middle of a job."""
    steps_slowly.later(caller=None)
    pid = fork(worker)
    wait_until(lambda: told("attempts") == ["1"], 20)
    begun = time.monotonic()
    code = end(pid, signal.SIGTERM)
    return findings(codes=[code], seconds=time.monotonic() - begun)
