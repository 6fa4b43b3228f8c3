"""The command leaves the search ready, also where no worker runs."""

from __future__ import annotations

import argparse
import io
from typing import Any

import pytest
from django.test import Client

from helhet.home.demo import command
from helhet.kit.command import DONE, Output
from tests.world import make_item, make_user

pytestmark = pytest.mark.django_db


def test_what_the_command_makes_is_found_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def make_little(**_asked: Any) -> dict[str, int]:
        make_item("Zebra i Vinterhamn")
        return {"items": 1, "groups": 0, "persons": 0, "changes": 0}

    monkeypatch.setattr(command, "make_demo", make_little)
    out = Output(as_json=True, stdout=io.StringIO(), stderr=io.StringIO())
    client = Client()
    client.force_login(make_user("ada@sjovik.example", access="administrator"))
    assert command.DemoCommand().run(argparse.Namespace(add=False), out) == DONE
    found = client.get("/api/v1/search", {"q": "vinterhamn zebra"}).json()
    assert "Zebra i Vinterhamn" in str(found)
