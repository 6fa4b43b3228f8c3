"""Routines whose documents come from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable

from helhet.routines.models import Routine, RoutineKind, RoutineLabel

ALERT_LABEL = "alertname"
"""The label under which Prometheus tells an alert's name."""


def add_routines(routines: Iterable[tuple[int, str]]) -> None:
    """Let each document (by id) be a routine; with an alert's name, one that this alert asks for. Those that are
    routines already stay as they are. Must run inside a transaction.
    """
    wanted = dict(routines)
    known = set(Routine.objects.filter(document_id__in=wanted).values_list("document_id", flat=True))
    Routine.objects.bulk_create(
        (
            Routine(document_id=pk, kind=RoutineKind.INCIDENT if alert else RoutineKind.OPERATION)
            for pk, alert in wanted.items()
            if pk not in known
        ),
        batch_size=500,
    )
    RoutineLabel.objects.bulk_create(
        (RoutineLabel(routine_id=pk, name=ALERT_LABEL, value=alert) for pk, alert in wanted.items() if alert),
        batch_size=500,
        ignore_conflicts=True,
    )
