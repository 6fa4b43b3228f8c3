"""A filter as people read it: one chip for each condition, each with the list without it; and completion."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from helhet.items.filters import item_fields
from helhet.items.models import Criticality, Family, Kind, State, ValueName
from helhet.items.text import TAG, fold
from helhet.kit.filters import Context, FilterInvalid
from helhet.kit.parts import Choice, FilterChip
from helhet.kit.rights import Caller
from helhet.rules.filters import FilterError, Node, Not, Op, Term, at_cursor, parse, terms, to_text, without

SUGGESTIONS = 12
CHOICES = 30


def chips(text: str, address: Callable[[str], str], kinds: Sequence[Kind]) -> list[FilterChip]:
    """One chip for each condition that must hold; none for a text that cannot be read."""
    try:
        node = parse(text)
    except FilterError:
        return []
    words = _known_words(kinds)
    return [FilterChip(*_words(term, words), address(to_text(without(node, term)))) for term in terms(node)]


def _known_words(kinds: Sequence[Kind]) -> dict[tuple[str, str], str]:
    """What people call values that have a key: (field, key) to words."""
    words = {("kind", kind.key): kind.name for kind in kinds}
    words |= {("kind", family.value): str(family.label) for family in Family}
    words |= {("state", state.key): str(state.label) for state in State}
    words |= {("criticality", one.key): str(one.label) for one in Criticality}
    return words


def _words(node: Node, known: dict[tuple[str, str], str]) -> tuple[str, str]:
    if isinstance(node, Not):
        label, value = _words(node.child, known)
        return _("not %(label)s") % {"label": label[:1].lower() + label[1:]}, value
    if not isinstance(node, Term):
        return _("any of"), to_text(node)
    if node.field is None:
        return _("Text"), node.values[0].text
    field = item_fields().declared_named(node.field)
    name = field.name if field else node.field
    label = str(field.label) if field else node.field.removeprefix("attr.")
    if node.op == Op.RANGE:
        low, high = (value.text for value in node.values)
        return label, _("%(low)s to %(high)s") % {"low": low, "high": high}

    def said(text: str) -> str:
        return str(field.words.get(fold(text), text)) if field else text

    values = ", ".join(
        _("none") if value.asks_for_none else known.get((name, fold(value.text))) or said(value.text)
        for value in node.values
    )
    sign = {Op.LT: "<", Op.LE: "≤", Op.GT: ">", Op.GE: "≥"}.get(node.op, "")
    return label, f"{sign} {values}".strip()


def choices(text: str, caller: Caller, address: Callable[[str], str], kinds: Sequence[Kind]) -> list[Choice]:
    """What the filter menu offers: a few fields, each with its first values."""

    def menu(name: str, values: Iterable[tuple[str, str]]) -> Choice:
        field = item_fields().declared_named(name)
        inner = tuple(Choice(label, address(added(text, name, value))) for value, label in values)
        return Choice(str(field.label) if field else name, choices=inner)

    offered = [
        menu("kind", ((kind.key, kind.name) for kind in kinds)),
        menu("state", ((state.key, str(state.label)) for state in State)),
        menu("criticality", ((one.key or "none", str(one.label)) for one in Criticality)),
    ]
    group = item_fields().declared_named("group")
    if group is not None and group.complete is not None:
        found = list(group.complete("", Context(caller)))[:CHOICES]
        values = ((one.text, one.text if one.text not in {"none", "mine"} else one.label) for one in found)
        offered.append(menu("group", values))
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
