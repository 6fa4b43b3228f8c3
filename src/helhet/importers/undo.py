"""An import undone as one: what it made is withdrawn, what it changed is set back, later edits are kept and told.

Each step leaves nothing for a second run of itself, so that an undo that was broken off is simply begun again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.importers import keeping, undo_pages, undo_ties
from helhet.importers.models import Finding, Run, RunRow, RunState, Statement, Verdict
from helhet.importers.permissions import ImportPermission
from helhet.importers.report import Report
from helhet.importers.undo_kept import Kept, group_kept, items_kept
from helhet.items.actions import undone, withdraw
from helhet.items.models import Item, Presence, SourceKey
from helhet.items.writing import change_items
from helhet.journal.actions import close_batch, open_batch
from helhet.journal.models import Batch, BatchSort, BatchState, Event
from helhet.kit.errors import Clash
from helhet.kit.rights import Caller

PORTION = 1_000

Progress = Callable[[int, int | None], None]


def undo_run(run: Run, *, by: Caller, progress: Progress | None = None) -> Batch:
    """Undo an import. The batch's `counts` say what was withdrawn, set back and kept; its rows say why.

    Raises:
        Clash: the run was not applied, or is undone already; or another import of the source is at work.

    """
    by.require(ImportPermission.UNDO)
    if run.batch is None or run.state not in {RunState.DONE, RunState.FAILED, RunState.APPLYING}:
        raise Clash(_("There is nothing of this import to undo."), todo=_("Only what was applied can be undone."))
    with keeping.alone(run.source):
        work = Undoing(run, by)
        work.run_all(progress)
        return work.batch


class Undoing:
    """One undo under way."""

    def __init__(self, run: Run, by: Caller) -> None:
        """Opens the undo's batch, or takes up the one that was broken off."""
        assert run.batch is not None
        self.run, self.source, self.by, self.of = run, run.source, by, run.batch
        self.on = timezone.localdate()
        self.report = Report()
        begun = Batch.objects.filter(undo_of=self.of).first()
        if begun is None:
            title = _("Undo of: %(title)s") % {"title": self.of.title}
            begun = open_batch(BatchSort.UNDO, title, by=by)
            begun.undo_of = self.of
            begun.save(update_fields=["undo_of"])
        self.batch = begun

    def run_all(self, progress: Progress | None) -> None:
        """Every step, each portion a transaction of its own."""
        RunRow.objects.filter(run=self.run, verdict=Verdict.KEPT).delete()
        total = Event.objects.filter(batch=self.of).count() + Item.objects.filter(created_in=self.of.pk).count()
        done = 0
        for step in (self._untie, self._set_back, self._withdraw_items, self._withdraw_groups, self._persons):
            for count in step():
                done += count
                if progress:
                    progress(min(done, total), total)
        self._finish()

    # ---- ties: links, dependencies, memberships, roles ----

    def _untie(self) -> Iterator[int]:
        while rows := list(
            Statement.objects.filter(batch_id=self.of.pk).exclude(noun="persons").order_by("id")[:PORTION]
        ):
            with transaction.atomic():
                undo_ties.remove(self, rows)
            yield len(rows)
        with transaction.atomic():
            undo_ties.end_roles(self)

    # ---- fields ----

    def _set_back(self) -> Iterator[int]:
        """Newest first, so that what one import changed twice ends where it began."""
        last = None
        while rows := self._events(last):
            last = rows[-1].pk
            with transaction.atomic():
                self._fields([row for row in rows if row.verb == "items.item.changed"])
                undo_ties.set_back(self, rows)
                undo_pages.set_back(self, rows)
            yield len(rows)

    def _events(self, last: int | None) -> list[Event]:
        rows = Event.objects.filter(batch=self.of, before__isnull=False)
        rows = rows.filter(pk__lt=last) if last is not None else rows
        return list(rows.order_by("-id")[:PORTION])

    def _fields(self, events: Sequence[Event]) -> None:
        ids = {event.noun_id for event in events}
        items = {item.pk: item for item in Item.objects.filter(pk__in=ids).select_related("kind")}
        gone = []
        for event in events:
            item = items.get(event.noun_id)
            if item is None or item.presence != Presence.HERE or self._is_undone(item):
                continue
            if (event.before or {}).get("presence") == Presence.WITHDRAWN:
                gone.append(item)
                continue
            before, after = event.before or {}, event.after or {}
            wanted = undone(item, before, after)
            change_items([(item, wanted)], by=self.by, on=self.on, batch=self.batch, verb="items.item.undone")
            left = sorted(name for name in before if name not in wanted and name != "presence")
            if left:
                told = _("Changed by somebody since, and kept: %(fields)s.") % {"fields": ", ".join(left)}
                self.keep(Kept("items", item.reference, item.name, item.pk, told))
            if wanted:
                self.report.count(Verdict.CHANGED, "items", 1)
        withdraw(gone, by=self.by, batch=self.batch, reason=self.batch.title)
        self.forget(list(ids))

    def _is_undone(self, item: Item) -> bool:
        return item.created_in == self.of.pk and item.presence != Presence.HERE

    # ---- items and groups ----

    def _withdraw_items(self) -> Iterator[int]:
        last = 0
        while items := self._made(last, is_group=False):
            last = items[-1].pk
            with transaction.atomic():
                kept = items_kept(items, self.of, undo_pages.edited([item.pk for item in items], self.of))
                for one in kept.values():
                    self.keep(one)
                gone = [item for item in items if item.pk not in kept]
                self._let_parts_go([item.pk for item in gone])
                withdraw(gone, by=self.by, batch=self.batch, reason=self.batch.title)
                self.forget([item.pk for item in items])
                self.report.count(Verdict.CREATED, "items", len(gone))
            yield len(items)

    def _made(self, last: int, *, is_group: bool) -> list[Item]:
        rows = Item.objects.filter(created_in=self.of.pk, presence=Presence.HERE, pk__gt=last)
        return list(rows.filter(as_group__isnull=not is_group).select_related("kind").order_by("pk")[:PORTION])

    def _let_parts_go(self, ids: Sequence[int]) -> None:
        """Kept parts of what is withdrawn are part of nothing."""
        parts = (
            Item.objects.filter(part_of_id__in=ids, presence=Presence.HERE).exclude(pk__in=ids).select_related("kind")
        )
        change_items([(item, {"part_of_id": None}) for item in parts], by=self.by, on=self.on, batch=self.batch)

    def _withdraw_groups(self) -> Iterator[int]:
        """Again and again while one goes, since a group is let go only after its subgroups."""
        waiting = list(self._all_groups())
        while waiting:
            left = []
            for group in waiting:
                with transaction.atomic():
                    if group_kept(group, self.of) is not None:
                        left.append(group)
                        continue
                    withdraw([group], by=self.by, batch=self.batch, reason=self.batch.title)
                    self.forget([group.pk])
                    self.report.count(Verdict.CREATED, "groups", 1)
                yield 1
            if len(left) == len(waiting):
                break
            waiting = left
        for group in waiting:
            self.forget([group.pk])
            if (kept := group_kept(group, self.of)) is not None:
                self.keep(kept)

    def _all_groups(self) -> Iterator[Item]:
        last = 0
        while groups := self._made(last, is_group=True):
            last = groups[-1].pk
            yield from groups

    def _persons(self) -> Iterator[int]:
        with transaction.atomic():
            yield undo_ties.remove_persons(self)

    # ---- parts ----

    def keep(self, kept: Kept) -> None:
        """Tell what is kept, and why."""
        self.report.tell(Verdict.KEPT, kept.noun, kept.key, name=kept.name, item_id=kept.item_id, reason=kept.reason)

    def forget(self, ids: Sequence[int]) -> None:
        """The next import must look at these anew."""
        SourceKey.objects.filter(source=self.source, item_id__in=ids).update(digest=None)

    def _finish(self) -> None:
        with transaction.atomic():
            Finding.objects.filter(run=self.run, closed_at__isnull=True).update(closed_at=timezone.now())
            counts = {
                "withdrawn": self.report.total(Verdict.CREATED),
                "set_back": self.report.total(Verdict.CHANGED),
                "kept": self.report.total(Verdict.KEPT),
            }
            for row in self.report.rows:
                row.run = self.run
            RunRow.objects.bulk_create(self.report.rows, batch_size=1_000)
            self.run.state = RunState.UNDONE
            self.run.save(update_fields=["state"])
            self.of.state = BatchState.UNDONE
            self.of.save(update_fields=["state"])
            close_batch(self.batch, by=self.by, counts=counts)


__all__ = ["Undoing", "undo_run"]
