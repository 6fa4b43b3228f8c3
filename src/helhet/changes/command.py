"""`helhet change-outcomes`: how changes went."""

from __future__ import annotations

import argparse
import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helhet.changes.outcomes import Outcomes, Part, as_data, outcomes
from helhet.groups.finding import group_named
from helhet.kit.command import DONE, Output
from helhet.kit.errors import Invalid
from helhet.kit.rights import the_system
from helhet.kit.spoken import duration, percent

SHOWN = 20


class OutcomesCommand:
    """`helhet change-outcomes`."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Of which time, and of whom."""
        parser.add_argument("--since", metavar="DATE", help="changes that ended on this day or later")
        parser.add_argument("--until", metavar="DATE", help="changes that ended on this day or before")
        parser.add_argument("--group", metavar="GROUP", help="only those of this group: a reference or name")

    def run(self, args: argparse.Namespace, out: Output) -> int:
        """Count, and tell."""
        caller = the_system(_("command line"))
        group = group_named(args.group, caller) if args.group else None
        found = outcomes(caller, since=day_of(args.since, "since"), until=day_of(args.until, "until"), group=group)
        out.json(as_data(found))
        if not out.as_json:
            for line in lines(found):
                out.line(line)
        return DONE


def day_of(text: str | None, field: str) -> dt.date | None:
    """The day that was written, None for none. Raises Invalid."""
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(
            _("%(text)s is not a day.") % {"text": text[:40]}, todo=_("Write it as 2026-01-31."), field=field
        ) from error


def lines(found: Outcomes) -> list[str]:
    """The figures for people."""
    whole = found.whole
    if not whole.count:
        return [_("No change has ended in this time.")]
    facts = {"count": whole.count, "good": percent(whole.success), "undone": percent(whole.undone_share)}
    told = [
        ngettext(
            "%(count)d change ended; %(good)s went well, %(undone)s were taken back for good.",
            "%(count)d changes ended; %(good)s went well, %(undone)s were taken back for good.",
            whole.count,
        )
        % facts,
        _("From submission to end: half within %(median)s, nine out of ten within %(p90)s.")
        % {"median": duration(whole.lead_median, in_days=True), "p90": duration(whole.lead_p90, in_days=True)},
    ]
    for title, parts in ((_("By group:"), found.groups), (_("By kind:"), found.kinds), (_("By item:"), found.items)):
        if parts:
            told += ["", title, *(_line(part) for part in parts[:SHOWN])]
    return told


def _line(part: Part) -> str:
    name = f"{part.key} {part.name}" if part.key not in {"", part.name} else part.name or _("no group")
    return f"  {part.figures.count:7d}  {percent(part.figures.success):>8}  {name}"
