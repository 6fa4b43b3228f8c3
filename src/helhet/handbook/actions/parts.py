"""A part of a service's documentation: begun, and said to be still true."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from helhet.documents.actions import create_document, mark_reviewed, still_true
from helhet.documents.finding import find_document
from helhet.documents.models import Document, Sort
from helhet.handbook.finding import find_service, part_named
from helhet.handbook.models import NotApplicable
from helhet.handbook.shapes import part_label
from helhet.handbook.states import is_ended, is_overdue
from helhet.kit import spoken
from helhet.kit.errors import Clash
from helhet.kit.rights import Caller
from helhet.kit.versions import check_version


@transaction.atomic
def begin_part(reference: str, part: str, *, by: Caller) -> Document:
    """The part with an empty draft, for operations and everybody else to read once it is published."""
    item = find_service(reference, by)
    part = part_named(part)
    if NotApplicable.objects.filter(item=item, part=part).exists():
        raise Clash(_("It is said that this does not apply."), todo=_("Take that back first."))
    title = f"{item.name}: {part_label(part).lower()}"[:300]
    return create_document(
        by=by, sort=Sort.DOCUMENTATION, title=title, item=item.reference, part=part, audiences=("operations", "all")
    )


@transaction.atomic
def confirm_part(
    reference: str, part: str, *, by: Caller, version: int | None, doubt_ids: Collection[int] = (), text: str = ""
) -> Document:
    """The part still holds: the doubts that the caller saw are settled with his name, and where its day of review has
    passed it is reviewed today. `version` is the document's. One whose last day has passed needs a new one as well.
    """
    item = find_service(reference, by)
    address = f"{item.reference}/{part_named(part)}"
    document = find_document(address, by, for_change=True)
    check_version(document, version, address)
    is_due = is_overdue(document)
    if not doubt_ids and not is_due and is_ended(document):
        raise Clash(
            _("%(address)s was valid to %(day)s.") % {"address": address, "day": spoken.day(document.valid_to, "full")},
            todo=_("Set a new last day in its facts."),
        )
    if not doubt_ids and not is_due:
        raise Clash(_("Nothing of it is in doubt."), todo=_("Load the page again to see what stands now."))
    if doubt_ids:
        still_true(document, by=by, doubt_ids=doubt_ids, text=text)
    if is_due:
        document = mark_reviewed(address, by=by, version=version, text=text)
    return document
