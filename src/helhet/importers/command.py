"""`helhet import`: take in a file or folder from a source, in this process."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from helhet.documents.checking import check_all
from helhet.importers.mapping import find_mapping, shipped
from helhet.importers.problems import FileRefused, MappingError, Place
from helhet.importers.reading import ENCODINGS, encoding_named
from helhet.importers.report import as_json, shown
from helhet.importers.runs import Order, Outcome, import_now
from helhet.importers.texts import TEXTS
from helhet.importers.words import of_file, of_mapping
from helhet.kit.command import DONE, FAILED, Output
from helhet.kit.rights import the_system
from helhet.search.indexing import index_all

SHOWN = 20
SOME = 5


class ImportCommand:
    """Take in a file or folder from a source."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """What to take in, from where, and how."""
        parser.add_argument("path", type=Path, metavar="FILE_OR_FOLDER", help="what to take in")
        parser.add_argument("--source", required=True, metavar="NAME", help="the system that it comes from")
        parser.add_argument(
            "--mapping", default="plain", metavar="NAME_OR_FILE",
            help=f"how its records become items: {', '.join(shipped())}, or a file (default: plain)",
        )  # fmt: skip
        parser.add_argument(
            "--on", type=dt.date.fromisoformat, metavar="DATE", help="the day as of which it holds (default: today)"
        )
        parser.add_argument("--partial", action="store_true", help="it is a part: what it lacks has not vanished")
        parser.add_argument(
            "--encoding", metavar="NAME", type=_encoding,
            help=f"what text files are written in that are no UTF-8: {', '.join(ENCODINGS)}",
        )  # fmt: skip
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")

    def run(self, args: argparse.Namespace, out: Output) -> int:
        """Read, compare, apply, tell."""
        try:
            mapping = find_mapping(args.mapping)
            order = Order(
                args.path, args.path.resolve().name, mapping, args.source, args.on, args.partial,
                encoding=args.encoding or "",
            )  # fmt: skip
            with out.progress(None, "import") as bar:
                outcome = import_now(
                    order, by=the_system("helhet import"), is_trial=args.dry_run,
                    progress=lambda done, total: _reach(bar, done, total),
                )  # fmt: skip
        except MappingError as error:
            raise of_mapping(error) from error
        except FileRefused as error:
            raise of_file(error) from error
        if "pages" in mapping.nouns and not args.dry_run:
            _follow()
        return _tell(outcome, out, is_trial=args.dry_run)


def _follow() -> None:
    """Pages are looked for as soon as they are in, also where no worker runs. Items are found by their names at once,
    and their texts are left to the worker: there can be a million.
    """
    index_all()
    check_all()


def _encoding(name: str) -> str:
    try:
        return encoding_named(name)
    except FileRefused as error:
        raise argparse.ArgumentTypeError(f"{error.what} {error.todo}") from error


def _reach(bar: Any, done: int, total: int | None) -> None:
    bar.total = total
    bar.reach(done)


def _tell(outcome: Outcome, out: Output, *, is_trial: bool) -> int:
    refused = [
        {"row": _row(one.place), "file": one.place.where, "noun": one.noun, "key": shown(one.key),
         "reason": reason}
        for one, reason in outcome.refused()
    ]  # fmt: skip
    answer = as_json(
        outcome.report, refused, findings=outcome.findings, dry_run=is_trial, source=outcome.run.source.name,
        run=outcome.run.pk, tied=outcome.tied, untaken=outcome.plan.untaken, skipped=outcome.plan.skipped,
        notices=[{"file": where, "what": _(TEXTS[code])} for where, code in outcome.plan.notices],
    )  # fmt: skip
    out.json(answer)
    if not out.as_json:
        for line in _lines(answer, refused):
            out.line(line)
    taken = sum(outcome.plan.taken.values())
    return DONE if taken or not refused else FAILED


def _row(place: Place) -> int | str:
    """The line as a person sees it, with the place within it where that is not enough."""
    return f"{place.line} {place.part}" if place.part else place.line


def _lines(answer: dict[str, Any], refused: list[dict[str, Any]]) -> list[str]:
    told = "{created} created, {changed} changed, {unchanged} unchanged, {refused_count} refused, {not_seen} not seen"
    told += ", {waiting} waiting for an end" if answer["waiting"] else ""
    lines = [("Would be: " if answer["dry_run"] else "") + told.format(**answer)]
    for noun, counts in answer["by_noun"].items():
        lines.append(f"  {noun}: " + ", ".join(f"{number} {word}" for word, number in counts.items() if number))
    lines += [
        f"  {':'.join(filter(None, (one['file'], str(one['row'] or ''))))} {one['reason']}" for one in refused[:SHOWN]
    ]
    if len(refused) > SHOWN:
        lines.append(f"  ... {len(refused) - SHOWN} more; --json lists them")
    if answer["findings"]:
        lines.append(f"{answer['findings']} findings are open.")
    lines += [f"Nothing took {one}." for one in answer["untaken"]]
    lines += [f"{one['file']}: {one['what']}" for one in answer["notices"]]
    if answer["skipped"]:
        lines.append(f"Passed over {_some(answer['skipped'])}.")
    return lines


def _some(names: list[str]) -> str:
    """The first few of them, and how many there are besides."""
    more = len(names) - SOME
    return ", ".join(names[:SOME]) + (f" and {more} more; --json lists them" if more > 0 else "")
