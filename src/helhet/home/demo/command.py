"""`helhet demo`."""

from __future__ import annotations

import argparse

from helhet.home.demo.make import make_demo
from helhet.home.figures import keep
from helhet.home.ports import demo_made
from helhet.kit.command import DONE, Output
from helhet.kit.engines import engine


class DemoCommand:
    """Fills the store with the demonstration organisation."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Whether other things may be there."""
        parser.add_argument("--add", action="store_true", help="put it beside what is in the register already")

    def run(self, args: argparse.Namespace, out: Output) -> int:
        """Make it and say what came."""
        with out.progress(title="Vinterhamn") as bar:

            def tell(done: int, total: int) -> None:
                bar.total = total
                bar.reach(done)

            made = make_demo(add=args.add, tell=tell)
        keep()
        for follow in demo_made:
            follow()
        engine().refresh_statistics()
        out.json(made)
        if not out.as_json:
            out.line(
                f"Vinterhamn is here: {made['items']} items, {made['groups']} groups, {made['persons']} persons, two "
                f"years of history and a year of {made['changes']} changes."
            )
        return DONE
