"""Real Swedish pages are found by other forms of their words than those that stand in them."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest

from helhet.search.indexing import index_all
from helhet.search.tests.test_documents_found import titles, write

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[4]
PAGES = Path(os.environ.get("HELHET_SHARED", ROOT.parent / "shared")) / "data" / "swedish" / "documents_10.jsonl.gz"

# What is asked, and a page that must be among the hits: other number or definiteness than it has, the end of a
# compound, and a compound that no dictionary has. None of these forms stands in its page.
ASKED = {
    "loggarna": "docs/Bevaka/aktiviteter.md",
    "larmen": "docs/Bevaka/aktiviteter.md",
    "felsökningar": "docs/Bevaka/verktyg.md",
    "källkoder": "docs/Bygg/aktiviteter.md",
    "byggservrar": "docs/Bygg/aktiviteter.md",
    "misstaget": "docs/Bygg/verktyg.md",
    "nedladdningen": "docs/Driftsätt/aktiviteter.md",
    "databaserna": "docs/Driftsätt/aktiviteter.md",
    "styrsystemen": "docs/Driftsätt/verktyg.md",
    "säkerhetskopieringarna": "docs/Förvalta/aktiviteter.md",
    "kopieringen": "docs/Förvalta/aktiviteter.md",
    "återhämtningen": "docs/Förvalta/verktyg.md",
    "besluten": "docs/Leverera/aktiviteter.md",
    "riktlinjen": "docs/Leverera/aktiviteter.md",
    "releasepaketeringen": "docs/Leverera/verktyg.md",
    "anteckningen": "docs/Leverera/verktyg.md",
}


def test_swedish_pages_are_found_by_inflected_words() -> None:
    if not PAGES.exists():
        pytest.skip(f"the shared data is not there: {PAGES} (set HELHET_SHARED)")
    with gzip.open(PAGES, "rt", encoding="utf-8") as lines:
        pages = {page["path"]: page["text"] for page in map(json.loads, lines)}
    assert len(pages) == 10
    for path, text in pages.items():
        write(path, text)
    index_all()
    for word, path in ASKED.items():
        assert word not in pages[path].lower(), word
        assert path in titles(word, each=10), word
