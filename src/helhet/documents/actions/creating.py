"""A new document, and taking one out of use."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.documents.actions.facts import about_items, audiences_named, checked_language, write_about, write_readers
from helhet.documents.actions.writing import write_draft
from helhet.documents.awaiting import end_waiting
from helhet.documents.describing import forget_described, write_described
from helhet.documents.finding import find_document
from helhet.documents.models import Document, Draft, Sort, Version
from helhet.documents.permissions import DocumentPermission
from helhet.documents.ports import Publication, published
from helhet.documents.standing import draft_of, last_of_withdrawn, words_of
from helhet.groups.answering import assign_by_hand
from helhet.groups.finding import group_named
from helhet.groups.models import Answer, Group
from helhet.items.finding import checked_name, find_item
from helhet.items.kinds import find_kind
from helhet.items.models import Item, State
from helhet.items.writing import NewItem, add_items, change_items
from helhet.journal.actions import record
from helhet.kit.errors import Clash, Forbidden, Invalid
from helhet.kit.rights import Caller, Level
from helhet.kit.versions import check_version
from helhet.rules.document_flow import Hindrance

KEY = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)
KIND_OF = {Sort.ROUTINE: "routine", Sort.PROCESS: "process"}
"""The kind of item that a document of a sort is; the others are of the kind `document`."""


@transaction.atomic
def create_document(
    *,
    by: Caller,
    sort: str,
    title: str,
    language: str = "sv",
    item: str = "",
    part: str = "",
    text: str = "",
    fields: Mapping[str, Any] | None = None,
    about: Sequence[str] = (),
    audiences: Sequence[str] = ("all",),
    group: str = "",
    note: str = "",
    key: str = "",
) -> Document:
    """A document with its first draft. `about` are references of items, `audiences` keys, `group` a reference or name.
    The same `key`, which the sender makes up, and title give the same document.

    With `item` and `part` it is that part of the item's documentation. With `item` alone, the item of a kind of
    documents, known to exist but not described, becomes the document. Without, a new item is made; a group answers for
    it as rules say, else the one named, else the caller's only group.
    """
    known = _made_before(key, by)
    if known is not None and known.item.name == checked_name(title):
        return known
    if sort not in Sort.values:
        raise Invalid(_("There is no such sort of document."), todo=", ".join(Sort.values), field="sort")
    title = checked_name(title)
    if part and not item:
        raise Invalid(_("A part belongs to an item."), todo=_("Name the service or product."), field="item")
    of_item = _known(item, part, by) if item else _new(sort, title, group, by)
    document = Document(
        item=of_item, part=part, sort=sort, language=checked_language(language),
        made_key=key if key and known is None else None,
    )  # fmt: skip
    by.require(DocumentPermission.CREATE, document)
    _save_once(document)
    write_readers(document, audiences_named(audiences))
    write_about(document, about_items(about, by))
    record("documents.document.created", "document", document.pk, by=by, after={"title": title, "sort": sort})
    write_draft(document, None, by=by, title=title, text=text, fields=fields or {}, note=note)
    return document


def _made_before(key: str, by: Caller) -> Document | None:
    """What was made by the same key. Under another title it is another document: somebody went back to the form."""
    if not key:
        return None
    if not KEY.fullmatch(key):
        raise Invalid(_("The key is 8 to 64 letters, digits, - and _."), field="key")
    known = Document.objects.filter(made_key=key).select_related("item").first()
    return find_document(known.address, by) if known is not None else None


def _save_once(document: Document) -> None:
    try:
        with transaction.atomic():
            document.save()
    except IntegrityError as error:
        raise Clash(_("The same was sent a moment ago."), todo=_("Look for it among the documents.")) from error


def _known(reference: str, part: str, by: Caller) -> Item:
    found = find_item(reference, by, for_change=True)
    by.require(DocumentPermission.CREATE, Document(item=found))
    if Document.objects.filter(item=found, part=part).exists():
        raise Clash(
            _("%(item)s has that document already.") % {"item": found.reference}, todo=_("Edit it."), field="item"
        )
    if not part and found.kind.family not in {"document", "routine", "process"}:
        raise Invalid(
            _("%(item)s is no document.") % {"item": found.reference},
            todo=_("Leave the item out to make a new one, and say what it is about."), field="item",
        )  # fmt: skip
    return found


def _new(sort: str, title: str, group: str, by: Caller) -> Item:
    by.require(DocumentPermission.CREATE)
    kind = find_kind(KIND_OF.get(Sort(sort), "document"), by)
    on = timezone.localdate()
    (item_id,) = add_items([NewItem(kind, title, state=State.PLANNED)], by=by, on=on)
    answer = Answer.objects.open().filter(item_id=item_id).values_list("group_id", flat=True).first()
    wanted = group_named(group, by) if group.strip() else None
    if wanted is None and answer is None and len(by.member_of) == 1:
        wanted = Group.objects.get(pk=next(iter(by.member_of)))
    if wanted is not None and wanted.pk != answer:
        _assign(item_id, wanted, answer, by, on)
    elif wanted is None and answer is None and by.level < Level.COORDINATOR:
        raise Invalid(
            _("No rule says which group answers for it."), todo=_("Name the group that is to own it."), field="group"
        )
    return Item.objects.select_related("kind").get(pk=item_id)


def _assign(item_id: int, wanted: Group, answer: int | None, by: Caller, on: dt.date) -> None:
    try:
        assign_by_hand([item_id], wanted, by=by, on=on)
    except Forbidden as refused:
        decided = Group.objects.filter(pk=answer).select_related("item").first()
        if decided is None:
            raise
        raise Invalid(
            _("The responsibility rules say that %(group)s answers for it.") % {"group": decided.name},
            todo=_("Ask that group to write it, or whoever keeps the rules to alter them."), field="group",
        ) from refused  # fmt: skip


@transaction.atomic
def withdraw(address: str, *, by: Caller, version: int | None, reason: str) -> Document:
    """Take a document out of use: its item is retired, its draft dropped, its versions kept. A part is unpublished."""
    document = find_document(address, by, for_change=True)
    by.require(DocumentPermission.MANAGE, document)
    check_version(document, version, document.address)
    if not document.part and document.item.state == State.RETIRED:
        what, todo = words_of(Hindrance.WITHDRAWN)
        raise Clash(what, todo=todo)
    if not reason.strip():
        raise Invalid(_("Say why it is no longer used."), field="reason")
    Draft.objects.filter(document=document).delete()
    before = {"published": document.published.number if document.published else None}
    if document.part:
        document.published = None
    else:
        change_items([(document.item, {"state": int(State.RETIRED)})], by=by, on=timezone.localdate(), reason=reason)
    document.version += 1
    document.save(update_fields=["published", "version"])
    record(
        "documents.document.withdrawn", "document", document.pk, by=by, reason=reason, before=before,
        after={"published": None},
    )  # fmt: skip
    end_waiting(document)
    forget_described(document)
    for participant in published:
        participant(Publication(document, None, by))
    return document


@transaction.atomic
def bring_back(address: str, *, by: Caller, version: int | None, reason: str = "") -> Document:
    """Take a withdrawn document into use again, as it was. A part is published anew in the edition that it had last."""
    document = find_document(address, by, for_change=True)
    by.require(DocumentPermission.MANAGE, document)
    check_version(document, version, document.address)
    if document.part:
        document.published = _last_of(document)
    elif document.item.state != State.RETIRED:
        raise Clash(_("The document is in use."))
    else:
        state = State.LIVE if document.published_id else State.PLANNED
        change_items([(document.item, {"state": int(state)})], by=by, on=timezone.localdate(), reason=reason)
    document.version += 1
    document.save(update_fields=["published", "version"])
    now = document.published.number if document.published else None
    record(
        "documents.document.brought_back", "document", document.pk, by=by, reason=reason, before={"published": None},
        after={"published": now},
    )  # fmt: skip
    if document.published:
        write_described(document, document.published)
    for participant in published if document.published else ():
        participant(Publication(document, document.published, by))
    return document


def _last_of(document: Document) -> Version:
    last = last_of_withdrawn(document)
    if last is not None:
        return last
    if document.published_id is not None:
        raise Clash(_("The document is in use."))
    if draft_of(document) is not None:
        raise Clash(_("It is being written anew."), todo=_("Publish the draft, or drop it."))
    raise Clash(_("It has never been published."), todo=_("Write it."))
