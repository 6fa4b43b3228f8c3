"""The search, for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from helhet.items.finding import find_item
from helhet.kit.api import ERRORS, caller_of, only_known
from helhet.kit.api_rights import needs
from helhet.search.answering import answer_data, checked_limit, nouns_of
from helhet.search.finding import find
from helhet.search.hits import Standpoint
from helhet.search.permissions import SearchPermission

router = Router(tags=["search"])


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
    nouns, limit = nouns_of(noun), checked_limit(limit)
    item = find_item(through, caller) if through else None
    found = find(q, caller, nouns=nouns, each=limit, seen_from=Standpoint(item.pk if item else None))
    return answer_data(q, found)
