"""What one item's page shows, gathered in few queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import jsonschema
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from helhet.estate.answering import answering_of
from helhet.estate.columns import value_text
from helhet.estate.dependencies import neighbours
from helhet.estate.forms_dependencies import DependencyForm
from helhet.estate.history import history_of
from helhet.estate.models import Dependency
from helhet.estate.neighbourhood import around
from helhet.estate.permissions import EstatePermission
from helhet.estate.ports import item_panels
from helhet.estate.rows import Row, chip_of, rows_of
from helhet.estate.seen import counts as seen_counts
from helhet.estate.types import type_words
from helhet.items.attachments import files_of
from helhet.items.models import Comment, Criticality, Family, Item, Link, Presence, SourceKey, State
from helhet.items.notes import may_read_notes
from helhet.items.permissions import ItemPermission
from helhet.items.schemas import fault_text
from helhet.kit.parts import Crumb, Panel
from helhet.kit.rights import Caller

PARTS_SHOWN = 50
ROWS_OPEN = 20
"""So many rows of a side of the dependencies stand open; the others are one click away."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One field of the item: its label, its value in words, where it is edited, and what is wrong with it."""

    label: str
    value: str
    edit_url: str = ""
    id: str = ""
    fault: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of the dependencies: a group and the rows under it, each with its type in words; `is_folded` where
    enough stands above already.
    """

    group: str
    rows: list[tuple[Row, Dependency, str]]
    is_folded: bool = False


@dataclass(frozen=True, slots=True)
class Replacing:
    """What can replace one another for the item: how many of them must hold, and what they are."""

    id: int
    least: int
    items: list[Item]


def _ties(item: Item, caller: Caller) -> dict[str, Any]:
    """The links out of the item and into it, to what is here, and how much was seen of its dependencies."""
    out = Link.objects.filter(from_item=item, to_item__presence=Presence.HERE).select_related("to_item__kind")
    into = Link.objects.filter(to_item=item, from_item__presence=Presence.HERE).select_related("from_item__kind")
    return {"links": list(out), "links_in": list(into), "seen": seen_counts(caller, item)}


def context(item: Item, caller: Caller, *, on: dt.date | None = None, before: int = 0) -> dict[str, Any]:
    """All of the page."""
    may_change = caller.may(ItemPermission.CHANGE, item)
    near = neighbours(item)
    replacing = _replacing(near.needs)
    words = type_words()
    needs = _sides((one.to_item, one, words.said(one.type)) for one in near.needs)
    needed_by = _sides((one.from_item, one, words.said(one.type, turned=True)) for one in near.needed_by)
    facts = attributes_of(item, may_change=may_change)
    return {
        "item": item,
        "chip": chip_of(item),
        "crumbs": crumbs(item),
        "state": State(item.state),
        "answering": answering_of(item, caller, on=on),
        "on": on,
        "facts": own_facts(item, may_change=may_change),
        "attributes": facts,
        "faults": [fact for fact in facts if fact.fault],
        "keys": list(SourceKey.objects.filter(item=item).select_related("source").order_by("source__name", "key")),
        "whole": item.part_of,
        "parts": _parts(item),
        "near": near,
        "picture": around(item, near, caller),
        "needs": needs,
        "needed_by": needed_by,
        "replacing": replacing,
        **_ties(item, caller),
        **_notes(item, caller),
        "history": history_of(item, before=before, may_undo=may_change),
        "panels": panels(item, caller),
        "may_change": may_change,
        "may_merge": item.kind.is_listed and caller.may(ItemPermission.MERGE, item),
        "may_link": caller.may(ItemPermission.LINK, item),
        "new_dependency": DependencyForm.new(),
        "may_depend": caller.may(EstatePermission.DEPENDENCY_MANAGE, item),
        "is_wanting": item.kind.must_be_owned and item.state != State.RETIRED,
    }


def _notes(item: Item, caller: Caller) -> dict[str, Any]:
    """What was said and filed, where the caller may read it."""
    if not may_read_notes(item, caller):
        return {"may_read_notes": False}
    return {
        "may_read_notes": True,
        "comments": list(Comment.objects.filter(item=item, removed_at__isnull=True).order_by("-id")[:100]),
        "attachments": list(files_of(item)),
        "may_comment": caller.may(ItemPermission.COMMENT),
        "may_attach": caller.may(ItemPermission.ATTACH, item),
    }


def crumbs(item: Item) -> list[Crumb]:
    """The estate, and the item's family in it."""
    listed = reverse("estate:items")
    family = item.kind.family
    label = str(Family(family).label) if family in Family.values else family
    return [Crumb(_("Estate"), listed), Crumb(label, f"{listed}?{urlencode({'q': f'kind:{family}'})}")]


def panels(item: Item, caller: Caller) -> dict[str, list[Panel]]:
    """The sections of rooms above, by their place."""
    found = sorted((panel for port in item_panels for panel in port(item, caller)), key=lambda panel: panel.order)
    return {place: [panel for panel in found if panel.place == place] for place in ("left", "right", "below")}


def edit_url(item: Item, field: str, name: str = "") -> str:
    """Where one field is edited."""
    url = reverse("estate:field", args=[item.reference, field])
    return f"{url}?{urlencode({'name': name})}" if name else url


def own_facts(item: Item, *, may_change: bool) -> list[Fact]:
    """State, criticality and the other fields that every item has."""
    values = [
        ("state", _("State"), str(State(item.state).label)),
        ("criticality", _("Criticality"), str(Criticality(item.criticality).label)),
        ("tags", _("Tags"), ", ".join(item.tags)),
        ("part_of", _("Part of"), str(item.part_of) if item.part_of else ""),
    ]
    return [
        Fact(label, value, edit_url(item, name) if may_change else "", f"hh-field-{name}")
        for name, label, value in values
    ]


def attributes_of(item: Item, *, may_change: bool) -> list[Fact]:
    """The attributes that the kind declares, in its order, then the others that the item has; each with its fault."""
    faults = faults_of(item)
    declared = item.kind.attributes
    names = [*declared, *sorted((name for name in item.attributes if name not in declared), key=str.lower)]
    return [
        Fact(
            name, value_text(item.attributes[name]) if name in item.attributes else "",
            edit_url(item, "attribute", name) if may_change else "", f"hh-attribute-{place}",
            faults.get(name, ""), str(declared.get(name, {}).get("description", "")),
        )
        for place, name in enumerate(names)
    ]  # fmt: skip


def faults_of(item: Item) -> dict[str, str]:
    """What does not fit the kind's schema, by attribute: required and missing, or of another shape."""
    if not item.kind.schema:
        return {}
    fits = jsonschema.Draft202012Validator(
        item.kind.schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    faults: dict[str, str] = {}
    for error in fits.iter_errors(item.attributes):
        if error.validator == "required":
            for name in error.validator_value:
                if name not in item.attributes:
                    faults.setdefault(name, _("is missing"))
        elif error.absolute_path:
            faults.setdefault(
                str(error.absolute_path[0]), _("does not fit: %(message)s") % {"message": fault_text(error)}
            )
    return faults


def _parts(item: Item) -> dict[str, Any]:
    found = Item.objects.filter(part_of=item, presence=Presence.HERE).select_related("kind").order_by("name_key", "id")
    some = list(found[: PARTS_SHOWN + 1])
    count = len(some) if len(some) <= PARTS_SHOWN else found.count()
    query = urlencode({"q": f"part_of:{item.reference}"})
    return {
        "rows": rows_of(some[:PARTS_SHOWN], ("group",)), "count": count, "url": f"{reverse('estate:items')}?{query}",
    }  # fmt: skip


def _replacing(needs: Iterable[Dependency]) -> list[Replacing]:
    sets: dict[int, list[Dependency]] = {}
    for one in needs:
        if one.redundancy_id is not None:
            sets.setdefault(one.redundancy_id, []).append(one)
    found = []
    for number, members in sorted(sets.items()):
        items = list({one.to_item_id: one.to_item for one in members}.values())
        redundancy = members[0].redundancy
        if redundancy is not None:
            found.append(Replacing(number, redundancy.least_of(len(items)), items))
    return found


def _sides(ends: Iterable[tuple[Item, Dependency, str]]) -> list[Side]:
    pairs = list(ends)
    rows = rows_of([item for item, _one, _said in pairs], ("group",))
    both = [(row, one, said) for row, (_item, one, said) in zip(rows, pairs, strict=True)]

    def group(pair: tuple[Row, Dependency, str]) -> str:
        return pair[0].group.name if pair[0].group else ""

    both.sort(key=lambda pair: (not group(pair), group(pair)))
    sides = []
    for is_folded, some in ((False, both[:ROWS_OPEN]), (True, both[ROWS_OPEN:])):
        sides += [Side(name, list(rows), is_folded) for name, rows in groupby(some, key=group)]
    return sides
