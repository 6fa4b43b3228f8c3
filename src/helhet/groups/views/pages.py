"""What the pages of this room share: a page that is one form, and the lists that fields complete from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from helhet.groups.models import Person, Role
from helhet.kit.errors import Clash, Invalid, NotFound, Stale
from helhet.kit.forms import VersionedForm, put_refusal
from helhet.kit.parts import Crumb

GET_POST = ("GET", "HEAD", "POST")
POST = ("POST",)
NAMES = 2_000
T = TypeVar("T")


def person_names() -> list[str]:
    """What a field of a person offers: the names of those that have not ended, or addresses where two have one name."""
    people = Person.objects.filter(ended_on__isnull=True).order_by("name_key")[:NAMES]
    names = [person.name for person in people]
    doubled = {name for name in names if names.count(name) > 1} if len(set(names)) < len(names) else set()
    return [p.email if p.name in doubled and p.email else p.name for p in people]


def form_page(
    request: HttpRequest,
    form: forms.Form,
    *,
    title: str,
    says: str = "",
    submit: str = "",
    cancel_url: str,
    crumbs: list[Crumb] | None = None,
    status: int = 0,
    template: str = "groups/form.html",
    **more: Any,
) -> HttpResponse:
    """A page that is one form. `says` is its sentence; `template` extends the ordinary one where more is shown."""
    lists: dict[str, list[str]] = {}
    widgets = [field.widget.attrs.get("list") for field in form.fields.values()]
    if "persons" in widgets:
        lists["persons"] = person_names()
    if "roles" in widgets:
        lists["roles"] = [str(label) for label in Role.labels]
    context = {
        "form": form, "title": title, "says": says, "submit": submit or _("Save"), "cancel_url": cancel_url,
        "crumbs": crumbs or [], "lists": lists, **more,
    }  # fmt: skip
    return render(request, template, context, status=status or (422 if form.errors else 200))


def tried(form: forms.Form, act: Callable[[], T], current: Callable[[], dict[str, Any]] | None = None) -> T | None:
    """What a verb gives when it may be done; else None, with its refusal shown in the form.

    `current` gives the thing as it is now in the form's terms, with `version`, for when somebody else was first.
    """
    try:
        return act()
    except Stale as error:
        if current is None or not isinstance(form, VersionedForm):
            raise
        now = current()
        form.show_stale({name: value for name, value in now.items() if name != "version"}, now["version"])
        del error
    except (Invalid, Clash, NotFound) as error:
        if isinstance(error, NotFound) and not error.field:
            raise
        put_refusal(form, error)
    return None


def version_of(request: HttpRequest) -> int | None:
    """The version that a form without fields of its own was made from."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
