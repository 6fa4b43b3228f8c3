"""`helhet changes` and `helhet change`: the list of changes, and one of them with all that belongs to it."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.changes.api.shapes import change_data, row_data
from helhet.changes.api.times import clash_data
from helhet.changes.clashes import clashes_of
from helhet.changes.finding import find_change
from helhet.changes.flow import positions_of, settled
from helhet.changes.listing import fields
from helhet.changes.meeting import window_of
from helhet.changes.models import Change, ChangeState, Order, Position, Stance
from helhet.changes.risks import sentence
from helhet.changes.times import told
from helhet.groups.finding import group_named
from helhet.groups.models import TaskState
from helhet.kit.command import DONE, Output
from helhet.kit.filters import Context
from helhet.kit.rights import Caller, the_system

SHOWN = 100
ONE_DAY = dt.timedelta(days=1)


class ChangesCommand:
    """`helhet changes [FILTER]`."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Filter, state, group and time."""
        parser.add_argument("filter", nargs="*", help="such as: type:emergency item:STO-2 storage")
        parser.add_argument("--state", choices=ChangeState.values, help="only those in this state")
        parser.add_argument("--group", metavar="GROUP", help="only those of this group: a reference or name")
        parser.add_argument(
            "--from", dest="from_on", type=dt.date.fromisoformat, metavar="DATE", help="planned on this day or later"
        )
        parser.add_argument(
            "--to", dest="to_on", type=dt.date.fromisoformat, metavar="DATE", help="planned on this day or before"
        )

    def run(self, args: argparse.Namespace, out: Output) -> int:
        """List them, the newest first."""
        found = _found(args, the_system(_("command line")))
        rows = found.select_related("item__kind", "group__item", "owner").order_by("-pk")
        if out.as_json:
            items = [row_data(one) for one in rows]
            out.json({"count": len(items), "items": items})
            return DONE
        count = found.count()
        for one in rows[:SHOWN]:
            out.line(_line(one))
        out.note(_("%(shown)d of %(total)d changes.") % {"shown": min(count, SHOWN), "total": count})
        return DONE


def _found(args: argparse.Namespace, caller: Caller) -> QuerySet[Change]:
    condition = fields().translate(" ".join(args.filter), Context(caller)).condition
    found = Change.objects.visible_to(caller).filter(condition).distinct()
    if args.state:
        found = found.filter(state=args.state)
    if args.group:
        found = found.filter(group=group_named(args.group, caller))
    zone = timezone.get_current_timezone()
    if args.from_on:
        found = found.filter(ends_at__gt=dt.datetime.combine(args.from_on, dt.time(), zone))
    if args.to_on:
        found = found.filter(starts_at__lt=dt.datetime.combine(args.to_on + ONE_DAY, dt.time(), zone))
    return found


class ChangeCommand:
    """`helhet change REF`."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Which one."""
        parser.add_argument("reference", help="such as CHG-12, or source:key")

    def run(self, args: argparse.Namespace, out: Output) -> int:
        """Tell it."""
        change = find_change(args.reference, the_system(_("command line")))
        clashes = clashes_of(change)
        if out.as_json:
            out.json(change_data(change) | {"clashes": [clash_data(one) for one in clashes]})
            return DONE
        out.line(_line(change))
        for text in (sentence(change), change.purpose):
            if text:
                out.line(text)
        _told(out, _("Alters:"), (str(one.item) for one in change.affected.select_related("item__kind")))
        _told(out, _("Positions:"), map(_position, positions_of(change)))
        _told(out, _("Clashes:"), (f"{one.title}. {one.why}" for one in clashes if not one.is_signed))
        before = Order.objects.filter(after=change).select_related("before__item")
        _told(out, _("Waits for:"), (f"{one.before.reference} {one.before.name}" for one in before))
        _told(out, _("What was learnt:"), change.learnt.splitlines())
        return DONE


def _line(change: Change) -> str:
    time = window_of(change)
    parts = (
        change.reference, change.name, change.type_label, change.state_label,
        change.group.name if change.group else "–", told(time) if time else "–",
    )  # fmt: skip
    return "  ".join(parts)


def _told(out: Output, title: str, lines: Iterable[str]) -> None:
    rows = list(lines)
    if rows:
        out.line(title)
    for row in rows:
        out.line(f"  {row}")


def _position(one: Position) -> str:
    decision = settled(one)
    said = str(Stance(one.stance).label) if one.stance else _("has not answered")
    parts = [f"{one.group.name}: {said}", one.words] + [
        ("[x] " if condition.task.state == TaskState.DONE else "[ ] ") + condition.text
        for condition in one.conditions.all()
    ]
    if decision is not None:
        parts.append(_("goes on by decision") if decision.goes_on else _("stopped by decision"))
    return "  ".join(part for part in parts if part)
