"""What readers say of a document: remarks on a passage, and reports to the group that answers for it."""

from __future__ import annotations

from dataclasses import replace

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helhet.documents.actions.remarks import is_mine, remark, remove_remark, settle_remark
from helhet.documents.actions.reporting import Report, report
from helhet.documents.document_page import address_of, crumbs_of
from helhet.documents.finding import find_document
from helhet.documents.models import Document
from helhet.documents.permissions import DocumentPermission
from helhet.documents.reading import RemarkSeen, remarks_of
from helhet.groups.views.pages import GET_POST, POST, form_page, tried, version_of
from helhet.kit.rights import Caller
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page


class RemarkForm(forms.Form):
    """What is said, and of which words."""

    quote = forms.CharField(
        label=gettext_lazy("The words that it is about"), required=False, max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("As they stand in the document. Empty: the remark is about the whole."),
    )  # fmt: skip
    before = forms.CharField(required=False, max_length=400, strip=False, widget=forms.HiddenInput)
    after = forms.CharField(required=False, max_length=400, strip=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("Remark"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 4})
    )  # fmt: skip


class ReportForm(forms.Form):
    """What a reader tells the group."""

    sort = forms.ChoiceField(
        label=gettext_lazy("What do you want to say?"), choices=Report.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=gettext_lazy("In a few words"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 4})
    )


@page(DocumentPermission.VIEW, methods=GET_POST)
def remarks(request: Request, address: str) -> HttpResponse:
    """All remarks, and one more."""
    caller = request.caller
    found = find_document(address, caller)
    given = {name: request.GET[name][:1_000] for name in ("quote", "before", "after") if name in request.GET}
    form = RemarkForm(request.POST or None, initial=given)
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: remark(address, by=caller, **form.cleaned_data))
        if made is not None:
            toast(request, _("The remark is made."))
            return redirect(address_of("remarks", found))
    context = {
        "document": found, "crumbs": crumbs_of(found), "remarks": seen_by(found, caller),
        "form": form if found.published_id and caller.may(DocumentPermission.REMARK, found) else None,
    }  # fmt: skip
    return render(request, "documents/remarks.html", context, status=422 if form.errors else 200)


def seen_by(document: Document, caller: Caller) -> list[RemarkSeen]:
    """The remarks with what the caller may do with each."""
    may_write = caller.may(DocumentPermission.WRITE, document)
    may_manage = caller.may(DocumentPermission.MANAGE, document)
    return [
        replace(
            one,
            may_settle=one.remark.settled_at is None and (may_write or is_mine(one.remark, caller)),
            may_remove=may_manage or is_mine(one.remark, caller),
        )
        for one in remarks_of(document)
    ]


@page(DocumentPermission.VIEW, methods=POST)
def remark_settling(request: Request, address: str, remark_id: int) -> HttpResponse:
    """It has been seen to."""
    found = settle_remark(address, remark_id, by=request.caller, version=version_of(request))
    toast(request, _("The remark is settled."))
    return redirect(address_of("remarks", found.document))


@page(DocumentPermission.VIEW, methods=POST)
def remark_removal(request: Request, address: str, remark_id: int) -> HttpResponse:
    """Take it back."""
    remove_remark(address, remark_id, by=request.caller, version=version_of(request))
    toast(request, _("The remark is removed."))
    return redirect(address_of("remarks", find_document(address, request.caller)))


@page(DocumentPermission.REPORT, methods=GET_POST)
def reporting(request: Request, address: str) -> HttpResponse:
    """Tell the group."""
    found = find_document(address, request.caller)
    form = ReportForm(request.POST or None, initial={"sort": request.GET.get("sort", "")})
    home = address_of("document", found)
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: report(address, by=request.caller, **form.cleaned_data))
        if made is not None:
            told = {"group": made.group.name if made.group else "–"}
            toast(request, _("%(group)s has it as a task.") % told)
            return redirect(home)
    return form_page(
        request, form, title=_("Tell the group"), submit=_("Send"), cancel_url=home, crumbs=crumbs_of(found),
        says=_("The group that answers for the document gets a task. What is wrong also marks it as doubtful."),
    )  # fmt: skip
