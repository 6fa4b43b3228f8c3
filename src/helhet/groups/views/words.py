"""This house's own words, set by an administrator."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from helhet.groups.actions import reset_noun, set_words
from helhet.groups.actions.words import field_of, local_names
from helhet.groups.permissions import GroupPermission
from helhet.groups.views.pages import GET_POST, POST
from helhet.kit.errors import Invalid
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page
from helhet.kit.words import FORMS, NOUNS, Key, every_form


def form_labels() -> list[str]:
    """The forms as the head of a table names them."""
    return [_("Singular"), _("Plural"), _("Definite"), _("Definite plural")]


@page(GroupPermission.WORDS_MANAGE, methods=GET_POST)
def words(request: Request) -> HttpResponse:
    """All nouns; each form of each with the word that this house uses."""
    error: Invalid | None = None
    typed: dict[Key, str] = {}
    if request.method == "POST":
        typed = {key: request.POST[field_of(key)] for key in every_form() if field_of(key) in request.POST}
        try:
            altered = set_words(typed, by=request.caller)
        except Invalid as refused:
            error = refused
        else:
            toast(
                request, _("%(count)s words were changed.") % {"count": altered} if altered else _("Nothing changed.")
            )
            return redirect(request.get_full_path())
    language = request.GET.get("language", request.LANGUAGE_CODE or "sv")
    language = language if language in {"sv", "en"} else "sv"
    own = local_names()
    rows = []
    for name, languages in NOUNS.items():
        cells = []
        for form, label in zip(FORMS, form_labels(), strict=True):
            key = (language, name, form)
            cells.append(
                {
                    "field": field_of(key), "label": label, "built_in": getattr(languages[language], form),
                    "value": typed.get(key, own.get(key, "")),
                    "wrong": error is not None and error.field == field_of(key),
                }
            )  # fmt: skip
        rows.append({"name": name, "word": cells[0]["built_in"], "cells": cells, "own": any(c["value"] for c in cells)})
    context = {
        "rows": rows, "language": language, "labels": form_labels(), "error": error,
        "own": sum(1 for key in own if key[0] == language and key[1] in NOUNS),
    }  # fmt: skip
    return render(request, "groups/words.html", context, status=422 if error else 200)


@page(GroupPermission.WORDS_MANAGE, methods=POST)
def word_reset(request: Request, name: str) -> HttpResponse:
    """Let a noun be called what the product calls it, in both languages."""
    reset_noun(name, by=request.caller)
    toast(request, _("The word is as it was made."))
    return redirect("groups:words")
