"""`helhet day`: what is to be done today and what is late. `helhet alerts`: what monitoring has told, and what has no
routine.
"""

from __future__ import annotations

import argparse

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helhet.groups.finding import group_named
from helhet.kit import spoken
from helhet.kit.command import DONE, Output
from helhet.kit.rights import the_system
from helhet.routines.api.alerts import alert_data
from helhet.routines.api.operation_shapes import handover_data, occurrence_data
from helhet.routines.day_list import ALL, Row, day_list
from helhet.routines.models import Alert

SHOWN = 100


class DayCommand:
    """`helhet day [--group GROUP]`."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Whose."""
        parser.add_argument("--group", metavar="GROUP", default="", help="only its: a reference or name")

    def run(self, args: argparse.Namespace, out: Output) -> int:
        """Late first, then today's, then what may be done ahead, and the notes between shifts of the group."""
        caller = the_system(_("command line"))
        found = day_list(caller, group_named(args.group, caller).reference if args.group else ALL)
        lists = (("late", found.late), ("now", found.now), ("soon", found.soon), ("closed", found.closed))
        if out.as_json:
            told = {name: [occurrence_data(row.occurrence) for row in rows] for name, rows in lists}
            counts = {"late_count": found.late_count, "now_count": found.now_count}
            out.json({"day": found.today, **counts, **told, "notes": [handover_data(one) for one in found.notes]})
            return DONE
        late = ngettext("%(number)s is late", "%(number)s are late", found.late_count)
        now = ngettext("%(number)s is to be done today", "%(number)s are to be done today", found.now_count)
        out.line(
            f"{spoken.day(found.today)}: {late % {'number': spoken.number(found.late_count)}}, "
            f"{now % {'number': spoken.number(found.now_count)}}."
        )
        for label, rows in ((_("Late"), found.late), (_("Today"), found.now), (_("Soon"), found.soon)):
            for row in rows:
                out.line(f"{label}  {_words(row)}")
        for note in found.notes:
            out.line(f"{_('Note')}  {note.by}: {note.text}")
        return DONE


def _words(row: Row) -> str:
    task = row.occurrence.task
    facts = [str(task.item), row.group.name if row.group else _("without group"), *row.faults]
    routine = task.routine.document.item.reference if task.routine is not None else ""
    return f"{spoken.day(row.occurrence.due_on)}  {task.title}  ({', '.join(filter(None, [*facts, routine]))})"


class AlertsCommand:
    """`helhet alerts [--unknown] [--closed]`."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Which."""
        parser.add_argument("--unknown", action="store_true", help="only those that found no routine")
        parser.add_argument("--closed", action="store_true", help="those that are over, not those that are open")

    def run(self, args: argparse.Namespace, out: Output) -> int:
        """List them, the newest first."""
        caller = the_system(_("command line"))
        rows = Alert.objects.visible_to(caller).filter(resolved_at__isnull=not args.closed)
        if args.unknown:
            rows = rows.without_routine()
        rows = rows.select_related("item__kind", "routine__document__item", "run").order_by("-began_at", "-pk")
        count = rows.count()
        if out.as_json:
            out.json({"count": count, "items": [alert_data(one) for one in rows]})
            return DONE
        for one in rows[:SHOWN]:
            item = one.routine.document.item if one.routine is not None else None
            routine = f"{item.reference} {item.name}" if item is not None else _("no routine")
            out.line(f"{spoken.moment(one.began_at)}  {one.name}  {one.item or ''}  →  {routine}")
        out.note(_("%(shown)d of %(total)d alerts.") % {"shown": min(count, SHOWN), "total": count})
        return DONE
