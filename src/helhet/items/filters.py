"""The fields by which items are filtered. Rooms above add theirs through the port `items.fields`."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterable
from typing import Any as Anything

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helhet.items.models import Criticality, Family, Item, ItemValue, Source, SourceKey, State, Value, ValueName
from helhet.items.models.kind import every_kind
from helhet.items.text import FOLD_LIMIT, TAG, attribute_name, fold, number_of
from helhet.kit.filters import (
    Context,
    Field,
    Fields,
    Meaning,
    Suggestion,
    compare,
    day_of_value,
    no_comparing,
    only_matching,
    pattern_condition,
    text_condition,
    unknown_value,
)
from helhet.kit.ports import Port
from helhet.rules.days import start_of_day
from helhet.rules.filters import Op, Term
from helhet.rules.filters import Value as Written

more_fields: Port[Callable[[], Iterable[Field]]] = Port("items.fields")
free_text: Port[Callable[[Term, Context], Meaning]] = Port("items.free_text")

SUGGESTIONS = 20
PICKED = 2_000
"""So many values are named one by one; more are asked for by what they are to be like."""


def _ids(condition: Q) -> QuerySet[Item, Anything]:
    return Item.objects.filter(condition).order_by().values_list("id", flat=True)


# ---- kind ------------------------------------------------------------------------------------------------------


def kinds_named(written: Written, *, exact: bool) -> set[int] | None:
    """Ids of the kinds that a value names, by key, family (unless exact) or name; None when there are none such."""
    kinds = list(every_kind().values())
    wanted = "*".join(fold(part) for part in written.parts)
    if written.wildcard:
        from helhet.rules.text import wildcard_match  # noqa: PLC0415 - rarely needed

        parts = tuple(fold(part) for part in written.parts)
        return {kind.pk for kind in kinds if wildcard_match(parts, kind.key)} or None
    if not exact and wanted in Family.values:
        return {kind.pk for kind in kinds if kind.family == wanted}
    named = {
        kind.pk
        for kind in kinds
        if wanted in {kind.key, kind.key.replace("_", " "), fold(kind.name_sv), fold(kind.name_en)}
    }
    return named or ({kind.pk for kind in kinds if kind.family == wanted} or None)


def _kind(term: Term, _context: Context) -> Meaning:
    only_matching(term)
    ids: set[int] = set()
    for value in term.values:
        named = kinds_named(value, exact=term.op == Op.EXACT)
        if named is None:
            raise unknown_value(
                term, value, [*(kind.key for kind in every_kind().values()), *(str(family) for family in Family.values)]
            )
        ids |= named
    condition = Q(kind_id__in=sorted(ids))
    return Meaning(condition, _ids(condition))


def _complete_kind(typed: str, _context: Context) -> Iterable[Suggestion]:
    folded = fold(typed)
    for family in Family:
        if family.value.startswith(folded) or fold(str(family.label)).startswith(folded):
            yield Suggestion(family.value, str(family.label))
    for kind in every_kind().values():
        if kind.key.startswith(folded) or fold(kind.name).startswith(folded):
            yield Suggestion(kind.key, kind.name)


# ---- choices ---------------------------------------------------------------------------------------------------


def _choice(
    column: str, choices: dict[str, int], labels: dict[str, Anything], *, ordered: bool
) -> tuple[Callable[[Term, Context], Meaning], Callable[[str, Context], Iterable[Suggestion]]]:
    def number(term: Term, value: Written) -> int:
        wanted = fold(value.text)
        if value.asks_for_none and "" in choices:
            return choices[""]
        for key, chosen in choices.items():
            if wanted and wanted in {key, fold(str(labels[key]))}:
                return chosen
        raise unknown_value(term, value, [key for key in choices if key])

    def mean(term: Term, _context: Context) -> Meaning:
        numbers = [number(term, value) for value in term.values]
        if term.op in {Op.MATCH, Op.EXACT}:
            condition = Q((f"{column}__in", numbers))
        elif ordered:
            condition = compare(column, term.op, numbers)
            if "" in choices:
                condition &= ~Q((column, choices[""]))
        else:
            raise no_comparing(term)
        return Meaning(condition)

    def complete(typed: str, _context: Context) -> Iterable[Suggestion]:
        folded = fold(typed)
        return [
            Suggestion(key or "none", str(labels[key]))
            for key in choices
            if (key or "none").startswith(folded) or fold(str(labels[key])).startswith(folded)
        ]

    return mean, complete


# ---- text, references, days ------------------------------------------------------------------------------------


def _name(term: Term, _context: Context) -> Meaning:
    condition = text_condition("name_fold", term)
    return Meaning(condition, _ids(condition))


def reference_parts(text: str) -> tuple[str, int] | None:
    """Prefix and number of one reference such as `SRV-12` (whatever its case), None when it cannot be one."""
    prefix, dash, number = text.strip().upper().rpartition("-")
    if not dash or not prefix or not number.isascii() or not number.isdigit() or len(number) > 15:
        return None
    return prefix, int(number)


def reference_condition(text: str) -> Q | None:
    """The condition for one reference, None when it cannot be one."""
    return Q(prefix=parts[0], number=parts[1]) if (parts := reference_parts(text)) else None


def _reference(term: Term, _context: Context) -> Meaning:
    only_matching(term)
    condition = Q(pk__in=())
    for value in term.values:
        one = reference_condition(value.text)
        if one is None and value.wildcard and value.parts[1:] == ("",):
            one = Q(prefix=value.parts[0].upper().rstrip("-"))
        if one is None:
            one = keyed_condition(value.text) or Q(pk__in=())
        condition |= one
    return Meaning(condition, _ids(condition))


def keyed_condition(text: str) -> Q | None:
    """The condition for `source:key`, None when the text is not of that form."""
    source, colon, key = text.partition(":")
    if not colon or not key or "\x00" in text:
        return None
    return Q(pk__in=SourceKey.objects.filter(source__name=source, key=key).values("item_id"))


def _source(term: Term, _context: Context) -> Meaning:
    only_matching(term)
    condition = Q()
    for value in term.values:
        if value.asks_for_none:
            condition |= ~Q(Exists(SourceKey.objects.filter(item_id=OuterRef("pk"))))
            continue
        name, colon, key = value.text.partition(":")
        sources = Source.objects.filter(_source_named(name))
        if not sources.exists():
            raise unknown_value(term, value, Source.objects.values_list("name", flat=True))
        keys = SourceKey.objects.filter(source__in=list(sources), item_id=OuterRef("pk"))
        condition |= Q(Exists(keys.filter(key=key) if colon else keys))
    return Meaning(condition)


def _source_named(name: str) -> Q:
    return Q(name__iexact=name)


def _complete_source(typed: str, _context: Context) -> Iterable[Suggestion]:
    for name in Source.objects.values_list("name", flat=True):
        if fold(name).startswith(fold(typed)):
            yield Suggestion(name)


def _seen(term: Term, _context: Context) -> Meaning:
    only_matching(term)
    vanished = SourceKey.objects.vanished()
    condition = Q()
    for value in term.values:
        if fold(value.text) in {"no", "nej"}:
            condition |= Q(Exists(vanished.filter(item_id=OuterRef("pk"))))
        elif fold(value.text) in {"yes", "ja"}:
            condition |= ~Q(Exists(vanished.filter(item_id=OuterRef("pk"))))
        else:
            raise unknown_value(term, value, ["yes", "no"])
    no_only = len(term.values) == 1 and fold(term.values[0].text) in {"no", "nej"}
    return Meaning(condition, vanished.order_by().values_list("item_id", flat=True) if no_only else None)


def day_condition(column: str) -> Callable[[Term, Context], Meaning]:
    """A field over a column of instants, asked by local days."""

    def mean(term: Term, context: Context) -> Meaning:
        zone = timezone.get_default_timezone()
        days = [day_of_value(value, context) for value in term.values]
        starts = [start_of_day(day, zone) for day in days]
        ends = [start_of_day(day + dt.timedelta(days=1), zone) for day in days]
        if term.op in {Op.MATCH, Op.EXACT}:
            condition = Q()
            for start, end in zip(starts, ends, strict=True):
                condition |= Q((f"{column}__gte", start), (f"{column}__lt", end))
        elif term.op == Op.RANGE:
            condition = Q((f"{column}__gte", starts[0]), (f"{column}__lt", ends[1]))
        elif term.op == Op.LT:
            condition = Q((f"{column}__lt", starts[0]))
        elif term.op == Op.LE:
            condition = Q((f"{column}__lt", ends[0]))
        elif term.op == Op.GT:
            condition = Q((f"{column}__gte", ends[0]))
        else:
            condition = Q((f"{column}__gte", starts[0]))
        return Meaning(condition, _ids(condition) if column == "updated_at" else None)

    return mean


def _part_of(term: Term, _context: Context) -> Meaning:
    only_matching(term)
    condition = Q()
    for value in term.values:
        if value.asks_for_none:
            condition |= Q(part_of__isnull=True)
            continue
        named = reference_condition(value.text) or keyed_condition(value.text)
        wholes = Item.objects.filter(named if named is not None else pattern_condition("name_fold", value))
        condition |= Q(part_of__in=list(wholes.values_list("id", flat=True)[:1_000]))
    return Meaning(condition, _ids(condition) if not condition.negated else None)


# ---- attributes and tags ---------------------------------------------------------------------------------------


def value_condition(name: str) -> Callable[[Term, Context], Meaning]:
    """A field over the attribute with this name (lower case), or over tags."""

    def mean(term: Term, _context: Context) -> Meaning:
        values = Value.objects.filter(name__name=name)
        wanted = Q(pk__in=())
        nothing = False
        if term.op in {Op.MATCH, Op.EXACT}:
            for value in term.values:
                if value.asks_for_none:
                    nothing = True
                else:
                    wanted |= pattern_condition("fold", _clipped(value), exact=term.op == Op.EXACT)
        else:
            wanted = _compared_values(term)
        condition = Q()
        ids = None
        if not nothing or len(term.values) > 1:
            chosen = values.filter(wanted).values("id")
            known = list(chosen.values_list("id", flat=True).order_by()[: PICKED + 1])
            picked: Anything = known if len(known) <= PICKED else Subquery(chosen)
            of_item = ItemValue.objects.filter(item_id=OuterRef("pk"))
            if len(known) == 1:
                of_item = of_item.filter(value_id=known[0])
            else:
                # A sum, which no index knows: an item's few values are held against the list, not each of the list
                # looked for among all items.
                of_item = of_item.alias(plain=F("value_id") + 0).filter(plain__in=picked)
            condition |= Q(Exists(of_item))
            ids = ItemValue.objects.filter(value_id__in=picked).order_by().values_list("item_id", flat=True)
        if nothing:
            condition |= ~Q(Exists(ItemValue.objects.filter(item_id=OuterRef("pk"), value__name__name=name)))
            ids = None
        return Meaning(condition, ids)

    return mean


def _clipped(value: Written) -> Written:
    return value if len(value.text) <= FOLD_LIMIT else Written(tuple(part[:FOLD_LIMIT] for part in value.parts))


def _compared_values(term: Term) -> Q:
    numbers = [number_of(value.text) for value in term.values]
    if all(number is not None for number in numbers):
        return compare("number", term.op, numbers)
    return compare("fold", term.op, [fold(value.text)[:FOLD_LIMIT] for value in term.values])


def _complete_value(name: str) -> Callable[[str, Context], Iterable[Suggestion]]:
    def complete(typed: str, _context: Context) -> Iterable[Suggestion]:
        folded = fold(typed)
        found = Value.objects.filter(name__name=name)
        if folded:
            found = found.filter(fold__gte=folded, fold__lt=folded + "\U0010ffff")
        return [Suggestion(value.text) for value in found.order_by("fold")[:SUGGESTIONS]]

    return complete


def attribute_field(name: str) -> Field | None:
    """The field for an attribute that some item has or some kind declares; `attr.NAME` reaches one whose name is
    also that of a field.
    """
    wanted = attribute_name(name.removeprefix("attr."))
    if not wanted:
        return None
    label = ValueName.objects.filter(name=wanted).values_list("label", flat=True).first()
    if label is None:
        declared = any(wanted == attribute_name(one) for kind in every_kind().values() for one in kind.attributes)
        if not declared:
            return None
    return Field(wanted, label or wanted, value_condition(wanted), _complete_value(wanted))


# ---- free text -------------------------------------------------------------------------------------------------


def _free(term: Term, context: Context) -> Meaning:
    for answer in free_text:
        return answer(term, context)
    condition = Q(name_fold__contains=fold(term.values[0].text))
    return Meaning(condition)


# ---- all of them -----------------------------------------------------------------------------------------------

_state, _complete_state = _choice(
    "state", {state.key: state.value for state in State}, {state.key: state.label for state in State}, ordered=True
)
_criticality, _complete_criticality = _choice(
    "criticality",
    {one.key: one.value for one in Criticality},
    {one.key: one.label for one in Criticality},
    ordered=True,
)

OWN = (
    Field("kind", _("Kind"), _kind, _complete_kind, ("typ",)),
    Field("state", _("State"), _state, _complete_state, ("tillstånd",)),
    Field("criticality", _("Criticality"), _criticality, _complete_criticality, ("kritikalitet",)),
    Field("name", _("Name"), _name, None, ("namn",)),
    Field("id", _("Reference"), _reference, None, ("reference", "referens", "key")),
    Field("source", _("Source"), _source, _complete_source, ("källa",)),
    Field(
        "seen",
        _("Seen by its source"),
        _seen,
        lambda _t, _c: [Suggestion("yes"), Suggestion("no")],
        ("sedd",),
        {"yes": _("yes"), "no": _("no")},
    ),
    Field("updated", _("Updated"), day_condition("updated_at"), None, ("ändrad",)),
    Field("created", _("Created"), day_condition("created_at"), None, ("skapad",)),
    Field("part_of", _("Part of"), _part_of, None, ("del_av",)),
    Field(TAG, _("Tag"), value_condition(TAG), _complete_value(TAG), ("tags", "etikett")),
)


@functools.cache
def item_fields() -> Fields:
    """All fields of items: those of this room, those of rooms above, and every attribute."""
    declared = [*OWN, *(field for fields in more_fields for field in fields())]
    return Fields(declared, _free, attribute_field)


def item_named(text: str) -> Q | None:
    """The condition for one item named by its reference or by `source:key`; None when the text is neither."""
    return reference_condition(text) or keyed_condition(text)


__all__ = [
    "attribute_field",
    "day_condition",
    "free_text",
    "item_fields",
    "item_named",
    "keyed_condition",
    "more_fields",
    "reference_condition",
    "reference_parts",
    "value_condition",
]
