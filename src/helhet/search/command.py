"""`helhet search`: what a text finds, as the page and the API find it. `helhet reindex`: the index of the search, made
anew from what is stored.
"""

from __future__ import annotations

import argparse

from django.utils.translation import gettext as _

from helhet.items.finding import find_item
from helhet.kit.command import DONE, FAILED, Output
from helhet.kit.rights import the_system
from helhet.search.answering import answer_data, checked_limit, nouns_of
from helhet.search.finding import find
from helhet.search.hits import PARTLY, Hit, Standpoint
from helhet.search.indexing import rebuild


class SearchCommand:
    """`helhet search WORDS`. Ends with 1 when nothing is found."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """What is looked for, and where."""
        parser.add_argument("words", nargs="+", help="a symptom, the name of an alert, a service, or any words")
        parser.add_argument("--noun", default="", help="only this: document, item, group, person, task, change ...")
        parser.add_argument("--through", metavar="REF", default="", help="documents about this item come first")
        parser.add_argument("--limit", type=int, default=10, help="at most so many of each noun (10)")

    def run(self, args: argparse.Namespace, out: Output) -> int:
        """Find, and tell each hit with the passage that is met."""
        caller, text = the_system(_("command line")), " ".join(args.words)
        nouns, limit = nouns_of(args.noun), checked_limit(args.limit)
        item = find_item(args.through, caller) if args.through else None
        found = find(text, caller, nouns=nouns, each=limit, seen_from=Standpoint(item.pk if item else None))
        if out.as_json:
            out.json(answer_data(text, found))
            return DONE if found else FAILED
        for one in found:
            out.line(f"{one.label} ({one.count}{'+' if one.more else ''})")
            if one.met == PARTLY:
                out.line("  " + _("None holds all of the words; these hold some."))
            for hit in one.hits:
                for line in _lines(hit):
                    out.line(line)
        if not found:
            out.note(_("Nothing is found."))
        return DONE if found else FAILED


def _lines(hit: Hit) -> list[str]:
    told = [part for part in (hit.kind_label, hit.group_name, hit.state_label) if part]
    first = "  ".join(part for part in (hit.reference, hit.name) if part)
    passage = "".join(f"[{text}]" if match else text for text, match in hit.snippet).strip()
    return [f"  {first}" + (f"  ({', '.join(told)})" if told else ""), *([f"      {passage}"] if passage else [])]


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
