"""What is looked through of each document: the published version, never a draft."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils import translation

from helhet.documents.models import About, Document, Version
from helhet.documents.ports import plain_fields
from helhet.items.models import Comment, Presence
from helhet.kit.markdown import plain_and_headings, plain_of
from helhet.routines.models import Routine, RoutineLabel
from helhet.search.asking import document_words
from helhet.search.models import STRIDE, DocumentText, Noun

LONGEST = 200_000
"""The most characters that are read of one document: some forty printed pages."""
OFTEN, USED, ROUTINE = TIERS = 3, 1, 2
"""Sorts of use in the index, the best first: routines that have been run ten times, once, and all routines."""
_HUMPS = re.compile(r"(?<=[a-zåäö0-9])(?=[A-ZÅÄÖ])|(?<=[A-ZÅÄÖ])(?=[A-ZÅÄÖ][a-zåäö])")
_SIGNS = re.compile(r"[*_~`\[<>#\\]")
_FENCES = ("```", "~~~")
Row = tuple[int, str]


def humps(text: str) -> str:
    """`KubePodCrashLooping` in words, as people search for an alert's name."""
    return _HUMPS.sub(" ", text).replace("_", " ")


def texts_of(numbers: Sequence[int]) -> Iterator[tuple[DocumentText, str]]:
    """The published documents among these, each with its words for the index."""
    rows = Document.objects.filter(
        pk__in=numbers, published__isnull=False, item__presence=Presence.HERE
    ).select_related("item", "published")
    about = _about(numbers)
    routines = Routine.objects.in_bulk(numbers)
    labels: dict[int, list[str]] = defaultdict(list)
    for number, value in RoutineLabel.objects.filter(routine__in=numbers).values_list("routine_id", "value"):
        labels[number].append(value)
    said = _said(rows)
    for document in rows.order_by("pk"):
        version = document.published
        if version is None:
            continue
        routine = routines.get(document.pk)
        symptoms = routine.symptoms.splitlines() if routine else []
        names = [document.address, *symptoms, *labels[document.pk], *about[document.pk]]
        if document.part:
            names.append(document.item.name)
        uses = routine.uses if routine else -1
        tiers = [tier for tier, least in zip(TIERS, (10, 1, 0), strict=True) if uses >= least]
        yield _one(document, version, names, said[document.item_id] if not document.part else [], tiers)


def _one(
    document: Document, version: Version, names: list[str], said: list[str], tiers: list[int]
) -> tuple[DocumentText, str]:
    plain, headings = plain_and_headings(version.text[:LONGEST])
    with translation.override(document.language):
        fields = plain_fields(version) or "\n".join(_fields(version.fields))
    text = "\n".join(filter(None, [plain, without_signs(fields)]))[:LONGEST]
    found = DocumentText(
        document=document, of_version=version.pk, title=version.title, text=text,
        names="\n".join(filter(None, names)), headings="\n".join(headings),
    )  # fmt: skip
    spoken = [humps(one) for one in (version.title, *names) if humps(one) != one]
    title = "\n".join([version.title, found.names, *spoken])
    everything = "\n".join([text, *said])
    words = document_words(Noun.DOCUMENT, document.pk, title, found.headings, everything, tiers=tiers)
    return found, words


def without_signs(text: str) -> str:
    """The lines of a text without Markdown's signs, for steps are written in it; code stays as it is."""
    lines: list[str] = []
    is_code = False
    for line in text.splitlines():
        if line.lstrip().startswith(_FENCES):
            is_code = not is_code
        else:
            lines.append(plain_of(line) if _SIGNS.search(line) and not is_code else line)
    return "\n".join(filter(None, lines))


def _about(numbers: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = About.objects.filter(document__in=numbers).select_related("item").order_by("pk")
    for one in rows:
        found[one.document_id].append(f"{one.item.name} {one.item.reference}")
    return found


def _said(rows: Any) -> dict[int, list[str]]:
    """What the register's readers have said to the document's item."""
    found: dict[int, list[str]] = defaultdict(list)
    comments = Comment.objects.filter(removed_at__isnull=True, item__in=rows.filter(part="").values("item"))
    for item_id, text in comments.values_list("item_id", "text"):
        found[item_id].append(text)
    return found


def _fields(value: Any) -> Iterator[str]:
    """Every text among what is structured, where no room says it better; numbers and keys are left out."""
    if isinstance(value, dict):
        value = value.values()
    elif isinstance(value, str):
        yield value
        return
    elif not isinstance(value, list):
        return
    for inner in value:
        yield from _fields(inner)


def entries_of(numbers: Sequence[int]) -> tuple[list[Row], list[DocumentText]]:
    """Entries for the index, and the texts to show."""
    found = list(texts_of(numbers))
    return [(text.document_id * STRIDE + Noun.DOCUMENT, words) for text, words in found], [text for text, _ in found]


def keep(numbers: Iterable[int], texts: Sequence[DocumentText]) -> None:
    """Put these texts in the place of those of these documents."""
    DocumentText.objects.filter(pk__in=list(numbers)).delete()
    DocumentText.objects.bulk_create(texts, batch_size=100)
