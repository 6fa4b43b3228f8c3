"""An import from beginning to end: trying it out, applying it in portions, going on with one that was broken off."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.documents.page_links import tie, tie_documents
from helhet.groups.models import Answer
from helhet.importers import keeping
from helhet.importers.apply_changes import take_changed_items, take_changes
from helhet.importers.apply_dependencies import take_dependencies
from helhet.importers.apply_groups import take_differing_groups, take_members, take_new_groups, take_persons
from helhet.importers.apply_items import take_differing, take_new
from helhet.importers.apply_own_pages import documents_of as own_documents
from helhet.importers.apply_own_pages import take_own_pages
from helhet.importers.apply_pages import take_pages
from helhet.importers.apply_relations import take_links, take_parts, take_roles
from helhet.importers.apply_service_parts import documents_of, take_service_parts
from helhet.importers.apply_vanished import vanishing
from helhet.importers.asking import check_day, check_source_name
from helhet.importers.at_home import AtHome
from helhet.importers.kinds import listed_kinds, names_of_kinds
from helhet.importers.limits import COMMAND_LINE, Limits
from helhet.importers.mapping import Mapping
from helhet.importers.models import Finding, Run, RunRow, RunState, Verdict
from helhet.importers.moved_pages import take_moves
from helhet.importers.permissions import ImportPermission
from helhet.importers.plan import Plan, Planner
from helhet.importers.portions import MOST_PAGES, Portions, let_others
from helhet.importers.problems import RowRefused
from helhet.importers.reading import read
from helhet.importers.reading.commits import keep_commits
from helhet.importers.report import Report, in_words, tell_plan
from helhet.importers.resolving import Resolver
from helhet.importers.rows import COUNTED, OWN, PARTS
from helhet.importers.spool import Spool, Taken
from helhet.importers.stored import Stored
from helhet.importers.ties import tie_up, waiting, would_tie
from helhet.importers.work import Importing, as_notes
from helhet.items.models import Item, ItemValue, Kind, Source, SourceKey, Value
from helhet.journal.actions import close_batch, open_batch
from helhet.journal.models import BatchSort
from helhet.kit.engines import engine, table_of
from helhet.kit.errors import Clash
from helhet.kit.rights import Caller
from helhet.kit.seldom import seldom_collected
from helhet.responsibility.readings import take_reading

VANISHING = 2_000
GROWING = tuple(map(table_of, (Item, SourceKey, Value, ItemValue, Answer)))
"""The tables that a large import fills, looked at while it grows."""
SOME = 1_000
GROWN = 8
"""How many times more there must be than when the planner last looked."""

Progress = Callable[[int, int | None], None]
Take = Callable[[Importing, Sequence[Taken]], None]


@dataclass(slots=True)
class Order:
    """What somebody asks to have taken in."""

    path: Path
    title: str
    mapping: Mapping
    source: str
    on: dt.date | None = None
    is_partial: bool = False
    limits: Limits = COMMAND_LINE
    encoding: str = ""


@dataclass(slots=True)
class Outcome:
    """What came of it."""

    report: Report
    plan: Plan
    run: Run
    findings: int
    tied: int = 0

    def refused(self) -> list[tuple[RowRefused, str]]:
        """The refused rows with the reasons in words."""
        return [(one, in_words(one)) for one in self.plan.refused]


def import_now(order: Order, *, by: Caller, is_trial: bool = False, progress: Progress | None = None) -> Outcome:
    """Take a file in, or try it out, in this process.

    Raises:
        FileRefused: the file cannot be taken as a whole; nothing was written.
        Invalid: the source's name or the day cannot be used.
        Clash: another import of the source is at work.

    """
    by.require(ImportPermission.START)
    name = check_source_name(order.source)
    source = Source.objects.filter(name=name).first()
    if is_trial:
        run = Run(source=source or Source(name=name), on=check_day(source, order.on), title=order.title)
        run.is_partial, run.encoding = order.is_partial, order.encoding
        return try_out(run, order.mapping, order.path, by=by, limits=order.limits, progress=progress)
    plan = None
    if source is None:
        first = _new_run(Source(name=name), order, check_day(None, order.on), by)
        plan = plan_of(first, order.mapping, order.path, limits=order.limits, progress=progress)
        source, is_new = Source.objects.get_or_create(name=name)
        plan = plan if is_new else None
    with keeping.alone(source):
        day = check_day(source, order.on)
        run = _left_behind(source, order, day, by, progress) or _new_run(source, order, day, by)
        return apply_run(run, order.mapping, order.path, by=by, limits=order.limits, progress=progress, plan=plan)


def _new_run(source: Source, order: Order, day: dt.date, by: Caller) -> Run:
    return Run(
        source=source, title=order.title, mapping=order.mapping.name, mapping_text=order.mapping.text, on=day,
        is_partial=order.is_partial, encoding=order.encoding, user_id=by.user_id, actor=by.name[:200],
    )  # fmt: skip


def _left_behind(source: Source, order: Order, day: dt.date, by: Caller, progress: Progress | None) -> Run | None:
    """The broken run that this order is the same as; any other of the source is brought to its end first."""
    for run in Run.objects.filter(source=source, state=RunState.APPLYING).order_by("id"):
        same = run.on == day and run.is_partial == order.is_partial and run.mapping_text == order.mapping.text
        if same and run.encoding == order.encoding and run.sha256 == keeping.sha256_of(order.path):
            return run
        resume(run, by=by, progress=progress)
    return None


def resume(run: Run, *, by: Caller, progress: Progress | None = None) -> Outcome:
    """Go on with a run that was broken off, from its kept file."""
    from helhet.importers.mapping import load_mapping  # noqa: PLC0415 - jq is loaded only where it is needed

    path = keeping.kept(run.stored)
    if not run.stored or not path.exists():
        run.state, run.message = RunState.FAILED, _("The kept file is gone.")
        run.save(update_fields=["state", "message"])
        raise Clash(_("The kept file of run %(id)s is gone.") % {"id": run.pk}, todo=_("Import the file again."))
    mapping = load_mapping(run.mapping_text, run.mapping)
    return apply_run(run, mapping, path, by=by, progress=progress)


@seldom_collected()
def plan_of(run: Run, mapping: Mapping, path: Path, *, limits: Limits, progress: Progress | None) -> Plan:
    """Read a run's file to its end and hold it against what the source gave before."""
    kinds = listed_kinds()
    as_pages = "pages" in mapping.nouns
    reading = read(path, name=run.title, limits=limits, encoding=run.encoding or None, as_pages=as_pages)
    at_home = AtHome(run.source.pk, is_partial=run.is_partial) if as_pages else None
    keys, stored = [kind.key for kind in kinds], Stored(run.source.pk)
    planner = Planner(reading, mapping, keys, stored, names_of_kinds(kinds), at_home=at_home)
    return planner.read((lambda done: progress(done, None)) if progress else None)


@seldom_collected()
def try_out(
    run: Run,
    mapping: Mapping,
    path: Path,
    *,
    by: Caller,
    limits: Limits = COMMAND_LINE,
    progress: Progress | None = None,
) -> Outcome:
    """Say what applying would do; writes nothing but the run's own report, and that only when it is kept."""
    plan = plan_of(run, mapping, path, limits=limits, progress=progress)
    try:
        work = _importing(run, mapping, plan, by, is_trial=True)
        tell_plan(work.report, work.plan)
        take_moves(work)
        _all_portions(work, progress)
        _vanish(work)
        tied = would_tie(work)
        _count_rest(work, tied.rows)
        findings = work.trial_findings + work.count_further_notes()
        findings += (
            Finding.objects.filter(source_id=run.source.pk, closed_at__isnull=True).count() if run.source.pk else 0
        )
        return Outcome(work.report, plan, run, findings - tied.own, tied.total)
    finally:
        plan.close()


@seldom_collected()
def apply_run(
    run: Run,
    mapping: Mapping,
    path: Path,
    *,
    by: Caller,
    limits: Limits = COMMAND_LINE,
    progress: Progress | None = None,
    plan: Plan | None = None,
) -> Outcome:
    """Apply in portions, each whole; what was applied before is seen from its digests and left.

    `plan` spares reading the file, when it was made against a source that has given nothing.
    """
    plan = plan or plan_of(run, mapping, path, limits=limits, progress=progress)
    try:
        _begin(run, plan, path, by)
        work = _importing(run, mapping, plan, by)
        if not run.marker.get("told"):
            with transaction.atomic():
                RunRow.objects.filter(run=run).delete() if run.is_upload else None
                tell_plan(work.report, work.plan)
                run.marker = {"told": True}
                run.save(update_fields=["marker"])
                work.report.flush(run)
        take_moves(work)
        _all_portions(work, progress)
        if not run.is_partial:
            _vanish(work)
        if "pages" in plan.taken:
            _tie_pages(work)
        _finish(work)
        findings = Finding.objects.filter(source=run.source, closed_at__isnull=True).count()
        return Outcome(work.report, plan, run, findings, work.tied)
    finally:
        plan.close()


def _begin(run: Run, plan: Plan, path: Path, by: Caller) -> None:
    """Make the run and its batch, and keep the file while there is something to apply."""
    if run.batch_id is not None:
        return
    if plan.to_do and not run.stored:
        run.stored, run.sha256 = keeping.keep(path), keeping.sha256_of(path)
        if path.is_dir() and "pages" in plan.taken:
            keep_commits(path, keeping.kept(run.stored))
    with transaction.atomic():
        title = _("Import of %(title)s from %(source)s") % {"title": run.title, "source": run.source.name}
        run.batch = open_batch(BatchSort.IMPORT, title, by=by)
        run.state = RunState.APPLYING
        run.counts, run.marker = {}, {}
        run.save()


def _importing(run: Run, mapping: Mapping, plan: Plan, by: Caller, *, is_trial: bool = False) -> Importing:
    work = Importing(
        run=run, source=run.source, mapping=mapping, plan=plan, by=by, on=run.on,
        resolver=Resolver(run.source.pk, run.source.name), report=Report() if is_trial else Report.of(run),
        batch=None if is_trial else run.batch, is_trial=is_trial, kinds={kind.key: kind for kind in Kind.objects.all()},
        notes=as_notes(plan),
    )  # fmt: skip
    work.new_resolver()
    return work


def _all_portions(work: Importing, progress: Progress | None) -> None:
    steps: list[tuple[str, str, Take]] = [
        ("groups", "new", take_new_groups), ("groups", "differing", take_differing_groups),
        ("persons", "all", take_persons), ("members", "all", take_members),
        ("items", "order", _take_new_items), ("items", "differing", take_differing),
        ("part_of", "all", take_parts), ("responsibilities", "all", take_roles),
        ("links", "all", take_links), ("dependencies", "all", take_dependencies),
        ("changes", "order", take_changes), ("changes", "differing", take_changes),
        ("changed_items", "all", take_changed_items), ("pages", "all", take_pages),
        (PARTS, "all", take_service_parts), (OWN, "all", take_own_pages),
    ]  # fmt: skip
    done, total = 0, work.plan.to_do
    for noun, which, take in steps:
        one = work.plan.work.get(noun)
        if one is None:
            continue
        numbers: Sequence[int] = one.differing
        if which != "differing":
            order = work.plan.orders.get(noun, ())
            numbers = {"all": range(len(one.spool)), "new": one.new, "order": order}[which]
        for portion in Portions(numbers, MOST_PAGES if noun in {"pages", PARTS, OWN} else None):
            done += _one_portion(work, one.spool, portion, take)
            if progress:
                progress(done, total)
            _let_the_planner_learn(work)


def _let_the_planner_learn(work: Importing) -> None:
    """A planner that last looked when the tables were all but empty would go through them row by row."""
    created = work.report.total(Verdict.CREATED)
    if not work.is_trial and created >= max(SOME, work.planned_for * GROWN):
        engine().refresh_statistics(*GROWING)
        work.planned_for = created


def _take_new_items(work: Importing, rows: Sequence[Taken]) -> None:
    numbers = work.plan.numbers["items"]
    take_new(work, [numbers[one.row.key] for one in rows], rows)


def _one_portion(work: Importing, spool: Spool, chunks: Iterable[Sequence[int]], take: Take) -> int:
    """Apply the chunks in one transaction; returns how many rows they were."""
    if work.is_trial:
        return _take_chunks(work, spool, chunks, take)
    let_others()
    try:
        with transaction.atomic():
            done = _take_chunks(work, spool, chunks, take)
            work.report.flush(work.run)
    except BaseException:
        work.new_resolver()
        raise
    return done


def _take_chunks(work: Importing, spool: Spool, chunks: Iterable[Sequence[int]], take: Take) -> int:
    done = 0
    for chunk in chunks:
        take(work, spool.take(chunk))
        done += len(chunk)
    return done


def _vanish(work: Importing) -> None:
    if work.run.is_partial:
        return
    for noun in sorted(work.plan.left, key=lambda one: (one != "items", COUNTED.index(one))):
        keys = list(work.plan.left[noun])
        for start in range(0, len(keys), VANISHING):
            part = keys[start : start + VANISHING]
            if work.is_trial:
                vanishing(noun)(work, noun, part)
                continue
            let_others()
            with transaction.atomic():
                vanishing(noun)(work, noun, part)
                work.report.flush(work.run)


def _tie_pages(work: Importing) -> None:
    """Links between pages lead to those that are there now that all have come."""
    if work.plan.to_do or work.plan.left.get("pages"):
        let_others()
        with transaction.atomic():
            tie(work.source_id, documents_of(work.source_id))
            tie_documents(own_documents(work.source_id))


def _count_rest(work: Importing, tied: Counter[str]) -> None:
    """Count the rows that wait and those that are unchanged. `tied` waited before and are tied by what came now."""
    for verdict in (Verdict.UNCHANGED, Verdict.WAITING):
        work.report.counts.pop(verdict.value, None)
    for noun, rows in work.plan.taken.items():
        waits = work.untied(noun) - (tied[noun] if work.is_trial else 0)
        work.report.count(Verdict.CREATED, noun, tied[noun])
        work.report.count(Verdict.WAITING, noun, waits)
        altered = work.report.total(Verdict.CREATED, noun) + work.report.total(Verdict.CHANGED, noun)
        work.report.count(Verdict.UNCHANGED, noun, max(0, rows - waits - altered))


def _finish(work: Importing) -> None:
    run = work.run
    if work.planned_for:
        # All tables: one that was never looked at counts as a large one, and joins would begin at the wrong end.
        engine().refresh_statistics()
    tied: Counter[str] = Counter()
    if work.plan.to_do:
        before = Counter({noun: work.untied(noun) for noun in work.plan.taken})
        work.tied = tie_up(waiting(), by=work.by, on=work.on, batch=work.batch, run=run)
        tied = before - Counter({noun: work.untied(noun) for noun in work.plan.taken})
    _count_rest(work, tied)
    if work.plan.to_do or any(map(work.report.total, (Verdict.CREATED, Verdict.CHANGED, Verdict.NOT_SEEN))):
        # Before the run is done: one that is killed here is taken up again, and takes it.
        take_reading(run.on, batch=run.batch)
    with transaction.atomic():
        for noun, key in list(work.notes):
            work.settle_findings(noun, [key], are_new=True)
        work.report.flush(run)
        run.state, run.finished_at = RunState.DONE, timezone.now()
        Source.objects.filter(pk=run.source_id).update(last_on=run.on, last_at=run.finished_at, mapping=run.mapping)
        assert run.batch is not None
        close_batch(run.batch, by=work.by, counts=work.report.as_counts())
        if not run.is_upload:
            keeping.drop(run.stored)
            run.stored = ""
        run.save(update_fields=["state", "finished_at", "stored"])
