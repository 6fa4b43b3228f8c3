"""The list of changes: its tabs, its filter and its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext_lazy, pgettext_lazy

from helhet.changes.models import Change, ChangeState, ChangeType, Outcome
from helhet.groups.api.lists import choice, folded
from helhet.groups.api.shapes_groups import group_field
from helhet.groups.models import Person
from helhet.items.filters import reference_condition
from helhet.items.models import Item
from helhet.items.text import fold
from helhet.kit.filters import Context, Field, Fields, Meaning, only_matching
from helhet.rules.filters import Term

GOING_ON = (ChangeState.DRAFT, ChangeState.ASKING, ChangeState.APPROVED, ChangeState.SCHEDULED, ChangeState.UNDER_WAY,
            ChangeState.REVIEW)  # fmt: skip
TABS = {
    "open": gettext_lazy("Going on"),
    "draft": gettext_lazy("Drafts"),
    "asking": gettext_lazy("Asking"),
    "planned": gettext_lazy("Planned"),
    "review": gettext_lazy("In review"),
    "closed": pgettext_lazy("changes", "Closed"),
}
STATES: dict[str, Sequence[str]] = {
    "open": GOING_ON,
    "draft": (ChangeState.DRAFT,),
    "asking": (ChangeState.ASKING,),
    "planned": (ChangeState.APPROVED, ChangeState.SCHEDULED, ChangeState.UNDER_WAY),
    "review": (ChangeState.REVIEW,),
    "closed": (ChangeState.CLOSED,),
}


def fields() -> Fields:
    """What lists of changes are filtered by."""
    return Fields(
        [
            choice("state", "state", ChangeState.values),
            choice("type", "type", ChangeType.values),
            choice("outcome", "outcome", Outcome.values),
            group_field("group", "group"),
            group_field("touches", "positions__group"),
            OWNER,
            Field("person", "person", _of_person),
            Field("item", "item", _altering),
        ],
        _saying,
    )


def _saying(term: Term, _context: Context) -> Meaning:
    """Text without a field: in the name, whatever its case, or in the purpose. Asked of the database, since an import
    of history may bring a hundred thousand changes.
    """
    text = term.values[0].text
    return Meaning(Q(item__name_fold__contains=fold(text)) | Q(purpose__icontains=text))


OWNER = folded("owner", Person.objects.all, "name", to="owner")
TAKES_PART = folded("person", Person.objects.all, "name", to="people__person")


def _of_person(term: Term, context: Context) -> Meaning:
    """Whoever owns the change or takes part in it; `none`: nobody does either."""
    owner, part = OWNER.mean(term, context).condition, TAKES_PART.mean(term, context).condition
    asks_for_none = any(value.asks_for_none for value in term.values)
    return Meaning(owner & part if asks_for_none else owner | part)


def _altering(term: Term, _context: Context) -> Meaning:
    only_matching(term)
    condition = Q(pk__in=())
    for value in term.values:
        named = reference_condition(value.text)
        if value.asks_for_none:
            condition |= Q(affected__isnull=True)
        elif named is not None:
            condition |= Q(affected__item__in=Item.objects.filter(named))
    return Meaning(condition)


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: its key, its label and how many are there."""

    key: str
    label: str
    count: int


def tabs(found: QuerySet[Change]) -> list[Tab]:
    """Each tab with its count, from one question."""
    counts = dict(found.order_by().values_list("state").annotate(number=Count("pk", distinct=True)))
    return [Tab(key, str(TABS[key]), sum(counts.get(str(one), 0) for one in STATES[key])) for key in TABS]


def rows_of(found: QuerySet[Change], key: str) -> Any:
    """The changes of a tab: what comes first on top, what is closed newest first."""
    rows = found.filter(state__in=STATES[key]).select_related("item__kind", "group__item", "owner").distinct()
    if key == "closed":
        return rows.order_by(F("closed_at").desc(nulls_last=True), "-pk")
    return rows.order_by(F("starts_at").asc(nulls_last=True), "-pk")
