"""The dress of every page: whom the bundle is for, its number, when it was made and until when it counts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import get_template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import pgettext

from helhet.handbook.bundle.holding import DocumentLine, ItemLine
from helhet.handbook.bundle.manifest import Manifest

STYLE = Path(__file__).with_name("style.css")


@dataclass(slots=True)
class Frame:
    """Turns templates into pages of one bundle, all in the language of the installation."""

    facts: Manifest
    audience: str
    language: str
    ways: tuple[tuple[str, str], ...] = field(default_factory=tuple)
    _kept: dict[tuple[str, str, str], str] = field(default_factory=dict)
    _lines: dict[tuple[str, str, int, str], SafeString] = field(default_factory=dict)
    _templates: dict[str, Any] = field(default_factory=dict)
    _indexes: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """The ways from each page to every index."""
        self.ways = (
            ("index.html", pgettext("offline copy", "Restore")),
            ("recovery.html", pgettext("offline copy", "Recovery order")),
            ("services.html", pgettext("offline copy", "By service")),
            ("kinds.html", pgettext("offline copy", "By kind")),
            ("names.html", pgettext("offline copy", "By name")),
            ("words.html", pgettext("offline copy", "By word")),
            ("groups.html", pgettext("offline copy", "Who answers for what")),
            ("suppliers.html", pgettext("offline copy", "Suppliers")),
        )
        self._indexes = frozenset(file for file, _label in self.ways)

    @property
    def made_at(self) -> dt.datetime:
        """When it was made, by the local clock."""
        return timezone.localtime(self.facts.made_at)

    @property
    def expires_at(self) -> dt.datetime:
        """Until when it counts, by the local clock."""
        return timezone.localtime(self.facts.expires_at)

    def page(self, name: str, template: str, **context: Any) -> str:
        """The page that stands in the file `name`."""
        up = "../" * name.count("/")
        here = name if name in self._indexes else ""
        more = {
            "frame": self, "up": up, "lang": self.language, "top": self._part("_top", up, here),
            "foot": self._part("_foot", up, ""),
        }  # fmt: skip
        return self._render(template, {**context, **more})

    def line(self, template: str, one: DocumentLine | ItemLine, up: str) -> SafeString:
        """What stands in many lists is rendered once for the pages of a folder."""
        key = (template, up, one.pk, one.page)
        if key not in self._lines:
            told = self._render(template, {"line": one, "item": one, "up": up})
            # A template's own output, which has escaped what it shows.
            self._lines[key] = mark_safe(told.strip())  # noqa: S308
        return self._lines[key]

    def _render(self, template: str, context: dict[str, Any]) -> str:
        if template not in self._templates:
            self._templates[template] = get_template(f"handbook/bundle/{template}.html")
        return str(self._templates[template].render(context))

    def _part(self, template: str, up: str, here: str) -> str:
        """What is the same on thousands of pages is rendered once."""
        key = (template, up, here)
        if key not in self._kept:
            context = {"frame": self, "up": up, "here": here}
            self._kept[key] = self._render(template, context)
        return self._kept[key]


def frame_of(facts: Manifest, audience: str) -> Frame:
    """In the language of the installation, which is active."""
    return Frame(facts, audience, settings.LANGUAGE_CODE)
