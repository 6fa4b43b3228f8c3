"""Runs one job that this process holds, and writes how it ended."""

from __future__ import annotations

import contextlib
import logging
import random
import traceback
from threading import Event
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from helhet.kit.errors import Forbidden, Refused
from helhet.kit.jobs import lease, registry
from helhet.kit.jobs.context import JobContext
from helhet.kit.jobs.errors import Cancelled, Interrupted, LeaseLost, UnknownJob
from helhet.kit.jobs.heartbeat import Heartbeat, progress_fields
from helhet.kit.jobs.lease import Held
from helhet.kit.jobs.models import Job, JobState
from helhet.kit.jobs.plain import plain_json, plain_text
from helhet.kit.words import local_names

log = logging.getLogger(__name__)

LONGEST_WAIT = 3600.0


def run_held(held: Held, *, stopping: Event | None = None, with_heartbeat: bool = True) -> JobState | None:
    """Run the job to its end, or to its next try. Returns the state written, None if the job was taken meanwhile."""
    try:
        definition = registry.find(held.name)
        arguments = Job.objects.values_list("arguments", flat=True).get(pk=held.job_id)
        definition.check_arguments(arguments)
    except (UnknownJob, TypeError, ValueError, RecursionError) as error:
        log.exception("job %s (%r) was refused: its row names no job or lacks its arguments", held.job_id, held.name)
        return _ended(held, JobState.FAILED, error=plain_text(str(error), 2000))
    context = JobContext(
        name=held.name,
        caller_id=held.caller_id,
        job_id=held.job_id,
        attempt=held.tries,
        due_at=held.due_at,
        hold_lease=lambda: lease.lock(held),
        stopping=stopping or Event(),
    )
    try:
        beating = Heartbeat(held, context) if with_heartbeat else contextlib.nullcontext()
        local_names()
        with beating, translation.override(_language(context)):
            result = plain_json(definition.function(context, **arguments), f"the result of {held.name}")
    except Exception as error:  # noqa: BLE001 - whatever a job raises must end that job and not the worker
        return _after_error(held, definition, context, error)
    return _ended(held, JobState.DONE, result=result, **progress_fields(context.take_progress()))


def wait_before(tries: int, base: float, chance: float) -> float:
    """Seconds to wait after the given number of tries: doubled each time, at most an hour, spread by `chance` (0 to 1).

    The spread is between half and the whole, so that many jobs that failed together do not come back together.
    """
    return min(base * 2.0 ** min(tries - 1, 30), LONGEST_WAIT) * (0.5 + chance / 2)


def _language(context: JobContext) -> str:
    """The asker's language, so that he can read what the job says. Raises Forbidden if he may no longer sign in."""
    if context.caller_id is None:
        return settings.LANGUAGE_CODE
    caller = context.caller
    if not caller.is_signed_in:
        raise Forbidden(_("The one who asked for this may no longer sign in."), todo=_("Let somebody else ask for it."))
    return caller.language


def _after_error(held: Held, definition: registry.Definition, context: JobContext, error: Exception) -> JobState | None:
    fields = progress_fields(context.take_progress())
    if isinstance(error, LeaseLost):
        log.warning("job %s (%s) was taken by another worker and stopped here", held.job_id, held.name)
        return None
    if isinstance(error, Cancelled):
        return _ended(held, JobState.CANCELLED, **fields)
    if isinstance(error, Interrupted):
        return JobState.WAITING if lease.give_back(held, counts=False) else None
    text = plain_text(str(error) or type(error).__name__, 2000)
    if isinstance(error, Refused):
        return _ended(held, JobState.FAILED, error=text, **fields)
    trace = plain_text("".join(traceback.format_exception(error)), 20_000)
    if held.tries >= held.max_tries:
        log.error("job %s (%s) is given up after %s tries", held.job_id, held.name, held.tries, exc_info=error)
        return _ended(held, JobState.DEAD, error=text, trace=trace, **fields)
    delay = wait_before(held.tries, definition.backoff, random.random())  # noqa: S311 - spreads load, hides nothing
    log.warning("job %s (%s) failed, next try in %.1f s", held.job_id, held.name, delay, exc_info=error)
    return JobState.WAITING if lease.give_back(held, delay=delay, error=text, trace=trace) else None


def _ended(held: Held, state: JobState, **fields: Any) -> JobState | None:
    if lease.end(held, state, **fields):
        return state
    log.warning("job %s (%s) came to its end, but another worker had taken it", held.job_id, held.name)
    return None
