"""What the search answers programs, by the API and at the command line alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from helhet.kit.errors import Invalid
from helhet.rules.excerpts import Segments
from helhet.search.hits import PARTLY, Found, Hit
from helhet.search.models import Noun

LIMIT = 100


def nouns_of(noun: str) -> list[Noun]:
    """The noun by its word, all of them where none is given. Raises Invalid that names the known ones."""
    nouns = [one for one in Noun if one.name.lower() == noun] if noun else list(Noun)
    if not nouns:
        known = ", ".join(one.name.lower() for one in Noun)
        raise Invalid(
            _("There is no noun %(noun)s.") % {"noun": noun[:40]}, where="noun", field="noun",
            todo=_("Choose one of: %(keys)s.") % {"keys": known},
        )  # fmt: skip
    return nouns


def checked_limit(limit: int) -> int:
    """The most hits of each noun. Raises Invalid outside 1 to 100."""
    if not 1 <= limit <= LIMIT:
        raise Invalid(_("The limit is from 1 to %(limit)d.") % {"limit": LIMIT}, where="limit", field="limit")
    return limit


def answer_data(q: str, found: Iterable[Found]) -> dict[str, Any]:
    """The hits by noun, best first."""
    return {
        "q": q,
        "found": [
            {
                "noun": one.key, "count": one.count, "more": one.more, "is_partly": one.met == PARTLY,
                "hits": [_hit(hit) for hit in one.hits],
            }
            for one in found
        ],
    }  # fmt: skip


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "noun": hit.noun, "id": hit.id, "reference": hit.reference, "name": hit.name, "url": hit.url,
        "group": hit.group_name, "kind": hit.kind_label, "state": hit.state_label,
        "title": _segments(hit.title), "snippet": _segments(hit.snippet),
    }  # fmt: skip


def _segments(segments: Segments) -> list[dict[str, Any]]:
    return [{"text": text, "match": match} for text, match in segments]
