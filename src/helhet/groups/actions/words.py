"""This house's own words: set, reset, and read by the toolkit through the port `kit.words`."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from helhet.groups.models import LocalName
from helhet.groups.permissions import GroupPermission
from helhet.journal.actions import record
from helhet.kit.errors import Invalid
from helhet.kit.rights import Caller
from helhet.kit.words import FORMS, NOUNS, Key, every_form, forget

WORD_LIMIT = 100


def local_names() -> dict[Key, str]:
    """All local names, by language, noun and form."""
    rows = LocalName.objects.values_list("language", "noun", "form", "text")
    return {(language, noun, form): text for language, noun, form, text in rows}


@transaction.atomic
def set_words(words: dict[Key, str], *, by: Caller) -> int:
    """Set local names, by language, noun and form; an empty text, or the built-in word itself, resets the form.

    Returns how many were altered.
    """
    by.require(GroupPermission.WORDS_MANAGE)
    known = set(every_form())
    before = local_names()
    altered = 0
    for key, value in words.items():
        if key not in known:
            raise Invalid(_("There is no word %(key)s.") % {"key": " ".join(key)}, field=field_of(key))
        text = " ".join(value.split())
        if len(text) > WORD_LIMIT:
            raise Invalid(_("A word has at most 100 characters."), field=field_of(key))
        language, noun, form = key
        if text == getattr(NOUNS[noun][language], form):
            text = ""
        if text != before.get(key, ""):
            altered += 1
            _write(key, before.get(key, ""), text, by)
    transaction.on_commit(forget)
    return altered


def reset_noun(noun: str, *, by: Caller, language: str = "") -> int:
    """Let a noun be called what the product calls it, in one language or (empty) in all."""
    if noun not in NOUNS:
        raise Invalid(_("There is no word %(key)s.") % {"key": noun}, field="noun")
    languages = [language] if language else ["sv", "en"]
    return set_words({(one, noun, form): "" for one in languages for form in FORMS}, by=by)


def field_of(key: Key) -> str:
    """The name of a form's input for this word."""
    return ".".join(key)


def _write(key: Key, old: str, text: str, by: Caller) -> None:
    language, noun, form = key
    named = {"language": language, "noun": noun, "form": form}
    if text:
        row, _is_new = LocalName.objects.update_or_create(
            language=language, noun=noun, form=form, defaults={"text": text}
        )
        row_id = row.pk
    else:
        rows = LocalName.objects.filter(language=language, noun=noun, form=form)
        row_id = rows.values_list("pk", flat=True).get()
        rows.delete()
    record("groups.word.set", "word", row_id, by=by, before=named | {"text": old}, after=named | {"text": text})
