"""Documents and services to print."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from helhet.documents.permissions import DocumentPermission
from helhet.groups.views.pages import GET_POST, form_page
from helhet.handbook.printing.keeping import ask, asked, ready
from helhet.handbook.printing.making import wanted
from helhet.kit.web import Request, page


@page(DocumentPermission.VIEW, methods=GET_POST)
def printed(request: Request, reference: str, name: str, form: str) -> HttpResponse:
    """The file, as a download. A large one is asked for, made by a job and offered on the page of that."""
    one = wanted(reference, name, form, request.caller)
    if request.method == "POST":
        return redirect("kit:job", ask(one, request.caller).pk)
    file = ready(one, request.caller)
    if file is None and (job := asked(one, request.caller)) is not None:
        return redirect("kit:job", job.pk)
    if file is None:
        return form_page(
            request, forms.Form(), title=_("Make %(name)s") % {"name": one.file_name},
            says=_("It is long, so it is made in the background. It is offered when it is ready, and kept for a day."),
            submit=_("Make it"), cancel_url=one.item.get_absolute_url(),
        )  # fmt: skip
    answer = HttpResponse(file.content, content_type=file.content_type)
    answer["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return answer
