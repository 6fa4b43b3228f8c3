"""What the page of the list shows: sentence, saved views, filter bar, table and pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from helhet.estate.asked import Asked
from helhet.estate.chips import chips, choices
from helhet.estate.columns import chosen, fillers, head, offered
from helhet.estate.ports import list_acts
from helhet.estate.rows import rows_of
from helhet.groups.models import SavedView
from helhet.groups.permissions import GroupPermission
from helhet.items.filters import item_fields
from helhet.items.listing import COUNT_LIMIT, PAGE, ItemList
from helhet.items.measuring import Count
from helhet.items.models import Item, Kind, every_kind
from helhet.items.permissions import ItemPermission
from helhet.kit.errors import Invalid
from helhet.kit.filters import FilterInvalid
from helhet.kit.parts import BulkAct, Choice, Column, FilterBar, Line, Page
from helhet.kit.rights import Caller

VIEWS_SHOWN = 8
MANY = 2_000
"""In a list too long to be counted to its end, figures of the sentence are counted up to here."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the sentence, and the list that it counts."""

    count: Count
    url: str

    def __bool__(self) -> bool:
        """Whether there is anything to say."""
        return self.count.number > 0


def context(asked: Asked, caller: Caller, first: int) -> dict[str, Any]:
    """All of the page. A filter that cannot be read is shown with its error and no rows. `first` is how many rows
    stand on the pages before.
    """
    address = reverse("estate:items")
    kinds = [kind for kind in every_kind().values() if kind.is_listed]
    known = offered(kinds)
    shown = chosen(asked.columns, known)
    saved = list(SavedView.objects.visible_to(caller).filter(listing="items").order_by("name", "id")[:VIEWS_SHOWN])
    error: Invalid | None = None
    listed: ItemList | None = None
    try:
        listed = asked.items(caller)
        page = listed.page(cursor=asked.cursor)
    except Invalid as refusal:
        error, page = refusal, None
    lines: list[Line] = []
    total = Count(0)
    if listed is not None and page is not None:
        needs = {"group", *(["whole"] if any(column.name == "part_of" for column in shown) else [])}
        made = fillers(shown)
        lines = [Line(row.chip, [fill(row) for fill in made]) for row in rows_of(page.items, needs)]
        total = listed.count()
    columns = head(shown, known, asked.sort, lambda sort: address + asked.query(sort=sort))
    return {
        "asked": asked,
        "lines": lines,
        "total": total,
        "error": error,
        "columns": columns,
        "bar": bar(asked, caller, columns, error=error, kinds=kinds, saved=saved),
        "page": _page(asked, page, len(lines), total, first),
        "bulk": bulk_acts(caller),
        "figures": figures(asked, listed if error is None else None, total),
        "is_empty": error is None
        and not lines
        and not asked.text
        and not Item.objects.filter(kind__is_listed=True).exists(),
        "may_create": caller.may(ItemPermission.CREATE),
        "acts": [act for port in list_acts for act in port(caller)],
        "json_url": reverse("estate:export", args=["json"]) + asked.query(),
        "view": next((view for view in saved if view.user_id == caller.user_id and same_list(view, asked)), None),
    }


def unowned_text() -> str:
    """The filter for what must have a group and has none; where no room counts coverage, what has no group."""
    return "coverage:unowned" if item_fields().named("coverage") else "group:none"


def figures(asked: Asked, listed: ItemList | None, total: Count) -> dict[str, Figure]:
    """The sentence's figures: what has no group and what its source no longer shows, each as exactly its list. A
    filtered list too long to be counted to its end has none: counting a part of it would take longer than the list.
    """
    address = reverse("estate:items")

    def figure(term: str) -> Figure:
        assert listed is not None
        return Figure(
            listed.also(term).count(MANY if total.more else COUNT_LIMIT),
            address + asked.query(text=asked.narrowed(term)),
        )

    if listed is None or not total.number or (total.more and asked.text):
        return {}
    return {"unowned": figure(unowned_text()), "vanished": figure("seen:no")}


def bar(
    asked: Asked, caller: Caller, columns: list[Column], *, error: Invalid | None, kinds: list[Kind],
    saved: list[SavedView],
) -> FilterBar:  # fmt: skip
    """The filter bar."""
    address = reverse("estate:items")

    with_text = asked.with_text(address)
    hidden = [(name, value) for name, value in asked.pairs() if name not in {"q", "cursor"}]
    is_filter = isinstance(error, FilterInvalid)
    return FilterBar(
        text=asked.text,
        action=address,
        hidden=hidden,
        chips=chips(asked.text, with_text, kinds),
        add=choices(asked.text, caller, with_text, kinds),
        views=views(asked, saved),
        save_url=reverse("estate:views") + asked.query() if caller.may(GroupPermission.VIEW_SAVE) else "",
        columns=[column for column in columns if column.name != "item"],
        complete_url=address,
        csv_url=reverse("estate:export", args=["csv"]) + asked.query(),
        xlsx_url=reverse("estate:export", args=["xlsx"]) + asked.query(),
        error=str(error) if error else "",
        error_at=error.details.get("at") if error is not None and is_filter else None,
    )


def views(asked: Asked, saved: list[SavedView]) -> list[Choice]:
    """All, what has no group, and the saved views, as tabs."""
    address = reverse("estate:items")
    without = unowned_text()
    tabs = [
        Choice(_("All"), address + Asked(scope=asked.scope).query(), current=not asked.text),
        Choice(_("Without group"), address + Asked(without, asked.scope).query(), current=asked.text == without),
    ]
    for view in saved:
        as_asked = Asked(view.filter, asked.scope, view.sort or "name", tuple(view.columns))
        tabs.append(Choice(view.name, address + as_asked.query(), current=same_list(view, asked)))
    return tabs


def same_list(view: SavedView, asked: Asked) -> bool:
    """Whether this list is what the view keeps."""
    return view.filter == asked.text and (view.sort or "name") == asked.sort and tuple(view.columns) == asked.columns


def bulk_acts(caller: Caller) -> list[BulkAct]:
    """What can be done with chosen rows."""
    acts = []
    if caller.may(GroupPermission.TAKE):
        acts.append(BulkAct(_("Assign a group"), reverse("estate:bulk", args=["group"]), True))
    if caller.may(ItemPermission.CHANGE):
        acts.append(BulkAct(_("Change fields"), reverse("estate:bulk", args=["fields"])))
    return acts


def _page(asked: Asked, page: Any, shown: int, total: Count, first: int) -> Page:
    if page is None or not shown:
        return Page()
    address = reverse("estate:items")

    def place(cursor: str, before: int) -> str:
        return f"{address}{asked.query(cursor=cursor)}&first={before}" if cursor else ""

    start = first if asked.cursor and page.previous else 0
    return Page(
        start + 1, start + shown, total.number, total.more,
        place(page.previous, max(0, start - PAGE)), place(page.next, start + shown),
    )  # fmt: skip
