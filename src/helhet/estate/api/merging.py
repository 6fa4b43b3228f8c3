"""The API of merging two items that are one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Schema

from helhet.estate.api.items import router
from helhet.items.merging import merge_items, split_items
from helhet.items.models import Item
from helhet.items.permissions import ItemPermission
from helhet.journal.models import Batch
from helhet.kit.api import ERRORS, WRITE_ERRORS, Strict, caller_of, version_asked
from helhet.kit.api_examples import example
from helhet.kit.api_rights import needs


class MergeIn(Strict):
    """The item that becomes the one addressed, by reference or `source:key`."""

    model_config = example(gone="cmdb:ci-78", reason="Samma server i två källor")

    gone: str
    reason: str = ""


class MergeOut(Schema):
    """A merge, or its undo, as a batch."""

    model_config = example(batch=31, kept="SRV-12", gone="SRV-44")

    batch: int
    kept: str
    gone: str


@router.post("/merges/{int:batch_id}/undo", response={200: MergeOut, **ERRORS}, summary="Undo a merge")
@needs(ItemPermission.MERGE)
def split(request: HttpRequest, batch_id: int) -> dict[str, Any]:
    """Both stand again as they were; what was changed on the kept one since stays."""
    return _told(split_items(batch_id, by=caller_of(request)))


@router.post(
    "/{path:reference}/merge", response={200: MergeOut, **WRITE_ERRORS}, summary="Merge another item into this"
)
@needs(ItemPermission.MERGE)
def merge(request: HttpRequest, reference: str, body: MergeIn) -> dict[str, Any]:
    """Needs If-Match with the ETag of the item addressed, which is kept."""
    version = version_asked(request)
    return _told(merge_items(reference, body.gone, by=caller_of(request), version=version, reason=body.reason))


def _told(batch: Batch) -> dict[str, Any]:
    kept, gone = (Item.objects.get(pk=batch.counts[name]).reference for name in ("kept", "gone"))
    return {"batch": batch.pk, "kept": kept, "gone": gone}
