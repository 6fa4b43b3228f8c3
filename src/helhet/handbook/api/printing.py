"""The API of prints."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router

from helhet.documents.permissions import DocumentPermission
from helhet.handbook.printing.making import print_file
from helhet.kit.api import ERRORS, caller_of, only_known
from helhet.kit.api_rights import needs

router = Router(tags=["Prints"])


@router.get(
    "/{reference}/{printed}", response={200: None, **ERRORS}, summary="Fetch a document or a service as PDF or DOCX",
    openapi_extra={"responses": {200: {"description": "The print", "content": {
        "application/pdf": {"schema": {"type": "string", "format": "binary"}}}}}},
)  # fmt: skip
@needs(DocumentPermission.VIEW)
def printed(request: HttpRequest, reference: str, printed: str, form: Literal["pdf", "docx"] = "pdf") -> Any:
    """`printed` is `document` for the item's own text, `service` for all parts of its documentation, or one part."""
    only_known(request, "form")
    file = print_file(reference, printed, form, caller_of(request))
    answer = HttpResponse(file.content, content_type=file.content_type)
    answer["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return answer
