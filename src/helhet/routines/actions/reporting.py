"""Somebody says that a routine is wrong."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from helhet.documents.models import Cause
from helhet.documents.permissions import DocumentPermission
from helhet.groups.models import Task
from helhet.kit.errors import Invalid
from helhet.kit.rights import Caller
from helhet.routines.doubting import answerer, ask
from helhet.routines.finding import find_routine

TEXT_LIMIT = 20_000


@transaction.atomic
def report_routine(reference: str, *, by: Caller, text: str, step: str = "") -> Task | None:
    """Tell those who answer for the routine that it is wrong, perhaps in a step (its title). It becomes their task."""
    routine = find_routine(reference, by, for_change=True)
    by.require(DocumentPermission.REPORT, routine.document)
    words = text.replace("\x00", "").strip()[:TEXT_LIMIT]
    if not words:
        raise Invalid(_("Say what is wrong."), field="text")
    if step.strip():
        words = _("In the step “%(step)s”: %(text)s") % {"step": " ".join(step.split())[:200], "text": words}
    title = _("The routine %(name)s is said to be wrong") % {"name": routine.document.item.name}
    return ask(
        routine.document, by=by, title=title, text=words, cause=Cause.REPORTED, origin="report",
        origin_id=routine.pk, group_id=answerer(routine.document),
    )  # fmt: skip
