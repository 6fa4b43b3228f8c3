"""Files in which sites set facts for many pages at once, which no page here takes over."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from helhet.rules.page_values import day_names, interval_names
from helhet.rules.text_facts import facts_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from helhet.importers.reading.streams import Opener

NAMES: Final = frozenset({
    ".meta.yml", ".meta.yaml", "_config.yml", "_config.yaml", "_metadata.yml", "_quarto.yml", "_defaults.yml",
    "mkdocs.yml", "mkdocs.yaml", "hugo.toml", "hugo.yaml", "config.toml", "config.yaml", "config.yml", "tech-docs.yml",
    "docfx.json", "_category_.json", "_category_.yml",
})  # fmt: skip
ENDING: Final = ".11tydata.json"
MOST: Final = 256 * 1024
"""Bytes that are looked through of each."""
_BETWEEN = re.compile(r"[{},]")
_QUOTES = re.compile(r"[\"']")


def is_defaults(where: str) -> bool:
    """Whether a site of some sort reads facts for its pages from a file of this name."""
    name = PurePosixPath(where).name.lower()
    return name in NAMES or name.endswith(ENDING)


def with_reviews(files: Iterable[tuple[str, Opener]]) -> list[str]:
    """Those of the files that say something of reviews."""
    return [where for where, opener in files if _says_review(opener)]


def _says_review(opener: Opener) -> bool:
    with opener() as source:
        text = source.read(MOST).decode("utf-8", "replace")
    told = facts_in(_QUOTES.sub("", _BETWEEN.sub("\n", text)).replace(" = ", ": "))
    return any(one.name in day_names() or one.name in interval_names() for one in told)
