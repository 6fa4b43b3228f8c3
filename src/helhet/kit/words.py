"""The words for the product's own nouns, in each language, and this house's words where it has set some.

An administrator may call a group "team"; pages, mail and exports then say so. `noun("group", "plural")` gives the word.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields

from helhet.kit.ports import Port
from helhet.kit.spoken import language
from helhet.rules.renaming import Forms as OfNoun
from helhet.rules.renaming import Renaming

Key = tuple[str, str, str]
"""Language (`sv`, `en`), noun (`group`) and form (`plural`)."""

FORMS = ("singular", "plural", "definite", "definite_plural")

overrides: Port[Callable[[], Mapping[Key, str]]] = Port("kit.words")
"""Filled by whoever stores the local names: a function without arguments that gives all of them."""

KEPT_SECONDS = 30
SAID_KEPT = 20_000


@dataclass(frozen=True)
class Forms:
    """The four forms in which a noun is printed, in lower case save for names and initials."""

    singular: str
    plural: str
    definite: str
    definite_plural: str


def _sv(singular: str, plural: str, definite: str, definite_plural: str) -> Forms:
    return Forms(singular, plural, definite, definite_plural)


def _en(singular: str, plural: str | None = None) -> Forms:
    many = plural or f"{singular}s"
    return Forms(singular, many, f"the {singular}", f"the {many}")


NOUNS: dict[str, dict[str, Forms]] = {
    "group": {"sv": _sv("grupp", "grupper", "gruppen", "grupperna"), "en": _en("group")},
    "mandate": {"sv": _sv("uppdrag", "uppdrag", "uppdraget", "uppdragen"), "en": _en("mandate")},
    "membership": {"sv": _sv("medlemskap", "medlemskap", "medlemskapet", "medlemskapen"), "en": _en("membership")},
    "member": {"sv": _sv("medlem", "medlemmar", "medlemmen", "medlemmarna"), "en": _en("member")},
    "chair": {"sv": _sv("sammankallande", "sammankallande", "sammankallanden", "sammankallandena"), "en": _en("chair")},
    "deputy": {"sv": _sv("ersättare", "ersättare", "ersättaren", "ersättarna"), "en": _en("deputy", "deputies")},
    "management_team": {
        "sv": _sv("ledningsgrupp", "ledningsgrupper", "ledningsgruppen", "ledningsgrupperna"),
        "en": _en("management team"),
    },
    "person": {"sv": _sv("person", "personer", "personen", "personerna"), "en": _en("person", "persons")},
    "item": {"sv": _sv("objekt", "objekt", "objektet", "objekten"), "en": _en("item")},
    "kind": {"sv": _sv("typ", "typer", "typen", "typerna"), "en": _en("kind")},
    "family": {"sv": _sv("familj", "familjer", "familjen", "familjerna"), "en": _en("family", "families")},
    "responsible_group": {
        "sv": _sv("ansvarig grupp", "ansvariga grupper", "den ansvariga gruppen", "de ansvariga grupperna"),
        "en": _en("responsible group"),
    },
    "responsibility_rule": {
        "sv": _sv("ansvarsregel", "ansvarsregler", "ansvarsregeln", "ansvarsreglerna"),
        "en": _en("responsibility rule"),
    },
    "coverage": {
        "sv": _sv("täckning", "täckningar", "täckningen", "täckningarna"),
        "en": Forms("coverage", "coverages", "the coverage", "the coverages"),
    },
    "dependency": {
        "sv": _sv("beroende", "beroenden", "beroendet", "beroendena"),
        "en": _en("dependency", "dependencies"),
    },
    "business_service": {
        "sv": _sv("IT-tjänst", "IT-tjänster", "IT-tjänsten", "IT-tjänsterna"),
        "en": _en("business service"),
    },
    "supporting_service": {
        "sv": _sv("stödjande tjänst", "stödjande tjänster", "den stödjande tjänsten", "de stödjande tjänsterna"),
        "en": _en("supporting service"),
    },
    "product": {"sv": _sv("produkt", "produkter", "produkten", "produkterna"), "en": _en("product")},
    "document": {"sv": _sv("dokument", "dokument", "dokumentet", "dokumenten"), "en": _en("document")},
    "routine": {"sv": _sv("rutin", "rutiner", "rutinen", "rutinerna"), "en": _en("routine")},
    "process": {"sv": _sv("process", "processer", "processen", "processerna"), "en": _en("process", "processes")},
    "change": {"sv": _sv("ändring", "ändringar", "ändringen", "ändringarna"), "en": _en("change")},
    "problem": {"sv": _sv("problem", "problem", "problemet", "problemen"), "en": _en("problem")},
    "improvement": {
        "sv": _sv("förbättring", "förbättringar", "förbättringen", "förbättringarna"),
        "en": _en("improvement"),
    },
    "supplier": {"sv": _sv("leverantör", "leverantörer", "leverantören", "leverantörerna"), "en": _en("supplier")},
    "contract": {"sv": _sv("avtal", "avtal", "avtalet", "avtalen"), "en": _en("contract")},
    "task": {"sv": _sv("uppgift", "uppgifter", "uppgiften", "uppgifterna"), "en": _en("task")},
    "decision": {"sv": _sv("beslut", "beslut", "beslutet", "besluten"), "en": _en("decision")},
    "measure": {"sv": _sv("mått", "mått", "måttet", "måtten"), "en": _en("measure")},
    "meeting": {"sv": _sv("möte", "möten", "mötet", "mötena"), "en": _en("meeting")},
    "source": {"sv": _sv("källa", "källor", "källan", "källorna"), "en": _en("source")},
}


class _LocalNames:
    """The answers of the port, kept for a while so that a page full of nouns asks once."""

    def __init__(self) -> None:
        self.names: dict[Key, str] = {}
        self.until = 0.0

    def now(self) -> dict[Key, str]:
        """The names, at most `KEPT_SECONDS` old; the same object as before while they are the same."""
        if time.monotonic() >= self.until:
            names = {key: word for source in overrides for key, word in source().items()}
            if names != self.names:
                self.names = names
            self.until = time.monotonic() + KEPT_SECONDS
        return self.names


_local_names = _LocalNames()


def local_names() -> dict[Key, str]:
    """This house's own words, at most half a minute old."""
    return _local_names.now()


def last_known() -> dict[Key, str]:
    """The local names as they were last read in this process. Asks nobody: sentences are said where no database is,
    and where it has just failed.
    """
    return _local_names.names


def forget() -> None:
    """Read the local names anew at the next use: call it after saving one."""
    _local_names.until = 0.0


class _Speech:
    """Sentences in one language with one set of local names, each kept once it was said."""

    def __init__(self, code: str, names: dict[Key, str]) -> None:
        self.names = names
        self.renaming = Renaming(code, _pairs(code, names))
        self.said: dict[tuple[str, int | None], str] = {}

    def say(self, text: str, number: int | None) -> str:
        said = self.said.get((text, number))
        if said is None:
            if len(self.said) >= SAID_KEPT:
                self.said.clear()
            said = self.said[text, number] = self.renaming.say(text, number)
        return said


def _pairs(code: str, names: Mapping[Key, str]) -> list[tuple[OfNoun, OfNoun]]:
    """Each noun's forms as the product and as this house has them."""
    pairs: list[tuple[OfNoun, OfNoun]] = []
    for name, languages in NOUNS.items():
        if code in languages:
            built_in = languages[code]
            given = [(getattr(built_in, form), names.get((code, name, form), "")) for form in FORMS]
            (a, b, c, d), (e, f, g, h) = [word for word, _own in given], [own or word for word, own in given]
            pairs.append(((a, b, c, d), (e, f, g, h)))
    return pairs


_speeches: dict[str, _Speech] = {}


def in_house(text: str, code: str, number: int | None = None) -> str:
    """A sentence of the product in this house's words. `number` is how many things it tells of, where it says so."""
    names = last_known()
    if not names:
        return text
    speech = _speeches.get(code)
    if speech is None or speech.names is not names:
        speech = _speeches[code] = _Speech(code, names)
    return speech.say(text, number)


def noun(name: str, form: str = "singular", in_language: str = "") -> str:
    """The word for `name` in `form`, in the active language unless `in_language` names one.

    An unknown noun or form is a mistake in the code and raises KeyError.
    """
    if form not in FORMS:
        raise KeyError(f"no form {form!r} of a noun; there are {', '.join(FORMS)}")
    code = in_language or language()
    built_in: str = getattr(NOUNS[name][code], form)
    return local_names().get((code, name, form)) or in_house(built_in, code)


def counted(name: str, count: int) -> str:
    """The noun after a number: singular for one, plural otherwise."""
    return noun(name, "singular" if count == 1 else "plural")


def every_form() -> list[Key]:
    """Each word that may be given a local name, in the order of a form to fill in."""
    return [(code, name, form.name) for name in NOUNS for code in ("sv", "en") for form in fields(Forms)]
