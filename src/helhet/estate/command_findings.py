"""`helhet findings`: what does not hold together among the dependencies."""

from __future__ import annotations

import argparse

from django.utils.translation import gettext as _

from helhet.estate.link_findings import Asked, finding_data, findings, group_asked, page_of, total
from helhet.kit.command import DONE, Output
from helhet.kit.rights import the_system

SHOWN = 100
ALL = 1_000_000


class FindingsCommand:
    """`helhet findings`."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Which of them."""
        parser.add_argument("--sort", default="", metavar="SORT", help="such as unknown_end, loop or pair")
        parser.add_argument("--source", default="", metavar="NAME", help="of one source")
        parser.add_argument("--group", default="", metavar="REF", help="of the items of one group, or none")

    def run(self, args: argparse.Namespace, out: Output) -> int:
        """Count, and list."""
        caller = the_system(_("command line"))
        asked = Asked(args.sort, args.source, group_asked(args.group, caller))
        found = findings(asked, caller)
        lines = page_of(found, asked, 0, ALL if out.as_json else SHOWN)
        counts = {one.sort: one.count for one in found}
        count = total(found, asked.sort)
        if out.as_json:
            out.json({"count": count, "counts": counts, "items": [finding_data(line) for line in lines]})
            return DONE
        for one in found:
            out.line(f"{one.count:>7}  {one.label} ({one.sort})")
        for line in lines:
            ends = [
                str(item or text) for item, text in ((line.from_item, line.from_text), (line.to_item, line.to_text))
            ]
            source = f"  [{line.source} {line.place}]" if line.source else ""
            out.line(f"{line.label}: {' → '.join(filter(None, ends))}{source}")
            out.line(f"    {line.words} {line.step}.")
        if count > len(lines):
            out.line(_("The first %(shown)d of %(count)d; --json gives all.") % {"shown": SHOWN, "count": count})
        return DONE
