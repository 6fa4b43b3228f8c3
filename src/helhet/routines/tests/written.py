"""Published routines for tests."""

from __future__ import annotations

from typing import Any

from helhet.documents.models import Audience, Document, DocumentAudience, Sort, Version
from helhet.groups.answering import assign_by_hand
from helhet.groups.models import Group
from helhet.routines.models import Routine
from tests.world import DAY, SYSTEM, make_item

STEPS: list[dict[str, Any]] = [
    {"id": "check", "title": "Kontrollera larmet"},
    {"id": "queue", "title": "Läs köns längd", "input": "number", "unit": "st", "most": "100", "minutes": 2},
    {"id": "wait", "title": "Vänta", "when": {"step": "queue", "sense": "over", "value": "10"}},
    {"id": "note", "title": "Skriv vad du såg", "input": "text", "required": False},
    {"id": "tell", "title": "Meddela servicedesk", "minutes": 3},
]


def make_routine(
    name: str = "Omstart av motorn",
    *,
    group: Group | None = None,
    steps: Any = None,
    audience: str = "all",
    **more: Any,
) -> Routine:
    """A published routine that everybody may read unless another audience is named."""
    item = make_item(name, kind="routine")
    if group is not None:
        assign_by_hand([item.pk], group, by=SYSTEM, on=DAY)
    document = Document.objects.create(item=item, sort=Sort.ROUTINE)
    document.published = Version.objects.create(
        document=document,
        major=1,
        title=name,
        text="Så här gör du.",
        fields={"steps": STEPS if steps is None else steps},
    )
    document.save()
    DocumentAudience.objects.create(document=document, audience=Audience.objects.get(key=audience))
    return Routine.objects.create(document=document, **more)
