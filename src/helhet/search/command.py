"""`helhet reindex`: the index of the search, made anew from what is stored."""

from __future__ import annotations

import argparse

from django.utils.translation import gettext as _

from helhet.kit.command import DONE, Output
from helhet.search.indexing import rebuild


class ReindexCommand:
    """`helhet reindex`. Nothing but the index is altered; until it is done the search finds less."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """None of its own."""

    def run(self, args: argparse.Namespace, out: Output) -> int:
        """Make it, and tell how many entries it has."""
        del args
        count = rebuild()
        out.json({"entries": count})
        if not out.as_json:
            out.line(_("The search has %(count)d entries.") % {"count": count})
        return DONE
