"""The help page is whole in both languages and names the fields that there are."""

from __future__ import annotations

import pytest
from django.test import Client

from helhet.items.filters import item_fields
from tests.world import make_item, make_user


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "word"), [("sv", "Vem som svarar"), ("en", "Who answers")])
def test_help_names_every_field_and_attribute_in_the_readers_language(language: str, word: str):
    make_item(attributes={"rack": "4"})
    user = make_user("a@sjovik.example")
    user.language = language
    user.save()
    client = Client()
    client.force_login(user)
    page = client.get("/help/").content.decode()
    assert word in page
    for field in item_fields().declared:
        assert f"<code>{field.name}</code>" in page
    assert "<code>rack</code>" in page
