"""Jobs: work that is asked for now and done later, as rows in the database. See docs/decisions/0003-jobs.md."""

from helhet.kit.jobs.context import JobContext
from helhet.kit.jobs.define import JobFunction, job
from helhet.kit.jobs.errors import Cancelled, Interrupted, LeaseLost, UnknownJob
from helhet.kit.jobs.learning import learn_tables
from helhet.kit.jobs.models import Job, JobState, Slot
from helhet.kit.jobs.tidy import tidy_jobs

__all__ = [
    "Cancelled",
    "Interrupted",
    "Job",
    "JobContext",
    "JobFunction",
    "JobState",
    "LeaseLost",
    "Slot",
    "UnknownJob",
    "job",
    "learn_tables",
    "tidy_jobs",
]
