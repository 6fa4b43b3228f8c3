"""`helhet observe FILE --source NAME`: take in what traces or flows have seen."""

from __future__ import annotations

import argparse
from pathlib import Path

from django.utils.translation import gettext as _

from helhet.estate.observing import take_observations
from helhet.kit.command import DONE, Output
from helhet.kit.errors import NotFound
from helhet.kit.rights import the_system


class ObserveCommand:
    """`helhet observe`."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """What, and from where."""
        parser.add_argument("path", type=Path, metavar="FILE", help="a Prometheus answer, metrics as text, or CSV")
        parser.add_argument("--source", required=True, metavar="NAME", help="the system that it comes from")

    def run(self, args: argparse.Namespace, out: Output) -> int:
        """Read, keep, tell."""
        if not args.path.is_file():
            raise NotFound(_("There is no file %(path)s.") % {"path": args.path}, where=str(args.path))
        taken = take_observations(args.path.read_bytes(), args.source, by=the_system("helhet observe"))
        out.json({"edges": taken.edges, "new": taken.new, "unknown": taken.unknown})
        if not out.as_json:
            out.line(f"{taken.edges} edges read, {taken.new} new; {taken.unknown} names unknown.")
        return DONE
