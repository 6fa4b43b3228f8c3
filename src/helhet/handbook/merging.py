"""What is said of service documentation follows when items are one. Fills `items.merged` and `items.split`.

Stands before the filler of documents: whether the kept item has a part of its own must be seen before parts move.
"""

from __future__ import annotations

from typing import Any

from helhet.documents.models import Document
from helhet.handbook.models import Contradiction, NotApplicable
from helhet.items.merging import Merging


def on_merged(merging: Merging) -> dict[str, Any]:
    """Contradictions follow; so does that a part does not apply, where the kept item says nothing of that part."""
    kept, gone = merging.kept, merging.gone
    said = NotApplicable.objects.filter(item=kept).values("part")
    own = Document.objects.filter(item=kept).exclude(part="").values("part")
    ruled = NotApplicable.objects.filter(item=gone).exclude(part__in=said).exclude(part__in=own)
    moved = {
        "not_applicable": list(ruled.values_list("pk", flat=True)),
        "contradictions": list(Contradiction.objects.filter(item=gone).values_list("pk", flat=True)),
    }
    NotApplicable.objects.filter(pk__in=moved["not_applicable"]).update(item=kept)
    Contradiction.objects.filter(pk__in=moved["contradictions"]).update(item=kept)
    return moved


def on_split(merging: Merging, moved: dict[str, Any]) -> None:
    """They go back, those that still stand."""
    for name, model in (("not_applicable", NotApplicable), ("contradictions", Contradiction)):
        rows = model._default_manager.filter(pk__in=moved.get(name, ()), item=merging.kept)
        rows.update(item=merging.gone)
