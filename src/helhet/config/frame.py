"""What stands around every page: menu, scope, what waits, language, person. Places that are not built are left out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.translation import gettext as _

from helhet.accounts.models import User
from helhet.accounts.permissions import AccountPermission
from helhet.groups.models import Task
from helhet.groups.permissions import GroupPermission
from helhet.home.figures import unowned_known
from helhet.home.freshness import fetched, freshness
from helhet.home.scope import chosen_scope, scope_choices, scope_groups, short
from helhet.importers.permissions import ImportPermission
from helhet.items.permissions import ItemPermission
from helhet.journal.lately import standing_for, while_standing
from helhet.kit.rights import Level
from helhet.kit.web import Entry, Frame
from helhet.kit.words import local_names
from helhet.responsibility.permissions import ResponsibilityPermission

if TYPE_CHECKING:
    from helhet.kit.rights import Caller

LANGUAGES = dict(settings.LANGUAGES)


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the menu: the name of its address, what it is called, its icon, and the level it asks for.

    `under` are the other names (or whole rooms, ended by a colon) whose pages belong to it.
    """

    name: str
    label: str
    icon: str
    under: tuple[str, ...] = ()
    level: Level = Level.READER
    gap: bool = False
    on_phone: bool = False


def places() -> tuple[Place, ...]:
    """The whole menu, in the reader's language."""
    return (
        Place("home:overview", _("Overview"), "overview", on_phone=True),
        Place("items", _("Estate"), "estate", ("estate:", "item"), on_phone=True),
        Place("handbook:services", _("Services"), "services", ("handbook:",)),
        Place("responsibility:coverage", _("Coverage"), "coverage", gap=True),
        Place("responsibility:rules", _("Responsibility rules"), "rules", ("responsibility:",)),
        Place(
            "routines:day",
            _("Day list"),
            "list",
            ("routines:occurrence", "routines:operation", "routines:alert"),
            gap=True,
            on_phone=True,
        ),
        Place("routines:routines", _("Routines"), "routines", ("routines:",), on_phone=True),
        Place("documents:documents", _("Documents"), "document", ("documents:",)),
        Place("changes:changes", _("Changes"), "changes", ("changes:",)),
        Place("suppliers:suppliers", _("Suppliers"), "suppliers", ("suppliers:",), gap=True),
        Place("handbook:bundles", _("Offline copies"), "offline", ("handbook:bundle",)),
        Place("groups:groups", _("Groups"), "groups", ("groups:group",), gap=True),
        Place("groups:persons", _("Persons"), "person", ("groups:person",)),
        Place("groups:waits", _("Tasks"), "tasks", ("groups:task",)),
        Place("importers:runs", _("Imports"), "imports", ("importers:",), gap=True),
        Place("estate:kinds", _("Kinds"), "kinds", ("estate:kind", "estate:new_kind"), Level.ADMINISTRATOR, gap=True),
        Place(
            "estate:types", _("Types of dependency"), "link", ("estate:type", "estate:new_type"), Level.ADMINISTRATOR
        ),
        Place("documents:audiences", _("Readers of documents"), "person", ("documents:audience",), Level.ADMINISTRATOR),
        Place("groups:words", _("Our words"), "language", ("groups:words",), Level.ADMINISTRATOR),
        Place("accounts:users", _("Users"), "key", ("accounts:user",), Level.ADMINISTRATOR),
    )


def address(*names: str) -> str:
    """Where the first of these names that exists leads; empty when none does."""
    return _address(names, get_script_prefix())


@cache
def _address(names: tuple[str, ...], _prefix: str) -> str:
    for name in names:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return ""


def installation(language: str) -> str:
    """What this installation is called, which an administrator sets among the local names; empty when not set."""
    return local_names().get((language, "installation", "singular"), "")


def frame(request: HttpRequest) -> Frame:
    """Fills `kit.frame`."""
    caller: Caller = request.caller  # type: ignore[attr-defined]
    user = request.user
    language = request.LANGUAGE_CODE if request.LANGUAGE_CODE in LANGUAGES else settings.LANGUAGE_CODE
    other = next(code for code in LANGUAGES if code != language)
    common: dict[str, Any] = {
        "language": language,
        "other_language": other,
        "other_language_label": LANGUAGES[other],
        "language_url": address("accounts:language"),
        "installation": installation(language),
    }
    if not isinstance(user, User) or not caller.is_signed_in:
        return Frame(**common)
    mark = standing_for(request)
    menu = _menu(request, caller, mark)
    fresh = freshness(*while_standing("fetched", mark, fetched))
    return Frame(
        **common,
        menu=tuple(entry for _place, entry in menu),
        bottom=tuple(entry for place, entry in menu if place.on_phone)[:4],
        scope=_scope(request, caller, mark),
        waits=_waits(caller),
        person=Entry(address("accounts:me"), str(user)),
        initials=_initials(str(user)),
        theme=user.theme,
        theme_url=address("accounts:theme"),
        fresh=fresh,
        fresh_url=address("importers:runs") if fresh else "",
        help_url=address("home:help"),
        search_url=address("search:search"),
        palette_url=address("search:palette"),
        sign_out_url=address("accounts:sign_out"),
    )


def actions(caller: Caller) -> list[Entry]:
    """Fills `search.actions`: what the caller can begin from anywhere."""
    known = (
        (ItemPermission.CREATE, "estate:new_item", _("New item"), "plus"),
        (ItemPermission.VIEW, "estate:map", _("Map of dependencies"), "map"),
        (ItemPermission.VIEW, "estate:weak_points", _("Weak points"), "warning"),
        (GroupPermission.CREATE, "groups:group_new", _("New group"), "plus"),
        (GroupPermission.TASK_CREATE, "groups:task_new", _("New task"), "plus"),
        (ResponsibilityPermission.RULE_MANAGE, "responsibility:new_rule", _("New responsibility rule"), "plus"),
        (ImportPermission.START, "importers:new", _("Import a file"), "upload"),
        (AccountPermission.USER_MANAGE, "accounts:user_new", _("New user"), "plus"),
    )
    return [
        Entry(address(name), label, icon) for right, name, label, icon in known if address(name) and caller.may(right)
    ]


def _menu(request: HttpRequest, caller: Caller, mark: str) -> list[tuple[Place, Entry]]:
    built: list[tuple[Place, Entry]] = []
    here = request.resolver_match.view_name if request.resolver_match else ""
    owed_gap = False
    for place in places():
        url = address(place.name) if caller.level >= place.level else ""
        owed_gap = owed_gap or place.gap
        if not url:
            continue
        count = while_standing("unowned", mark, unowned_known) if place.name == "items" else None
        built.append((place, Entry(url, place.label, place.icon, count, gap=owed_gap)))
        owed_gap = False
    current = _current([place for place, _entry in built], here)
    return [
        (place, Entry(e.url, e.label, e.icon, e.count, is_current=place is current, gap=e.gap)) for place, e in built
    ]


def _current(built: list[Place], here: str) -> Place | None:
    """The place that says most exactly where one is."""
    best, length = None, 0
    for place in built:
        for name in (place.name, *place.under):
            if here.startswith(name) and len(name) > length:
                best, length = place, len(name)
    return best


def _scope(request: HttpRequest, caller: Caller, mark: str) -> tuple[Entry, ...]:
    here = chosen_scope(request, caller)
    home = address("home:overview")
    if not home:
        return ()
    wide = [Entry(f"{home}?scope={key}", label, is_current=key == here) for key, label in scope_choices(caller)]
    named = scope_groups(caller, mark)
    groups = tuple(Entry(f"{home}?scope={key}", label, is_current=key == here) for key, label in named)
    if not groups:
        return tuple(wide)
    chosen = next((entry for entry in groups if entry.is_current), groups[0] if caller.member_of else None)
    label = short(chosen.label) if chosen else _("One group")
    one = Entry("", label, is_current=bool(chosen and chosen.is_current), choices=groups)
    return (*wide[:-1], one, wide[-1])


def _waits(caller: Caller) -> Entry | None:
    url = address("groups:waits", "groups:tasks")
    if not url:
        return None
    return Entry(url, "", count=Task.objects.waiting_for(caller).count())


def _initials(name: str) -> str:
    words = [word for word in name.replace(".", " ").split("@")[0].split() if word]
    return "".join(word[0] for word in ([words[0], words[-1]] if len(words) > 1 else words)).upper()
