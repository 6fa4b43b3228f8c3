"""The columns that a list of items can show, each with what it sorts by."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helhet.estate.rows import Row
from helhet.items.models import Criticality, Kind, State, ValueName
from helhet.items.text import TAG, attribute_name
from helhet.kit import spoken
from helhet.kit.parts import Column, LineCell

ATTRIBUTE = "attr."
ATTRIBUTES_OFFERED = 40
DEFAULT = ("group", "kind", "state", "criticality", "updated")


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column by its name in the address. `sort` is a name of the list's sorts, empty where it has none."""

    name: str
    label: Any
    sort: str
    wide_only: bool = True


OWN = (
    ListColumn("id", gettext_lazy("Reference"), "id"),
    ListColumn("group", gettext_lazy("Responsible group"), "group", wide_only=False),
    ListColumn("kind", gettext_lazy("Kind"), "kind"),
    ListColumn("state", gettext_lazy("State"), "state", wide_only=False),
    ListColumn("criticality", gettext_lazy("Criticality"), "criticality"),
    ListColumn("part_of", gettext_lazy("Part of"), "part_of"),
    ListColumn("tags", gettext_lazy("Tags"), ""),
    ListColumn("updated", gettext_lazy("Updated"), "updated"),
)
_BY_NAME = {column.name: column for column in OWN}


def offered(kinds: Sequence[Kind]) -> list[ListColumn]:
    """Every column that can be chosen: the items' own, and the attributes that kinds declare or items have."""
    labels: dict[str, str] = {}
    for kind in kinds:
        for name in kind.attributes:
            labels.setdefault(attribute_name(name), name)
    for name, label in (
        ValueName.objects.exclude(name=TAG).order_by("id").values_list("name", "label")[:ATTRIBUTES_OFFERED]
    ):
        labels.setdefault(name, label)
    found = sorted(labels.items(), key=lambda pair: pair[1].lower())
    return [*OWN, *(ListColumn(f"{ATTRIBUTE}{name}", label, f"{ATTRIBUTE}{name}") for name, label in found)]


def chosen(names: Sequence[str], known: Sequence[ListColumn]) -> list[ListColumn]:
    """The columns to show, in the order of the choice; those of DEFAULT when none is named. Unknown names are left
    out, since a saved view may name an attribute that nothing has any longer.
    """
    by_name = {column.name: column for column in known}
    picked = [by_name[name] for name in dict.fromkeys(names) if name in by_name]
    return picked or [_BY_NAME[name] for name in DEFAULT]


def head(shown: Sequence[ListColumn], known: Sequence[ListColumn], sort: str, address: Any) -> list[Column]:
    """The head of the table: the item first. `address(sort)` gives the list's address sorted so."""
    current, descending = sort.lstrip("-"), sort.startswith("-")

    def one(name: str, label: str, by: str, *, wide_only: bool, is_shown: bool) -> Column:
        here = bool(by) and by == current
        order = ("descending" if descending else "ascending") if here else ""
        turned = f"-{by}" if here and not descending else by
        return Column(name, label, address(turned) if by else "", order, wide_only=wide_only, shown=is_shown)

    columns = [one("item", str(_("Item")), "name", wide_only=False, is_shown=True)]
    names = {column.name for column in shown}
    columns += [
        one(column.name, str(column.label), column.sort, wide_only=column.wide_only, is_shown=column.name in names)
        for column in [*shown, *(other for other in known if other.name not in names)]
    ]
    return columns


Filler = Callable[[Row], LineCell]


def fillers(shown: Sequence[ListColumn]) -> list[Filler]:
    """For each column what makes its cell of a row. They are made anew for each page: in one page many rows say the
    same, and saying it in the reader's language costs more than remembering it.
    """
    return [_filler(column) for column in shown]


def _filler(column: ListColumn) -> Filler:
    css = "hh-only-wide" if column.wide_only else ""
    if column.name == "group":
        return _group_filler()
    if column.name.startswith(ATTRIBUTE):
        name = column.name.removeprefix(ATTRIBUTE)
        return lambda row: LineCell(attribute_text(row, name), css=css)
    what, text = _SAYS[column.name]
    css = f"hh-nb {css}" if column.name == "updated" else css
    known: dict[Any, LineCell] = {}

    def fill(row: Row) -> LineCell:
        same = what(row)
        if same not in known:
            known[same] = LineCell(text(row), css=css)
        return known[same]

    return fill


def _group_filler() -> Filler:
    without, none = LineCell(str(_("without group")), mark="over", css="g"), LineCell("–", css="hh-group g")

    def fill(row: Row) -> LineCell:
        if row.group:
            return LineCell(row.group.name, css="hh-group g")
        return without if row.item.kind.must_be_owned and row.item.state != State.RETIRED else none

    return fill


# By column: rows for which the first is equal say the second alike.
_SAYS: dict[str, tuple[Callable[[Row], Any], Callable[[Row], str]]] = {
    "id": (lambda row: row.item.pk, lambda row: row.item.reference),
    "kind": (lambda row: row.item.kind_id, lambda row: row.item.kind.name),
    "state": (lambda row: row.item.state, lambda row: str(State(row.item.state).label)),
    "criticality": (
        lambda row: row.item.criticality,
        lambda row: str(Criticality(row.item.criticality).label) if row.item.criticality else "–",
    ),
    "part_of": (lambda row: row.item.part_of_id, lambda row: row.whole.name if row.whole else "–"),
    "tags": (lambda row: tuple(row.item.tags), lambda row: ", ".join(row.item.tags) or "–"),
    "updated": (
        lambda row: row.item.updated_at.replace(second=0, microsecond=0),
        lambda row: spoken.day(row.item.updated_at, "short"),
    ),
}


def attribute_text(row: Row, name: str) -> str:
    """The value of the attribute with this folded name, as people read it."""
    for label, value in row.item.attributes.items():
        if attribute_name(label) == name:
            return value_text(value)
    return "–"


A_DAY = re.compile(r"[12]\d{3}-[01]\d-[0-3]\d")


def value_text(value: Any) -> str:
    """An attribute's value as people read it. Whole numbers stay as they are: they may be years, ports or versions."""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, float):
        return spoken.number(value)
    if isinstance(value, list):
        return ", ".join(value_text(one) for one in value)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {value_text(one)}" for name, one in value.items())
    return _plain_text("" if value is None else str(value))


def _plain_text(value: str) -> str:
    """A day in words, a dash for nothing; what only looks like a day stays as it is."""
    if not A_DAY.fullmatch(value):
        return value or spoken.NOTHING
    try:
        return spoken.day(dt.date.fromisoformat(value), "full")
    except ValueError:
        return value
