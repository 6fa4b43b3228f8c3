"""How a room declares a job, and how callers ask for it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.functional import Promise

from helhet.kit.jobs import carrier, registry
from helhet.kit.jobs.clock import database_now
from helhet.kit.jobs.context import JobContext, Report
from helhet.kit.jobs.models import Job, JobState
from helhet.kit.jobs.plain import plain_json, plain_text
from helhet.kit.jobs.registry import Definition
from helhet.kit.rights import Caller


class JobFunction:
    """A declared job: `later` asks for it, `now` does it here."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.name = definition.name

    def later(
        self,
        *,
        caller: Caller | None,
        unique: str = "",
        title: str = "",
        priority: int | None = None,
        delay: float = 0.0,
        due_at: datetime | None = None,
        **arguments: Any,
    ) -> Job:
        """Ask for the job, in the caller's transaction: if that rolls back, nobody asked.

        `caller` None is the system. Jobs with the same `unique` run one at a time, in the order in which they were
        asked for; one that equals a waiting job in caller and arguments too is that job. `delay` is in seconds.

        Raises:
            TypeError: the arguments do not fit the function, or are not plain JSON.

        """
        self.definition.check_arguments(arguments)
        plain = plain_json(arguments, f"the arguments of {self.name}")
        caller_id = caller.user_id if caller is not None else None
        now = database_now()
        job = Job(
            name=self.name,
            title=plain_text(title, 300),
            queue=self.definition.queue,
            priority=self.definition.priority if priority is None else priority,
            caller_id=caller_id,
            arguments=plain,
            unique_key=unique,
            equal_key=_equal_key(self.name, unique, caller_id, plain),
            max_tries=self.definition.max_tries,
            lease_seconds=self.definition.lease,
            waits_from_at=now if delay else None,
            waits_until_at=now + timedelta(seconds=delay) if delay else None,
            due_at=due_at,
            created_at=now,
        )
        return _enqueued(job)

    def now(self, *, caller: Caller, report: Report | None = None, **arguments: Any) -> Any:
        """Do it here and return its result; `report` is called with (done, total, message). Leaves no row."""
        self.definition.check_arguments(arguments)
        plain = plain_json(arguments, f"the arguments of {self.name}")
        context = JobContext(name=self.name, caller_id=caller.user_id, report=report, _inline_caller=caller)
        return plain_json(self.definition.function(context, **plain), f"the result of {self.name}")


def job(
    *,
    name: str,
    title: str | Promise = "",
    max_tries: int = 5,
    lease: float = 60.0,
    backoff: float = 2.0,
    queue: str = "default",
    priority: int = 0,
) -> Callable[[Callable[..., Any]], JobFunction]:
    """Declare `def work(context: JobContext, **arguments) -> JSON` as the job `name`, written `room.verb`.

    `lease` (seconds) is how long a holder may be silent before another takes the job over; `backoff` (seconds) is the
    wait after the first failure, doubled each time. A job that raises `Refused` is not tried again.
    """

    def declare(function: Callable[..., Any]) -> JobFunction:
        definition = Definition(name, function, title, max_tries, lease, backoff, queue, priority)
        registry.add(definition)
        return JobFunction(definition)

    return declare


def _equal_key(name: str, unique: str, caller_id: int | None, arguments: Any) -> str:
    if not unique:
        return ""
    facts = json.dumps([name, unique, caller_id, arguments], sort_keys=True)
    return hashlib.sha256(facts.encode()).hexdigest()


def _enqueued(job: Job) -> Job:
    if not job.equal_key:
        with transaction.atomic():
            job.save(force_insert=True)
            carrier.send(job, job.waits_until_at)
        return job
    for _attempt in range(20):
        waiting = Job.objects.filter(equal_key=job.equal_key, state=JobState.WAITING, fence=0).first()
        if waiting is not None:
            return waiting
        try:
            with transaction.atomic():
                job.pk = None
                job.save(force_insert=True)
                carrier.send(job, job.waits_until_at)
        except IntegrityError:
            # An equal job was asked for in the same moment: it is the one, unless it has been claimed since.
            continue
        return job
    raise RuntimeError(f"{job.name}: equal jobs came and went too fast to ask for one more")
