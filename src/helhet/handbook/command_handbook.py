"""`helhet handbook`: how complete service documentation is, and what is missing."""

from __future__ import annotations

import argparse

from django.utils.translation import gettext as _

from helhet.handbook.completeness import gap_data, handbook, service_data, whole_data
from helhet.handbook.shapes import part_label
from helhet.handbook.states import state_label
from helhet.kit.command import DONE, Output
from helhet.kit.rights import the_system
from helhet.kit.spoken import percent

SHOWN = 30


class HandbookCommand:
    """`helhet handbook`."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Which services."""
        parser.add_argument("filter", nargs="*", help="such as: group:GRP-3 kind:product")

    def run(self, args: argparse.Namespace, out: Output) -> int:
        """Completeness by part and group, then the heaviest gaps; with --json all services and gaps."""
        found = handbook(the_system(_("command line")), " ".join(args.filter))
        if out.as_json:
            services = [service_data(one) for one in found.services]
            out.json({**whole_data(found), "items": services, "gap_list": [gap_data(one) for one in found.gaps]})
            return DONE
        out.line(_("%(count)d services, complete to %(share)s") % {
            "count": len(found.services), "share": percent(found.whole.share)
        })  # fmt: skip
        for part, share in found.by_part.items():
            out.line(f"  {percent(share.share, 0):>6}  {part_label(part)}")
        for group, share, count in found.by_group:
            out.line(f"{percent(share.share, 0):>8}  {group.name if group else _('without group')} ({count})")
        for one in found.gaps[:SHOWN]:
            item = one.service.item
            out.line(f"{one.sum:>14}  {item.reference} {item.name}: {part_label(one.gap.part)}, "
                     f"{state_label(one.gap.state).lower()}")  # fmt: skip
        if len(found.gaps) > SHOWN:
            told = {"shown": SHOWN, "count": len(found.gaps)}
            out.line(_("The first %(shown)d of %(count)d; --json gives all.") % told)
        return DONE
