"""The first page, and the ways in: by name, by kind, by service and by word."""

from __future__ import annotations

import socket
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from helhet.handbook.bundle.frames import STYLE, Frame
from helhet.handbook.bundle.holding import DocumentLine, Holding
from helhet.handbook.bundle.pictures import Pictures
from helhet.handbook.bundle.placing import Writing
from helhet.handbook.bundle.words import WordIndex, WordPage, letter_of
from helhet.items.text import sort_key
from helhet.routines.models import RoutineKind
from helhet.rules.text import fold

OWN_NAME = "helhet"
Part = tuple[str, str, list[DocumentLine]]


def write_index(holding: Holding, frame: Frame, writing: Writing, suppliers: int, pictures: Pictures) -> None:
    """The first page, with the style that all share."""
    writing.add("style.css", STYLE.read_bytes())
    recovery = [line for line in holding.documents if line.kind == RoutineKind.RECOVERY]
    own = [line for line in recovery if _is_about_this(holding, line)]
    counts = [
        (_("Documents"), len(holding.documents), "names.html"),
        (_("Services, products and what documents are for"), len(holding.items), "services.html"),
        (_("Groups"), len(holding.groups), "groups.html"),
        (_("Suppliers"), suppliers, "suppliers.html"),
    ]
    other = [line for line in recovery if line not in own]
    page = frame.page(
        "index.html", "index", own=own, other=other, counts=counts, system=_system(), left_out=pictures.left_out
    )
    writing.add("index.html", page)


def _is_about_this(holding: Holding, line: DocumentLine) -> bool:
    names = [line.title, *(holding.items[pk].name for pk in line.about if pk in holding.items)]
    return any(OWN_NAME in fold(name) for name in names)


def _system() -> dict[str, Any]:
    """What whoever restores this installation must know; no secret is among it."""
    at = settings.DATABASES["default"]
    is_sqlite = connection.vendor == "sqlite"
    return {
        "host": socket.gethostname(), "folder": str(settings.DATA_DIR), "is_sqlite": is_sqlite,
        "database": f"{at.get('NAME')} @ {at.get('HOST') or 'localhost'}", "address": settings.BASE_URL,
        "bind": settings.BIND,
    }  # fmt: skip


def write_names(holding: Holding, frame: Frame, writing: Writing) -> None:
    """All documents by name, and by sort and kind."""
    lines = sorted(holding.documents, key=lambda line: (sort_key(line.title), line.pk))
    by_letter, by_sort = defaultdict(list), defaultdict(list)
    for line in lines:
        by_letter[letter_of(fold(line.title) or "…")].append(line)
        by_sort[line.sort_label].append(line)
    for page, title, parts in (
        ("names.html", pgettext("offline copy", "By name"), _parts(by_letter.items())),
        (
            "kinds.html",
            pgettext("offline copy", "By kind"),
            _parts(sorted(by_sort.items(), key=lambda pair: sort_key(pair[0]))),
        ),
    ):
        writing.add(page, frame.page(page, "documents", title=title, parts=parts))


def _parts(told: Iterable[tuple[str, list[DocumentLine]]]) -> list[Part]:
    return [(name, f"part-{at}", lines) for at, (name, lines) in enumerate(told, 1)]


def write_services(holding: Holding, frame: Frame, writing: Writing) -> None:
    """All items that have a page, by kind and name."""
    kinds = defaultdict(list)
    for item in sorted(holding.items.values(), key=lambda item: (item.name_key, item.pk)):
        kinds[item.kind].append((item, len(holding.documents_of.get(item.pk, ()))))
    told = sorted(kinds.items(), key=lambda pair: sort_key(pair[0]))
    writing.add("services.html", frame.page("services.html", "services", kinds=told))


def write_words(holding: Holding, frame: Frame, writing: Writing, index: WordIndex) -> None:
    """The index of words: a page of its pages, and those."""
    letters: dict[str, list[WordPage]] = defaultdict(list)
    for one in index.pages():
        letters[one.letter].append(one)
        words = [(word, _links(holding, frame, places)) for word, places in one.words]
        writing.add(one.page, frame.page(one.page, "word_page", one=one, words=words))
    writing.add("words.html", frame.page("words.html", "words", letters=letters.items()))


def _links(holding: Holding, frame: Frame, places: Iterable[int]) -> SafeString:
    # Each is a template's own output.
    return mark_safe(", ".join(frame.line("_word_link", holding.documents[at], "../") for at in places))  # noqa: S308
