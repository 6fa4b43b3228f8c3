"""Routines whose documents come from elsewhere, and what goes with those that are let out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from helhet.documents.models import Document
from helhet.kit.errors import Invalid
from helhet.routines.actions.routine import checked_fields, checked_labels, labels_of
from helhet.routines.models import Routine, RoutineKind, RoutineLabel

ALERT_LABEL = "alertname"
"""The label under which Prometheus tells an alert's name."""
FACTS = ("kind", "symptoms", "expected_minutes", "prove_days")
LABELS = "labels"


class Beside(NamedTuple):
    """What a page says of its routine: FACTS, and labels as people write them."""

    fields: dict[str, Any]
    labels: tuple[str, ...]


class New(NamedTuple):
    """A document (by id) that is a routine; the name of the alert that asks for it, where there is one."""

    document_id: int
    alert: str = ""
    beside: Beside | None = None


def told(documents: Sequence[Document], paths: Mapping[int, str]) -> dict[int, dict[str, Any]]:
    """Fills `documents.beside`: what is said of a routine beside its text. How often it ran is not told."""
    del paths
    routines = Routine.objects.filter(document__in=documents, document__part="").prefetch_related("labels")
    found = {}
    for one in routines:
        facts = {name: value for name in FACTS if (value := getattr(one, name)) not in {None, ""}}
        labels = labels_of(one)
        found[one.pk] = {"routine": facts | ({LABELS: labels} if labels else {})}
    return found


def read_told(raw: Mapping[str, Any]) -> Beside:
    """The same read back. Raises Invalid."""
    fields = {name: value for name, value in raw.items() if name != LABELS}
    for name in ("expected_minutes", "prove_days"):
        if isinstance(fields.get(name), bool) or not isinstance(fields.get(name), int | None):
            raise Invalid(_("%(name)s is no whole number.") % {"name": name}, field=name)
    labels = raw.get(LABELS, [])
    if not isinstance(labels, list) or not all(isinstance(one, str) for one in labels):
        raise Invalid(_("The labels are no list of texts."), field=LABELS)
    return Beside(checked_fields(fields), tuple(checked_labels(labels)))


def add_routines(routines: Iterable[New]) -> None:
    """Let documents be routines. Those that are already stay as they are, save that an alert is added to their labels.
    Must run inside a transaction.
    """
    wanted = {one.document_id: one for one in routines}
    known = set(Routine.objects.filter(document_id__in=wanted).values_list("document_id", flat=True))
    new = [one for one in wanted.values() if one.document_id not in known]
    Routine.objects.bulk_create(
        (
            Routine(
                document_id=one.document_id,
                **{
                    "kind": RoutineKind.INCIDENT if one.alert else RoutineKind.OPERATION,
                    **(one.beside.fields if one.beside else {}),
                },
            )
            for one in new
        ),
        batch_size=500,
    )
    labels = [
        (one.document_id, f"{ALERT_LABEL}={one.alert}") for one in wanted.values() if one.alert and not one.beside
    ]
    labels += [(one.document_id, label) for one in new if one.beside for label in one.beside.labels]
    RoutineLabel.objects.bulk_create(
        (
            RoutineLabel(routine_id=pk, name=name, value=value)
            for pk, (name, _sign, value) in ((pk, label.partition("=")) for pk, label in labels)
        ),
        batch_size=500,
        ignore_conflicts=True,
    )
