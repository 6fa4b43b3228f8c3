"""The rights matrix of copies that need no server, and something to point it at."""

from __future__ import annotations

from typing import Any

from helhet.documents.models import Audience, Document, DocumentAudience, Version
from helhet.groups.models import Group
from helhet.items.models import Item
from tests.matrix import COORDINATORS, READERS, Line, Operation
from tests.world import Cast, make_item

ONE = ("=operations",)
PAGES: dict[str, Line] = {
    "handbook:bundles": Line(READERS),
    "handbook:bundle_make": Line(post=COORDINATORS, args=ONE),
    "handbook:bundle_zip": Line(READERS, args=ONE),
    "handbook:printed": Line(READERS, READERS, args=("printable", "=document", "=docx")),
}
READ = Operation(READERS, writes=False)
API: dict[str, Operation] = {
    "GET /offline-copies": READ,
    "GET /offline-copies/{audience}": READ,
    "POST /offline-copies/{audience}": Operation(COORDINATORS),
    "GET /offline-copies/{audience}/file": READ,
    "GET /prints/{reference}/{printed}": Operation(READERS, writes=False, query="?form=docx"),
    "POST /prints/{reference}/{printed}": Operation(READERS),
}
# Which sample stands in a hole of a path, and where the beginning of a path says that a hole means something else.
HOLES: dict[str, str] = {"audience": "=operations", "printed": "=document"}
OTHER_HOLES: dict[str, dict[str, str]] = {
    "/offline-copies": {"audience": "=operations"},
    "/prints/": {"reference": "printable"},
}
# For each page that changes something, and each that gives a file, the operation that does the same.
SAME: dict[str, str] = {
    "handbook:bundle_make": "POST /offline-copies/{audience}",
    "handbook:bundle_zip": "GET /offline-copies/{audience}/file",
    "handbook:printed": "POST /prints/{reference}/{printed}",
}
# What belongs to the browser alone, and why.
ALONE: dict[str, str] = {}


def samples(cast: Cast, item: Item, group: Group | None) -> dict[str, Any]:
    """By name what stands in the holes. The things are the group's, or nobody's."""
    del cast, item, group
    own = make_item("Utskrift", kind="document")
    document = Document.objects.create(item=own)
    document.published = Version.objects.create(document=document, major=1, title="Utskrift", text="Text")
    document.save()
    DocumentAudience.objects.create(document=document, audience=Audience.objects.get(key="all"))
    return {"printable": own.reference}
