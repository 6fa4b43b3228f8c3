"""`helhet coverage`: is everything under some group?"""

from __future__ import annotations

import argparse
import datetime as dt

from django.utils.translation import gettext as _

from helhet.groups.models import Group
from helhet.items.models import Kind
from helhet.kit.command import DONE, Output
from helhet.kit.errors import Invalid
from helhet.responsibility.coverage import Coverage, as_data, count


class CoverageCommand:
    """Counts for today, or for the end of a past day as now known."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """The day."""
        parser.add_argument("--as-of", metavar="DATE", help="a past day, as 2026-01-31; today when left out")

    def run(self, args: argparse.Namespace, out: Output) -> int:
        """Count, and tell."""
        coverage = count(day_of(args.as_of), with_sources=True)
        out.json(as_data(coverage))
        if not out.as_json:
            for line in lines(coverage):
                out.line(line)
        return DONE


def day_of(text: str | None) -> dt.date | None:
    """The day that was written, None for none. Raises Invalid."""
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(
            _("%(text)s is not a day.") % {"text": text}, todo=_("Write it as 2026-01-31."), field="as_of"
        ) from error


def lines(coverage: Coverage) -> list[str]:
    """The figures for people."""
    every = coverage.all
    if not every.items:
        return [_("There is nothing to answer for yet.")]
    told = [
        _("%(unowned)d of %(items)d items have no group; %(living)d are under a living group (%(share).1f %%).")
        % {"unowned": every.unowned, "items": every.items, "living": every.living, "share": 100 * every.share}
    ]
    if every.contested:
        told.append(_("%d are claimed by more than one group.") % every.contested)
    if every.dead_owner:
        told.append(_("%d have a group that is closed, or lacks a chair or members.") % every.dead_owner)
    told += [_("Counted are items that are not retired, of kinds that must have a group."), ""]
    told.append(_("By kind, those with a group of all:"))
    kinds = Kind.objects.in_bulk(list(coverage.by_kind))
    for kind_id, counts in sorted(coverage.by_kind.items(), key=lambda pair: kinds[pair[0]].position):
        told.append(f"  {kinds[kind_id].name}: {counts.owned}/{counts.items}")
    groups = Group.objects.select_related("item").in_bulk([pk for pk in coverage.by_group if pk is not None])
    told += ["", _("By group:")]
    for group_id, counts in sorted(coverage.by_group.items(), key=lambda pair: -pair[1].items):
        name = groups[group_id].name if group_id is not None else _("(no group)")
        told.append(f"  {name}: {counts.items}")
    return told
