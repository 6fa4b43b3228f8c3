"""Sjövik's people, a client for each, and the callers that they are."""

from __future__ import annotations

import pytest
from django.test import Client

from helhet.kit.rights import Caller
from tests.world import Cast, as_caller


@pytest.fixture
def cast(db: None) -> Cast:
    del db
    return Cast()


@pytest.fixture
def boss(cast: Cast) -> Caller:
    return as_caller(cast.administrator)


@pytest.fixture
def lead(cast: Cast) -> Caller:
    return as_caller(cast.coordinator)


@pytest.fixture
def chair(cast: Cast) -> Caller:
    return as_caller(cast.chair)


@pytest.fixture
def browser(cast: Cast) -> Client:
    """The administrator's."""
    client = Client()
    client.force_login(cast.administrator)
    return client
