"""`helhet documents`: the documents that a filter finds, and how their reviews stand."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helhet.documents.exporting import write_folder
from helhet.documents.figures import Figures, as_data, figures, found, row_data, standing
from helhet.documents.models import Document
from helhet.kit.command import DONE, Output
from helhet.kit.rights import the_system
from helhet.rules.reviewing import State, state_on

SHOWN = 100


class DocumentsCommand:
    """`helhet documents [FILTER]`."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Which, and on which day."""
        parser.add_argument("filter", nargs="*", help="such as: kind:routine source:manual backup")
        parser.add_argument(
            "--as-of", type=dt.date.fromisoformat, metavar="DATE",
            help="judge review dates as if it were this day (default: today)",
        )  # fmt: skip
        parser.add_argument("--out", type=Path, metavar="FOLDER", help="write them there as Markdown with front matter")

    def run(self, args: argparse.Namespace, out: Output) -> int:
        """Count them, and list them by due day."""
        caller, text = the_system(_("command line")), " ".join(args.filter)
        written = write_folder(args.out, caller, text) if args.out else None
        documents = found(caller, text)
        told = figures(documents, args.as_of)
        rows = (
            standing(documents)
            .select_related("item__kind", "published")
            .order_by(F("due_on").asc(nulls_last=True), "pk")
        )
        if out.as_json:
            more = {} if written is None else {"written": written, "path": str(args.out.absolute())}
            out.json(as_data(told) | more | {"items": [row_data(one, told.as_of) for one in rows]})
            return DONE
        for line in sentences(told):
            out.line(line)
        if written is not None:
            pages = ngettext("%(count)d page", "%(count)d pages", written) % {"count": written}
            out.line(_("%(pages)s written to %(folder)s.") % {"pages": pages, "folder": args.out.absolute()})
            return DONE
        for one in rows[:SHOWN]:
            out.line(_line(one, told.as_of))
        out.note(
            _("%(shown)d of %(total)d documents.") % {"shown": min(told.documents, SHOWN), "total": told.documents}
        )
        return DONE


def sentences(told: Figures) -> list[str]:
    """The figures in words, a line each for those that stand and those that do not."""
    parts = [
        ngettext("%(count)d document", "%(count)d documents", told.documents) % {"count": told.documents},
        _("%(count)d with a review date") % {"count": told.with_review_date},
        ngettext("%(count)d overdue on %(day)s", "%(count)d overdue on %(day)s", told.overdue)
        % {"count": told.overdue, "day": told.as_of},
        _("%(count)d to be checked") % {"count": told.check_needed},
    ]
    beside = [
        ngettext("%(count)d withdrawn", "%(count)d withdrawn", told.withdrawn) % {"count": told.withdrawn}
        if told.withdrawn else "",
        _("%(count)d that their source does not show any more") % {"count": told.not_seen} if told.not_seen else "",
    ]  # fmt: skip
    left = ", ".join(filter(None, beside))
    return [", ".join(parts) + ".", *([_("Not counted: %(left)s.") % {"left": left}] if left else [])]


def state_label(state: State) -> str:
    """How a review stands, in words."""
    labels = {
        State.FRESH: _("fresh"), State.SOON: _("due soon"), State.OVERDUE: _("overdue"),
        State.UNKNOWN: _("no review date"),
    }  # fmt: skip
    return labels[state]


def _line(document: Document, day: dt.date) -> str:
    title = document.published.title if document.published else document.item.name
    due = document.due_on.isoformat() if document.due_on else "–"
    told = [document.address, due, state_label(state_on(document.due_on, day)), title]
    return "  ".join(told)
