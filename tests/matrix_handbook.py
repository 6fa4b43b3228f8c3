"""The rights matrix of service documentation, and something to point it at."""

from __future__ import annotations

from typing import Any

from helhet.documents.models import Audience, Document, DocumentAudience, Doubt, Version
from helhet.groups.answering import assign_by_hand
from helhet.groups.models import Group
from helhet.handbook.models import Contradiction, NotApplicable
from helhet.items.models import Item
from tests.matrix import ADMINISTRATORS, OWN_MEMBERS, READERS, Line, Operation
from tests.world import DAY, SYSTEM, Cast, make_item

VERSION = {"version": "1"}
ONE = ("service",)
PAGES: dict[str, Line] = {
    "handbook:services": Line(READERS),
    "handbook:gaps": Line(READERS),
    "handbook:weights": Line(ADMINISTRATORS, ADMINISTRATORS, body={"orders": "5", "version_orders": "1"}),
    "handbook:service": Line(READERS, args=ONE),
    "handbook:service_print": Line(READERS, args=ONE),
    "handbook:contradiction_new": Line(READERS, READERS, args=ONE, body={"text": "Numret är fel"}),
    "handbook:contradiction": Line(
        OWN_MEMBERS, OWN_MEMBERS, args=("contradiction",), body={"text": "Rättat", **VERSION}
    ),
    "handbook:part_ruled_out": Line(
        OWN_MEMBERS, OWN_MEMBERS, args=("service", "=tasks"), body={"reason": "Inget görs"}
    ),
    "handbook:part_begun": Line(post=OWN_MEMBERS, args=("service", "=levels")),
    "handbook:part_still_true": Line(
        post=OWN_MEMBERS, args=("service", "=support"), body={"doubt": "{part_doubt}", **VERSION}
    ),
    "handbook:part_applies": Line(post=OWN_MEMBERS, args=("service", "=orders"), body=VERSION),
}
READ = Operation(READERS, writes=False)
RULED_OUT = "/services/{reference}/{part}/not-applicable"
API: dict[str, Operation] = {
    "GET /services": READ,
    "GET /services/completeness": READ,
    "GET /services/gaps": READ,
    "GET /services/weights": READ,
    "PATCH /services/weights/{part}": Operation(ADMINISTRATORS, {"weight": 5}),
    "GET /services/{reference}": READ,
    "POST /services/{reference}/{part}": Operation(OWN_MEMBERS),
    "POST /services/{reference}/{part}/still-true": Operation(OWN_MEMBERS, {"doubts": ["{#part_doubt}"]}),
    f"PUT {RULED_OUT}": Operation(OWN_MEMBERS, {"reason": "Inget beställs"}),
    f"DELETE {RULED_OUT}": Operation(OWN_MEMBERS),
    "POST /services/{reference}/contradictions": Operation(READERS, {"text": "Numret är fel"}),
    "GET /contradictions/{number}": READ,
    "POST /contradictions/{number}/settle": Operation(OWN_MEMBERS, {"text": "Rättat"}),
}
# Which sample stands in a hole of a path, and where the beginning of a path says that a hole means something else.
HOLES: dict[str, str] = {"part": "=orders"}
OTHER_HOLES: dict[str, dict[str, str]] = {
    "/services/{reference}/{part}/still-true": {"reference": "service", "part": "=support"},
    RULED_OUT: {"reference": "service", "part": "=orders"},
    "/services/{reference}/{part}": {"reference": "service", "part": "=levels"},
    "/services": {"reference": "service"},
    "/contradictions": {"number": "contradiction"},
}
# For each page that changes something, and each that gives a file, the operation that does the same.
SAME: dict[str, str] = {
    "handbook:weights": "PATCH /services/weights/{part}",
    "handbook:contradiction_new": "POST /services/{reference}/contradictions",
    "handbook:contradiction": "POST /contradictions/{number}/settle",
    "handbook:part_ruled_out": f"PUT {RULED_OUT}",
    "handbook:part_begun": "POST /services/{reference}/{part}",
    "handbook:part_still_true": "POST /services/{reference}/{part}/still-true",
    "handbook:part_applies": f"DELETE {RULED_OUT}",
}
# What belongs to the browser alone, and why.
ALONE: dict[str, str] = {}


def samples(cast: Cast, item: Item, group: Group | None) -> dict[str, Any]:
    """By name what stands in the holes. The things are the group's, or nobody's."""
    del cast, item
    service = make_item("Vårdjournal", kind="business_service")
    if group is not None:
        assign_by_hand([service.pk], group, by=SYSTEM, on=DAY)
    NotApplicable.objects.create(item=service, part="orders", reason="Inget beställs", by="test")
    filed = Contradiction.objects.create(item=service, text="Numret är fel", by="test")
    part = Document.objects.create(item=service, part="support", sort="documentation", is_doubtful=True)
    DocumentAudience.objects.create(document=part, audience=Audience.objects.get(key="all"))
    part.published = Version.objects.create(document=part, major=1, title="Supportvägar", text="Ring jouren.")
    part.save()
    doubt = Doubt.objects.create(document=part, cause="hand", text="Stämmer numret?", by="test")
    return {"service": service.reference, "contradiction": filed.pk, "part_doubt": doubt.pk}
