"""Nobody fills the disk: what one person adds in a day has a limit, whichever way he sends it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from helhet.items.attachments import attach, folder, remove_attachment
from helhet.items.models import Attachment, Item
from helhet.kit.errors import Clash
from helhet.kit.rights import Caller
from tests.world import SYSTEM, Cast, as_caller, make_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(settings: Any, tmp_path: Any) -> Item:
    """Where everybody of the cast may put files, ten bytes a day."""
    settings.FILES_DIR, settings.FILES_PER_DAY = tmp_path, 10
    return make_item("Server")


def send(item: Item, size: int, by: Caller) -> Attachment:
    return attach(item, SimpleUploadedFile("a.txt", b"a" * size), by=by)


def stored() -> int:
    return sum(one.is_file() for one in folder().rglob("*"))


def test_what_goes_above_the_days_limit_is_refused_whole_and_others_go_on(item: Item) -> None:
    cast = Cast()
    one, other = as_caller(cast.administrator), as_caller(cast.coordinator)
    send(item, 6, one)
    with pytest.raises(Clash) as refused:
        send(item, 5, one)
    assert "HELHET_FILES_PER_DAY" in refused.value.todo
    assert (Attachment.objects.count(), stored()) == (1, 1)
    assert {send(item, 4, one).size, send(item, 10, other).size} == {4, 10}
    assert send(item, 11, SYSTEM).size == 11
    with pytest.raises(Clash):
        send(item, 1, one)


def test_what_was_taken_away_or_added_before_does_not_count(item: Item) -> None:
    by = as_caller(Cast().administrator)
    remove_attachment(send(item, 10, by), by=by)
    send(item, 10, by)
    Attachment.objects.update(at=timezone.now() - dt.timedelta(hours=24, minutes=1))
    send(item, 10, by)
    assert Attachment.objects.filter(removed_at=None).count() == 2


def test_by_page_and_by_api_it_is_said_what_to_do(item: Item, client: Any) -> None:
    user = Cast().administrator
    client.force_login(user)
    too_much = {"file": SimpleUploadedFile("b.txt", b"b" * 11)}
    page = client.post(f"/items/{item.reference}/attachments/", too_much)
    assert page.status_code == 409
    assert "Vänta till i morgon" in page.content.decode()
    too_much["file"].seek(0)
    told = client.post(f"/api/v1/items/{item.reference}/attachments", too_much)
    assert (told.status_code, told.json()["field"]) == (409, "file")
    assert not Attachment.objects.exists()
