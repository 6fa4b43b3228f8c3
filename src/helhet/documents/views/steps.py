"""The steps of a document, as pages do them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from helhet.documents import actions
from helhet.documents.document_page import address_of, crumbs_of
from helhet.documents.finding import find_document
from helhet.documents.forms import (
    DoubtForm,
    DropForm,
    FactsForm,
    ReadersForm,
    ReasonForm,
    SubmitForm,
    VerdictForm,
)
from helhet.documents.models import Document, DraftState
from helhet.documents.permissions import DocumentPermission
from helhet.documents.reading import draft_read
from helhet.documents.standing import draft_of, require_step, standing_of
from helhet.documents.telling import who_answers
from helhet.groups.views.pages import GET_POST, POST, form_page, tried, version_of
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page
from helhet.rules.document_flow import Step

WITH_DRAFT = "documents/answering.html"
"""The draft stands below the form: who answers has read the text whose version the form carries."""


def _form(
    request: Request, found: Document, form: forms.Form, act: Callable[[], object], *, said: str,
    current: Callable[[], dict[str, Any]] | None = None, **words: Any,
) -> HttpResponse:  # fmt: skip
    here = address_of("document", found)
    if request.method == "POST" and form.is_valid() and tried(form, act, current) is not None:
        toast(request, said)
        return redirect(here)
    return form_page(request, form, cancel_url=here, crumbs=crumbs_of(found), **words)


def _draft_version(found: Document) -> dict[str, Any]:
    draft = draft_of(found)
    return {"version": draft.version if draft else 0, "note": draft.note if draft else ""}


@page(DocumentPermission.VIEW, methods=GET_POST)
def submit(request: Request, address: str) -> HttpResponse:
    """Ask those who approve."""
    found = find_document(address, request.caller)
    request.caller.require(DocumentPermission.WRITE, found)
    form = SubmitForm(request.POST or None, initial=_draft_version(found))
    return _form(
        request, found, form,
        lambda: actions.submit_draft(
            address, by=request.caller, version=form.cleaned_data["version"], note=form.cleaned_data["note"]
        ),
        said=_("It is submitted for approval."), title=_("Ask for approval"), submit=_("Ask for approval"),
        says=who_answers(found),
        current=lambda: _draft_version(found),
    )  # fmt: skip


@page(DocumentPermission.VIEW, methods=GET_POST)
def verdict(request: Request, address: str) -> HttpResponse:
    """Yes or no to the draft."""
    found = find_document(address, request.caller)
    caller = request.caller
    caller.require(DocumentPermission.APPROVE, found)
    flow = standing_of(found, caller)
    step = "review" if flow.needs_review and not flow.is_reviewed else "approval"
    if request.method != "POST":
        require_step(Step.REVIEW if step == "review" else Step.APPROVE, found, draft_of(found), caller)
    form = VerdictForm(request.POST or None, initial={**_draft_version(found), "step": step, "answer": "yes"})

    def act() -> object:
        data = form.cleaned_data
        return actions.give_verdict(
            address, by=caller, version=data["version"], step=data["step"], is_yes=data["answer"] == "yes",
            text=data["text"],
        )  # fmt: skip

    title = _("Review the draft") if step == "review" else _("Approve the draft")
    return _form(
        request, found, form, act, said=_("Your answer is saved."), title=title, submit=_("Answer"),
        current=lambda: _draft_version(found), template=WITH_DRAFT, draft_read=lambda: draft_read(found, caller),
    )  # fmt: skip


@page(DocumentPermission.VIEW, methods=GET_POST)
def publishing(request: Request, address: str) -> HttpResponse:
    """Make the draft the published edition."""
    found = find_document(address, request.caller)
    request.caller.require(DocumentPermission.WRITE, found)
    draft = draft_of(found)
    if request.method != "POST":
        require_step(Step.PUBLISH, found, draft, request.caller)
    form = SubmitForm(request.POST or None, initial=_draft_version(found))
    is_approved = draft is not None and draft.state == DraftState.APPROVED
    says = "" if is_approved else _("You approve it with your name when you publish it.")
    return _form(
        request, found, form,
        lambda: actions.publish(
            address, by=request.caller, version=form.cleaned_data["version"], note=form.cleaned_data["note"]
        ),
        said=_("It is published."), title=_("Publish"), submit=_("Publish"), says=says,
        current=lambda: _draft_version(found), template=WITH_DRAFT,
        draft_read=lambda: draft_read(found, request.caller),
    )  # fmt: skip


@page(DocumentPermission.VIEW, methods=GET_POST)
def drop(request: Request, address: str) -> HttpResponse:
    """Let the draft go."""
    found = find_document(address, request.caller)
    request.caller.require(DocumentPermission.WRITE, found)
    form = DropForm(request.POST or None, initial=_draft_version(found))
    return _form(
        request, found, form,
        lambda: actions.drop_draft(
            address, by=request.caller, version=form.cleaned_data["version"], reason=form.cleaned_data["reason"]
        ),
        said=_("The draft is dropped."), title=_("Drop the draft"), submit=_("Drop the draft"),
        says=_("What is published stays as it is, and what was saved in the draft is kept."),
        current=lambda: _draft_version(found),
    )  # fmt: skip


@page(DocumentPermission.VIEW, methods=GET_POST)
def facts(request: Request, address: str) -> HttpResponse:
    """Language, review, validity, what it is about."""
    found = find_document(address, request.caller)
    request.caller.require(DocumentPermission.WRITE, found)
    form = FactsForm(request.POST or None, initial=FactsForm.of(found))
    return _form(
        request, found, form,
        lambda: actions.change_document(
            address, by=request.caller, version=form.cleaned_data["version"], **form.wanted()
        ),
        said=_("Saved."), title=_("Facts of %(name)s") % {"name": found.address},
        current=lambda: FactsForm.of(find_document(address, request.caller)),
    )  # fmt: skip


@page(DocumentPermission.VIEW, methods=GET_POST)
def readers(request: Request, address: str) -> HttpResponse:
    """Who may read it."""
    found = find_document(address, request.caller)
    request.caller.require(DocumentPermission.MANAGE, found)
    keys = list(found.audiences.values_list("key", flat=True))
    form = ReadersForm(request.POST or None, initial={"version": found.version, "audiences": keys})
    return _form(
        request, found, form,
        lambda: actions.set_audiences(
            address, by=request.caller, version=form.cleaned_data["version"], audiences=form.cleaned_data["audiences"]
        ),
        said=_("Saved."), title=_("Readers of %(name)s") % {"name": found.address},
        current=lambda: {"version": find_document(address, request.caller).version},
    )  # fmt: skip


@page(DocumentPermission.VIEW, methods=GET_POST)
def withdrawal(request: Request, address: str) -> HttpResponse:
    """Take it out of use."""
    found = find_document(address, request.caller)
    request.caller.require(DocumentPermission.MANAGE, found)
    form = ReasonForm(request.POST or None, initial={"version": found.version})
    return _form(
        request, found, form,
        lambda: actions.withdraw(
            address, by=request.caller, version=form.cleaned_data["version"], reason=form.cleaned_data["reason"]
        ),
        said=_("It is withdrawn."), title=_("Withdraw %(name)s") % {"name": found.address}, submit=_("Withdraw it"),
        says=_("It is no longer used. Its versions are kept, and it can be taken into use again."),
        current=lambda: {"version": find_document(address, request.caller).version},
    )  # fmt: skip


@page(DocumentPermission.VIEW, methods=GET_POST)
def doubt(request: Request, address: str) -> HttpResponse:
    """Ask the group to check it."""
    found = find_document(address, request.caller)
    form = DoubtForm(request.POST or None)
    return _form(
        request, found, form,
        lambda: actions.raise_doubt(found, by=request.caller, text=form.cleaned_data["text"]),
        said=_("The group has been asked to check it."), title=_("Ask for a check"), submit=_("Ask for a check"),
        says=_("The document says that it needs a check until somebody of its group has answered."),
    )  # fmt: skip


@page(DocumentPermission.VIEW, methods=POST)
def still_true(request: Request, address: str) -> HttpResponse:
    """What is doubted is checked, and the text holds."""
    found = find_document(address, request.caller)
    numbers = {int(text) for text in request.POST.getlist("doubt") if text.isascii() and text.isdigit()}
    actions.still_true(found, by=request.caller, doubt_ids=numbers, text=request.POST.get("text", "")[:500])
    return _back(request, found, _("It is still true, says your name."))


@page(DocumentPermission.VIEW, methods=POST)
def reviewed(request: Request, address: str) -> HttpResponse:
    """It is read through, and it holds."""
    found = actions.mark_reviewed(address, by=request.caller, version=version_of(request))
    return _back(request, found, _("It is reviewed today, says your name."))


@page(DocumentPermission.VIEW, methods=POST)
def bring_back(request: Request, address: str) -> HttpResponse:
    """Take it into use again."""
    found = actions.bring_back(address, by=request.caller, version=version_of(request))
    return _back(request, found, _("It is in use again."))


def _back(request: Request, found: Document, said: str) -> HttpResponse:
    toast(request, said)
    return redirect(_asked_back(request) or address_of("document", found))


def _asked_back(request: Request) -> str:
    """The page of the product that the button stood on, where it says so."""
    to = request.POST.get("to", "")
    is_ours = url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
    return to if is_ours else ""
