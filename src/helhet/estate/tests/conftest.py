"""The people and things that the tests of this room speak of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from helhet.accounts.models import User
from tests.world import Cast


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast()


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    def signed_in(user: User) -> Client:
        user.language = "en"
        user.save(update_fields=["language"])
        client = Client()
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def admin(cast: Cast, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(cast.administrator)


@pytest.fixture(autouse=True)
def _files_in_a_folder_of_their_own(tmp_path: Path, settings: Any) -> None:
    settings.FILES_DIR = tmp_path
