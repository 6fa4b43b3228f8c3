"""Sjövik's storage, and what stands on it: three groups' things, so that a change in one touches the others."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from helhet.estate.dependencies import add_dependency
from helhet.groups.answering import assign_by_hand
from helhet.groups.models import Membership, Role
from tests.world import DAY, SYSTEM, Cast, as_caller, make_group, make_item, make_person, make_user


@pytest.fixture
def cast(db: None) -> Cast:
    """One user of every sort."""
    return Cast()


@pytest.fixture
def sjovik(cast: Cast) -> SimpleNamespace:
    """A node of Drift; a database of Nät on it; a service of Skola on that. Each group has a chair who signs in."""
    lead = make_user("skola@sjovik.example")
    school = make_group("Skola", chair=make_person("Nils", email=lead.email, user=lead))
    net_chair = make_user("natchef@sjovik.example")
    Membership.objects.create(
        group=cast.other_group, person=make_person("Karin", email=net_chair.email, user=net_chair), role=Role.CHAIR,
        from_on=DAY,
    )  # fmt: skip
    node, base = make_item("Lagringsnod", kind="storage"), make_item("Databas", kind="database")
    service = make_item("Läroplattform", kind="business_service")
    for item, group in ((node, cast.group), (base, cast.other_group), (service, school)):
        assign_by_hand([item.pk], group, by=SYSTEM, on=DAY)
    add_dependency(base, node, by=SYSTEM)
    add_dependency(service, base, by=SYSTEM)
    return SimpleNamespace(
        cast=cast, node=node, base=base, service=service, school=school, drift=cast.group, net=cast.other_group,
        chair=as_caller(cast.chair), member=as_caller(cast.member), school_lead=as_caller(lead),
        net_lead=as_caller(net_chair), team=as_caller(cast.coordinator), reader=as_caller(cast.reader),
    )  # fmt: skip
