"""`helhet impact REF...`: what is hit when these fail, or what they need."""

from __future__ import annotations

import argparse

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helhet.estate.impact import DEEPEST, Direction, Impact, impact
from helhet.estate.impact_told import as_data, references_of
from helhet.items.finding import find_item
from helhet.kit.command import DONE, Output
from helhet.kit.rights import the_system
from helhet.rules.reach import Effect

SHOWN = 100


class ImpactCommand:
    """`helhet impact`."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """The items, which way, how far."""
        parser.add_argument("references", nargs="+", metavar="REF", help="such as SRV-12, or source:key")
        parser.add_argument(
            "--direction", default="dependants", choices=Direction.values,
            help="dependants: what is hit (as when left out); needs: what they need",
        )  # fmt: skip
        parser.add_argument("--depth", type=_depth, metavar="N", help="at most so many layers; all when left out")
        parser.add_argument("--with-parts", action="store_true", help="walk from a whole to its parts as well")

    def run(self, args: argparse.Namespace, out: Output) -> int:
        """Walk, and tell."""
        caller = the_system(_("command line"))
        start = [find_item(reference, caller) for reference in args.references]
        found = impact(start, caller, direction=args.direction, depth=args.depth, with_parts=args.with_parts)
        if out.as_json:
            out.json(as_data(found))
            return DONE
        for line in _lines(found):
            out.line(line)
        return DONE


def _depth(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > DEEPEST:
        raise argparse.ArgumentTypeError(f"{text} is not a number of layers; write it as 3, at most {DEEPEST}")
    return int(text)


def _lines(found: Impact) -> list[str]:
    names = ", ".join(str(item) for item in found.start)
    is_hit = found.direction == Direction.DEPENDANTS
    sentence = (
        ngettext("%(count)d item is hit by %(names)s.", "%(count)d items are hit by %(names)s.", found.reached)
        if is_hit
        else ngettext("%(names)s needs %(count)d item.", "%(names)s needs %(count)d items.", found.reached)
    )
    told = [sentence % {"count": found.reached, "names": names}]
    told += [f"  {group.name or _('without group')}: {group.count}" for group in found.groups]
    for row, one in found.hits(0, SHOWN):
        note = f" ({_('degraded')})" if is_hit and one.effect == Effect.DEGRADED else ""
        told.append(f"{one.distance:>3}  {row.item.reference}  {row.item.name}{note}")
    if found.reached > SHOWN:
        told.append(_("The first %(shown)d of %(count)d; --json gives all.") % {"shown": SHOWN, "count": found.reached})
    loops = found.loops()
    references = references_of({pk for loop in loops for pk in loop})
    together = (", ".join(references[pk] for pk in loop) for loop in loops)
    return told + [_("Depend on one another: %(items)s.") % {"items": items} for items in together]
