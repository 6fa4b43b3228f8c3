"""Documents and services to print."""

from __future__ import annotations

from django.http import HttpResponse

from helhet.documents.permissions import DocumentPermission
from helhet.handbook.printing.making import print_file
from helhet.kit.web import Request, page


@page(DocumentPermission.VIEW)
def printed(request: Request, reference: str, name: str, form: str) -> HttpResponse:
    """The file, as a download."""
    file = print_file(reference, name, form, request.caller)
    answer = HttpResponse(file.content, content_type=file.content_type)
    answer["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return answer
