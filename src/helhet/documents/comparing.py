"""Any two versions of a document held against each other word by word, the draft too; for page, API and command."""

from __future__ import annotations

from django.utils.translation import gettext as _

from helhet.documents.models import Document
from helhet.documents.ports import Written, plain_fields
from helhet.documents.standing import draft_for
from helhet.kit.errors import NotFound
from helhet.kit.rights import Caller
from helhet.rules.comparing import compare

DRAFT = "draft"


def choices_of(found: Document, caller: Caller) -> dict[str, Written]:
    """What the caller can compare, the newest first: `draft`, then each version by its number."""
    draft = draft_for(found, caller)
    versions = {one.number: one for one in found.versions.all()}
    return {DRAFT: draft, **versions} if draft is not None else {**versions}


def pair_of(found: Document, caller: Caller, before: str, after: str) -> tuple[str, str, Written, Written]:
    """The two that are asked for, with what they are called. Raises NotFound where nothing is written yet."""
    choices = choices_of(found, caller)
    keys = chosen(choices, before, 1), chosen(choices, after, 0)
    if not choices:
        raise NotFound(_("There is nothing yet to compare with."), where=found.address)
    return *keys, choices[keys[0]], choices[keys[1]]


def chosen(choices: dict[str, Written], asked: str, otherwise: int) -> str:
    """The key that is asked for, or the one at that place from the newest. Raises NotFound."""
    if asked:
        if asked not in choices:
            raise NotFound(_("There is no edition %(number)s.") % {"number": asked[:20]}, where=asked[:20])
        return asked
    keys = list(choices)
    return keys[min(otherwise, len(keys) - 1)] if keys else ""


def compared_data(first: Written, second: Written) -> dict[str, list[dict[str, str]]]:
    """Title, text and what is structured as pieces: those that are not `new` give the former, not `gone` the latter."""
    return {
        "title": _pieces(first.title, second.title), "text": _pieces(first.text, second.text),
        "structured": _pieces(plain_fields(first), plain_fields(second)),
    }  # fmt: skip


def _pieces(before: str, after: str) -> list[dict[str, str]]:
    return [{"kind": piece.kind, "text": piece.text} for piece in compare(before, after)]
