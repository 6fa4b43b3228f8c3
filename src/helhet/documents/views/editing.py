"""The editor: a form that works without scripts, its preview and completion, and the page where two texts meet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from helhet.documents.actions import edit_minor, save_draft
from helhet.documents.altered import told
from helhet.documents.document_page import address_of, crumbs_of
from helhet.documents.finding import find_document
from helhet.documents.hints import hints_for
from helhet.documents.merging import Begun, Joined, edition_begun_from, join, stands_now
from helhet.documents.models import Document, Version
from helhet.documents.permissions import DocumentPermission
from helhet.documents.ports import FieldForm, cleaned_fields, field_forms, shown_fields
from helhet.documents.rendering import html_of_text
from helhet.documents.standing import draft_of
from helhet.groups.views.pages import GET_POST, POST, tried
from helhet.items.attachments import attach
from helhet.kit.errors import Invalid, Stale
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page
from helhet.rules.merging_texts import BEGINS, ENDS, conflicts_left, readable

TEXT = 1_000_000


class EditForm(forms.Form):
    """A text as it is written. The three numbers say what it was begun from."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    published = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    document_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=300)
    text = forms.CharField(
        label=gettext_lazy("Text"), required=False, max_length=TEXT, strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "true"}),
        help_text=gettext_lazy(
            "Markdown: # heading, **bold**, - list, - [ ] checklist, | table |, [words](address), [[SRV-12]] a thing."
        ),
    )  # fmt: skip
    note = forms.CharField(label=gettext_lazy("What has been altered"), required=False, max_length=500)

    def clean_text(self) -> str:
        """With plain line ends: a form sends others, which would tell every line as altered."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")


@page(DocumentPermission.VIEW, methods=GET_POST)
def edit(request: Request, address: str) -> HttpResponse:
    """Write; `how` says what the button does: save, go on, preview, or publish as a minor edit."""
    caller = request.caller
    found = find_document(address, caller)
    caller.require(DocumentPermission.WRITE, found)
    form = EditForm(request.POST or None, initial=_initial(found))
    if request.method != "POST":
        return _page(request, found, form)
    how = request.POST.get("how", "save")
    fields = _fields_sent(found, request)
    if how == "preview" or not form.is_valid():
        return _page(request, found, form, fields=fields, shows=how == "preview")
    try:
        done = tried(form, lambda: _save(found, form.cleaned_data, fields, request, is_minor=how == "minor"))
    except Stale:
        return _meeting(request, found, form.cleaned_data, fields)
    if done is None:
        return _page(request, found, form, fields=fields)
    left = conflicts_left(form.cleaned_data["text"])
    if left:
        toast(request, _unmerged(left), failed=True)
    else:
        toast(request, _("The minor edit is published.") if how == "minor" else _("The draft is saved."))
    return redirect(address_of("edit" if how == "go-on" or left else "document", found))


def _unmerged(count: int) -> str:
    return ngettext(
        "The draft is saved, but in %(n)s place both texts still stand. Choose there before you ask for approval.",
        "The draft is saved, but in %(n)s places both texts still stand. Choose there before you ask for approval.",
        count,
    ) % {"n": count}


def _save(
    found: Document, data: Mapping[str, Any], fields: dict[str, Any] | None, request: Request, *, is_minor: bool
) -> object:  # fmt: skip
    wanted = {name: data[name] for name in ("title", "text", "note")}
    if is_minor:
        version = data["document_version"]
        return edit_minor(found.address, by=request.caller, version=version, fields=fields, **wanted)
    base = edition_begun_from(found, data["published"])
    return save_draft(found.address, by=request.caller, version=data["version"], base=base, fields=fields, **wanted)


def _initial(found: Document) -> dict[str, Any]:
    # All is of one reading: a number that were newer than the text would let the text be saved over what came between.
    now = stands_now(found)
    return {
        "version": now.version, "published": found.published_id or 0, "document_version": found.version,
        "title": now.title, "text": now.text, "note": now.note,
    }  # fmt: skip


def _field_form(found: Document, fields: Mapping[str, Any]) -> FieldForm | None:
    return next((made for port in field_forms if (made := port(found, fields)) is not None), None)


def _fields_sent(found: Document, request: HttpRequest) -> dict[str, Any] | None:
    """The structured fields of the form, None where the document has none."""
    made = _field_form(found, stands_now(found).fields)
    return made.read(request.POST) if made is not None else None


def _page(
    request: Request, found: Document, form: EditForm, *, fields: dict[str, Any] | None = None, shows: bool = False,
    **more: Any,
) -> HttpResponse:  # fmt: skip
    made = _field_form(found, stands_now(found).fields if fields is None else fields)
    text = str(form["text"].value() or "")
    return render(
        request, "documents/edit.html",
        {
            "document": found, "form": form, "crumbs": crumbs_of(found), "draft": draft_of(found),
            "parts": render_to_string(made.template, made.context, request) if made else "",
            "left": conflicts_left(text), "marks": (BEGINS, ENDS),
            "preview": html_of_text(readable(text), request.caller, of=found) if shows else "",
            "hints": hints_for(text), "cancel_url": address_of("document", found),
            "preview_url": address_of("preview", found), "picture_url": address_of("pictures", found),
            "complete_url": reverse("things"), **more,
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


def _meeting(
    request: Request, found: Document, data: Mapping[str, Any], fields: dict[str, Any] | None
) -> HttpResponse:  # fmt: skip
    """Somebody was first: theirs, mine, and both put together in the form, with nothing saved over."""
    found = find_document(found.address, request.caller)
    both = join(found, Begun(data["version"], data["published"]), title=data["title"], text=data["text"])
    form = EditForm(initial={
        "version": both.theirs.version, "published": found.published_id or 0, "document_version": found.version,
        "title": both.title, "text": both.text, "note": data["note"],
    })  # fmt: skip
    their_fields = ""
    if fields is not None and _is_untouched(found, fields, both):
        fields = both.theirs.fields
    elif fields is not None and both.theirs.fields != both.base_fields:
        theirs = Version(document=found, title=both.theirs.title, text=both.theirs.text, fields=both.theirs.fields)
        their_fields = shown_fields(theirs, request.caller)
    return _page(
        request, found, form, fields=fields, meeting=both, mine=data["text"],
        lines=told(data["text"], both.theirs.text), their_fields=their_fields,
    )  # fmt: skip


def _is_untouched(found: Document, sent: dict[str, Any], both: Joined) -> bool:
    """Whether what stands beside the text was sent as the writer began with it, so that theirs is the newer."""
    try:
        return cleaned_fields(found.sort, found.part, sent) == both.base_fields
    except Invalid:
        return False


@page(DocumentPermission.VIEW, methods=POST)
def preview(request: Request, address: str) -> HttpResponse:
    """The text as it would be shown, and what some could not read of it. Nothing is saved."""
    found = find_document(address, request.caller)
    request.caller.require(DocumentPermission.WRITE, found)
    text = request.POST.get("text", "")[:TEXT]
    more = {
        "preview": html_of_text(readable(text), request.caller, of=found),
        "hints": hints_for(text),
        "document": found,
    }
    return render(request, "documents/_preview.html", more)


@page(DocumentPermission.VIEW, methods=POST)
def pictures(request: Request, address: str) -> HttpResponse:
    """Keep a picture with the document's item, and answer with the address to write."""
    found = find_document(address, request.caller)
    request.caller.require(DocumentPermission.WRITE, found)
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile):
        raise Invalid(_("Choose a file first."), field="file")
    kept = attach(found.item, upload, by=request.caller, part=found.part)
    url = reverse("estate:attachment", args=[found.item.reference, kept.pk])
    return JsonResponse({"url": url, "name": kept.name, "is_picture": kept.content_type.startswith("image/")})
