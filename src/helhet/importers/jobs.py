"""The jobs of this room; being imported registers them."""

from helhet.importers.following import tie_job
from helhet.importers.sources import look_again_job
from helhet.importers.tidy import tidy_job
from helhet.importers.uploads import apply_job, plan_job, resume_job, undo_job

__all__ = ["apply_job", "look_again_job", "plan_job", "resume_job", "tidy_job", "tie_job", "undo_job"]
