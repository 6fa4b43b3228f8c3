"""Through whose eyes the whole is looked at: one's own groups, one group, or everything."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from helhet.groups.models import Group
from helhet.kit.rights import Caller

WHOLE, MINE = "all", "mine"
LONGEST_LABEL = 24


def scope_choices(caller: Caller) -> list[tuple[str, str]]:
    """(key, label) of what the caller may look through: his groups together, one of them by name, the whole.

    The one named is not the management team where he has another: its members look at the whole anyway.
    """
    if not caller.member_of:
        return [(WHOLE, _("The whole"))]
    groups = Group.objects.visible_to(caller).filter(pk__in=caller.member_of).select_related("item")
    first = groups.order_by("is_management_team", "item__name_key").first()
    named = [(first.reference, Truncator(first.name).chars(LONGEST_LABEL))] if first else []
    mine = [(MINE, _("My groups"))] if len(caller.member_of) > 1 else []
    return [*mine, *named, (WHOLE, _("The whole"))]


def chosen_scope(request: HttpRequest, caller: Caller) -> str:
    """The key asked for now or kept from before; the whole unless it names something of the caller's."""
    wanted = request.GET.get("scope") or request.session.get("scope", WHOLE)
    return wanted if wanted in {key for key, _label in scope_choices(caller)} else WHOLE


def groups_in(scope: str, caller: Caller) -> frozenset[int] | None:
    """Ids of the groups in a scope; None for the whole."""
    if scope == WHOLE:
        return None
    if scope == MINE:
        return caller.member_of
    groups = Group.objects.visible_to(caller).filter(pk__in=caller.member_of).select_related("item")
    return frozenset(group.pk for group in groups if group.reference == scope)
