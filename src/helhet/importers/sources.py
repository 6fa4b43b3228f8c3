"""A source as people see it: what it owns, when it last came, what in it does not hold together; and changing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helhet.importers.mapping import load_mapping
from helhet.importers.models import Finding, Run, RunState
from helhet.importers.permissions import ImportPermission
from helhet.importers.problems import MappingError
from helhet.items.models import Source, SourceKey
from helhet.items.permissions import ItemPermission
from helhet.journal.actions import record
from helhet.kit.errors import Invalid, NotFound
from helhet.kit.jobs import JobContext, job
from helhet.kit.rights import Caller
from helhet.kit.versions import check_version

OWNABLE = {
    "name": gettext_lazy("Name"), "kind": gettext_lazy("Kind"), "state": gettext_lazy("State"),
    "criticality": gettext_lazy("Criticality"), "description": gettext_lazy("Description"),
    "tags": gettext_lazy("Tags"), "attributes": gettext_lazy("Attributes"), "part_of": gettext_lazy("Part of"),
    "mandate": gettext_lazy("Mandate (of groups)"), "basis": gettext_lazy("Basis (of groups)"),
    "parent": gettext_lazy("Parent (of groups)"), "contacts": gettext_lazy("Contact ways (of groups)"),
}  # fmt: skip
"""The fields of items and groups whose owner an import asks for."""
PORTION = 20_000
BIGGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Told:
    """What is so with a source. `stated` are the fields that its last mapping says itself that it owns."""

    source: Source
    stated: tuple[str, ...]
    findings: int
    records: int
    not_seen: int


def find_source(source_id: int, caller: Caller) -> Source:
    """The source with this number. Raises NotFound."""
    caller.require(ImportPermission.VIEW)
    found = Source.objects.filter(pk=min(source_id, BIGGEST)).first()
    if found is None:
        raise NotFound(_("There is no source %(number)s.") % {"number": str(source_id)[:30]}, where=str(source_id)[:30])
    return found


def told_of(source: Source) -> Told:
    """What is so with the source now."""
    keys = SourceKey.objects.filter(source=source)
    return Told(
        source, stated_by_mapping(source), Finding.objects.filter(source=source, closed_at__isnull=True).count(),
        keys.count(), keys.vanished().count(),
    )  # fmt: skip


def stated_by_mapping(source: Source) -> tuple[str, ...]:
    """The fields that the last applied import's mapping says that the source owns: they go before what is chosen."""
    run = Run.objects.filter(source=source, state=RunState.DONE).order_by("-id").only("mapping_text").first()
    if run is None or not run.mapping_text.strip():
        return ()
    try:
        return tuple(load_mapping(run.mapping_text, "own").owns)
    except MappingError:
        # A mapping of an earlier release, which no import can use any more, says nothing.
        return ()


@transaction.atomic
def change_source(source_id: int, *, by: Caller, version: int | None, owns: Sequence[str]) -> Source:
    """Set which fields the source owns; none named: all that it gives. The next import looks at every record again."""
    by.require(ItemPermission.SOURCE_MANAGE)
    source = find_source(source_id, by)
    source = Source.objects.select_for_update().get(pk=source.pk)
    check_version(source, version, source.name)
    unknown = [name for name in owns if name not in OWNABLE]
    if unknown:
        raise Invalid(
            _("A source cannot own %(name)s.") % {"name": unknown[0][:60]}, field="owns",
            todo=_("Known: %(names)s.") % {"names": ", ".join(OWNABLE)},
        )  # fmt: skip
    wanted = [name for name in OWNABLE if name in owns]
    before = list(source.owns or [])
    if wanted == before:
        return source
    source.owns = wanted or None
    source.version += 1
    source.save(update_fields=["owns", "version"])
    record("importers.source.changed", "source", source.pk, by=by, before={"owns": before}, after={"owns": wanted})
    look_again_job.later(caller=by, unique=f"importers-source-{source.pk}", title=source.name, source_id=source.pk)
    return source


@job(name="importers.look_again", title=gettext_lazy("Let the next import look at every record"))
def look_again_job(context: JobContext, *, source_id: int) -> dict[str, Any]:
    """Forget how records looked when they were last taken, in portions: what the source now owns is compared anew."""
    keys = SourceKey.objects.filter(source_id=source_id, digest__isnull=False)
    total, done = keys.count(), 0
    while portion := list(keys.order_by("pk").values_list("pk", flat=True)[:PORTION]):
        SourceKey.objects.filter(source_id=source_id, pk__gte=portion[0], pk__lte=portion[-1]).update(digest=None)
        done += len(portion)
        context.progress(done, max(total, done))
    return {"records": done}
