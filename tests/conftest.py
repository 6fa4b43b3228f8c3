"""What tests of the whole product share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.matrix_samples import samples
from tests.world import Cast

Standing = tuple[Cast, dict[str, Any]]
"""Users of every sort, and the things that the rights matrix points at, by name."""


@pytest.fixture(scope="module")
def things_of_module(django_db_setup: None, django_db_blocker: Any) -> Iterator[Standing]:
    """Made once for all tests of a file, inside a transaction that is never committed."""
    del django_db_setup
    with django_db_blocker.unblock(), transaction.atomic():
        cast = Cast()
        yield cast, samples(cast)
        transaction.set_rollback(True)


@pytest.fixture
def standing(things_of_module: Standing, db: None) -> Standing:
    """The same things for each test: what a test does to them is taken back to where they were made."""
    del db
    cast, things = things_of_module
    return cast, dict(things)
