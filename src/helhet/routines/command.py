"""`helhet routines`: a month of a group's routines. `helhet routine`: one with its steps and what its runs show."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helhet.groups.finding import group_named
from helhet.kit import spoken
from helhet.kit.command import DONE, Output
from helhet.kit.rights import the_system
from helhet.routines.api.shapes import routine_data
from helhet.routines.evidence import Evidence, evidence_of, month_of, read_month, report_data
from helhet.routines.finding import find_routine
from helhet.routines.reading import condition_words, proof_words
from helhet.rules.steps import read_steps


class RoutinesCommand:
    """`helhet routines [--group GROUP] [--month MONTH]`."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Whose, and which month."""
        parser.add_argument("--group", metavar="GROUP", default="", help="only its routines: a reference or name")
        parser.add_argument("--month", metavar="MONTH", default="", help="such as 2026-11 (default: this month)")

    def run(self, args: argparse.Namespace, out: Output) -> int:
        """Tell each routine with its figures."""
        caller = the_system(_("command line"))
        report = month_of(caller, read_month(args.month), group_named(args.group, caller) if args.group else None)
        if out.as_json:
            out.json(report_data(report))
            return DONE
        told = _("Routines: %(routines)d. Runs: %(uses)d, failed %(failed)d.") % report.sums
        out.line(told + " " + _("Doubtful: %(doubtful)d. Never used: %(never_used)d.") % report.sums)
        for line in report.lines:
            figures = [_("uses %(count)d") % {"count": line.uses}, _("failed %(count)d") % {"count": line.failed}]
            figures += [_("never used")] if line.is_never_used else []
            figures += [_("doubtful")] if line.is_doubtful else []
            out.line(f"{line.document.item.reference}  {line.document.item.name}  ({', '.join(figures)})")
        return DONE


class RoutineCommand:
    """`helhet routine REF`."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Which one."""
        parser.add_argument("reference", help="such as RUT-37, or source:key")

    def run(self, args: argparse.Namespace, out: Output) -> int:
        """Its steps, to be followed from the terminal, and who ran it, on what, in which time, with what left out."""
        caller = the_system(_("command line"))
        routine = find_routine(args.reference, caller)
        shown = evidence_of(routine)
        if out.as_json:
            out.json(routine_data(routine) | {"evidence": asdict(shown)})
            return DONE
        _mark, proof = proof_words(routine.document)
        out.line(f"{routine.document.item.reference}  {routine.document.item.name}  ({proof})")
        published = routine.document.published
        steps = read_steps(published.fields.get("steps")) if published else ()
        titles = {step.id: step.title for step in steps}
        for place, step in enumerate(steps, 1):
            facts = (condition_words(step, titles), step.role, "" if step.is_required else _("may be skipped"))
            told = ", ".join(part for part in facts if part)
            out.line(f"{place:4}. {step.title}" + (f"  ({told})" if told else ""))
            for line in step.text.splitlines():
                out.line(f"        {line}")
        for line in evidence_lines(shown):
            out.line("  " + line)
        return DONE


def evidence_lines(shown: Evidence) -> list[str]:
    """What the runs of a routine show, as its page says it: a line for each sort of fact, nothing that there is nothing
    of.
    """
    if not shown.uses:
        return [_("Nobody has run it.")]
    used = ngettext("It has been used %(shown)s time.", "It has been used %(shown)s times.", shown.uses)
    went = [
        _("worked %(a)s, with deviations %(b)s, failed %(c)s")
        % {"a": shown.worked, "b": shown.deviations, "c": shown.failed}
    ]
    if shown.abandoned:
        went.append(_("abandoned %(n)s") % {"n": shown.abandoned})
    lines = [used % {"shown": spoken.number(shown.uses)}, f"{_('How it went')}: {', '.join(went)}"]
    if shown.minutes is not None:
        taken = _("%(a)s min on average, %(b)s expected") if shown.expected else _("%(a)s min on average")
        lines.append(f"{_('Time taken')}: {taken % {'a': shown.minutes, 'b': shown.expected}}")
    if shown.last_proven_on is not None:
        exercise, run = _("Last proven %(day)s by an exercise."), _("Last proven %(day)s by a run.")
        lines.append((exercise if shown.proven_by_exercise else run) % {"day": spoken.day(shown.last_proven_on)})
    counted = (
        (_("Run by"), shown.people), (_("On"), [(f"{name} {reference}", n) for name, reference, n in shown.items]),
        (_("Steps skipped"), shown.skipped), (_("Steps that failed"), shown.stopped_at),
    )  # fmt: skip
    lines += [f"{label}: {', '.join(f'{name} ({n})' for name, n in rows)}" for label, rows in counted if rows]
    return lines
