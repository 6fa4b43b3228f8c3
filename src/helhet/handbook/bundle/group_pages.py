"""Who answers for what, and how they are reached: ways of the group, and the work telephone and mail of its leads."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from helhet.groups.actions.group import CONTACT_WAYS
from helhet.groups.models import Group, GroupState, Membership, Role
from helhet.handbook.bundle.document_pages import json_list
from helhet.handbook.bundle.frames import Frame
from helhet.handbook.bundle.holding import GroupLine, Holding
from helhet.handbook.bundle.placing import Writing

LEADS = (Role.CHAIR, Role.DEPUTY)


@dataclass(frozen=True, slots=True)
class Lead:
    """Chair or deputy, with the ways to reach them at work."""

    role: str
    name: str
    phone: str
    email: str


@dataclass(slots=True)
class GroupFacts:
    """A group as its page tells it. Members are names alone."""

    line: GroupLine
    mandate: str
    is_closed: bool
    ways: list[tuple[str, str]]
    leads: list[Lead] = field(default_factory=list)
    members: list[str] = field(default_factory=list)


def write_groups(holding: Holding, frame: Frame, writing: Writing) -> None:
    """A page for each group that answers for something here, and one of them all."""
    told = _facts(holding)
    items, documents = defaultdict(list), defaultdict(list)
    for item in sorted(holding.items.values(), key=lambda item: (item.name_key, item.pk)):
        items[item.group_id].append(item)
    for line in holding.documents:
        documents[line.group_id].append(line)
    with json_list(writing, "json/groups.json") as add:
        for facts in told:
            pk, page = facts.line.pk, facts.line.page
            writing.add(
                page, frame.page(page, "group", group=facts, items=items[pk], documents=documents[pk])
            )  # fmt: skip
            add({
                "reference": facts.line.reference, "name": facts.line.name, "mandate": facts.mandate,
                "contacts": dict(facts.ways), "members": facts.members,
                "leads": [{"role": one.role, "name": one.name, "phone": one.phone, "email": one.email}
                          for one in facts.leads],
                "items": [item.reference for item in items[pk]], "documents": [one.address for one in documents[pk]],
            })  # fmt: skip
    writing.add("groups.html", frame.page("groups.html", "groups", groups=told, unowned=items[None]))


def _facts(holding: Holding) -> list[GroupFacts]:
    found = {}
    for group in Group.objects.filter(pk__in=holding.groups):
        given = group.contacts
        ways = [(str(label), str(given[way])) for way, label in CONTACT_WAYS.items() if given.get(way)]
        is_closed = group.state == GroupState.CLOSED
        found[group.pk] = GroupFacts(holding.groups[group.pk], group.mandate, is_closed, ways)
    today = Membership.objects.on(holding.today).filter(group__in=found).select_related("person")
    for one in today.order_by("person__name_key", "person_id"):
        facts, person = found[one.group_id], one.person
        if one.role in LEADS:
            facts.leads.append(Lead(one.role_label.capitalize(), person.name, person.phone, person.email))
        if person.name not in facts.members:
            facts.members.append(person.name)
    return [found[pk] for pk in holding.groups if pk in found]
