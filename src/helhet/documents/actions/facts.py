"""What stands beside a document's text: language, validity, review, readers, what it is about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.documents.finding import find_document
from helhet.documents.models import About, Audience, Document, DocumentAudience, Sort, Unit
from helhet.documents.permissions import DocumentPermission
from helhet.documents.ports import tell_readers_set
from helhet.documents.taking import computed_due, plain
from helhet.items.finding import find_item
from helhet.items.models import Item
from helhet.journal.actions import record
from helhet.kit.errors import Invalid
from helhet.kit.rights import Caller
from helhet.kit.versions import check_version

LANGUAGES = ("sv", "en")
PLAIN = frozenset({"language", "sort", "valid_from", "valid_to", "review_count", "review_unit"})
MOST_ABOUT = 200
MOST_COUNT = 3_650


@transaction.atomic
def change_document(address: str, *, by: Caller, version: int | None, reason: str = "", **fields: Any) -> Document:
    """Set facts: language, sort, valid_from, valid_to (days), review_count, review_unit, about (references).

    A document that is valid to a day is no longer after it. Audiences are for `set_audiences`.
    """
    document = find_document(address, by, for_change=True)
    by.require(DocumentPermission.WRITE, document)
    check_version(document, version, document.address)
    about = fields.pop("about", None)
    wanted = {name: _checked(name, value) for name, value in fields.items()}
    first, last = (wanted.get(name, getattr(document, name)) for name in ("valid_from", "valid_to"))
    if first and last and last < first:
        raise Invalid(_("It is valid to a day before it is valid from."), field="valid_to")
    if {"review_count", "review_unit"} & wanted.keys():
        count = wanted.get("review_count", document.review_count)
        unit = wanted.get("review_unit", document.review_unit)
        wanted["due_on"] = computed_due(document.reviewed_on, count, unit)
    told = write_about(document, about_items(about, by)) if about is not None else None
    _write(document, wanted, "changed", by=by, reason=reason, beside={"about": told} if told else {})
    return document


@transaction.atomic
def set_review(address: str, *, by: Caller, version: int | None, count: int | None, unit: str = Unit.MONTH) -> Document:
    """How often it is to be looked at again; None: never, of itself."""
    return change_document(address, by=by, version=version, review_count=count, review_unit=unit)


@transaction.atomic
def mark_reviewed(
    address: str, *, by: Caller, version: int | None, on: dt.date | None = None, text: str = ""
) -> Document:
    """Somebody of the group has read it through, and it holds: the next review is counted from that day.

    It stands from now on, also where its source shows it no more.
    """
    document = find_document(address, by, for_change=True)
    by.require(DocumentPermission.CONFIRM, document)
    check_version(document, version, document.address)
    day = on or timezone.localdate()
    if day > timezone.localdate():
        raise Invalid(_("A review cannot have been made on a day to come."), field="on")
    due = computed_due(day, document.review_count, document.review_unit)
    _write(document, {"reviewed_on": day, "due_on": due, "not_seen_since": None}, "reviewed", by=by, reason=text)
    return document


@transaction.atomic
def set_audiences(address: str, *, by: Caller, version: int | None, audiences: Sequence[str]) -> Document:
    """Who may read it: keys of audiences."""
    document = find_document(address, by, for_change=True)
    by.require(DocumentPermission.MANAGE, document)
    check_version(document, version, document.address)
    told = write_readers(document, audiences_named(audiences))
    _write(document, {}, "readers_set", by=by, beside={"audiences": told} if told else {})
    if told:
        tell_readers_set({*told[0], *told[1]})
    return document


def _write(
    document: Document, wanted: dict[str, Any], verb: str, *, by: Caller, reason: str = "",
    beside: dict[str, tuple[Any, Any]] | None = None,
) -> None:  # fmt: skip
    beside = beside or {}
    before = {name: getattr(document, name) for name in wanted}
    new = {name: value for name, value in wanted.items() if before[name] != value}
    if not new and not beside and verb != "reviewed":
        return
    for name, value in new.items():
        setattr(document, name, value)
    document.version += 1
    document.save(update_fields=[*new, "version"])
    record(
        f"documents.document.{verb}", "document", document.pk, by=by, reason=reason,
        before={name: plain(before[name]) for name in new} | {name: pair[0] for name, pair in beside.items()},
        after={name: plain(value) for name, value in new.items()} | {name: pair[1] for name, pair in beside.items()},
    )  # fmt: skip


def _checked(name: str, value: Any) -> Any:
    if name not in PLAIN:
        raise Invalid(_("A document has no field %(name)s.") % {"name": name}, field=name)
    if name == "language":
        return checked_language(value)
    if name == "sort" and value not in Sort.values:
        raise Invalid(_("There is no such sort of document."), todo=", ".join(Sort.values), field=name)
    if name == "review_unit" and value not in Unit.values:
        raise Invalid(_("There is no such unit."), todo=", ".join(Unit.values), field=name)
    if name == "review_count" and value is not None and not 0 < value <= MOST_COUNT:
        raise Invalid(_("Give a number from 1 to %(most)s.") % {"most": MOST_COUNT}, field=name)
    return value


def checked_language(language: str) -> str:
    """One of the languages of the product. Raises Invalid."""
    if language not in LANGUAGES:
        raise Invalid(_("A document is in Swedish (sv) or English (en)."), field="language")
    return language


def audiences_named(keys: Sequence[str]) -> list[Audience]:
    """The audiences with these keys. Raises Invalid for one that there is not, and for none at all."""
    found = {one.key: one for one in Audience.objects.filter(key__in=list(keys))}
    for key in keys:
        if key not in found:
            raise Invalid(
                _("There is no audience %(key)s.") % {"key": key[:40]}, todo=", ".join(sorted(_known())),
                field="audiences",
            )  # fmt: skip
    if not found:
        raise Invalid(_("A document has readers."), todo=_("Choose at least one audience."), field="audiences")
    return [found[key] for key in sorted(found)]


def _known() -> list[str]:
    return list(Audience.objects.values_list("key", flat=True))


def write_readers(document: Document, audiences: Sequence[Audience]) -> tuple[list[str], list[str]] | None:
    """Set the readers; (keys before, keys now), None where they stay."""
    now = sorted(one.key for one in audiences)
    was = sorted(document.audiences.values_list("key", flat=True))
    if was == now:
        return None
    DocumentAudience.objects.filter(document=document).exclude(audience__in=audiences).delete()
    DocumentAudience.objects.bulk_create(
        DocumentAudience(document=document, audience=one) for one in audiences if one.key not in was
    )
    return was, now


def about_items(references: Sequence[str], by: Caller) -> list[Item]:
    """The items with these references, each once. Raises NotFound, and Invalid for too many."""
    texts = list(dict.fromkeys(text.strip() for text in references if text.strip()))
    if len(texts) > MOST_ABOUT:
        raise Invalid(_("A document is about at most %(most)s items.") % {"most": MOST_ABOUT}, field="about")
    return [find_item(text, by) for text in texts]


def write_about(document: Document, items: Sequence[Item]) -> tuple[list[str], list[str]] | None:
    """Set what the document is for; (references before, references now), None where they stay."""
    was = {row.item_id: row.item.reference for row in document.about.select_related("item")}
    now = {item.pk: item.reference for item in items}
    if was.keys() == now.keys():
        return None
    About.objects.filter(document=document).exclude(item_id__in=now).delete()
    About.objects.bulk_create(About(document=document, item_id=pk) for pk in now if pk not in was)
    return sorted(was.values()), sorted(now.values())
