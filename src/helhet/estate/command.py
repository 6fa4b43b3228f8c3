"""`helhet items FILTER`: the items that a filter finds, for people and for machines."""

from __future__ import annotations

import argparse
import csv
import shutil
import sys
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from helhet.estate import export
from helhet.estate.rows import FIELDS, Row, parts_for, rows_of
from helhet.items.listing import ItemList
from helhet.items.models import Criticality, Item, State
from helhet.kit.command import DONE, Output
from helhet.kit.errors import Invalid
from helhet.kit.rights import the_system

GIVEN = (
    "reference",
    "kind",
    "name",
    "state",
    "criticality",
    "group",
    "attributes",
    "tags",
    "part_of",
    "keys",
    "updated",
)
LIMIT = 100
PORTION = 2_000


class ItemsCommand:
    """`helhet items FILTER`."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Filter, order, fields, how many, and as what."""
        parser.add_argument("filter", nargs="*", help="such as: kind:server env:prod -group:none")
        sorts = "name, id, kind, state, criticality, updated, group, part_of or attr.NAME; --sort=-name turns it"
        parser.add_argument("--sort", default="name", metavar="FIELD", help=sorts)
        parser.add_argument(
            "--fields", default="", metavar="NAMES", help=f"with commas between, of: {', '.join(FIELDS)}"
        )
        parser.add_argument("--limit", type=_limit, default=None, metavar="N",
                            help=f"at most so many; all with --json or --csv, else {LIMIT}")  # fmt: skip
        parser.add_argument(
            "--csv", action="store_true", help="write CSV in the plain layout, which an import takes back"
        )

    def run(self, args: argparse.Namespace, out: Output) -> int:
        """List them."""
        fields = _fields(args.fields)
        listed = ItemList(the_system(_("command line")), " ".join(args.filter), sort=args.sort)
        if args.csv and not out.as_json:
            return _write_csv(listed, args.limit)
        if out.as_json:
            items = [row.as_data(frozenset(fields)) for row in _rows(listed, args.limit, fields)]
            out.json({"count": listed.count(None).number, "items": items})
            return DONE
        rows = _rows(listed, args.limit or LIMIT, fields)
        _print_table(rows, fields if args.fields else (), out)
        total = listed.count(None).number
        out.note(_("%(shown)d of %(total)d items.") % {"shown": len(rows), "total": total})
        return DONE


def _limit(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 15 or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number of items; write it as 100, at least 1")
    return int(text)


def _fields(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    for name in names:
        if name not in FIELDS:
            raise Invalid(
                _("There is no field %(name)s.") % {"name": name},
                todo=_("Known: %(names)s.") % {"names": ", ".join(FIELDS)}, field="fields",
            )  # fmt: skip
    return names or GIVEN


def _rows(listed: ItemList, limit: int | None, fields: Sequence[str]) -> list[Row]:
    parts = parts_for(fields) | {"group"}
    rows: list[Row] = []
    portion: list[Item] = []
    for item in listed.stream(PORTION if limit is None else min(limit, PORTION)):
        portion.append(item)
        full = limit is not None and len(rows) + len(portion) >= limit
        if full or len(portion) == PORTION:
            rows += rows_of(portion, parts)
            portion = []
        if full:
            return rows
    return rows + rows_of(portion, parts)


def _write_csv(listed: ItemList, limit: int | None) -> int:
    writer = csv.writer(sys.stdout)
    attributes = export.attribute_names(listed)
    writer.writerow([export.guarded(name) for name in export.header(attributes)])
    for number, row in enumerate(export.all_rows(listed), start=1):
        writer.writerow([export.as_text(value) for value in export.values(row, attributes)])
        if number == limit:
            break
    return DONE


def _print_table(rows: list[Row], fields: Sequence[str], out: Output) -> None:
    heads: list[str] = list(fields) or [
        str(label)
        for label in (_("Reference"), _("Kind"), _("Name"), _("State"), _("Criticality"), _("Responsible group"))
    ]
    lines = [[_text(row.as_data(frozenset(fields))[name]) for name in fields] if fields else _line(row) for row in rows]
    if not lines:
        out.line(_("No item fits this filter."))
        return
    widths = [max(len(line[place]) for line in [heads, *lines]) for place in range(len(heads))]
    room = shutil.get_terminal_size((120, 24)).columns if sys.stdout.isatty() else 10_000
    for line in [heads, *lines]:
        text = "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        out.line(text if len(text) <= room else f"{text[: room - 1]}…")


def _line(row: Row) -> list[str]:
    item = row.item
    return [
        item.reference, item.kind.name, item.name, str(State(item.state).label),
        str(Criticality(item.criticality).label) if item.criticality else "–", row.group.name if row.group else "–",
    ]  # fmt: skip


def _text(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, dict):
        if set(value) == {"reference", "name"}:
            return str(value["name"])
        return ", ".join(f"{name}={_text(one)}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(_text(one) for one in value)
    return str(value).replace("\n", " ")
