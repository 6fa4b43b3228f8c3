"""Through whose eyes the whole is looked at: one's own groups, any one group, or everything."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from helhet.groups.models import Group, GroupState
from helhet.groups.permissions import GroupPermission
from helhet.journal.lately import while_standing
from helhet.kit.rights import Caller

WHOLE, MINE = "all", "mine"
LONGEST_LABEL = 24
MOST_GROUPS = 120


def scope_choices(caller: Caller) -> list[tuple[str, str]]:
    """(key, label) of what the caller may look through, apart from single groups: his groups together, the whole."""
    mine = [(MINE, _("My groups"))] if len(caller.member_of) > 1 else []
    return [*mine, (WHOLE, _("The whole"))]


def scope_groups(caller: Caller, mark: str = "") -> list[tuple[str, str]]:
    """(reference, name) of the groups that can be looked through: the caller's own first, then the others by name.

    The first one is what a caller most likely wants, so the management team stands last among his own: its members
    look at the whole anyway. At most `MOST_GROUPS`. With the mark of `now_standing`, as they were kept since.
    """

    def living() -> list[tuple[int, str, int, str, bool]]:
        rows = Group.objects.visible_to(caller).exclude(state=GroupState.CLOSED).by_name()
        return list(
            rows.values_list("pk", "item__prefix", "item__number", "item__name", "is_management_team")[:MOST_GROUPS]
        )

    sees = caller.may(GroupPermission.VIEW)
    rows = while_standing(f"groups.{sees}", mark, living) if mark else living()
    ranked = sorted(rows, key=lambda row: (row[0] not in caller.member_of, row[0] in caller.member_of and row[4]))
    return [(f"{prefix}-{number}", name) for _pk, prefix, number, name, _team in ranked]


def short(name: str) -> str:
    """A group's name where there is little room."""
    return Truncator(name).chars(LONGEST_LABEL)


def chosen_scope(request: HttpRequest, caller: Caller) -> str:
    """The key asked for now or kept from before; the whole unless it names what the caller can look through."""
    wanted = str(request.GET.get("scope") or request.session.get("scope", WHOLE))
    if wanted in {key for key, _label in scope_choices(caller)} or _group_named(wanted, caller) is not None:
        return wanted
    return WHOLE


def groups_in(scope: str, caller: Caller) -> frozenset[int] | None:
    """Ids of the groups in a scope; None for the whole."""
    if scope == WHOLE:
        return None
    if scope == MINE:
        return caller.member_of
    found = _group_named(scope, caller)
    return frozenset() if found is None else frozenset({found})


def _group_named(reference: str, caller: Caller) -> int | None:
    prefix, dash, number = reference.rpartition("-")
    if not dash or not number.isdecimal() or len(number) > 15:
        return None
    living = Group.objects.visible_to(caller).exclude(state=GroupState.CLOSED)
    return living.filter(item__prefix=prefix, item__number=int(number)).values_list("pk", flat=True).first()
