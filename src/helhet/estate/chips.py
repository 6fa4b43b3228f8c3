"""A filter as people read it: one chip for each condition, each with the list without it; and completion."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _

from helhet.items.filters import item_fields
from helhet.items.models import ValueName
from helhet.items.text import TAG, fold
from helhet.kit.filters import Context, FilterInvalid
from helhet.kit.parts import Choice, FilterChip
from helhet.kit.rights import Caller
from helhet.rules.filters import FilterError, Node, Not, Op, Term, at_cursor, parse, terms, to_text, without

SUGGESTIONS = 12
OFFERED = ("kind", "state", "criticality", "group", "source", "tag")
CHOICES = 30


def chips(text: str, address: Callable[[str], str]) -> list[FilterChip]:
    """One chip for each condition that must hold; none for a text that cannot be read."""
    try:
        node = parse(text)
    except FilterError:
        return []
    return [
        FilterChip(*_words(term), address(to_text(without(node, term))))
        for term in terms(node)
    ]


def _words(node: Node) -> tuple[str, str]:
    if isinstance(node, Not):
        label, value = _words(node.child)
        return _("not %(label)s") % {"label": label[:1].lower() + label[1:]}, value
    if not isinstance(node, Term):
        return _("any of"), to_text(node)
    if node.field is None:
        return _("Text"), node.values[0].text
    known = item_fields().named(node.field)
    label = str(known.label) if known else node.field
    values = ", ".join(_value_words(node.field, value.text) for value in node.values)
    if node.op == Op.RANGE:
        low, high = (value.text for value in node.values)
        return label, _("%(low)s to %(high)s") % {"low": low, "high": high}
    sign = {Op.LT: "<", Op.LE: "≤", Op.GT: ">", Op.GE: "≥"}.get(node.op, "")
    return label, f"{sign} {values}".strip()


def _value_words(field: str, value: str) -> str:
    """The value as people call it, where the field's completion knows it by another name."""
    if value in {"none", "ingen"}:
        return _("none")
    known = item_fields().named(field)
    if known is None or known.complete is None or field.lower() not in {"kind", "typ", "state", "tillstånd",
                                                                       "criticality", "kritikalitet"}:  # fmt: skip
        return value
    for suggestion in known.complete(value, Context(_READER)):
        if fold(suggestion.text) == fold(value):
            return suggestion.label or value
    return value


_READER = Caller()


def choices(text: str, caller: Caller, address: Callable[[str], str]) -> list[Choice]:
    """What the filter menu offers: a few fields, each with its first values."""
    context = Context(caller)
    offered = []
    for name in OFFERED:
        known = item_fields().named(name)
        if known is None or known.complete is None:
            continue
        inner = tuple(
            Choice(suggestion.label or suggestion.text, address(added(text, name, suggestion.text)))
            for suggestion in list(known.complete("", context))[:CHOICES]
        )
        if inner:
            offered.append(Choice(str(known.label), choices=inner))
    return offered


def added(text: str, field: str, value: str) -> str:
    """The filter's text with one more condition."""
    term = f"{field}:{quoted(value)}"
    return f"{text} {term}".strip()


def quoted(value: str) -> str:
    """A value as it is written in a filter, in quotation marks where it needs them."""
    plain = value.replace("-", "").replace("_", "").replace(".", "")
    return value if plain.isalnum() and not value.startswith("-") else '"' + value.replace('"', '\\"') + '"'


def completion(text: str, at: int, caller: Caller) -> dict[str, Any]:
    """What may be written at a place of a filter, in the shape that the filter field asks for."""
    place = at_cursor(text, at)
    found = list(_suggested(place.field, place.prefix if place.field is None else place.value_prefix, caller))
    return {"from": place.start, "to": place.end, "choices": found[:SUGGESTIONS]}


def _suggested(field: str | None, typed: str, caller: Caller) -> Iterable[dict[str, str]]:
    if field is None:
        yield from _fields(typed)
        return
    known = item_fields().named(field)
    if known is None or known.complete is None:
        return
    try:
        for suggestion in known.complete(typed, Context(caller)):
            label = suggestion.label or suggestion.text
            hint = suggestion.text if suggestion.label and suggestion.label != suggestion.text else ""
            yield {"text": quoted(suggestion.text) + " ", "label": label, "hint": hint}
    except FilterInvalid:
        return


def _fields(typed: str) -> Iterable[dict[str, str]]:
    folded = fold(typed)
    for known in item_fields().declared:
        names = (known.name, *known.aliases, fold(str(known.label)))
        if any(name.startswith(folded) for name in names):
            yield {"text": f"{known.name}:", "label": f"{known.name}:", "hint": str(known.label)}
    if folded:
        named = ValueName.objects.filter(name__gte=folded, name__lt=folded + "\U0010ffff").exclude(name=TAG)
        for name, label in named.order_by("name").values_list("name", "label")[:SUGGESTIONS]:
            yield {"text": f"{name}:", "label": f"{name}:", "hint": label}
