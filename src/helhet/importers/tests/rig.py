"""What the tests of importing share: small plain-layout folders and one call that takes them in."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from helhet.importers.mapping import find_mapping, load_mapping
from helhet.importers.runs import Order, Outcome, import_now
from helhet.items.models import Item, SourceKey
from helhet.kit.rights import the_system
from helhet.rules.front_matter import split
from helhet.rules.front_matter import write as write_page

SYSTEM = the_system("test")
Rows = Iterable[Mapping[str, Any]]


def write(folder: Path, **tables: Rows) -> Path:
    """A folder in the plain layout; the columns of a table are those of its rows."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        listed = [dict(row) for row in rows]
        columns = list(dict.fromkeys(column for row in listed for column in row))
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(listed)
    return folder


def take(
    path: Path,
    *,
    source: str = "cmdb",
    mapping: str = "plain",
    on: dt.date | None = None,
    partial: bool = False,
    trial: bool = False,
) -> Outcome:
    """Take a file in as the command does."""
    chosen = load_mapping(mapping) if "\n" in mapping else find_mapping(mapping)
    order = Order(path, path.name, chosen, source, on, partial)
    return import_now(order, by=SYSTEM, is_trial=trial)


def elsewhere(folder: Path) -> Path:
    """The pages of this folder as another Helhet would have let them out."""
    for place in folder.rglob("*.md"):
        page = split(place.read_text(encoding="utf-8"))
        page.facts["helhet"]["home"] = "annat"
        place.write_text(write_page(page.facts, page.text, page.form), encoding="utf-8", newline="\n")
    return folder


def totals(outcome: Outcome) -> tuple[int, int, int, int, int]:
    """Created, changed, unchanged, refused, not seen."""
    counts = outcome.report.counts
    return tuple(
        sum(counts.get(name, {}).values()) for name in ("created", "changed", "unchanged", "refused", "not_seen")
    )  # type: ignore[return-value]


def item(key: str, source: str = "cmdb") -> Item:
    """The item that the source knows by this key."""
    return SourceKey.objects.select_related("item__kind").get(source__name=source, sort=0, key=key).item


def group_of(key: str, source: str = "cmdb") -> str | None:
    """The name of the group that answers for the item now."""
    answer = item(key, source).answers.filter(to_on__isnull=True).first()
    return answer.group.name if answer and answer.group else None
