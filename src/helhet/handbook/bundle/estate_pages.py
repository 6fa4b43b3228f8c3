"""Pages of services and what they stand on, of the groups that answer, of suppliers, and the order of a recovery."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from helhet.estate.models import Dependency, DependencyType, LinkCriticality
from helhet.handbook.bundle.document_pages import json_list
from helhet.handbook.bundle.frames import Frame
from helhet.handbook.bundle.holding import Holding, ItemLine, dependencies, hidden_among, in_portions, item_lines
from helhet.handbook.bundle.placing import Writing
from helhet.handbook.bundle.supplier_pages import delivered_by
from helhet.items.models import Presence
from helhet.rules.recovery import recovery_order

MOST_NEIGHBOURS = 200
MOST_ORDERED = 20_000
PORTION = 200
Side = list[tuple[int, str]]


def write_items(holding: Holding, frame: Frame, writing: Writing) -> None:
    """A page for each service and product, and for each item that a document is for."""
    words, delivered = _type_words(), delivered_by(holding)
    with json_list(writing, "json/items.json") as add:
        for portion in in_portions(holding.items, PORTION):
            sides, more = _sides(portion, words)
            met = {pk for needs, needed in sides.values() for pk, _words in (*needs, *needed)}
            known = named(holding, met)
            for pk in portion:
                item = holding.items[pk]
                needs, needed = ([(known[n], w) for n, w in side if n in known] for side in sides[pk])
                neighbours = [(_("What it needs"), needs, more[pk][0]), (_("What needs it"), needed, more[pk][1])]
                documents = holding.documents_of.get(pk, [])
                group = holding.groups.get(item.group_id or 0)
                text = frame.page(
                    item.page, "item", item=item, group=group, documents=documents, neighbours=neighbours,
                    suppliers=delivered.get(pk, ()),
                )  # fmt: skip
                writing.add(item.page, text)
                add({
                    **item_data(item), "group": group.name if group else None, "description": item.description,
                    "documents": [line.address for line in documents],
                    "needs": [one.reference for one, _words in needs],
                    "needed_by": [one.reference for one, _words in needed],
                })  # fmt: skip


def item_data(item: ItemLine) -> dict[str, Any]:
    """An item as plain values."""
    return {
        "reference": item.reference, "name": item.name, "kind": item.kind, "page": item.page or None,
        "criticality": item.criticality_label or None,
    }  # fmt: skip


def named(holding: Holding, ids: Iterable[int]) -> dict[int, ItemLine]:
    """The items by name; documents of other audiences stay out."""
    outside = {pk for pk in ids if pk not in holding.items}
    outside -= hidden_among(holding, outside)
    known = {line.pk: line for line in item_lines(outside)}
    return {**known, **{pk: holding.items[pk] for pk in ids if pk in holding.items}}


def _sides(portion: list[int], words: dict[str, str]) -> tuple[dict[int, tuple[Side, Side]], dict[int, list[int]]]:
    """By item what it needs and what needs it, with words, and how many more of each there are."""
    sides: dict[int, tuple[Side, Side]] = {pk: ([], []) for pk in portion}
    more = {pk: [0, 0] for pk in portion}
    for link in dependencies(portion):
        label = words.get(link.type, link.type)
        if link.criticality in LinkCriticality.values:
            label = f"{label}, {LinkCriticality(link.criticality).label}"
        for at, (own, other) in enumerate(((link.from_item_id, link.to_item_id), (link.to_item_id, link.from_item_id))):
            if own not in sides:
                continue
            if len(sides[own][at]) < MOST_NEIGHBOURS:
                sides[own][at].append((other, label))
            else:
                more[own][at] += 1
    return sides, more


def _type_words() -> dict[str, str]:
    is_english = get_language() == "en"
    return {one.key: one.name_en if is_english else one.name_sv for one in DependencyType.objects.all()}


def write_recovery(holding: Holding, frame: Frame, writing: Writing) -> None:
    """The stages, over the services and everything beneath them while that is not too much to read."""
    found, pairs, is_narrow = _beneath(holding)
    known = named(holding, found)
    order = sorted(known.values(), key=lambda item: (-item.criticality, item.name_key, item.pk))
    tied = {pk for pair in pairs for pk in pair}
    stages = recovery_order([item.pk for item in order if item.pk in tied and item.is_recovered], pairs)
    told = [(at, [[known[pk] for pk in unit] for unit in stage]) for at, stage in enumerate(stages, 1)]
    circles = sum(len(unit) > 1 for _at, units in told for unit in units)
    writing.add(
        "recovery.html",
        frame.page("recovery.html", "recovery", stages=told, is_narrow=is_narrow, circles=circles),
    )
    with json_list(writing, "json/recovery.json") as add:
        for at, units in told:
            add({"stage": at, "units": [[item_data(item) for item in unit] for unit in units]})


def _beneath(holding: Holding) -> tuple[set[int], list[tuple[int, int]], bool]:
    """All that the items with pages need, the pairs, and whether it was cut off because it is too much."""
    found, wave = set(holding.items), set(holding.items)
    pairs: list[tuple[int, int]] = []
    while wave:
        fresh = list(_needs(wave))
        pairs += fresh
        wave = {other for _one, other in fresh} - found
        found |= wave
        if len(found) > MOST_ORDERED + len(holding.items):
            own = holding.items.keys()
            return set(own), [(one, other) for one, other in pairs if one in own and other in own], True
    return found, pairs, False


def _needs(ids: Iterable[int]) -> Iterator[tuple[int, int]]:
    for portion in in_portions(ids):
        yield from Dependency.objects.filter(
            from_item_id__in=portion, to_item__presence=Presence.HERE
        ).values_list("from_item_id", "to_item_id").iterator()  # fmt: skip
