"""What ends a job's run early."""

from __future__ import annotations


class Ended(Exception):
    """The run must stop at once; whoever writes a job lets it pass."""


class Cancelled(Ended):
    """Somebody asked for the job to be cancelled."""


class Interrupted(Ended):
    """The worker is stopping; the job waits and runs again."""


class LeaseLost(Ended):
    """Another worker has taken the job over, because this one was not heard from. Nothing more may be written."""


class UnknownJob(LookupError):
    """No job is registered under this name."""
