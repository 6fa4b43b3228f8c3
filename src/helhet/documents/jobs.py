"""The jobs of this room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from helhet.documents.checking import check_all
from helhet.documents.restating import restate
from helhet.kit.jobs import JobContext, job


@job(name="documents.check", title=_("Look which documents need a check"), max_tries=5)
def check(context: JobContext) -> dict[str, int]:
    """Follow the journal; it takes up where it stopped."""
    return {"doubts": check_all(context.progress)}


@job(name="documents.restate", title=_("Write down what earlier editions state"), max_tries=5)
def state_again(context: JobContext) -> dict[str, int]:
    """Once after an upgrade by which published texts state more; it takes up where it stopped."""
    return {"statements": restate(context.progress)}
