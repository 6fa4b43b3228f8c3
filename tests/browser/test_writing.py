"""Two write in one document at once: the second meets both texts, and what was written survives a lost page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from helhet.documents.actions import create_document, publish
from helhet.documents.models import Document, Draft
from helhet.items.models import Attachment
from tests.browser.conftest import Complaints
from tests.browser.walking import faults_of, is_scripted, sign_in, wide_parts
from tests.world import Cast, as_caller, make_item

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
TEXT = "# Omstart\n\nRing driften klockan åtta.\n\nStarta sedan om.\n"


@pytest.fixture
def document(cast: Cast) -> Document:
    """A published routine of Drift's."""
    made = create_document(by=as_caller(cast.member), sort="routine", title="Omstart", text=TEXT)
    publish(made.address, by=as_caller(cast.chair), version=1)
    return made


def is_sound(page: Page) -> None:
    """Axe finds nothing, and on a phone nothing reaches beyond the edge."""
    assert faults_of(page) == []
    page.set_viewport_size({"width": 360, "height": 740})
    assert wide_parts(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})


def test_two_edit_at_once_and_nothing_is_lost(
    page: Page, chromium: Browser, live_server: Any, cast: Cast, document: Document
) -> None:
    sign_in(page, cast.chair, live_server)
    page.goto(f"/documents/{document.address}/edit/")
    other = chromium.new_context(base_url=str(live_server), locale="sv-SE").new_page()
    sign_in(other, cast.member, live_server)
    other.goto(f"/documents/{document.address}/edit/")
    text = other.get_by_label("Text", exact=False).first
    text.fill(TEXT.replace("åtta", "nio"))
    other.get_by_role("button", name="Spara utkastet").click()
    expect(other.locator(".hh-toast")).to_contain_text("Utkastet är sparat")
    other.context.close()
    page.locator("[name=text]").fill(TEXT.replace("åtta", "tio").replace("Starta", "Vänta och starta"))
    page.get_by_role("button", name="Spara utkastet").click()
    expect(page.locator("h1")).to_contain_text("Två har skrivit samtidigt")
    met = page.locator("[name=text]").input_value()
    assert ("klockan nio" in met, "klockan tio" in met, "Vänta och starta" in met) == (True, True, True)
    is_sound(page)
    page.locator("[name=text]").fill(TEXT.replace("åtta", "halv tio").replace("Starta", "Vänta och starta"))
    page.get_by_role("button", name="Spara utkastet").click()
    expect(page.locator(".hh-toast")).to_contain_text("Utkastet är sparat")
    assert "halv tio" in Draft.objects.get().text
    page.goto(f"/documents/{document.address}/compare/")
    expect(page.locator(".hh-altered ins").first).to_contain_text("halv tio")
    # Beside the longest name there is room for the arrow.
    expect(page.locator("#from")).to_have_css("padding-right", "32px")
    is_sound(page)
    page.goto(f"/documents/{document.address}/draft/")
    expect(page.locator(".hh-altered ins").first).to_contain_text("halv tio")
    is_sound(page)
    page.get_by_role("link", name="Som det är skrivet").click()
    expect(page.locator(".hh-altered ins").first).to_contain_text("halv tio")


def test_what_was_written_is_kept_previewed_and_linked(
    page: Page, live_server: Any, cast: Cast, document: Document
) -> None:
    server = make_item("Integrationsmotor")
    sign_in(page, cast.member, live_server)
    page.goto(f"/documents/{document.address}/edit/")
    is_scripted(page)
    text = page.locator("[name=text]")
    text.press("Control+End")
    text.press_sequentially("Gäller [[integ")
    expect(page.get_by_role("option", name="Integrationsmotor")).to_be_visible()
    text.press("ArrowDown")
    text.press("Enter")
    expect(text).to_have_value(f"{TEXT}Gäller [[{server.reference}]]")
    expect(page.locator("#preview .hh-thing")).to_contain_text("Integrationsmotor")
    expect(page.locator("#write-told")).to_contain_text("Finns kvar i den här webbläsaren")
    is_sound(page)
    step = page.locator("[name^=steps-][name$=-title]").first
    required = page.locator("[name^=steps-][type=checkbox]").first
    is_ticked = required.is_checked()
    required.evaluate("box => { box.closest('details')?.setAttribute('open', ''); box.click(); }")
    step.fill("Stoppa inflödet")
    for _look in range(100):
        if "Stoppa inflödet" in page.evaluate("JSON.stringify({ ...localStorage })"):
            break
        page.wait_for_timeout(50)
    page.reload()
    expect(page.locator("#write-told")).to_contain_text("är återställt")
    expect(page.locator("[name=text]")).to_have_value(f"{TEXT}Gäller [[{server.reference}]]")
    expect(step).to_have_value("Stoppa inflödet")
    expect(step).to_be_visible()
    assert required.is_checked() is not is_ticked
    page.get_by_role("button", name="Spara utkastet").click()
    expect(page.locator(".hh-toast")).to_contain_text("Utkastet är sparat")
    page.goto(f"/documents/{document.address}/edit/")
    expect(page.locator("#write-told")).to_have_text("")
    draft = Draft.objects.get()
    assert draft.text.endswith(f"[[{server.reference}]]")
    assert [one["title"] for one in draft.fields["steps"]] == ["Stoppa inflödet"]


def test_fields_that_ask_for_things_offer_them_one_in_a_line_and_several_in_a_text(
    page: Page, live_server: Any, cast: Cast
) -> None:
    engine, journal = make_item("Integrationsmotor"), make_item("Journal, en ny")
    sign_in(page, cast.member, live_server)
    page.goto("/operational-tasks/new/")
    is_scripted(page)
    field = page.locator("[name=item]")
    field.press_sequentially("journal, e")
    expect(page.get_by_role("listbox")).to_contain_text("Journal, en ny")
    assert faults_of(page) == []
    field.press("ArrowDown")
    field.press("Enter")
    expect(field).to_have_value(journal.reference)
    expect(page.get_by_role("listbox")).to_have_count(0)
    page.goto("/documents/new/")
    is_scripted(page)
    about = page.locator("[name=about]")
    about.press_sequentially(f"{journal.reference}\nint")
    page.get_by_role("option", name="Integrationsmotor").click()
    expect(about).to_have_value(f"{journal.reference}\n{engine.reference}")
    is_sound(page)


PASTE = """([name, type, word]) => {
  const data = new DataTransfer();
  const bytes = Uint8Array.from("89504e470d0a1a0a00".match(/../g), (two) => parseInt(two, 16));
  for (const one of name.split("|")) data.items.add(new File([bytes], one));
  if (word) data.setData("text/plain", word);
  const event = type === "drop" ? new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true })
    : new ClipboardEvent(type, { clipboardData: data, bubbles: true, cancelable: true });
  return document.querySelector("[name=text]").dispatchEvent(event);
}"""


@pytest.fixture
def _files(settings: Any, tmp_path: Any) -> None:
    settings.FILES_DIR = tmp_path


@pytest.mark.usefixtures("_files")
def test_pictures_are_pasted_and_dropped_and_what_they_show_is_written_over_the_question(
    page: Page, live_server: Any, cast: Cast, complaints: Complaints
) -> None:
    made = create_document(by=as_caller(cast.member), sort="routine", title="Omstart", text=TEXT)
    sign_in(page, cast.member, live_server)
    page.goto(f"/documents/{made.address}/edit/")
    is_scripted(page)
    text, at = page.locator("[name=text]"), f"/items/{made.address}/attachments"
    text.fill("")
    assert page.evaluate(PASTE, ["cells.png", "paste", "words of a spreadsheet"]) is True
    assert page.evaluate(PASTE, ["image.png", "paste", ""]) is False
    expect(text).to_have_value(re.compile(r"!\[beskriv bilden\]\(/items/.*/\)"))
    page.keyboard.type("Nätet")
    one = Attachment.objects.get()
    expect(text).to_have_value(f"![Nätet]({at}/{one.pk}/)")
    page.wait_for_timeout(500)
    page.set_input_files("#write-file", {"name": "tom.png", "mimeType": "image/png", "buffer": b""})
    expect(page.locator("#write-told")).to_contain_text("Filen är tom")
    page.wait_for_timeout(500)
    expect(page.locator("#write-told")).to_contain_text("Filen är tom")
    complaints.found.clear()
    text.press("Control+End")
    text.press("Enter")
    page.evaluate(PASTE, ["a.png|b.png", "drop", ""])
    expect(text).to_have_value(re.compile(r"Nätet.*\n(!\[beskriv bilden\]\(.*\)\n\n){1}!\[beskriv bilden\]\(.*\)$"))
    assert sorted(Attachment.objects.values_list("name", flat=True)) == ["a.png", "b.png", "image.png"]
