"""`helhet handbook`: how complete service documentation is, and what is missing. `helhet service`: that of one service,
and whether operations can run it from what is written.
"""

from __future__ import annotations

import argparse

from django.utils.translation import gettext as _

from helhet.documents.telling import told_change
from helhet.handbook.completeness import gap_data, handbook, service_data, whole_data
from helhet.handbook.documenting import documentation_data
from helhet.handbook.finding import find_service
from helhet.handbook.ready import answer_of
from helhet.handbook.service_page import parts_of
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


class ServiceCommand:
    """`helhet service REF`."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Which one."""
        parser.add_argument("reference", help="a service or product: SRV-12, or source:key")

    def run(self, args: argparse.Namespace, out: Output) -> int:
        """Its parts with their states and why they are doubted; then whether it can be run, and what speaks against."""
        caller = the_system(_("command line"))
        item = find_service(args.reference, caller)
        if out.as_json:
            out.json(documentation_data(item, caller))
            return DONE
        out.line(f"{item.reference}  {item.name}")
        for part in parts_of(item, caller):
            why = part.ruled_out.reason if part.ruled_out else ""
            out.line(f"  {state_label(part.state):<16} {part.label}" + (f": {why}" if why else ""))
            for doubt in part.doubts:
                out.line(f"    ! {told_change(doubt)}")
        answer = answer_of(item, caller)
        out.line(answer.says)
        for because in answer.because:
            out.line(f"  - {because}")
        for one in answer.contradictions:
            out.line(f"  - {_('Contradicted by operations')}: {one.text} ({one.by})")
        return DONE
