"""Published documents to take away, as Markdown pages."""

from __future__ import annotations

from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.documents.exporting import as_zip
from helhet.documents.permissions import DocumentPermission
from helhet.kit.rights import Caller
from helhet.kit.web import Request, page


@page(DocumentPermission.VIEW)
def markdown(request: Request) -> FileResponse:
    """Those that the filter finds and the reader may read, in a zip."""
    return zip_of(request.caller, request.GET.get("filter", ""))


def zip_of(caller: Caller, text: str) -> FileResponse:
    """The download, for the page and for programs."""
    name = f"{_('documents')}-{timezone.localdate().isoformat()}.zip"
    return FileResponse(as_zip(caller, text), as_attachment=True, filename=name, content_type="application/zip")
