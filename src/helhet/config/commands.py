"""The commands that belong to no room: worker, migrate, createadmin, token, manage."""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import sys

from django.core.management import ManagementUtility

from helhet.accounts import actions
from helhet.accounts.models import TOKEN_LIFE, User
from helhet.config.schedule import TIMETABLE
from helhet.config.store import make_ready
from helhet.documents.following import ask_for_checks
from helhet.kit.command import DONE, Output
from helhet.kit.errors import Invalid, NotFound
from helhet.kit.jobs import worker
from helhet.kit.rights import Scope, the_system
from helhet.search.following import ask_if_behind

COMMAND_LINE = "command line"
LONGEST_DAYS = TOKEN_LIFE.days


class WorkerCommand:
    """`helhet worker`: as many of these may run, on as many hosts, as one likes."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Which queues, and whether to stop when they are empty."""
        parser.add_argument("--queue", action="append", metavar="NAME", help="only this queue; may be given again")
        parser.add_argument("--once", action="store_true", help="stop when no job is ready")

    def run(self, args: argparse.Namespace, out: Output) -> int:
        """Work until told to stop."""
        if args.once:
            done = worker.run(queues=args.queue, once=True, rounds=[ask_if_behind, ask_for_checks])
        else:
            done = worker.run(queues=args.queue, timetable=TIMETABLE, rounds=[ask_if_behind])
        out.json({"done": done})
        if args.once:
            out.note(f"{done} jobs done.")
        return DONE


class MigrateCommand:
    """`helhet migrate`: the other commands do this by themselves; here it can be done alone."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """None of its own."""

    def run(self, args: argparse.Namespace, out: Output) -> int:
        """Migrate when something is pending."""
        del args
        changed = make_ready(out)
        out.json({"changed": changed})
        if not out.as_json:
            out.line("The database is ready." if changed else "The database was up to date already.")
        return DONE


class CreateAdminCommand:
    """`helhet createadmin EMAIL`."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Whom."""
        parser.add_argument("email", metavar="EMAIL", help="the address that the person signs in with")

    def run(self, args: argparse.Namespace, out: Output) -> int:
        """Make the user, or lift an existing one, and print a link that signs in once."""
        link = actions.create_administrator(args.email, by=the_system(COMMAND_LINE))
        out.json({"email": args.email.strip().lower(), "link": link})
        if not out.as_json:
            out.note("This link signs in once; it is not shown again:")
            out.line(link)
        return DONE


class TokenCommand:
    """`helhet token EMAIL`."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Whose, for what, how long."""
        parser.add_argument("email", metavar="EMAIL", help="the user whose rights the token gets")
        parser.add_argument("--name", default="Command line", help="what the token is for")
        parser.add_argument("--scope", action="append", choices=[str(scope) for scope in Scope], help="default: all")
        parser.add_argument(
            "--days", type=int, default=LONGEST_DAYS, help=f"how many days it lasts, at most {LONGEST_DAYS}"
        )

    def run(self, args: argparse.Namespace, out: Output) -> int:
        """Make it and print it; only its hash is stored."""
        user = User.objects.by_email(args.email)
        if user is None:
            raise NotFound(
                f"There is no user with the address {args.email}.", todo="helhet createadmin EMAIL makes one."
            )
        scopes = args.scope or [str(scope) for scope in Scope]
        if not 0 < args.days <= LONGEST_DAYS:
            raise Invalid(
                f"A token cannot last {args.days} days.", todo=f"Give from 1 to {LONGEST_DAYS} days.", field="days"
            )
        life = dt.timedelta(days=args.days)
        token, text = actions.make_token(user, by=the_system(COMMAND_LINE), name=args.name, scopes=scopes, life=life)
        out.json({"email": user.email, "token": text, "scopes": token.scopes, "expires_at": token.expires_at})
        if not out.as_json:
            out.note("This token is not shown again:")
            out.line(text)
        return DONE


class ManageCommand:
    """`helhet manage COMMAND ...`: Django's own commands, for whoever runs the installation."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """All that follows goes to Django."""
        parser.add_argument(
            "rest", nargs=argparse.REMAINDER, metavar="COMMAND ...", help="a command of Django and its arguments"
        )

    def run(self, args: argparse.Namespace, out: Output) -> int:
        """Hand over. Django leaves the program itself when its command fails; with `--json` its words go to standard
        error, and how it ended is told in the object.
        """
        rest = [one for one in args.rest if one != "--json"]
        if not out.as_json:
            ManagementUtility(["helhet manage", *rest]).execute()
            return DONE
        with contextlib.redirect_stdout(sys.stderr):
            try:
                ManagementUtility(["helhet manage", *rest]).execute()
            except SystemExit as ended:
                code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
                message = f"The command ended with the code {code}; what it said stands on standard error."
                out.json({"done": True} if code == 0 else {"error": {"code": "failed", "message": message}})
                return code
        out.json({"done": True})
        return DONE
