"""The rights matrix of controlled documents, and something to point it at."""

from __future__ import annotations

from typing import Any

from helhet.documents.models import Audience, Document, DocumentAudience, Doubt, Draft, Version
from helhet.groups.answering import assign_by_hand
from helhet.groups.models import Group
from helhet.items.models import Item, State
from tests.matrix import ADMINISTRATORS, MEMBERS, OWN_LEADS, OWN_MEMBERS, READERS, Line, Operation
from tests.world import DAY, SYSTEM, Cast, make_item

VERSION = {"version": "1"}
ONE, DRAFTED, WITHDRAWN = ("document",), ("drafted",), ("withdrawn",)
FACTS = {"sort": "routine", "language": "en", "review_unit": "month", **VERSION}
AUDIENCE = ("audience",)
NEW = {"key": "jour", "name_sv": "Jouren", "is_open": True}
OF_AUDIENCE = {"name_sv": "Jour", "is_open": "on", "version": "1"}
APPROVAL = {"approver": "member", "version": "1"}
PAGES: dict[str, Line] = {
    "documents:audiences": Line(READERS),
    "documents:audience_new": Line(ADMINISTRATORS, ADMINISTRATORS, body={**NEW, "is_open": "on"}),
    "documents:audience_edit": Line(ADMINISTRATORS, ADMINISTRATORS, args=AUDIENCE, body=OF_AUDIENCE),
    "documents:audience_removal": Line(post=ADMINISTRATORS, args=AUDIENCE, body={"version": "1"}),
    "documents:approval": Line(OWN_LEADS, OWN_LEADS, args=("group",), body=APPROVAL),
    "documents:markdown": Line(READERS),
    "documents:documents": Line(READERS),
    "documents:turned": Line(READERS, args=("event",)),
    "documents:document_new": Line(
        MEMBERS, MEMBERS, body={"title": "Omstart", "sort": "routine", "language": "sv", "audiences": ["all"]},
    ),
    "documents:document": Line(READERS, args=ONE),
    "documents:submit": Line(OWN_MEMBERS, OWN_MEMBERS, args=DRAFTED, body=VERSION),
    "documents:verdict": Line(
        OWN_LEADS, OWN_LEADS, args=("submitted",), body={"step": "approval", "answer": "yes", **VERSION}
    ),
    "documents:publishing": Line(OWN_MEMBERS, OWN_MEMBERS, args=("approved",), body=VERSION),
    "documents:drop": Line(OWN_MEMBERS, OWN_MEMBERS, args=DRAFTED, body=VERSION),
    "documents:facts": Line(OWN_MEMBERS, OWN_MEMBERS, args=ONE, body=FACTS),
    "documents:readers": Line(OWN_LEADS, OWN_LEADS, args=ONE, body={"audiences": ["operations"], **VERSION}),
    "documents:withdrawal": Line(OWN_LEADS, OWN_LEADS, args=ONE, body={"reason": "Ersatt", **VERSION}),
    "documents:bring_back": Line(post=OWN_LEADS, args=WITHDRAWN, body=VERSION),
    "documents:reviewed": Line(post=OWN_MEMBERS, args=ONE, body=VERSION),
    "documents:doubt": Line(READERS, READERS, args=ONE, body={"text": "Stämmer det?"}),
    "documents:still_true": Line(post=OWN_MEMBERS, args=ONE, body={"doubt": "{doubt}"}),
}  # fmt: skip
READ = Operation(READERS, writes=False)
DOCUMENT, DRAFT = "/documents/{address}", "/documents/{address}/draft"
API: dict[str, Operation] = {
    "GET /documents": READ,
    "GET /audiences": Operation(READERS, writes=False),
    "POST /audiences": Operation(ADMINISTRATORS, NEW),
    "GET /audiences/{key}": Operation(READERS, writes=False),
    "PATCH /audiences/{key}": Operation(ADMINISTRATORS, {"name_sv": "Jour"}),
    "DELETE /audiences/{key}": Operation(ADMINISTRATORS),
    "GET /approvals/{group}": Operation(READERS, writes=False),
    "PUT /approvals/{group}": Operation(OWN_LEADS, {"approver": "member"}),
    "GET /document-figures": READ,
    "GET /document-pages": READ,
    "POST /documents": Operation(MEMBERS, {"title": "Omstart", "sort": "routine"}),
    f"GET {DOCUMENT}": READ,
    f"PATCH {DOCUMENT}": Operation(OWN_MEMBERS, {"language": "en"}),
    f"PUT {DOCUMENT}/readers": Operation(OWN_LEADS, {"audiences": ["operations"]}),
    f"POST {DOCUMENT}/reviewed": Operation(OWN_MEMBERS, {}),
    f"POST {DOCUMENT}/withdraw": Operation(OWN_LEADS, {"reason": "Ersatt"}),
    f"POST {DOCUMENT}/return": Operation(OWN_LEADS),
    f"POST {DOCUMENT}/doubts": Operation(READERS, {"text": "Stämmer det?"}),
    f"POST {DOCUMENT}/still-true": Operation(OWN_MEMBERS, {"doubts": ["{#doubt}"]}),
    f"GET {DOCUMENT}/versions": READ,
    f"POST {DOCUMENT}/minor": Operation(OWN_MEMBERS, {"text": "Rättat"}),
    f"GET {DRAFT}": Operation(OWN_MEMBERS, writes=False),
    f"GET {DRAFT}/texts": Operation(OWN_MEMBERS, writes=False),
    f"PUT {DRAFT}": Operation(OWN_MEMBERS, {"text": "Nytt"}),
    f"DELETE {DRAFT}": Operation(OWN_MEMBERS),
    f"POST {DRAFT}/submit": Operation(OWN_MEMBERS, {}),
    f"POST {DRAFT}/verdict": Operation(OWN_LEADS, {"step": "approval", "is_yes": True}),
    f"POST {DRAFT}/publish": Operation(OWN_MEMBERS, {}),
}
# Which sample stands in a hole of a path, and where the beginning of a path says that a hole means something else.
HOLES: dict[str, str] = {"address": "document"}
OTHER_HOLES: dict[str, dict[str, str]] = {
    f"{DRAFT}/verdict": {"address": "submitted"},
    f"{DRAFT}/publish": {"address": "approved"},
    DRAFT: {"address": "drafted"},
    "/audiences": {"key": "audience"},
    "/approvals": {"group": "group"},
    f"{DOCUMENT}/return": {"address": "withdrawn"},
}
# For each page that changes something, and each that gives a file, the operation that does the same.
SAME: dict[str, str] = {
    "documents:audience_new": "POST /audiences",
    "documents:audience_edit": "PATCH /audiences/{key}",
    "documents:audience_removal": "DELETE /audiences/{key}",
    "documents:approval": "PUT /approvals/{group}",
    "documents:markdown": "GET /document-pages",
    "documents:document_new": "POST /documents",
    "documents:submit": f"POST {DRAFT}/submit",
    "documents:verdict": f"POST {DRAFT}/verdict",
    "documents:publishing": f"POST {DRAFT}/publish",
    "documents:drop": f"DELETE {DRAFT}",
    "documents:facts": f"PATCH {DOCUMENT}",
    "documents:readers": f"PUT {DOCUMENT}/readers",
    "documents:withdrawal": f"POST {DOCUMENT}/withdraw",
    "documents:bring_back": f"POST {DOCUMENT}/return",
    "documents:reviewed": f"POST {DOCUMENT}/reviewed",
    "documents:doubt": f"POST {DOCUMENT}/doubts",
    "documents:still_true": f"POST {DOCUMENT}/still-true",
}
# What belongs to the browser alone, and why.
ALONE: dict[str, str] = {}


def samples(cast: Cast, item: Item, group: Group | None) -> dict[str, Any]:
    """A published document, and three with a draft: being written, submitted, approved; and one that is withdrawn."""
    del cast, item
    readers = Audience.objects.get(key="all")
    found: dict[str, Any] = {}
    made: dict[str, Document] = {}
    for name, state in (("document", ""), ("drafted", "writing"), ("submitted", "review"), ("approved", "approved"),
                        ("withdrawn", "")):  # fmt: skip
        of_item = make_item(f"Rutin {name}", kind="routine", state=State.RETIRED if name == "withdrawn" else State.LIVE)
        made[name] = one = Document.objects.create(item=of_item, sort="routine")
        DocumentAudience.objects.create(document=one, audience=readers)
        if state:
            Draft.objects.create(document=one, state=state, title="Omstart", text="Starta om")
        else:
            one.published = Version.objects.create(document=one, major=1, title=f"Rutin {name}", text="Starta om")
            one.save(update_fields=["published"])
        found[name] = one.address
    if group is not None:
        assign_by_hand([one.item_id for one in made.values()], group, by=SYSTEM, on=DAY)
    found["doubt"] = Doubt.objects.create(document=made["document"], cause="hand", text="Stämmer det?").pk
    found["audience"] = Audience.objects.create(key="few", name_sv="Få", name_en="Few", is_open=True).key
    return found
