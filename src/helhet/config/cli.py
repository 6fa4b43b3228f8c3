"""The command `helhet`. Rooms bring their commands; one is loaded only when it is asked for."""

from __future__ import annotations

import argparse
import datetime as dt
import importlib
import locale
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from helhet import __version__
from helhet.config.environment import faults
from helhet.kit.command import FAILED, WRONG_USE, Command, Output


@dataclass(frozen=True, slots=True)
class Entry:
    """One command: `path` is `module:class`; with `store` the database is made or brought up to date before it runs."""

    name: str
    path: str
    help: str
    store: bool = True


COMMANDS = (
    Entry("serve", "helhet.config.serve:ServeCommand", "serve the pages, with a worker and the timetable", store=False),
    Entry("worker", "helhet.config.commands:WorkerCommand", "do background jobs and keep the timetable"),
    Entry("migrate", "helhet.config.commands:MigrateCommand", "make the database or bring it up to date", store=False),
    Entry(
        "createadmin", "helhet.config.commands:CreateAdminCommand", "make an administrator and print a one-time link"
    ),
    Entry("token", "helhet.config.commands:TokenCommand", "print an API token for a user"),
    Entry("demo", "helhet.home.demo.command:DemoCommand", "fill an empty store with the demonstration organisation"),
    Entry("import", "helhet.importers.command:ImportCommand", "take in a file or folder from a source"),
    Entry("export", "helhet.importers.export:ExportCommand", "write everything out in the plain layout"),
    Entry(
        "coverage", "helhet.responsibility.command:CoverageCommand", "say whether everything is under a living group"
    ),
    Entry("changes", "helhet.changes.command_changes:ChangesCommand", "list the changes that a filter finds"),
    Entry("change", "helhet.changes.command_changes:ChangeCommand", "tell one change with what belongs to it"),
    Entry("change-outcomes", "helhet.changes.command:OutcomesCommand", "say how changes went, by group, kind and item"),
    Entry(
        "documents", "helhet.documents.command:DocumentsCommand", "list documents, and count those past their review"
    ),
    Entry(
        "document", "helhet.documents.command_document:DocumentCommand", "tell one document, or compare two editions"
    ),
    Entry("routines", "helhet.routines.command:RoutinesCommand", "say how a group's routines were used in a month"),
    Entry("routine", "helhet.routines.command:RoutineCommand", "tell one routine with what its runs show"),
    Entry("day", "helhet.routines.command_day:DayCommand", "say what is to be done today, and what is late"),
    Entry("alerts", "helhet.routines.command_day:AlertsCommand", "list alerts, and those without a routine"),
    Entry("handbook", "helhet.handbook.command_handbook:HandbookCommand", "say how complete service documentation is"),
    Entry("service", "helhet.handbook.command_handbook:ServiceCommand", "say whether a service can be run as written"),
    Entry("items", "helhet.estate.command:ItemsCommand", "list the items that a filter finds"),
    Entry("observe", "helhet.estate.command_observe:ObserveCommand", "take in what traces or flows have seen"),
    Entry("findings", "helhet.estate.command_findings:FindingsCommand", "say what does not hold together"),
    Entry("weakest", "helhet.estate.command_weakest:WeakestCommand", "say what would hurt most if it failed"),
    Entry("impact", "helhet.estate.command_impact:ImpactCommand", "say what is hit when items fail, or what they need"),
    Entry("print", "helhet.handbook.command_print:PrintCommand", "print a document or a service as PDF or DOCX"),
    Entry("bundle", "helhet.handbook.command_bundle:BundleCommand", "make the copy that needs no server"),
    Entry(
        "verify-bundle",
        "helhet.handbook.command_bundle:VerifyCommand",
        "say whether such a copy is what was signed",
        store=False,
    ),
    Entry("search", "helhet.search.command:SearchCommand", "find a routine, or anything, by words"),
    Entry("reindex", "helhet.search.command:ReindexCommand", "make the index of the search anew"),
    Entry(
        "check", "helhet.config.check:CheckCommand", "say whether settings, database and storage are sound", store=False
    ),
    Entry("manage", "helhet.config.commands:ManageCommand", "run one of Django's own commands", store=False),
)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is not a day; write it as 2026-01-31") from error


def _whole_number(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number; write it as 90") from error


class _Parser(argparse.ArgumentParser):
    """Tells wrong use as JSON too, when JSON was asked for. Names of options are written whole."""

    as_json = False

    def __init__(self, **more: Any) -> None:
        """As its parent, with plain words for what is no day and no number."""
        super().__init__(**more, allow_abbrev=False)
        self.register("type", dt.date.fromisoformat, _day)
        self.register("type", int, _whole_number)

    def error(self, message: str) -> NoReturn:
        """Say it, and leave with the code for wrong use."""
        if self.as_json:
            Output(as_json=True).json({"error": {"code": "wrong_use", "message": message}})
        self.print_usage(sys.stderr)
        self.exit(WRONG_USE, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 failed or nothing taken, 2 wrong use."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    entry = _entry_of(given)
    out = Output(as_json="--json" in given)
    wrong = faults()
    if wrong:
        message = f"The environment has {len(wrong)} wrong setting(s)."
        return _tell(out, {"code": "settings", "message": message, "faults": wrong}, [message, *wrong])
    try:
        return _run(entry, given[given.index(entry.name) + 1 :], out)
    except KeyboardInterrupt:
        out.note("\nStopped.")
        return 130
    except BrokenPipeError:
        # The reader of our output went away; what Python flushes at its end has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


def _entry_of(given: Sequence[str]) -> Entry:
    """The command asked for. Leaves the program for help, version and wrong use."""
    epilog = "helhet COMMAND --help tells more. Settings come from the environment: see docs/settings.md."
    parser = _Parser(prog="helhet", description="One place for who answers for what.", epilog=epilog)
    parser.as_json = "--json" in given
    parser.add_argument("--version", action="version", version=f"helhet {__version__}")
    commands = parser.add_subparsers(dest="name", metavar="COMMAND", required=True)
    for entry in COMMANDS:
        commands.add_parser(entry.name, help=entry.help, add_help=False)
    known, _rest = parser.parse_known_args(given)
    before = [one for one in given[: given.index(known.name)] if one != "--json"]
    if before:
        parser.error(f"unrecognized arguments: {' '.join(before)}")
    return next(entry for entry in COMMANDS if entry.name == known.name)


def _run(entry: Entry, given: list[str], out: Output) -> int:
    """Set Django up, read the arguments, make the store ready, run. Expected refusals become plain words and 1, or 2
    where it is an argument that is refused.
    """
    try:
        _set_up_django()
    except OSError as error:
        return _tell_system(out, error)
    # Only now, since the modules below need Django's settings.
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError

    from helhet.config.store import make_ready
    from helhet.kit.errors import Refused
    from helhet.kit.words import local_names

    command = _load(entry)
    parser = _Parser(prog=f"helhet {entry.name}", description=entry.help[0].upper() + entry.help[1:] + ".")
    parser.as_json = out.as_json
    parser.add_argument("--json", action="store_true", help="answer with one JSON object on standard output")
    command.add_arguments(parser)
    args = parser.parse_args(given)
    try:
        if entry.store:
            make_ready(out)
            local_names()
        return command.run(args, out)
    except Refused as refused:
        _tell(out, refused.as_dict(), [str(refused.message), str(refused.todo)], where=str(refused.where))
        return WRONG_USE if refused.field and refused.field in vars(args) else FAILED
    except (DatabaseError, ImproperlyConfigured) as error:
        message = " ".join(str(error).split())
        return _tell(out, {"code": "database", "message": message}, [message, "helhet check tells more."])
    except BrokenPipeError:
        raise
    except OSError as error:
        return _tell_system(out, error)


def _tell_system(out: Output, error: OSError) -> int:
    """What the system refused, with the file that it was about."""
    # Only now, since it needs Django's settings where they could be read.
    from helhet.kit.spoken import refusal

    told = refusal(error)
    where = str(error.filename or "")
    return _tell(out, {"code": "system", "message": told, "where": where}, [told], where=where)


def _tell(out: Output, error: dict[str, Any], lines: Sequence[str], where: str = "") -> int:
    """An expected error, for people and for machines."""
    out.note(f"helhet: {where.rstrip(':') + ': ' if where else ''}{lines[0]}")
    for line in lines[1:]:
        if line:
            out.note(f"  {line}")
    if not out.answered:
        out.json({"error": error})
    return FAILED


def _set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helhet.config.settings")
    import django
    from django.utils import translation

    django.setup()
    translation.activate(_language())


def _language() -> str:
    """The language of the terminal where it is one of ours, else that of the installation."""
    from django.conf import settings

    spoken = (locale.getlocale()[0] or os.environ.get("LANG", "")).lower()
    return next((code for code, _ in settings.LANGUAGES if spoken.startswith(code)), settings.LANGUAGE_CODE)


def _load(entry: Entry) -> Command:
    module, _, name = entry.path.partition(":")
    command: Command = getattr(importlib.import_module(module), name)()
    return command


if __name__ == "__main__":
    sys.exit(main())
