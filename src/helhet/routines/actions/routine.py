"""What is said of a routine beside its text: kind, symptoms, labels, expected time, how often it is to be proven."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from helhet.journal.actions import record
from helhet.kit.errors import Invalid
from helhet.kit.rights import Caller
from helhet.kit.versions import check_version
from helhet.routines.finding import find_routine
from helhet.routines.models import Routine, RoutineKind, RoutineLabel
from helhet.routines.permissions import RoutinePermission

LABEL = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,99}", re.ASCII)
LIMITS = {"expected_minutes": 100_000, "prove_days": 3_650}


@transaction.atomic
def change_routine(
    reference: str, *, by: Caller, version: int | None, labels: list[str] | None = None, **fields: Any
) -> Routine:
    """Set kind, symptoms (one a line), expected_minutes, prove_days, and `labels` (`name=value`, or `name` for any)."""
    routine = find_routine(reference, by, for_change=True)
    by.require(RoutinePermission.CHANGE, routine.document.item)
    check_version(routine, version, routine.document.item.reference)
    wanted = checked_fields(fields)
    before: dict[str, Any] = {name: getattr(routine, name) for name in wanted}
    new = {name: value for name, value in wanted.items() if before[name] != value}
    before = {name: before[name] for name in new}
    after = dict(new)
    if labels is not None:
        old, now = labels_of(routine), checked_labels(labels)
        if old != sorted(now):
            before["labels"], after["labels"] = old, sorted(now)
            routine.labels.all().delete()
            RoutineLabel.objects.bulk_create(
                RoutineLabel(routine=routine, name=name, value=value)
                for name, _sign, value in (one.partition("=") for one in now)
            )
    if not after:
        return routine
    for name, value in new.items():
        setattr(routine, name, value)
    routine.keep_proof()
    routine.version += 1
    routine.save(update_fields=[*new, "proven_to", "version"])
    record("routines.routine.changed", "document", routine.pk, by=by, before=before, after=after)
    return routine


def labels_of(routine: Routine) -> list[str]:
    """As people write them: `alertname=DiskFull`, or `alertname` for any value."""
    return sorted(f"{one.name}={one.value}" if one.value else one.name for one in routine.labels.all())


def checked_labels(labels: Iterable[str]) -> list[str]:
    """Labels as they are kept. Raises Invalid."""
    kept = []
    for one in labels:
        name, _sign, value = " ".join(one.split()).partition("=")
        if not name and not value:
            continue
        if not LABEL.fullmatch(name) or len(value) > 300:
            raise Invalid(
                _("%(label)s is no label.") % {"label": one[:100]}, todo=_("Write it as alertname=DiskFull."),
                field="labels",
            )  # fmt: skip
        kept.append(f"{name}={value}" if value else name)
    if len(kept) > 100:
        raise Invalid(_("A routine has at most 100 labels."), field="labels")
    return list(dict.fromkeys(kept))


def checked_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of a routine as it is kept. Raises Invalid."""
    wanted: dict[str, Any] = {}
    for name, value in fields.items():
        if name == "kind":
            if value not in RoutineKind.values:
                keys = ", ".join(RoutineKind.values)
                raise Invalid(
                    _("There is no such kind of routine."), todo=_("Choose one of: %(keys)s.") % {"keys": keys},
                    field="kind",
                )  # fmt: skip
            wanted[name] = value
        elif name == "symptoms":
            lines = (" ".join(line.split()) for line in str(value or "").replace("\x00", "").splitlines())
            wanted[name] = "\n".join(line for line in lines if line)[:5_000]
        elif name in LIMITS:
            if value is not None and not 1 <= value <= LIMITS[name]:
                raise Invalid(_("A whole number from 1 to %(most)d.") % {"most": LIMITS[name]}, field=name)
            wanted[name] = value
        else:
            raise Invalid(_("A routine has no field %(name)s.") % {"name": name}, field=name)
    return wanted
