"""What a reader says of a document that did not help him: a task of the group that answers for it."""

from __future__ import annotations

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext_lazy

from helhet.documents.doubting import raise_doubt
from helhet.documents.finding import find_document
from helhet.documents.models import Cause, Document, Remark
from helhet.documents.permissions import DocumentPermission
from helhet.groups.actions import create_task
from helhet.groups.models import Task
from helhet.items.models import Item
from helhet.journal.actions import record
from helhet.kit.errors import Clash, Invalid
from helhet.kit.rights import Caller

ORIGIN = "report"
TEXT_LIMIT = 20_000


class Report(models.TextChoices):
    """What sort of report."""

    UNHELPFUL = "unhelpful", pgettext_lazy("report", "It did not help me")
    WRONG = "wrong", pgettext_lazy("report", "Something in it is wrong")
    QUESTION = "question", pgettext_lazy("report", "I have a question")


@transaction.atomic
def report(address: str, *, by: Caller, sort: str, text: str) -> Task:
    """Tell the group that answers for the document. What is said to be wrong also makes it doubtful at once.

    Raises Clash when no group answers: nobody would read it.
    """
    document = find_document(address, by)
    by.require(DocumentPermission.REPORT, document)
    words = text.strip()
    if sort not in Report.values:
        raise Invalid(_("Choose what you want to say."), field="sort")
    if not words:
        raise Invalid(_("Say it in a few words, so that somebody can see to it."), field="text")
    if len(words) > TEXT_LIMIT:
        raise Invalid(_("That is longer than %(most)s characters.") % {"most": TEXT_LIMIT}, field="text")
    group = Item.objects.filter(pk=document.answering_group_id or 0).first()
    if group is None:
        raise Clash(
            _("No group answers for the document, so nobody would read it."),
            todo=_("Tell a coordinator that it lacks a group."),
        )
    with override(settings.LANGUAGE_CODE):
        title = _title(document, sort)
        text = words
        if not document.audiences.filter(is_open=True).exists():
            # Tasks are read by everybody, what is said of a text for few by its readers.
            Remark.objects.create(
                document=document, of_version=document.published, text=words, user_id=by.user_id, by=by.name[:200]
            )
            text = _("What was said stands among the document's remarks.")
    task = create_task(
        by=by, title=title[:300], group=group.reference, item=document.item.reference, text=text, origin=ORIGIN,
        origin_id=document.pk,
    )  # fmt: skip
    record("documents.document.reported", "document", document.pk, by=by, after={"sort": sort, "task": task.pk})
    if sort == Report.WRONG and document.published_id is not None:
        raise_doubt(document, by=by, cause=Cause.REPORTED, text=words, task=task)
    return task


def _title(document: Document, sort: str) -> str:
    name = document.published.title if document.published is not None else document.item.name
    told = {"document": document.address, "title": name}
    if sort == Report.WRONG:
        return _("A reader says that something in %(document)s is wrong: %(title)s") % told
    if sort == Report.QUESTION:
        return _("A reader asks about %(document)s: %(title)s") % told
    return _("%(document)s did not help a reader: %(title)s") % told
