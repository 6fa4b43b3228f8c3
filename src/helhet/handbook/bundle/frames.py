"""The dress of every page: whom the bundle is for, its number, when it was made and until when it counts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import get_template
from django.utils import timezone
from django.utils.translation import pgettext

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
        here = name if any(name == file for file, _label in self.ways) else ""
        more = {
            "frame": self, "up": up, "lang": self.language, "top": self._part("_top", up, here),
            "foot": self._part("_foot", up, ""),
        }  # fmt: skip
        return get_template(f"handbook/bundle/{template}.html").render({**context, **more})

    def _part(self, template: str, up: str, here: str) -> str:
        """What is the same on thousands of pages is rendered once."""
        key = (template, up, here)
        if key not in self._kept:
            context = {"frame": self, "up": up, "here": here}
            self._kept[key] = get_template(f"handbook/bundle/{template}.html").render(context)
        return self._kept[key]


def frame_of(facts: Manifest, audience: str) -> Frame:
    """In the language of the installation, which is active."""
    return Frame(facts, audience, settings.LANGUAGE_CODE)
