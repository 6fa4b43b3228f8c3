"""`helhet weakest`: what would hurt most."""

from __future__ import annotations

import argparse

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helhet.estate.weak import WeakSort, as_data, lines, look, points, reading_as_data
from helhet.kit.command import DONE, Output
from helhet.kit.rights import the_system

SHOWN = 50


class WeakestCommand:
    """`helhet weakest`."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Which sort."""
        parser.add_argument("--sort", default="", choices=WeakSort.values, help="only those of one sort")

    def run(self, args: argparse.Namespace, out: Output) -> int:
        """Look, keep, and tell."""
        known = look()
        found = points(the_system(_("command line")), args.sort)
        if out.as_json:
            out.json({**reading_as_data(known), "items": [as_data(line) for line in lines(list(found))]})
            return DONE
        out.line(
            _("%(walked)d of %(candidates)d items that something depends on were walked.")
            % {"walked": known.walked, "candidates": known.candidates}
        )
        for line in lines(list(found[:SHOWN])):
            stops = ngettext("stops %(count)d service", "stops %(count)d services", line.point.stops)
            words = [stops % {"count": line.point.stops}, *(str(sort.label) for sort in line.sorts)]
            out.line(f"{line.point.reached:>7}  {line.row.item.reference}  {line.row.item.name}: {'; '.join(words)}")
        return DONE
