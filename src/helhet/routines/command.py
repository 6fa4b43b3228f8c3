"""`helhet routines`: a month of a group's routines."""

from __future__ import annotations

import argparse

from django.utils.translation import gettext as _

from helhet.groups.finding import group_named
from helhet.kit.command import DONE, Output
from helhet.kit.rights import the_system
from helhet.routines.evidence import month_of, read_month, report_data


class RoutinesCommand:
    """`helhet routines [--group GROUP] [--month MONTH]`."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Whose, and which month."""
        parser.add_argument("--group", metavar="GROUP", default="", help="only its routines: a reference or name")
        parser.add_argument("--month", metavar="MONTH", default="", help="such as 2026-11 (default: this month)")

    def run(self, args: argparse.Namespace, out: Output) -> int:
        """Tell each routine with its figures."""
        caller = the_system(_("command line"))
        report = month_of(caller, read_month(args.month), group_named(args.group, caller) if args.group else None)
        if out.as_json:
            out.json(report_data(report))
            return DONE
        told = _("Routines: %(routines)d. Runs: %(uses)d, failed %(failed)d.") % report.sums
        out.line(told + " " + _("Doubtful: %(doubtful)d. Never used: %(never_used)d.") % report.sums)
        for line in report.lines:
            out.line(f"{line.document.item.reference}  {line.uses}  {line.failed}  {line.document.item.name}")
        return DONE
