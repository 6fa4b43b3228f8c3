"""The rights matrix of the editor, comparing, remarks and reports, and something to point it at."""

from __future__ import annotations

from typing import Any

from helhet.documents.models import Audience, Document, DocumentAudience, Draft, Remark, Version
from helhet.groups.answering import assign_by_hand
from helhet.groups.models import Group
from helhet.items.models import Item
from tests.matrix import OWN_LEADS, OWN_MEMBERS, READERS, Line, Operation
from tests.world import DAY, SYSTEM, Cast, make_item

VERSION = {"version": "1"}
ONE, REMARK = ("written",), ("written", "remark")
WRITTEN = {"published": "0", "document_version": "1", "title": "Omstart", "text": "Starta om", **VERSION}
PAGES: dict[str, Line] = {
    "documents:edit": Line(OWN_MEMBERS, OWN_MEMBERS, args=ONE, body=WRITTEN),
    "documents:preview": Line(post=OWN_MEMBERS, args=ONE, body={"text": "# Omstart"}),
    "documents:pictures": Line(post=OWN_MEMBERS, args=ONE, body={"file": "@bild.png"}),
    "documents:draft": Line(OWN_MEMBERS, args=ONE),
    "documents:edition": Line(READERS, args=("written", "=1")),
    "documents:kept": Line(OWN_MEMBERS, args=ONE),
    "documents:compare": Line(READERS, args=ONE),
    "documents:remarks": Line(READERS, READERS, args=ONE, body={"text": "Vilken?"}),
    "documents:remark_settling": Line(post=OWN_MEMBERS, args=REMARK, body=VERSION),
    "documents:remark_removal": Line(post=OWN_LEADS, args=REMARK, body=VERSION),
    "documents:report": Line(READERS, READERS, args=ONE, body={"sort": "wrong", "text": "Fel"}),
}
DOCUMENT = "/documents/{address}"
REMARKS = f"{DOCUMENT}/remarks"
API: dict[str, Operation] = {
    f"GET {REMARKS}": Operation(READERS, writes=False),
    f"POST {REMARKS}": Operation(READERS, {"text": "Vilken?"}),
    f"POST {REMARKS}/{{remark_id}}/settle": Operation(OWN_MEMBERS),
    f"DELETE {REMARKS}/{{remark_id}}": Operation(OWN_LEADS),
    f"POST {DOCUMENT}/reports": Operation(READERS, {"sort": "wrong", "text": "Fel"}),
    f"GET {DOCUMENT}/compare": Operation(READERS, writes=False),
}
# Which sample stands in a hole of a path, and where the beginning of a path says that a hole means something else.
HOLES: dict[str, str] = {"remark_id": "remark"}
OTHER_HOLES: dict[str, dict[str, str]] = {
    f"{DOCUMENT}/remarks": {"address": "written"},
    f"{DOCUMENT}/reports": {"address": "written"},
    f"{DOCUMENT}/compare": {"address": "written"},
}
# For each page that changes something, and each that gives a file, the operation that does the same.
SAME: dict[str, str] = {
    "documents:edit": f"PUT {DOCUMENT}/draft",
    "documents:pictures": "POST /items/{reference}/attachments",
    "documents:remarks": f"POST {REMARKS}",
    "documents:remark_settling": f"POST {REMARKS}/{{remark_id}}/settle",
    "documents:remark_removal": f"DELETE {REMARKS}/{{remark_id}}",
    "documents:report": f"POST {DOCUMENT}/reports",
}
# What belongs to the browser alone, and why.
ALONE: dict[str, str] = {"documents:preview": "draws a text that is being written; nothing is saved"}


def samples(cast: Cast, item: Item, group: Group | None) -> dict[str, Any]:
    """A published document with a draft and a remark."""
    del cast, item
    of_item = make_item("Rutin som skrivs", kind="routine")
    written = Document.objects.create(item=of_item, sort="routine")
    DocumentAudience.objects.create(document=written, audience=Audience.objects.get(key="all"))
    written.published = Version.objects.create(document=written, major=1, title="Omstart", text="Starta om")
    written.save(update_fields=["published"])
    Draft.objects.create(document=written, title="Omstart", text="Starta om nu", base=written.published)
    if group is not None:
        assign_by_hand([of_item.pk], group, by=SYSTEM, on=DAY)
    remark = Remark.objects.create(document=written, of_version=written.published, text="När?", by="Någon")
    return {"written": written.address, "remark": remark.pk}
