"""The search, for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from helhet.items.finding import find_item
from helhet.kit.api import ERRORS, caller_of, only_known
from helhet.kit.api_rights import needs
from helhet.kit.errors import Invalid
from helhet.search.finding import find
from helhet.search.hits import PARTLY, Hit, Standpoint
from helhet.search.models import Noun
from helhet.search.permissions import SearchPermission

router = Router(tags=["search"])
LIMIT = 100


class Segment(Schema):
    """A piece of text, and whether it is what was searched for."""

    text: str
    match: bool


class HitBody(Schema):
    """A thing that was found. `kind` is what sort of document; `state` what must be known before it is trusted."""

    noun: str
    id: int
    reference: str
    name: str
    url: str
    group: str
    kind: str
    state: str
    title: list[Segment]
    snippet: list[Segment]


class NounBody(Schema):
    """The hits of one noun, best first. `more`: there are others beyond those counted.

    `is_partly`: none of them holds all of the words; those that lack the fewest are told.
    """

    noun: str
    count: int
    more: bool
    is_partly: bool
    hits: list[HitBody]


class Answer(Schema):
    """What a text finds, by noun."""

    q: str
    found: list[NounBody]


def _segments(segments: list[tuple[str, bool]]) -> list[dict[str, Any]]:
    return [{"text": text, "match": match} for text, match in segments]


def _body(hit: Hit) -> dict[str, Any]:
    return {
        "noun": hit.noun, "id": hit.id, "reference": hit.reference, "name": hit.name, "url": hit.url,
        "group": hit.group_name, "kind": hit.kind_label, "state": hit.state_label,
        "title": _segments(hit.title), "snippet": _segments(hit.snippet),
    }  # fmt: skip


@router.get("", response={200: Answer, **ERRORS}, summary="Search everything")
@needs(SearchPermission.SEARCH)
def search(request: HttpRequest, q: str, noun: str = "", limit: int = 10, through: str = "") -> dict[str, Any]:
    """Words are met by their stems, the last also by its beginning; all must be met, but where no document meets
    all of them those are told that meet some.

    `noun` is one of group, item, person, task, view, rule, change, document; `limit` (1 to 100) is for each noun.
    `through` is the reference of an item that one looks from, such as a service: documents about it come first. A
    document is found by its published version, by those who may read it.
    """
    only_known(request, "q", "noun", "limit", "through")
    caller = caller_of(request)
    nouns = [one for one in Noun if one.name.lower() == noun] if noun else list(Noun)
    if not nouns:
        known = ", ".join(one.name.lower() for one in Noun)
        raise Invalid(f"There is no noun {noun}.", where="noun", todo=f"Known: {known}.", field="noun")
    if not 1 <= limit <= LIMIT:
        raise Invalid("The limit is from 1 to 100.", where="limit", field="limit")
    item = find_item(through, caller) if through else None
    found = find(q, caller, nouns=nouns, each=limit, seen_from=Standpoint(item.pk if item else None))
    return {
        "q": q,
        "found": [
            {
                "noun": one.noun.name.lower(),
                "count": one.count,
                "more": one.more,
                "is_partly": one.met == PARTLY,
                "hits": [_body(hit) for hit in one.hits],
            }
            for one in found
        ],
    }
