"""Doubting a document, and saying that it is still true."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.documents.asking import ask_groups, end_asking
from helhet.documents.checking import RENEWED, keep_doubtful
from helhet.documents.describing import state_anew
from helhet.documents.models import Cause, Document, Doubt
from helhet.documents.permissions import DocumentPermission
from helhet.groups.models import Task
from helhet.journal.actions import record
from helhet.kit.errors import Clash, Invalid
from helhet.kit.rights import Caller

STILL_TRUE = "still_true"
PUBLISHED = "published"
TEXT_LIMIT = 20_000


@transaction.atomic
def raise_doubt(
    document: Document, *, by: Caller, cause: str = Cause.HAND, text: str = "", task: Task | None = None,
    event_id: int | None = None,
) -> Doubt:  # fmt: skip
    """Somebody, or a failed run, gives a reason to check the document. Readers may; `task` is what it became."""
    by.require(DocumentPermission.REPORT, document)
    words = text.strip()[:TEXT_LIMIT]
    if cause == Cause.HAND and not words:
        raise Invalid(_("Say what is to be checked."), field="text")
    if document.published_id is None:
        raise Clash(_("Nothing is published that could be wrong."), todo=_("Write to those who draft it instead."))
    made = Doubt.objects.create(
        document=document, cause=cause, text=words, task=task, event_id=event_id, by=by.name[:200]
    )
    keep_doubtful({document.pk})
    record("documents.doubt.raised", "document", document.pk, by=by, after={"cause": str(cause)}, reason=words[:500])
    if task is None:
        ask_groups({document.pk})
    return made


@transaction.atomic
def still_true(document: Document, *, by: Caller, doubt_ids: Collection[int], text: str = "") -> list[Doubt]:
    """What these doubts ask is checked, and the text holds: they are settled with the caller's name.

    Only the doubts that the caller saw are named, so that one which came meanwhile stays. Returns those settled.
    Raises Clash when one of them is no open doubt of the document.
    """
    by.require(DocumentPermission.CONFIRM, document)
    found = list(Doubt.objects.select_for_update().filter(document=document, pk__in=set(doubt_ids)))
    if len(found) < len(set(doubt_ids)) or not found:
        raise Clash(_("That is no doubt of this document."), todo=_("Load the page again."))
    if any(one.settled_how == RENEWED for one in found):
        raise Clash(
            _("It has been altered once more meanwhile."), todo=_("Load the page again to see what stands now.")
        )
    if any(one.settled_at for one in found):
        raise Clash(_("Somebody has checked it already."), todo=_("Load the page again to see what stands now."))
    settle(found, document, by=by, how=STILL_TRUE, text=text)
    state_anew(document, {(one.noun, one.noun_id, one.aspect) for one in found if one.noun_id is not None})
    record(
        "documents.doubt.still_true", "document", document.pk, by=by, reason=text.strip()[:500],
        after={"doubts": sorted(one.pk for one in found)},
    )  # fmt: skip
    return found


def settle(doubts: Collection[Doubt], document: Document, *, by: Caller, how: str, text: str = "") -> None:
    """Settle doubts of one document, in the transaction of the verb that does it; tells the group's task."""
    now = timezone.now()
    Doubt.objects.filter(pk__in=[one.pk for one in doubts]).update(
        settled_at=now, settled_by=by.name[:200], settled_how=how, settled_text=text.strip()[:500]
    )
    keep_doubtful({document.pk})
    end_asking(document.answering_group_id)


def settle_published(document: Document, *, by: Caller) -> None:
    """A new edition is published: all that was doubted of the former is settled."""
    still = list(Doubt.objects.filter(document=document, settled_at__isnull=True))
    if still:
        settle(still, document, by=by, how=PUBLISHED)


def open_doubts(document: Document) -> list[Doubt]:
    """The reasons to check it, the newest first."""
    return list(Doubt.objects.filter(document=document, settled_at__isnull=True).order_by(F("at").desc(), "-id"))
