"""A rule is left unasked only when it selects none of the items."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helhet.items.models import Item
from helhet.responsibility.deciding import rule_items
from helhet.responsibility.models import Rule
from helhet.responsibility.ruling_out import not_ruled_out
from tests.world import make_group, make_item

FILTERS = (
    "env:prod", "env:PROD,test", "env:pr*", 'env:"pr *"', "env:*od", "env:none", "-env:prod", "attr.env:prod",
    "env:prod kind:server", "kind:hardware", "kind:application", "kind:serv*", 'kind:="server"', "tag:a", "tag:a,b",
    "tag:none", "env:prod OR tag:a", "env:prod (tag:a OR tag:b)", "env:>m", "name:x*", f"env:{'p' * 300}",
    "missing:1", "env:=prod",
)  # fmt: skip
thing = st.tuples(
    st.sampled_from(("server", "application", "virtual_machine")),
    st.sampled_from((None, "prod", "Prod", "pr od", "test", ["prod", "x"], "p" * 300)),
    st.lists(st.sampled_from(("a", "b")), unique=True),
)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(things=st.lists(thing, min_size=1, max_size=4))
def test_what_a_rule_selects_is_never_ruled_out(things):
    group = make_group("Drift")
    make_item(attributes={"missing": "2", "env": "other"})
    ids = [
        make_item(kind=kind, attributes={} if env is None else {"env": env}, tags=tags).pk for kind, env, tags in things
    ]
    rules = [Rule(pk=at, number=at, filter=text, group=group) for at, text in enumerate(FILTERS, start=1)]
    kept = {rule.filter for rule in not_ruled_out(rules, ids)}
    selecting = {rule.filter for rule in rules if rule_items(rule).filter(pk__in=ids).exists()}
    assert selecting <= kept


@pytest.mark.django_db
def test_rules_for_other_things_are_not_asked():
    group = make_group("Drift")
    ids = [make_item(attributes={"env": "prod"}).pk]
    assert Item.objects.filter(pk__in=ids).exists()
    rules = [
        Rule(pk=at, number=at, filter=text, group=group)
        for at, text in enumerate(("env:prod", "env:test", "kind:application", "tag:a", "name:x*"), start=1)
    ]
    assert [rule.filter for rule in not_ruled_out(rules, ids)] == ["env:prod", "name:x*"]
