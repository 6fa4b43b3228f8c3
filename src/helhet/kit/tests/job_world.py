"""Callers and jobs for the tests of jobs, without the rooms above that know real people."""

from __future__ import annotations

from datetime import UTC, datetime

from helhet.kit.errors import Invalid
from helhet.kit.jobs import Job, JobContext, job
from helhet.kit.rights import NOBODY, Caller, Level

ran: list[tuple[object, ...]] = []


class Overseer(Caller):
    """May do everything, without the policy that higher rooms bind."""

    def may(self, permission: str, thing: object = None) -> bool:  # noqa: ARG002 - Caller's shape
        """Say yes."""
        return True


ANNA = Caller(user_id=1, name="Anna", level=Level.READER, language="en")
BO = Caller(user_id=2, name="Bo", level=Level.READER)
OVERSEER = Overseer(user_id=3, name="Ove", level=Level.ADMINISTRATOR)


def caller_of(user_id: int | None) -> Caller:
    """Answer the port: one of those above, or nobody."""
    return next((caller for caller in (ANNA, BO, OVERSEER) if caller.user_id == user_id), NOBODY)


@job(name="test.note", title="Take a note")
def note(context: JobContext, text: str = "", number: int = 0) -> dict[str, object]:
    """Leave a trace of the call."""
    ran.append((text, number, context.caller_id, context.attempt))
    context.progress(number, 10, text)
    return {"text": text}


@job(name="test.stumble", max_tries=3, backoff=0.0)
def stumble(context: JobContext, times: int) -> str:
    """Fail at the first tries."""
    ran.append(("stumble", context.attempt))
    if context.attempt <= times:
        raise OSError(f"fell at {context.attempt} \x00")
    return "up"


@job(name="test.slow_retry", max_tries=2, backoff=600.0)
def slow_retry(_context: JobContext) -> None:
    """Fail, and wait long for the next try."""
    raise OSError("not yet")


@job(name="test.refuse")
def refuse(_context: JobContext) -> None:
    """Say that it cannot be done."""
    raise Invalid("The file has no rows.", todo="Choose another file.")


@job(name="test.give_date")
def give_date(_context: JobContext) -> object:
    """Return what JSON does not carry."""
    return datetime(2026, 1, 1, tzinfo=UTC)


@job(name="test.stop_midway")
def stop_midway(context: JobContext, how: str) -> None:
    """Be cancelled or stopped at the first check."""
    if how == "cancel":
        Job.objects.get(pk=context.job_id or 0).cancel(by=ANNA)
        context.cancel_asked.set()
    elif how == "stop":
        context.stopping.set()
    context.check()
