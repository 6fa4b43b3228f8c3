"""The rights matrix of what changes were and what needs no asking, and something to point it at."""

from __future__ import annotations

from typing import Any

from helhet.changes.actions.standards import decide_version, propose_standard
from helhet.changes.actions.thresholds import state_threshold
from helhet.changes.models import Unregistered
from helhet.groups.models import Group
from helhet.items.models import Item
from tests.matrix import COORDINATORS, LEADS, MEMBERS, OWN_LEADS, OWN_MEMBERS, READERS, Line, Operation
from tests.world import SYSTEM

VERSION = {"version": "{standard_version}"}
STANDARD = {"name": "Starta om", "group": "{group}", "item": "{item}", "routine": "Starta om den"}
FORM = {**STANDARD, "minutes": "30", "risk": "low"}
ONE, OPEN = ("standard",), ("standard_open",)
PAGES = {
    "changes:outcomes": Line(READERS),
    "changes:unregistered": Line(READERS),
    "changes:alteration": Line(
        READERS, OWN_MEMBERS, args=("alteration",), body={"how": "dismiss", "words": "Mätfel", "version": "1"}
    ),
    "changes:thresholds": Line(READERS),
    "changes:threshold_new": Line(
        LEADS, OWN_LEADS, body={"text": "Minne", "covered_by": "Uppgift 4", "item": "{item}", "group": "{group}"}
    ),
    "changes:threshold_end": Line(post=OWN_LEADS, args=("threshold",), body={"version": "1"}),
    "changes:covered": Line(READERS, query="?items={item}&type=normal"),
    "changes:standards": Line(READERS),
    "changes:standard": Line(READERS, args=ONE),
    "changes:standard_new": Line(MEMBERS, OWN_MEMBERS, body=FORM),
    "changes:standard_version": Line(OWN_MEMBERS, OWN_MEMBERS, args=ONE, body={**FORM, **VERSION}),
    "changes:standard_decide": Line(COORDINATORS, COORDINATORS, args=OPEN, body={"approve": "yes", "version": "1"}),
    "changes:standard_retire": Line(OWN_MEMBERS, OWN_MEMBERS, args=ONE, body={"reason": "r", **VERSION}),
    "changes:standard_raise": Line(OWN_MEMBERS, OWN_MEMBERS, args=ONE, body=VERSION),
}

API = {
    "GET /change-outcomes": Operation(READERS, writes=False),
    "GET /unregistered-changes": Operation(READERS, writes=False),
    "GET /unregistered-changes/{alteration_id}": Operation(READERS, writes=False),
    "POST /unregistered-changes/{alteration_id}/explanation": Operation(
        OWN_MEMBERS, {"how": "dismiss", "words": "Mätfel"}
    ),
    "GET /thresholds": Operation(READERS, writes=False),
    "GET /thresholds/covering": Operation(READERS, writes=False, query="?items={item}"),
    "POST /thresholds": Operation(
        OWN_LEADS, {"text": "Fler kärnor", "covered_by": "Beställning 12", "item": "{item}", "group": "{group}"}
    ),
    "POST /thresholds/{threshold_id}/end": Operation(OWN_LEADS, {}),
    "GET /standard-changes": Operation(READERS, writes=False),
    "POST /standard-changes": Operation(OWN_MEMBERS, STANDARD),
    "GET /standard-changes/{standard_id}": Operation(READERS, writes=False),
    "POST /standard-changes/{standard_id}/versions": Operation(OWN_MEMBERS, {"minutes": 45}),
    "POST /standard-changes/{standard_id}/decision": Operation(COORDINATORS, {"approve": True}),
    "POST /standard-changes/{standard_id}/retire": Operation(OWN_MEMBERS, {"reason": "Ersatt"}),
    "POST /standard-changes/{standard_id}/changes": Operation(OWN_MEMBERS, {}),
}


def samples(group: Group, item: str) -> dict[str, Any]:
    """A standard change that may be raised, and one that is proposed."""
    given = {"by": SYSTEM, "group": group.reference, "item": item, "routine": "Starta om den"}
    one, other = (propose_standard(name=name, **given) for name in ("Starta om", "Byta skiva"))
    done = decide_version(one.pk, by=SYSTEM, version=one.version, approve=True)
    row = Item.objects.get(kind__prefix=item.partition("-")[0], number=item.partition("-")[2])
    alteration = Unregistered.objects.create(item=row, fields={"attributes.cpu": [4, 8]})
    threshold = state_threshold(by=SYSTEM, text="Minne", covered_by="Uppgift 4", item=item, group=group.reference)
    return {
        "standard": done.pk, "standard_version": done.version, "standard_open": other.pk, "alteration": alteration.pk,
        "threshold": threshold.pk,
    }  # fmt: skip
