"""The rights matrix of operational tasks and alerts, and something to point it at."""

from __future__ import annotations

import datetime as dt
from typing import Any

from helhet.groups.models import Group
from helhet.items.models import Item
from helhet.routines.models import Alert, Handover, Occurrence, OperationalTask
from tests.matrix import MEMBERS, OWN_MEMBERS, READERS, Line, Operation
from tests.world import Cast

VERSION = {"version": "1"}
TASK, TIME, NOTE, ALERT = ("operation",), ("occurrence",), ("handover",), ("alert",)
FORM = {
    "title": "Se över", "item": "{item}", "repeat": "weekly", "first_on": "2026-12-01", "closed_day": "keep",
}  # fmt: skip
PAGES: dict[str, Line] = {
    "routines:day": Line(READERS),
    "routines:occurrence_do": Line(READERS, READERS, args=TIME, body=VERSION),
    "routines:occurrence_skip": Line(READERS, READERS, args=TIME, body={**VERSION, "reason": "Stängt"}),
    "routines:occurrence_take": Line(post=READERS, args=TIME, body=VERSION),
    "routines:occurrence_run": Line(post=READERS, args=TIME, body={"key": "nyckel-1"}),
    "routines:occurrence_reopen": Line(post=READERS, args=TIME, body=VERSION),
    "routines:handover_new": Line(post=OWN_MEMBERS, body={"group": "{group}", "text": "Läs"}),
    "routines:handover_take": Line(post=OWN_MEMBERS, args=NOTE, body=VERSION),
    "routines:alerts": Line(READERS),
    "routines:alert": Line(READERS, args=ALERT),
    "routines:alert_tie": Line(OWN_MEMBERS, OWN_MEMBERS, args=ALERT, body={**VERSION, "routine": "{routine}"}),
    "routines:alert_run": Line(post=READERS, args=ALERT, body={"key": "nyckel-larm-1"}),
    "routines:alert_close": Line(post=OWN_MEMBERS, args=ALERT, body=VERSION),
    "routines:operations": Line(READERS),
    "routines:operations_spent": Line(READERS),
    "routines:operations_times": Line(READERS),
    "routines:operation": Line(READERS, args=TASK),
    "routines:operation_new": Line(MEMBERS, OWN_MEMBERS, body=FORM),
    "routines:operation_edit": Line(OWN_MEMBERS, OWN_MEMBERS, args=TASK, body={**FORM, **VERSION}),
    "routines:operation_end": Line(OWN_MEMBERS, OWN_MEMBERS, args=TASK, body={**VERSION, "reason": "Avvecklas"}),
}
READ = Operation(READERS, writes=False)
ONE, TIMES = "/operational-tasks/{operation_id}", "/occurrences/{occurrence_id}"
NEW = {"title": "Se över", "item": "{item}", "first_on": "2026-12-01"}
POSTED = {"groupKey": "g", "alerts": [
    {"status": "firing", "labels": {"alertname": "Full"}, "startsAt": "2026-11-29T07:00:00Z", "fingerprint": "f1"}
]}  # fmt: skip
API: dict[str, Operation] = {
    "GET /operational-tasks": READ,
    "POST /operational-tasks": Operation(OWN_MEMBERS, NEW),
    "POST /operational-tasks/preview": Operation(OWN_MEMBERS, NEW),
    "GET /operational-tasks/spent": READ,
    f"GET {ONE}": READ,
    f"PATCH {ONE}": Operation(OWN_MEMBERS, {"title": "Annat"}),
    f"POST {ONE}/end": Operation(OWN_MEMBERS, {"reason": "Avvecklas"}),
    "GET /occurrences": READ,
    f"GET {TIMES}": READ,
    f"POST {TIMES}/take": Operation(READERS),
    f"POST {TIMES}/done": Operation(READERS, {"minutes": 5}),
    f"POST {TIMES}/skip": Operation(READERS, {"reason": "Stängt"}),
    f"POST {TIMES}/reopen": Operation(READERS),
    f"POST {TIMES}/run": Operation(READERS, {"key": "nyckel-1"}),
    "POST /alerts/alertmanager": Operation(MEMBERS, POSTED),
    "POST /alerts/grafana": Operation(MEMBERS, POSTED),
    "GET /alerts": READ,
    "GET /alerts/{alert_id}": READ,
    "POST /alerts/{alert_id}/tie": Operation(OWN_MEMBERS, {"routine": "{routine}"}),
    "POST /alerts/{alert_id}/run": Operation(READERS, {"key": "nyckel-larm-1"}),
    "POST /alerts/{alert_id}/close": Operation(OWN_MEMBERS),
    "GET /handovers": READ,
    "POST /handovers": Operation(OWN_MEMBERS, {"group": "{group}", "text": "Läs"}),
    "POST /handovers/{handover_id}/take": Operation(OWN_MEMBERS),
}
# Which sample stands in a hole of a path, and where the beginning of a path says that a hole means something else.
HOLES: dict[str, str] = {
    "operation_id": "operation",
    "occurrence_id": "occurrence",
    "handover_id": "handover",
    "alert_id": "alert",
}
OTHER_HOLES: dict[str, dict[str, str]] = {}
# For each page that changes something, and each that gives a file, the operation that does the same.
SAME: dict[str, str] = {
    "routines:occurrence_do": f"POST {TIMES}/done",
    "routines:occurrence_skip": f"POST {TIMES}/skip",
    "routines:occurrence_take": f"POST {TIMES}/take",
    "routines:occurrence_run": f"POST {TIMES}/run",
    "routines:occurrence_reopen": f"POST {TIMES}/reopen",
    "routines:handover_new": "POST /handovers",
    "routines:handover_take": "POST /handovers/{handover_id}/take",
    "routines:alert_tie": "POST /alerts/{alert_id}/tie",
    "routines:alert_run": "POST /alerts/{alert_id}/run",
    "routines:alert_close": "POST /alerts/{alert_id}/close",
    "routines:operation_new": "POST /operational-tasks",
    "routines:operation_edit": f"PATCH {ONE}",
    "routines:operation_end": f"POST {ONE}/end",
}
# What belongs to the browser alone, and why.
ALONE: dict[str, str] = {}


def samples(cast: Cast, item: Item, group: Group | None) -> dict[str, Any]:
    """By name what stands in the holes. The things are the group's, or nobody's."""
    task = OperationalTask.objects.create(item=item, group=group, title="Gå igenom", first_on=dt.date(2026, 1, 1))
    time = Occurrence.objects.create(task=task, rule_on=task.first_on, due_on=task.first_on)
    note = Handover.objects.create(group=group or cast.team, text="Disken är bytt", by="test")
    alert = Alert.objects.create(
        sender="alertmanager",
        fingerprint="f0",
        name="Full",
        item=item,
        began_at=dt.datetime(2026, 11, 29, tzinfo=dt.UTC),
    )
    return {"alert": alert.pk, "operation": task.pk, "occurrence": time.pk, "handover": note.pk}
