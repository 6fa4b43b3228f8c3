from __future__ import annotations

import pytest
from django.utils import translation

from helhet.estate.reasons import in_words, split, told
from helhet.groups.models import Answer, Ground, GroundSort
from helhet.items.models import Kind
from tests.world import make_item

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("kind:server", ("kind:server", "")),
        ("kind:server,storage, Halls, storage and clusters", ("kind:server,storage", "Halls, storage and clusters")),
        ('location:"Hall 1, rack 4" kind:server, Why', ('location:"Hall 1, rack 4" kind:server', "Why")),
        ("only words, and a note", ("only words, and a note", "")),
        ("", ("", "")),
    ],
)
def test_filter_and_note_of_a_ground_are_told_apart(text, parts):
    assert split(text) == parts


def test_a_filter_is_read_in_the_words_of_its_chips():
    kinds = list(Kind.objects.all())
    with translation.override("en"):
        assert in_words("kind:network_device -tag:voice", kinds) == "Kind Network device; not tag voice"
        assert in_words("kind:(", kinds) == "kind:("
        assert told("criticality:>=high, Much hangs on them", kinds) == ("Criticality ≥ high", "Much hangs on them")


def test_the_page_says_why_in_words_and_never_in_filters(admin, cast):
    item = make_item("Alpha", kind="server")
    ground = Ground.objects.create(sort=GroundSort.RULE, rule_id=7, number=7, text="kind:server, What runs in the hall")
    Answer.objects.filter(item=item).delete()
    Answer.objects.create(item=item, group=cast.group, from_on="2026-01-01", ground=ground)
    text = admin.get(f"/items/{item.reference}/").content.decode()
    assert "Rule 7: “What runs in the hall”." in text
    assert "Kind Server" in text
    assert "kind:server" not in text


def test_the_page_tells_how_to_reach_who_answers(admin, cast):
    cast.group.contacts = {"phone": "060-12 34 56"}
    cast.group.save(update_fields=["contacts"])
    text = admin.get(f"/items/{make_item(says=cast.group).reference}/").content.decode()
    assert '<a href="tel:060-123456">060-12 34 56</a>' in text
