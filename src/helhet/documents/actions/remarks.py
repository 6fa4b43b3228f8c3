"""Remarks on a passage of a document: made, settled, removed."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.documents.finding import find_document
from helhet.documents.models import Document, Remark
from helhet.documents.permissions import DocumentPermission
from helhet.documents.reading import words_of_version
from helhet.journal.actions import record
from helhet.kit.errors import Clash, Invalid, NotFound
from helhet.kit.rights import Caller
from helhet.kit.versions import check_version
from helhet.rules.passages import AROUND, Passage, find_passage, passage_at, squeezed

TEXT_LIMIT = 20_000
QUOTE_LIMIT = 1_000


@transaction.atomic
def remark(
    address: str, *, by: Caller, text: str, quote: str = "", before: str = "", after: str = ""
) -> Remark:  # fmt: skip
    """Say something of a passage of what is published, or with no `quote` of the whole.

    `before` and `after` tell which one when the words stand several times. Raises Invalid when they do not stand there.
    """
    document = find_document(address, by)
    by.require(DocumentPermission.REMARK, document)
    words = text.strip()
    if not words:
        raise Invalid(_("The remark is empty."), field="text")
    if len(words) > TEXT_LIMIT:
        raise Invalid(_("The remark is longer than %(most)s characters.") % {"most": TEXT_LIMIT}, field="text")
    if document.published is None:
        raise Clash(_("Nothing is published that a remark could be made on."))
    passage = _passage(document, quote, before, after)
    made = Remark.objects.create(
        document=document, of_version=document.published, quote=passage.quote, before=passage.before,
        after=passage.after, text=words, user_id=by.user_id, by=by.name[:200],
    )  # fmt: skip
    record("documents.remark.made", "document", document.pk, by=by, after={"remark": made.pk})
    return made


def _passage(document: Document, quote: str, before: str, after: str) -> Passage:
    asked = squeezed(quote)
    if not asked:
        return Passage("")
    if len(asked) > QUOTE_LIMIT:
        raise Invalid(_("The passage is longer than %(most)s characters.") % {"most": QUOTE_LIMIT}, field="quote")
    whole = squeezed(words_of_version(document.published))
    place = find_passage(whole, Passage(asked, before[-AROUND:], after[:AROUND]))
    if place is None:
        raise Invalid(
            _("Those words do not stand in the document."), todo=_("Write them as they stand there, or none."),
            field="quote",
        )  # fmt: skip
    return passage_at(whole, *place)


@transaction.atomic
def settle_remark(address: str, remark_id: int, *, by: Caller, version: int | None) -> Remark:
    """It has been seen to; by whoever made it or may write the document."""
    document, found = _taken(address, remark_id, by, version)
    if not is_mine(found, by):
        by.require(DocumentPermission.WRITE, document)
    if found.settled_at is not None:
        raise Clash(_("The remark is settled already."))
    found.settled_at, found.settled_by, found.version = timezone.now(), by.name[:200], found.version + 1
    found.save(update_fields=["settled_at", "settled_by", "version"])
    record("documents.remark.settled", "document", document.pk, by=by, after={"remark": found.pk})
    return found


@transaction.atomic
def remove_remark(address: str, remark_id: int, *, by: Caller, version: int | None) -> None:
    """Take it back; by whoever made it or manages the document. The event stays, the words are shown no more."""
    document, found = _taken(address, remark_id, by, version)
    if not is_mine(found, by):
        by.require(DocumentPermission.MANAGE, document)
    found.removed_at, found.version = timezone.now(), found.version + 1
    found.save(update_fields=["removed_at", "version"])
    record("documents.remark.removed", "document", document.pk, by=by, before={"remark": found.pk})


def is_mine(found: Remark, by: Caller) -> bool:
    """Whether the caller made it."""
    return by.user_id is not None and found.user_id == by.user_id


def _taken(address: str, remark_id: int, by: Caller, version: int | None) -> tuple[Document, Remark]:
    document = find_document(address, by)
    by.require(DocumentPermission.REMARK, document)
    rows = Remark.objects.select_for_update().filter(document=document, pk=remark_id, removed_at__isnull=True)
    found = rows.first()
    if found is None:
        raise NotFound(_("There is no such remark."), todo=_("It may have been removed."))
    check_version(found, version, document.address)
    return document, found
