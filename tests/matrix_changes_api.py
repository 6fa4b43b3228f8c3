"""The operations of changes in the rights matrix, and what they are pointed at."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from helhet.changes.actions import give_ahead
from helhet.changes.models import Change, Consequence, ImpactMark, Order, Position
from helhet.groups.actions import create_task
from helhet.groups.models import Group
from helhet.items.models import Item
from helhet.journal.actions import record
from tests.matrix import COORDINATORS, OWN_LEADS, OWN_MEMBERS, READERS, Operation
from tests.world import SYSTEM

READ = Operation(READERS, writes=False)
CHANGE = "/changes/{reference}"
WHY = Operation(OWN_MEMBERS, {"reason": "Prov"})

OPERATIONS = {
    "GET /changes": READ,
    "POST /changes": Operation(OWN_MEMBERS, {"title": "Byte", "group": "{group}"}),
    f"GET {CHANGE}": READ,
    f"PATCH {CHANGE}": Operation(OWN_MEMBERS, {"plan": "I lugn och ro"}),
    f"GET {CHANGE}/impact": READ,
    f"PUT {CHANGE}/marks/{{item}}": Operation(OWN_MEMBERS, {"is_hit": True, "reason": "Kylan"}),
    f"DELETE {CHANGE}/marks/{{item}}": Operation(OWN_MEMBERS),
    f"PUT {CHANGE}/after/{{before}}": Operation(OWN_MEMBERS, {}),
    f"DELETE {CHANGE}/after/{{before}}": Operation(OWN_MEMBERS),
    f"PUT {CHANGE}/incidents/{{incident}}": Operation(OWN_MEMBERS, {}),
    f"DELETE {CHANGE}/incidents/{{incident}}": Operation(OWN_MEMBERS),
    f"POST {CHANGE}/ask": WHY,
    f"POST {CHANGE}/approve": Operation(OWN_LEADS, {"reason": "Prov"}),
    f"POST {CHANGE}/schedule": WHY,
    f"POST {CHANGE}/begin": WHY,
    f"POST {CHANGE}/finish": Operation(OWN_MEMBERS, {"outcome": "done"}),
    f"POST {CHANGE}/close": WHY,
    f"POST {CHANGE}/takeback": WHY,
    f"POST {CHANGE}/cancel": WHY,
    f"GET {CHANGE}/positions/{{group}}": READ,
    f"POST {CHANGE}/positions/{{group}}/answer": Operation(OWN_LEADS, {"stance": "yes"}),
    f"POST {CHANGE}/positions/{{group}}/settle": Operation(COORDINATORS, {"goes_on": True, "words": "Vi vet"}),
    f"POST {CHANGE}/positions/{{group}}/remind": Operation(OWN_MEMBERS),
    f"POST {CHANGE}/history/{{event_id}}/undo": Operation(OWN_MEMBERS),
    "GET /advances": READ,
    "POST /advances": Operation(OWN_LEADS, {"group": "{group}", "until_on": "2027-06-30"}),
    "DELETE /advances/{advance_id}": Operation(OWN_LEADS),
}

HOLES = {"item": "marked", "group": "asked", "before": "earlier", "incident": "=INC-1", "advance_id": "advance"}


def samples(change: Change, earlier: Change, group: Group, other: Item) -> dict[str, Any]:
    """The change is marked, comes after another, and the group has been asked and has given a position in advance.

    They are written past the verbs, so that change and position have their first version as every operation sends it.
    """
    now = timezone.now()
    task = create_task(by=SYSTEM, title="Ta ställning", group=group.reference, item=change.reference)
    Position.objects.create(change=change, group=group, due_at=now + dt.timedelta(days=2), task=task)
    ImpactMark.objects.create(change=change, item=other, is_hit=True, reason="Kylan", made_by="test")
    Order.objects.create(before=earlier, after=change)
    Consequence.objects.create(change=change, reference="INC-1", told_by="test")
    ahead = give_ahead(group.reference, by=SYSTEM, until_on=timezone.localdate() + dt.timedelta(days=30))
    deed = record("changes.order.stated", "item", change.pk, by=SYSTEM, after={"after": earlier.reference, "note": ""})
    return {
        "asked": group.reference, "advance": ahead.pk, "earlier": earlier.reference, "marked": other.reference,
        "deed": deed.pk,
    }  # fmt: skip
