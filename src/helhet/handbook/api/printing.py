"""The API of prints."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status

from helhet.documents.permissions import DocumentPermission
from helhet.handbook.permissions import HandbookPermission
from helhet.handbook.printing.keeping import ask, asked, ready
from helhet.handbook.printing.making import wanted
from helhet.kit.api import ERRORS, caller_of, only_known
from helhet.kit.api_examples import example
from helhet.kit.api_rights import needs
from helhet.kit.errors import Clash
from helhet.kit.jobs import Job

router = Router(tags=["Prints"])
Form = Literal["pdf", "docx"]


class PrintJobOut(Schema):
    """The job that makes it: when that is done, `url` gives the file."""

    model_config = example(job=88, url="/api/v1/prints/SRV-12/service?form=pdf")

    job: int
    url: str


@router.get(
    "/{reference}/{printed}", response={200: None, 202: PrintJobOut, **ERRORS},
    summary="Fetch a document or a service as PDF or DOCX",
    openapi_extra={"responses": {200: {"description": "The print", "content": {
        "application/pdf": {"schema": {"type": "string", "format": "binary"}}}}}},
)  # fmt: skip
@needs(DocumentPermission.VIEW)
def printed(request: HttpRequest, reference: str, printed: str, form: Form = "pdf") -> Any:
    """`printed` is `document` for the item's own text, `service` for all parts of its documentation, or one part. A
    long one is asked for with POST: until it is made this gives 202 with the job; it is kept for a day.
    """
    only_known(request, "form")
    caller = caller_of(request)
    one = wanted(reference, printed, form, caller)
    file = ready(one, caller)
    if file is None and (job := asked(one, caller)) is not None:
        return Status(202, _job_data(request, job))
    if file is None:
        raise Clash(
            _("It is too long to be made while you wait."),
            todo=_("Ask for it with POST to the same address, and fetch it when the job is done."),
        )
    answer = HttpResponse(file.content, content_type=file.content_type)
    answer["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return answer


@router.post(
    "/{reference}/{printed}", response={202: PrintJobOut, **ERRORS}, summary="Ask for a long PDF or DOCX"
)  # fmt: skip
@needs(HandbookPermission.PRINT_MAKE, DocumentPermission.VIEW)
def ask_for_print(request: HttpRequest, reference: str, printed: str, form: Form = "pdf") -> Status[dict[str, Any]]:
    """A job makes it with the asker's rights; GET on the same address gives it, to who may read it then."""
    only_known(request, "form")
    caller = caller_of(request)
    return Status(202, _job_data(request, ask(wanted(reference, printed, form, caller), caller)))


def _job_data(request: HttpRequest, job: Job) -> dict[str, Any]:
    return {"job": job.pk, "url": request.get_full_path()}
