"""Groups as programs give and get them, and the fields that their list is filtered by."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from ninja import Schema

from helhet.groups.api.lists import Filtered, choice, containing, folded
from helhet.groups.filters import groups_named
from helhet.groups.models import Basis, Group, GroupState
from helhet.kit.api import Strict
from helhet.kit.api_examples import example
from helhet.kit.filters import Context, Field, Fields, Meaning, only_matching
from helhet.rules.filters import Term


class GroupIn(Strict):
    """A group that is to be. `parent` is a reference such as GRP-3, `source:key` or an exact name."""

    model_config = example(
        name="Drift",
        mandate="Svarar för servrar och lagring.",
        basis="technology",
        parent="GRP-1",
        contacts={"mail": "drift@example.org"},
    )

    name: str
    mandate: str = ""
    basis: str = "other"
    parent: str = ""
    contacts: dict[str, str] = {}
    is_management_team: bool = False
    description: str = ""
    reason: str = ""


class GroupChange(Strict):
    """The fields of a group that are to be altered; those left out stay. `state` is active or closing."""

    model_config = example(mandate="Svarar för servrar, lagring och kluster.", state="active", reason="Nytt uppdrag")

    name: str | None = None
    mandate: str | None = None
    basis: str | None = None
    parent: str | None = None
    contacts: dict[str, str] | None = None
    is_management_team: bool | None = None
    description: str | None = None
    state: str | None = None
    reason: str = ""


class GroupOut(Schema):
    """A group. `chairs` are those of today."""

    model_config = example(
        reference="GRP-3",
        name="Drift",
        basis="technology",
        mandate="Svarar för servrar och lagring.",
        parent="GRP-1",
        state="active",
        closed_on=None,
        contacts={"mail": "drift@example.org"},
        is_management_team=False,
        description="",
        version=4,
    )

    reference: str
    name: str
    basis: str
    mandate: str
    parent: str | None
    state: str
    closed_on: dt.date | None
    contacts: dict[str, str]
    is_management_team: bool
    description: str
    version: int


def group_data(group: Group) -> dict[str, Any]:
    """A group as the API gives it."""
    return {
        "reference": group.reference,
        "name": group.name,
        "basis": group.basis,
        "mandate": group.mandate,
        "parent": group.parent.reference if group.parent else None,
        "state": group.state,
        "closed_on": group.closed_on,
        "contacts": group.contacts,
        "is_management_team": group.is_management_team,
        "description": group.item.description,
        "version": group.item.version,
    }


class CloseIn(Strict):
    """Who takes over (`to`), or that things are to be left (`leave`)."""

    model_config = example(to="GRP-5", leave=False, reason="Gruppen går upp i Plattform")

    to: str = ""
    leave: bool = False
    reason: str = ""


class ReasonIn(Strict):
    """Why."""

    model_config = example(reason="Beslut i ledningsgruppen")

    reason: str = ""


def group_field(name: str, column: str) -> Field:
    """A field over a column that holds a group: by reference, `source:key`, name, `mine` or `none`."""

    def mean(term: Term, context: Context) -> Meaning:
        only_matching(term)
        condition = Q(pk__in=())
        for value in term.values:
            if value.asks_for_none:
                condition |= Q((f"{column}__isnull", True))
            else:
                condition |= Q((f"{column}__in", groups_named(term, value, context)))
        return Meaning(condition)

    return Field(name, name, mean)


def group_fields() -> Fields:
    """What lists of groups are filtered by."""
    groups = Group.objects.all
    return Fields(
        [
            folded("name", groups, "item__name"),
            choice("state", "state", GroupState.values),
            choice("basis", "basis", Basis.values),
            group_field("parent", "parent"),
            group_field("group", "pk"),
        ],
        containing(groups, "item__name", "mandate"),
    )


GROUPS = Filtered(GroupOut, {"name": "by_name", "state": "state", "basis": "basis"}, group_data, group_fields)
