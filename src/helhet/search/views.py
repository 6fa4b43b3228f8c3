"""The search page and the palette."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from helhet.groups.missing import missing_url
from helhet.groups.models import Group
from helhet.items.filters import item_named
from helhet.items.finding import find_item
from helhet.items.models import Item
from helhet.items.text import fold
from helhet.kit.errors import NotFound
from helhet.kit.parts import Choice
from helhet.kit.ports import Port
from helhet.kit.rights import Caller
from helhet.kit.web import Entry, Request, frames, page
from helhet.rules.excerpts import Segments
from helhet.search.finding import find, labels
from helhet.search.hits import Found, Hit, Standpoint
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
    title: Segments = field(default_factory=list)
    snippet: Segments = field(default_factory=list)
    state: str = ""
    state_label: str = ""


@page(SearchPermission.SEARCH)
def search(request: Request) -> HttpResponse:
    """Everything that a text finds, by noun; `noun` narrows it to one."""
    text = request.GET.get("q", "").strip()
    nouns = [noun for noun in Noun if noun.name.lower() == request.GET.get("noun")]
    through = _looked_from(request)
    seen_from = Standpoint(through.pk if through else None, _groups(request))
    each = OF_ONE if nouns else EACH
    found = find(text, request.caller, nouns=nouns or Noun, each=each, seen_from=seen_from)
    context = {
        "q": text,
        "found": found,
        "noun": nouns[0].name.lower() if nouns else "",
        "through": through,
        "count": sum(one.count for one in found),
        "more": any(one.more for one in found),
        "tabs": _tabs(text, nouns, found, through),
        "missing_url": missing_url(text),
        "items_url": f"{reverse('items')}?{urlencode({'q': text})}",
    }
    return render(request, "search/search.html", context)


def _looked_from(request: Request) -> Item | None:
    """The item that one looks from (`through`), whose documents come first; None where none is named or may be seen."""
    reference = request.GET.get("through", "").strip()
    try:
        return find_item(reference, request.caller) if reference else None
    except NotFound:
        return None


def _groups(request: Request) -> frozenset[int]:
    """The groups through whose eyes the frame shows everything; none for the whole."""
    scope = str(request.session.get("scope", ""))
    if scope == "mine":
        return frozenset(request.caller.member_of)
    named = item_named(scope) if scope not in {"", "all"} else None
    here = Group.objects.visible_to(request.caller).filter(item__in=Item.objects.filter(named)) if named else ()
    return frozenset(group.pk for group in here)


def _tabs(text: str, nouns: list[Noun], found: list[Found], through: Item | None) -> list[Choice]:
    counts = {one.noun: one.count for one in found}
    kept = {"q": text} | ({"through": through.reference} if through else {})
    tabs = [Choice(_("Everything"), "?" + urlencode(kept), current=not nouns)]
    for noun, label in labels().items():
        if noun in counts or noun in nouns:
            url = "?" + urlencode({**kept, "noun": noun.name.lower()})
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
        found = find(text, request.caller, each=IN_PALETTE, seen_from=Standpoint(groups=_groups(request)))
        groups.extend(PaletteGroup(one.label, [_way(hit) for hit in one.hits]) for one in found)
    groups += [PaletteGroup(_("Pages"), [*pages]), PaletteGroup(_("Actions"), [*deeds])]
    shown = [group for group in groups if group.hits]
    return render(request, "kit/_palette_hits.html", {"groups": shown, "q": text})


def _way(hit: Hit) -> Way:
    hint = " · ".join(filter(None, (hit.kind_label, hit.group_name)))
    snippet = hit.snippet if hit.kind_label else []
    return Way(
        hit.url, hit.name, hit.icon, hit.reference, hint, title=hit.title, snippet=snippet,
        state=hit.state, state_label=hit.state_label,
    )  # fmt: skip


def _begins(name: str, wanted: str) -> bool:
    return any(word.startswith(wanted) for word in fold(name).split()) or fold(name).startswith(wanted)
