"""How the seven parts of many services stand, computed by the database in two questions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, Value, When
from django.db.models.expressions import Combinable
from django.db.models.fields import CharField
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.documents.models import Document, Draft, Sort
from helhet.estate.rows import chunks
from helhet.handbook.models import NotApplicable, Part
from helhet.items.models import Family, Item, Presence
from helhet.rules.service_parts import PartState

PARTS: tuple[str, ...] = tuple(Part.values)
FAMILIES = (Family.SERVICE, Family.PRODUCT)

MARKS = {
    PartState.MISSING: "missing", PartState.DRAFT: "draft", PartState.VALID: "good", PartState.CHECK: "check",
    PartState.NOT_APPLICABLE: "na",
}  # fmt: skip
"""The mark beside the word, so that a state is never told by colour alone."""

CLASSES = {
    PartState.MISSING: "missing", PartState.DRAFT: "draft", PartState.VALID: "valid", PartState.CHECK: "check",
    PartState.NOT_APPLICABLE: "na",
}  # fmt: skip


def state_label(state: str) -> str:
    """The state's word, in the reader's language."""
    return {
        PartState.MISSING: _("Missing"), PartState.DRAFT: _("Draft"), PartState.VALID: _("Valid"),
        PartState.CHECK: _("Check needed"), PartState.NOT_APPLICABLE: _("Not applicable"),
    }[PartState(state)]  # fmt: skip


def is_described(item: Item) -> bool:
    """Whether the item has service documentation: a service or a product that is in the register."""
    return item.kind.family in FAMILIES and item.presence == Presence.HERE


def is_overdue(document: Document, today: dt.date | None = None) -> bool:
    """Whether its day of review has passed."""
    return document.due_on is not None and document.due_on < (today or timezone.localdate())


def is_ended(document: Document, today: dt.date | None = None) -> bool:
    """Whether its last day has passed."""
    return document.valid_to is not None and document.valid_to < (today or timezone.localdate())


def due_condition(today: dt.date) -> Q:
    """A published part whose day of review, or last day, has passed."""
    return Q(due_on__lt=today) | Q(valid_to__lt=today)


def state_expression(today: dt.date) -> Combinable:
    """The state of a document that is a part, without what is ruled out."""
    drafted = Exists(Draft.objects.filter(document=OuterRef("pk")))
    return Case(
        When(
            Q(published__isnull=False) & (Q(is_doubtful=True) | due_condition(today)), then=Value(PartState.CHECK.value)
        ),
        When(published__isnull=False, then=Value(PartState.VALID.value)),
        When(drafted, then=Value(PartState.DRAFT.value)),
        default=Value(PartState.MISSING.value),
        output_field=CharField(),
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """How one part stands: its state, its document if one has begun, and whether a draft waits beside it."""

    state: PartState
    document_id: int | None = None
    has_draft: bool = False


NOTHING_YET = Standing(PartState.MISSING)


def standings(items: Collection[int], today: dt.date | None = None) -> dict[int, dict[str, Standing]]:
    """Each part of each of the items, by item and part."""
    today = today or timezone.localdate()
    found: dict[int, dict[str, Standing]] = {item: dict.fromkeys(PARTS, NOTHING_YET) for item in items}
    for chunk in chunks(list(items)):
        documents = Document.objects.filter(item_id__in=chunk, part__in=PARTS, sort=Sort.DOCUMENTATION).annotate(
            standing=state_expression(today),
            drafted=Case(
                When(Exists(Draft.objects.filter(document=OuterRef("pk"))), then=Value(True)), default=Value(False),
                output_field=BooleanField(),
            ),
        )  # fmt: skip
        for item, part, pk, state, drafted in documents.order_by().values_list(
            "item_id", "part", "pk", "standing", "drafted"
        ):
            found[item][part] = Standing(PartState(state), pk, drafted)
        for item, part in NotApplicable.objects.filter(item_id__in=chunk, part__in=PARTS).values_list(
            "item_id", "part"
        ):
            known = found[item][part]
            found[item][part] = Standing(PartState.NOT_APPLICABLE, known.document_id, known.has_draft)
    return found


def states_of(items: Collection[int], today: dt.date | None = None) -> dict[int, dict[str, PartState]]:
    """The states alone, by item and part."""
    return {item: {part: one.state for part, one in parts.items()} for item, parts in standings(items, today).items()}
