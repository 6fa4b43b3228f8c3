"""`helhet changes` and `helhet change`: what they list and tell, and how they refuse."""

from __future__ import annotations

import argparse
import io
import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from helhet.changes import actions
from helhet.changes.command_changes import ChangeCommand, ChangesCommand
from helhet.changes.tests.test_positions import answer, asked, drafted, step, window
from helhet.kit.command import Output
from helhet.kit.errors import Invalid, NotFound

pytestmark = pytest.mark.django_db


def said(command: Any, *arguments: str, as_json: bool = True) -> Any:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    written = io.StringIO()
    assert command.run(parser.parse_args(arguments), Output(as_json=as_json, stdout=written)) == 0
    return json.loads(written.getvalue()) if as_json else written.getvalue()


def listed(*arguments: str) -> list[str]:
    return [one["reference"] for one in said(ChangesCommand(), *arguments)["items"]]


def test_changes_are_listed_by_filter_state_group_and_time(sjovik: SimpleNamespace) -> None:
    first, later = asked(sjovik), drafted(sjovik, type="emergency", **window(20))
    assert listed() == [later.reference, first.reference]
    assert listed("type:emergency") == [later.reference]
    assert listed(f"touches:{sjovik.school.reference}") == [first.reference]
    assert listed("--state", "asking") == [first.reference]
    assert listed("--group", sjovik.net.reference) == []
    day = window(20)["starts_at"].date()
    assert listed("--from", day.isoformat()) == [later.reference]
    assert listed("--to", window(12)["starts_at"].date().isoformat()) == [first.reference]
    assert later.name in said(ChangesCommand(), as_json=False)


def test_the_command_lists_what_the_api_lists(sjovik: SimpleNamespace, client: Client) -> None:
    asked(sjovik)
    drafted(sjovik, type="emergency")
    client.force_login(sjovik.cast.reader)
    for text in ("", "state:draft", "byte", f"item:{sjovik.node.reference}"):
        answered = client.get("/api/v1/changes", {"filter": text})
        assert answered.status_code == 200, answered.content
        assert listed(*text.split()) == [one["reference"] for one in answered.json()["items"]]


def test_one_change_is_told_with_positions_conditions_and_order(sjovik: SimpleNamespace) -> None:
    first, change = drafted(sjovik), asked(sjovik, **window(9))
    actions.put_after(change.reference, first.reference, by=sjovik.member)
    answer(sjovik, change, sjovik.net_lead, sjovik.net, "yes_if", conditions=["Reserv på plats"])
    told = said(ChangeCommand(), change.reference.lower())
    assert (told["reference"], told["after"]) == (change.reference, [first.reference])
    assert {one["group"] for one in told["positions"]} == {sjovik.net.reference, sjovik.school.reference}
    text = said(ChangeCommand(), change.reference, as_json=False)
    assert "[ ] Reserv på plats" in text
    assert "har inte svarat" in text
    assert first.reference in text


def test_a_clash_is_told_until_it_is_gone(sjovik: SimpleNamespace) -> None:
    first, change = asked(sjovik), drafted(sjovik)
    assert first.reference in said(ChangeCommand(), change.reference, as_json=False)
    assert said(ChangeCommand(), change.reference)["clashes"]
    step(actions.cancel_change, first, sjovik.member, reason="Behövs inte")
    assert said(ChangeCommand(), change.reference)["clashes"] == []


def test_what_is_not_known_is_refused() -> None:
    with pytest.raises(NotFound, match="CHG-999"):
        said(ChangeCommand(), "CHG-999")
    with pytest.raises(Invalid) as refused:
        said(ChangesCommand(), "farg:blå")
    assert refused.value.field == "filter"
    with pytest.raises(SystemExit):
        said(ChangesCommand(), "--state", "okänt")
