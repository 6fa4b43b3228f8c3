"""The search page and the palette."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from helhet.items.text import fold
from helhet.kit.parts import Choice
from helhet.kit.ports import Port
from helhet.kit.rights import Caller
from helhet.kit.web import Entry, Request, frames, page
from helhet.search.finding import Found, find, labels
from helhet.search.models import Noun
from helhet.search.permissions import SearchPermission

EACH, OF_ONE, IN_PALETTE = 6, 100, 4

actions: Port[Callable[[Caller], list[Entry]]] = Port("search.actions")
"""What can be begun from anywhere: a new item, a new rule..."""


@dataclass(frozen=True, slots=True)
class PaletteGroup:
    """Hits under one heading."""

    label: str
    hits: list[object]


@dataclass(frozen=True, slots=True)
class Way:
    """A page or an action in the palette."""

    url: str
    name: str
    icon: str = ""
    reference: str = ""
    hint: str = ""


@page(SearchPermission.SEARCH)
def search(request: Request) -> HttpResponse:
    """Everything that a text finds, by noun; `noun` narrows it to one."""
    text = request.GET.get("q", "").strip()
    nouns = [noun for noun in Noun if noun.name.lower() == request.GET.get("noun")]
    found = find(text, request.caller, nouns=nouns or Noun, each=OF_ONE if nouns else EACH)
    context = {
        "q": text,
        "found": found,
        "noun": nouns[0].name.lower() if nouns else "",
        "count": sum(one.count for one in found),
        "more": any(one.more for one in found),
        "tabs": _tabs(text, nouns, found),
        "items_url": f"{reverse('items')}?{urlencode({'q': text})}",
    }
    return render(request, "search/search.html", context)


def _tabs(text: str, nouns: list[Noun], found: list[Found]) -> list[Choice]:
    counts = {one.noun: one.count for one in found}
    tabs = [Choice(_("Everything"), "?" + urlencode({"q": text}), current=not nouns)]
    for noun, label in labels().items():
        if noun in counts or noun in nouns:
            url = "?" + urlencode({"q": text, "noun": noun.name.lower()})
            tabs.append(Choice(label, url, current=noun in nouns, count=counts.get(noun)))
    return tabs


@page(SearchPermission.SEARCH)
def palette(request: Request) -> HttpResponse:
    """What Ctrl-K shows: things, pages and actions; without a text the pages and actions at hand."""
    text = request.GET.get("q", "").strip()
    pages = [Way(entry.url, entry.label, entry.icon) for entry in frames.only()(request).menu]
    deeds = [Way(entry.url, entry.label, entry.icon) for port in actions for entry in port(request.caller)]
    groups: list[PaletteGroup] = []
    if text:
        wanted = fold(text)
        pages = [way for way in pages if _begins(way.name, wanted)]
        deeds = [way for way in deeds if _begins(way.name, wanted)]
        for one in find(text, request.caller, each=IN_PALETTE):
            hits: list[object] = [Way(hit.url, hit.name, hit.icon, hit.reference, hit.group_name) for hit in one.hits]
            groups.append(PaletteGroup(one.label, hits))
    groups += [PaletteGroup(_("Pages"), [*pages]), PaletteGroup(_("Actions"), [*deeds])]
    shown = [group for group in groups if group.hits]
    return render(request, "kit/_palette_hits.html", {"groups": shown, "q": text})


def _begins(name: str, wanted: str) -> bool:
    return any(word.startswith(wanted) for word in fold(name).split()) or fold(name).startswith(wanted)
