"""An import from the page or the API: upload, try out, apply, undo, each a verb that asks for a job."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helhet.importers import keeping
from helhet.importers.asking import check_day, check_source_name
from helhet.importers.limits import MIB, Limits
from helhet.importers.mapping import Mapping, find_mapping, load_mapping, shipped
from helhet.importers.models import Run, RunRow, RunState
from helhet.importers.permissions import ImportPermission
from helhet.importers.problems import FileRefused, MappingError, told
from helhet.importers.reading import encoding_named
from helhet.importers.runs import apply_run, resume, try_out
from helhet.importers.texts import TEXTS, TODOS
from helhet.importers.undo import undo_run
from helhet.importers.words import of_file, of_mapping
from helhet.items.models import Source
from helhet.kit.errors import Clash, Invalid, NotFound, Refused
from helhet.kit.jobs import Job, JobContext, job
from helhet.kit.rights import Caller, the_system


@dataclass(slots=True)
class Upload:
    """What came with the form or the call. `mapping_text` is a mapping written or chosen as a file."""

    name: str
    blocks: Iterable[bytes]
    source: str
    mapping: str = "plain"
    mapping_text: str = ""
    on: dt.date | None = None
    is_partial: bool = False
    encoding: str = ""


def limits() -> Limits:
    """How much an upload may be."""
    return Limits(file=settings.UPLOAD_LIMIT, unpacked=5 * settings.UPLOAD_LIMIT)


def chosen_mapping(name: str, text: str) -> Mapping:
    """A mapping by name or by its text; never a file of this machine. Raises Invalid."""
    if not text.strip() and name not in shipped():
        raise of_mapping(MappingError("mapping_missing", "", shipped(), name=name))
    try:
        return load_mapping(text, "own") if text.strip() else find_mapping(name)
    except MappingError as error:
        raise of_mapping(error) from error


def chosen_encoding(name: str) -> str:
    """An encoding by one of its names; none for UTF-8. Raises Invalid."""
    try:
        return encoding_named(name) if name else ""
    except FileRefused as error:
        raise Invalid(
            told(_(TEXTS[error.code]), error.params), todo=told(_(TODOS[error.code]), error.params), field="encoding"
        ) from error


def upload(given: Upload, *, by: Caller) -> Run:
    """Keep a file and ask for it to be tried out."""
    by.require(ImportPermission.START)
    mapping = chosen_mapping(given.mapping, given.mapping_text)
    encoding = chosen_encoding(given.encoding)
    name = check_source_name(given.source)
    day = check_day(Source.objects.filter(name=name).first(), given.on)
    token, size, digest = _kept(given.blocks)
    with transaction.atomic():
        source = Source.objects.get_or_create(name=name)[0]
        run = Run.objects.create(
            source=source, title=PurePath(given.name.replace("\\", "/")).name[:300] or _("file"), mapping=mapping.name,
            mapping_text=mapping.text, stored=token, size=size, sha256=digest, on=day, is_partial=given.is_partial,
            encoding=encoding, user_id=by.user_id, actor=by.name[:200], is_upload=True,
        )  # fmt: skip
        plan_job.later(caller=by, unique=f"importers-{run.pk}", title=run.title, run_id=run.pk)
    return run


def _kept(blocks: Iterable[bytes]) -> tuple[str, int, str]:
    token, path = keeping.new_place()
    size, digest = 0, hashlib.sha256()
    with path.open("wb") as file:
        for block in blocks:
            size += len(block)
            if size > settings.UPLOAD_LIMIT:
                keeping.drop(token)
                raise Invalid(
                    _("The file is larger than %(limit)d MiB.") % {"limit": settings.UPLOAD_LIMIT // MIB},
                    todo=_("Pack it with gzip, divide it, or use the command helhet import."), field="file",
                )  # fmt: skip
            digest.update(block)
            file.write(block)
    return token, size, digest.hexdigest()


def find_run(run_id: int, caller: Caller) -> Run:
    """The run with this number. Raises NotFound."""
    caller.require(ImportPermission.VIEW)
    run = Run.objects.select_related("source", "batch").filter(pk=run_id).first()
    if run is None:
        raise NotFound(_("There is no import %(number)s.") % {"number": run_id}, where=str(run_id))
    return run


@transaction.atomic
def begin_applying(run: Run, *, by: Caller) -> Job:
    """Ask for a tried-out import, or one that failed, to be applied."""
    by.require(ImportPermission.START)
    if run.state not in {RunState.PLANNED, RunState.FAILED}:
        raise Clash(
            _("This import is %(state)s.") % {"state": RunState(run.state).label}, todo=_("Upload the file again.")
        )
    if not run.stored or not keeping.kept(run.stored).exists():
        raise Clash(_("The kept file of run %(id)s is gone.") % {"id": run.pk}, todo=_("Upload the file again."))
    check_day(run.source, run.on)
    return apply_job.later(caller=by, unique=f"importers-{run.pk}", title=run.title, run_id=run.pk)


@transaction.atomic
def begin_undoing(run: Run, *, by: Caller) -> Job:
    """Ask for an applied import to be undone."""
    by.require(ImportPermission.UNDO)
    if run.batch_id is None or run.state not in {RunState.DONE, RunState.FAILED}:
        raise Clash(_("There is nothing of this import to undo."), todo=_("Only what was applied can be undone."))
    return undo_job.later(caller=by, unique=f"importers-{run.pk}", title=run.title, run_id=run.pk)


def job_of(run: Run) -> Job | None:
    """The latest job of a run."""
    return Job.objects.filter(unique_key=f"importers-{run.pk}").order_by("-id").first()


def _progress(context: JobContext) -> Any:
    return context.progress


def _refuse(run: Run, refusal: Refused, state: RunState) -> None:
    run.state = state
    run.message = " ".join(part for part in (refusal.where, str(refusal.message)) if part)
    run.todo = str(refusal.todo)
    run.save(update_fields=["state", "message", "todo"])


@job(name="importers.plan", title=gettext_lazy("Try out an import"), max_tries=2)
def plan_job(context: JobContext, *, run_id: int) -> dict[str, Any]:
    """Say what applying would do, and keep the report with the run."""
    run = find_run(run_id, context.caller)
    run.state, run.message, run.todo = RunState.PLANNING, "", ""
    run.save(update_fields=["state", "message", "todo"])
    try:
        mapping = chosen_mapping("", run.mapping_text)
        outcome = try_out(
            run, mapping, keeping.kept(run.stored), by=context.caller, limits=limits(), progress=_progress(context)
        )
    except FileRefused as error:
        _refuse(run, of_file(error), RunState.REFUSED)
        return {"state": run.state}
    except Refused as refusal:
        _refuse(run, refusal, RunState.REFUSED)
        return {"state": run.state}
    with transaction.atomic():
        RunRow.objects.filter(run=run).delete()
        outcome.report.flush(run)
        run.state, run.marker = RunState.PLANNED, {"findings": outcome.findings}
        run.save(update_fields=["state", "marker"])
    return {"state": run.state}


@job(name="importers.apply", title=gettext_lazy("Apply an import"), lease=120)
def apply_job(context: JobContext, *, run_id: int) -> dict[str, Any]:
    """Apply; taken up again it goes on where it stopped."""
    run = find_run(run_id, context.caller)
    try:
        with keeping.alone(run.source):
            check_day(run.source, run.on)
            mapping = chosen_mapping("", run.mapping_text)
            apply_run(
                run, mapping, keeping.kept(run.stored), by=context.caller, limits=limits(), progress=_progress(context)
            )
    except FileRefused as error:
        _refuse(run, of_file(error), RunState.FAILED if run.batch_id else RunState.REFUSED)
    except Invalid as refusal:
        _refuse(run, refusal, RunState.FAILED if run.batch_id else RunState.REFUSED)
    return {"state": run.state}


@job(name="importers.undo", title=gettext_lazy("Undo an import"))
def undo_job(context: JobContext, *, run_id: int) -> dict[str, Any]:
    """Undo; begun again it goes on where it stopped."""
    batch = undo_run(find_run(run_id, context.caller), by=context.caller, progress=_progress(context))
    return dict(batch.counts)


@job(name="importers.resume", title=gettext_lazy("Go on with imports that were broken off"))
def resume_job(context: JobContext) -> dict[str, Any]:
    """The timetable's: runs of the command line whose process died are brought to their end."""
    resumed = []
    for run in Run.objects.filter(state=RunState.APPLYING, is_upload=False).select_related("source", "batch"):
        context.check()
        try:
            with keeping.alone(run.source):
                run.refresh_from_db()
                if run.state == RunState.APPLYING:
                    resume(run, by=the_system(run.actor or "helhet"), progress=_progress(context))
                    resumed.append(run.pk)
        except Clash:
            continue
    return {"resumed": resumed}
