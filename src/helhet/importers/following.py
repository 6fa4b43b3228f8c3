"""What follows when somebody other than an import writes: the next import must look again, and what waits is tied."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from helhet.importers.models import Finding, Statement
from helhet.importers.ties import tie_up, waiting
from helhet.items.merging import Merging
from helhet.items.models import Item, SourceKey
from helhet.items.writing import Written
from helhet.journal.models import BatchSort
from helhet.kit.jobs import JobContext, job
from helhet.kit.rights import the_system
from helhet.responsibility.deciding import recompute

CHUNK = 500


def on_written(written: Written) -> None:
    """Participant of `items.written`: what a person alters is compared again at the next import of its source."""
    if written.batch is not None and written.batch.sort == BatchSort.IMPORT:
        return
    ids = written.ids
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        if not written.created:
            SourceKey.objects.filter(item_id__in=part, digest__isnull=False).update(digest=None)
        elif written.batch is None and _waited_for(part):
            tie_job.later(caller=None, unique="importers.tie_up")


def _waited_for(ids: tuple[int, ...]) -> bool:
    if not waiting().exists():
        return False
    references = [item.reference for item in Item.objects.filter(pk__in=ids).only("prefix", "number")]
    return waiting().filter(value__in=references).exists()


@job(name="importers.tie_up", title=gettext_lazy("Tie up what waited"))
def tie_job(context: JobContext) -> dict[str, Any]:
    """Tie up findings whose missing end somebody has made by hand."""
    context.check()
    return {"tied": tie_up(waiting(), by=the_system("helhet"), on=timezone.localdate(), batch=None)}


def on_merged(merging: Merging) -> dict[str, Any]:
    """Fills `items.merged`: what sources state of an item follows it, so that later imports do."""
    kept, gone = merging.kept.pk, merging.gone.pk
    statements = list(Statement.objects.filter(item_id=gone).values_list("pk", flat=True))
    findings = list(Finding.objects.filter(item_id=gone).values_list("pk", flat=True))
    Statement.objects.filter(pk__in=statements).update(item_id=kept)
    Finding.objects.filter(pk__in=findings).update(item_id=kept)
    recompute([kept], by=merging.by, on=merging.on, batch_id=merging.batch.pk)
    return {"statements": statements, "findings": findings}


def on_split(merging: Merging, moved: dict[str, Any]) -> None:
    """Fills `items.split`."""
    kept, gone = merging.kept.pk, merging.gone.pk
    Statement.objects.filter(pk__in=moved.get("statements", ()), item_id=kept).update(item_id=gone)
    Finding.objects.filter(pk__in=moved.get("findings", ()), item_id=kept).update(item_id=gone)
    recompute([kept], by=merging.by, on=merging.on, batch_id=merging.batch.pk)
