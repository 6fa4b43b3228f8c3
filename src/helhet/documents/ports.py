"""Where rooms above join in: what is structured beside a text, and what follows when it is published."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.safestring import SafeString

from helhet.documents.models import Document, Version
from helhet.kit.parts import Choice
from helhet.kit.ports import Port
from helhet.kit.rights import Caller


class Written(Protocol):
    """A version or a draft: what is written of a document."""

    @property
    def document(self) -> Document:
        """Whose it is."""

    @property
    def title(self) -> str:
        """Its title."""

    @property
    def text(self) -> str:
        """Its Markdown."""

    @property
    def fields(self) -> dict[str, Any]:
        """What is structured beside the text."""


class FieldForm(Protocol):
    """The part of the editor for what is structured: a template with its context, and the way back."""

    template: str
    context: dict[str, Any]

    def read(self, posted: Mapping[str, Any]) -> dict[str, Any]:
        """The raw fields that a form sent; `fields` cleans them."""


@dataclass(frozen=True, slots=True)
class Publication:
    """What was just published (or withdrawn: `version` is None), inside the verb's transaction."""

    document: Document
    version: Version | None
    by: Caller


Stated = tuple[str, int, str]
"""(noun, number, aspect): what a text states, as the journal calls it (`documents/aspects.py`)."""

fields: Port[Callable[[str, str, object], dict[str, Any] | None]] = Port("documents.fields")
"""(sort, part, raw fields) -> cleaned fields; None where the sort and part are another room's. Raises Invalid."""
field_forms: Port[Callable[[Document, Mapping[str, Any]], FieldForm | None]] = Port("documents.field_forms")
"""(document, fields as they stand) -> the editor's part for them, None where it is another room's."""
shown: Port[Callable[[Written, Caller], SafeString]] = Port("documents.shown")
"""What is structured, as safe HTML below the text; empty where there is nothing."""
plain: Port[Callable[[Written], str]] = Port("documents.plain")
"""What is structured, as plain text: for search, comparing and export."""
describes: Port[Callable[[Written], Iterable[Stated]]] = Port("documents.describes")
"""What the structured fields state."""
named: Port[Callable[[str, Collection[int]], Mapping[int, tuple[str, str]]]] = Port("documents.named")
"""(noun, numbers) -> by number what such a thing of a room above is called, and where it is."""
papers: Port[Callable[[Document], Sequence[tuple[str, str]]]] = Port("documents.papers")
"""The ways in which the published text can be taken out as a file: label and address of each."""
used_at: Port[Callable[[Document], Sequence[tuple[str, str]]]] = Port("documents.used_at")
"""Where what is published is used, in a room above: label and address of each."""
part_called: Port[Callable[[str], str]] = Port("documents.part_called")
"""A part -> what it is called in the reader's language."""
elsewhere: Port[Callable[[str, Caller], Sequence[Choice]]] = Port("documents.elsewhere")
"""(words, caller) -> other lists that have what the list of documents has not, each with how many it has."""
whole: Port[Callable[[Document], str]] = Port("documents.whole")
"""The address where a part stands beside the other parts of its item; empty where the document is no part."""
Beside = Callable[[Sequence[Document], Mapping[int, str]], Mapping[int, Mapping[str, Any]]]
beside: Port[Beside] = Port("documents.beside")
"""(documents, by document the path of each page that is let out) -> by document, what a room above keeps beside it,
under a name of that room's own: let out with the document.
"""
sets: Port[Callable[[Document], Iterable[int]]] = Port("documents.sets")
"""The sources of whose sets of pages a part is one; other documents are known by the keys of their items."""
published: Port[Callable[[Publication], None]] = Port("documents.published")
"""Participants of publishing and withdrawing."""
many_published: Port[Callable[[Sequence[Publication]], None]] = Port("documents.many_published")
"""Participants of an import's publishing, told of a portion at once; `published` is not told of these."""
readers_set: Port[Callable[[Collection[str]], None]] = Port("documents.readers_set")
"""Participants of whatever alters what an audience reads or what it is called; they get the keys of the audiences."""


def cleaned_fields(sort: str, part: str, raw: object) -> dict[str, Any]:
    """The structured fields of a document of this sort and part, checked by the room whose they are. Raises Invalid."""
    for port in fields:
        found = port(sort, part, raw)
        if found is not None:
            return found
    return {}


def tell_readers_set(keys: Collection[str]) -> None:
    """Inside a verb: what these audiences read, or they themselves, are other than before."""
    for participant in readers_set:
        participant(keys)


def kept_beside(documents: Sequence[Document], paths: Mapping[int, str]) -> dict[int, dict[str, Any]]:
    """What rooms above keep beside these documents, by document. `paths` are those of all pages that are let out."""
    kept: dict[int, dict[str, Any]] = {}
    for port in beside:
        for pk, facts in port(documents, paths).items():
            kept.setdefault(pk, {}).update(facts)
    return kept


def whole_url(document: Document) -> str:
    """Where a part stands among the other parts of its item, else where the item stands in the estate."""
    found = [address for port in whole if document.part and (address := port(document))]
    return found[0] if found else document.item.get_absolute_url()


def shown_fields(written: Written, caller: Caller) -> SafeString:
    """What is structured beside the text, as safe HTML."""
    return SafeString("".join(port(written, caller) for port in shown))


def plain_fields(written: Written) -> str:
    """What is structured beside the text, as plain text."""
    return "\n".join(text for port in plain if (text := port(written)))
