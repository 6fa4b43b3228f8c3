"""The suppliers and the service documentation of Vinterhamn, with parts in every state."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from helhet.documents.actions import create_document, give_verdict, publish, raise_doubt, set_review, submit_draft
from helhet.documents.finding import find_document
from helhet.documents.models import Draft
from helhet.handbook.actions import contradict, rule_out
from helhet.handbook.shapes import part_label
from helhet.home.demo.handbook_words import BOOKS, SELLERS, Book, Rows, Seller
from helhet.items.models import Item
from helhet.suppliers.actions import add_contact, change_contact, create_contract, create_supplier, set_levels
from helhet.suppliers.actions import state_delivery as deliver

if TYPE_CHECKING:
    from helhet.home.demo.make import Story

SOLD, WRITTEN, DOUBTED, MOVED = 140, 120, 12, 9
"""Days ago: suppliers are written down, parts are published, one is doubted, and a supplier gets a new number."""


class Books:
    """The steps, of which each supplier and each service has its own."""

    def __init__(self, story: Story) -> None:
        """Of one organisation."""
        self.story = story
        self.sellers: dict[str, str] = {}

    def steps(self) -> Iterator[tuple[int, Callable[[], None]]]:
        """(days ago, what happens then)."""
        for seller in SELLERS:
            yield SOLD, partial(self._sell, seller)
        for book in BOOKS:
            yield WRITTEN, partial(self._write, book)
            if book.doubted:
                yield DOUBTED, partial(self._doubt, book)
        yield MOVED, self._move

    def _reference(self, key: str) -> str:
        return Item.objects.get(pk=self.story.ids[key]).reference

    def _sell(self, seller: Seller) -> None:
        story = self.story
        by, group = story.chair(seller.group), story.groups[seller.group].item.reference
        with story.clock.believe(SOLD, 10):
            supplier = create_supplier(by=by, name=seller.name, group=group).item.reference
            for role, phone, hours in seller.contacts:
                add_contact(supplier, by=by, role=role, phone=phone, hours=hours)
            contract = create_contract(
                by=by, name=f"Avtal {seller.name}", supplier=supplier, group=group, begins_on=story.clock.day(700),
                ends_on=story.clock.day(-seller.runs), notice_months=seller.notice,
            ).item.reference  # fmt: skip
            set_levels(contract, by=by, version=1, levels=list(seller.levels))
            for key in seller.delivers:
                self.sellers[key] = supplier
                deliver(supplier, self._reference(key), by=by, contract=contract)

    def _write(self, book: Book) -> None:
        by, reference = self.story.chair(book.group), self._reference(book.service)
        with self.story.clock.believe(WRITTEN, 14):
            for part, (text, rows) in book.parts.items():
                address = create_document(
                    by=by, sort="documentation", item=reference, part=part, text=text,
                    title=f"{Item.objects.get(pk=self.story.ids[book.service]).name}: {part_label(part).lower()}",
                    fields=self._fields(part, rows, book), audiences=("operations", "all"),
                ).address  # fmt: skip
                if part in book.drafts:
                    continue
                document = find_document(address, by)
                number = Draft.objects.get(document=document).version
                submit_draft(address, by=by, version=number)
                give_verdict(address, by=by, version=number, step="approval", is_yes=True)
                publish(address, by=by, version=number)
                set_review(address, by=by, version=find_document(address, by).version, count=12)
            for part, reason in book.ruled_out.items():
                rule_out(reference, part, by=by, reason=reason)

    def _fields(self, part: str, rows: Rows, book: Book) -> dict[str, Any]:
        if part == "description":
            return {}
        known = {
            "{group}": self.story.groups[book.group].item.reference,
            "{seller}": self.sellers.get(book.service, ""),
        }
        return {"rows": [{name: known.get(str(value), value) for name, value in row.items()} for row in rows]}

    def _doubt(self, book: Book) -> None:
        reader = self.story.by(self.story.members[5].name)
        reference = self._reference(book.service)
        with self.story.clock.believe(DOUBTED, 9):
            for part, text in book.doubted.items():
                raise_doubt(find_document(f"{reference}/{part}", reader), by=reader, text=text)
            contradict(reference, by=reader, part="orders", text="Det står inte hur ett konto avslutas.")

    def _move(self) -> None:
        """The supplier of the care record gets a new number on call, and the part that names it must be checked."""
        seller = SELLERS[0]
        by = self.story.chair(seller.group)
        with self.story.clock.believe(MOVED, 11):
            supplier = Item.objects.get(kind__key="supplier", name=seller.name).as_supplier
            contact = supplier.contacts.get(role="Jour")
            change_contact(supplier.item.reference, contact.pk, by=by, version=1, phone="0771-40 10 90")
