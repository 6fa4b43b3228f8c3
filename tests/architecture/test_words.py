"""Every text for people stands in Swedish and in English."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from babel.messages.extract import extract
from django.utils.translation import template as django_template

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "helhet"
ROOMS = sorted(path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file())
KEYWORDS: dict[str, tuple[object, ...] | None] = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
PLACES = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")


def code_of(room: str) -> Iterator[tuple[Path, str]]:
    """The Python text of each file with words: code as it is, templates as Django turns them into calls."""
    for path in sorted((PACKAGE / room).rglob("*")):
        if {"tests", "migrations", "static", "node_modules"} & set(path.parts):
            continue
        if path.suffix == ".py":
            yield path, path.read_text(encoding="utf-8")
        elif "templates" in path.parts and path.suffix in {".html", ".txt"}:
            turned = django_template.templatize(path.read_text(encoding="utf-8"), origin=str(path))
            yield path, "\n".join(line.lstrip() for line in turned.splitlines())


def used_in(room: str) -> set[tuple[str | None, str]]:
    """Context and msgid of each text that a room uses."""
    found: set[tuple[str | None, str]] = set()
    for _, text in code_of(room):
        for _line, message, _comments, context in extract("python", io.BytesIO(text.encode()), KEYWORDS):  # type: ignore[arg-type]
            msgid = message if isinstance(message, str) else message[0]
            if msgid:
                found.add((context, msgid))
    return found


def catalogue_of(room: str) -> polib.POFile:
    """A room's Swedish words; empty when it has none."""
    path = PACKAGE / room / "locale" / "sv" / "LC_MESSAGES" / "django.po"
    return polib.pofile(str(path)) if path.is_file() else polib.POFile()


@pytest.mark.parametrize("room", ROOMS)
def test_every_text_of_a_room_has_its_swedish(room: str) -> None:
    known = {(entry.msgctxt, entry.msgid) for entry in catalogue_of(room) if entry.translated()}
    assert sorted(msgid for context, msgid in used_in(room) if (context, msgid) not in known) == []


@pytest.mark.parametrize("room", ROOMS)
def test_no_swedish_text_is_left_over_or_unsure(room: str) -> None:
    used = used_in(room)
    entries = [entry for entry in catalogue_of(room) if not entry.obsolete]
    assert [entry.msgid for entry in entries if entry.fuzzy] == []
    assert [entry.msgid for entry in entries if (entry.msgctxt, entry.msgid) not in used] == []


@pytest.mark.parametrize("room", ROOMS)
def test_swedish_texts_have_the_same_places_to_fill(room: str) -> None:
    found: list[str] = []
    for entry in catalogue_of(room):
        wanted = set(PLACES.findall(entry.msgid)) | set(PLACES.findall(entry.msgid_plural or ""))
        # A singular may say "one" in words, so it may lack places; none may have a place that is not filled.
        texts = [entry.msgstr, *entry.msgstr_plural.values()]
        found.extend(entry.msgid for text in texts if not set(PLACES.findall(text)) <= wanted)
    assert found == []
