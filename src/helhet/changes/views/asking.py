"""What the views of this room share: a page that is one form and does one verb."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from helhet.changes.actions.undoing import can_undo
from helhet.changes.models import Change
from helhet.groups.views.pages import form_page, tried
from helhet.journal.actions import history
from helhet.kit.parts import Crumb
from helhet.kit.toasts import toast
from helhet.kit.web import Request
from helhet.kit.words import noun

GET_POST = ("GET", "HEAD", "POST")
POST = ("POST",)


def crumbs(change: Change | None = None) -> list[Crumb]:
    """The list of changes, and the change."""
    found = [Crumb(noun("change", "plural").capitalize(), reverse("changes:changes"))]
    return [*found, Crumb(change.name, change.get_absolute_url())] if change is not None else found


def undo_url(change: Change) -> str:
    """Where what was done last with the change is taken back; empty when it cannot be."""
    event = history("item", change.pk).first()
    return reverse("changes:undoing", args=[change.reference, event.pk]) if event and can_undo(event) else ""


def one_form(
    request: Request, form: forms.Form, act: Callable[[], Any], *, said: str, change: Change | None = None,
    current: Callable[[], dict[str, Any]] | None = None, back: str = "", with_undo: bool = False, **words: Any,
) -> HttpResponse:  # fmt: skip
    """The form, or what it asks for is done, told and led back from: to `back`, or to the change that `act` gives.

    `words` are those of `form_page`. With `with_undo` the toast offers to take back what was done with the change.
    """
    home = back or (change.get_absolute_url() if change else reverse("changes:changes"))
    if request.method == "POST" and form.is_valid():
        done = tried(form, act, current)
        if done is not None:
            toast(request, said, undo_url=undo_url(change) if with_undo and change is not None else "")
            return redirect(back or (done.get_absolute_url() if isinstance(done, Change) else home))
    return form_page(request, form, cancel_url=home, crumbs=crumbs(change), **words)
