"""Somebody says that a routine is wrong."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from helhet.documents.actions.reporting import Report, report
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
    """Tell those who answer for the routine that it is wrong, perhaps in a step (its title). It becomes their task, of
    the management team where no group answers.
    """
    document = find_routine(reference, by, for_change=True).document
    by.require(DocumentPermission.REPORT, document)
    words = text.replace("\x00", "").strip()[:TEXT_LIMIT]
    if not words:
        raise Invalid(_("Say what is wrong."), field="text")
    if step.strip():
        words = _("In the step “%(step)s”: %(text)s") % {"step": " ".join(step.split())[:200], "text": words}
    if document.answering_group_id is not None:
        return report(document.address, by=by, sort=Report.WRONG, text=words[:TEXT_LIMIT])
    title = _("The routine %(name)s is said to be wrong") % {"name": document.item.name}
    return ask(
        document, by=by, title=title, text=words, cause=Cause.REPORTED, origin="report", origin_id=document.pk,
        group=answerer(document),
    )  # fmt: skip
