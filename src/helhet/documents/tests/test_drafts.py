"""What is not published yet is read by those who write, review and approve it, and by nobody else."""

from __future__ import annotations

import pytest
from django.test import Client

from helhet.accounts.models import User
from helhet.documents.actions import create_document, drop_draft, give_verdict, publish, save_draft, submit_draft
from helhet.documents.models import Document
from helhet.groups.answering import assign_by_hand
from tests.world import DAY, SYSTEM, Cast, as_caller, make_item

pytestmark = pytest.mark.django_db
DRAFTED, REFUSED = "kanariefågel", "visselpipa"


@pytest.fixture
def cast() -> Cast:
    return Cast()


def told(user: User, address: str) -> tuple[int, bool]:
    """The status, and whether anything of the draft or of what was said of it was told."""
    client = Client()
    client.force_login(user)
    answer = client.get(address)
    body = answer.content.decode()
    return answer.status_code, DRAFTED in body or REFUSED in body


def drafted(cast: Cast, *, is_published: bool) -> Document:
    """For everybody to read, with a draft that was sent back with words."""
    member, chair = as_caller(cast.member), as_caller(cast.chair)
    made = create_document(by=member, sort="routine", title="Omstart", text="Öppet")
    if is_published:
        publish(made.address, by=chair, version=1)
    draft = save_draft(
        made.address, by=member, version=0 if is_published else 1, title=f"Omstart {DRAFTED}", text=DRAFTED
    )
    submit_draft(made.address, by=member, version=draft.version, note=DRAFTED)
    give_verdict(made.address, by=chair, version=draft.version, step="approval", is_yes=False, text=REFUSED)
    return made


@pytest.mark.parametrize("is_published", [True, False])
def test_a_draft_is_read_by_its_group_and_not_by_other_readers(cast: Cast, *, is_published: bool) -> None:
    address = drafted(cast, is_published=is_published).address
    pages = {"": 200, "draft/": 403, "kept/": 403, "compare/": 200, "compare/?from=draft&to=draft": 404}
    for path, status in pages.items():
        assert told(cast.reader, f"/documents/{address}/{path}") == (status, False), path
    api = {"": 200, "/draft": 403, "/draft/texts": 403, "/compare?before=draft": 404, "/versions": 200}
    for path, status in api.items():
        assert told(cast.reader, f"/api/v1/documents/{address}{path}") == (status, False), path
    for path in ("/api/v1/documents/{}/draft", "/api/v1/documents/{}/compare", "/documents/{}/"):
        for user in (cast.member, cast.coordinator):
            assert told(user, path.format(address)) == (200, True), path
    client = Client()
    client.force_login(cast.member)
    page = client.get(f"/documents/{address}/").content.decode()
    assert ('id="holds"' in page) is is_published
    assert (DRAFTED in page) is not is_published


def test_the_first_draft_of_a_part_is_read_by_the_group_that_answers_for_the_service(cast: Cast) -> None:
    service = make_item("Vårdjournal", kind="business_service")
    assign_by_hand([service.pk], cast.group, by=SYSTEM, on=DAY)
    create_document(
        by=as_caller(cast.member), sort="documentation", title="Beställningar", item=service.reference, part="orders",
        text=DRAFTED,
    )  # fmt: skip
    address = f"/services/{service.reference}/"
    client = Client()
    client.force_login(cast.reader)
    assert "Vårdjournal: beställningar" in client.get("/documents/").content.decode()
    assert [told(user, address) for user in (cast.member, cast.reader)] == [(200, True), (200, False)]


def test_who_answers_reads_the_draft_whose_number_his_answer_carries(cast: Cast) -> None:
    member, chair = as_caller(cast.member), as_caller(cast.chair)
    made = create_document(by=member, sort="routine", title="Omstart", text="Första **orden**")
    submit_draft(made.address, by=member, version=1)
    client, address = Client(), f"/documents/{made.address}/verdict/"
    client.force_login(cast.chair)
    assert "Första <strong>orden</strong>" in client.get(address).content.decode()
    save_draft(made.address, by=member, version=1, text="Andra orden")
    submit_draft(made.address, by=member, version=2)
    met = client.post(address, {"version": 1, "step": "approval", "answer": "yes"})
    assert (met.status_code, "Andra orden" in met.content.decode()) == (422, True)
    draft = give_verdict(made.address, by=chair, version=2, step="approval", is_yes=True)
    page = client.get(f"/documents/{made.address}/publishing/").content.decode()
    assert (draft.version, "Andra orden" in page) == (2, True)


def test_what_was_saved_in_a_dropped_draft_and_a_former_edition_are_still_read(cast: Cast) -> None:
    member, chair = as_caller(cast.member), as_caller(cast.chair)
    made = create_document(by=member, sort="routine", title="Omstart", text="Första orden")
    publish(made.address, by=chair, version=1)
    draft = save_draft(made.address, by=member, version=0, text="Mellanorden")
    drop_draft(made.address, by=member, version=draft.version)
    draft = save_draft(made.address, by=member, version=0, text="Sista orden")
    publish(made.address, by=chair, version=draft.version)
    client = Client()
    client.force_login(cast.member)
    assert "Mellanorden" in client.get(f"/documents/{made.address}/kept/?version=2").content.decode()
    texts = client.get(f"/api/v1/documents/{made.address}/draft/texts").json()["items"]
    assert [one["text"] for one in texts] == ["Sista orden", "Mellanorden", "Första orden"]
    client.force_login(cast.reader)
    assert "Första orden" in client.get(f"/documents/{made.address}/editions/1/").content.decode()
    assert client.get(f"/documents/{made.address}/editions/9/").status_code == 404
