"""What the API takes and gives of dependencies and their types."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from ninja import Field, Schema

from helhet.estate.api.schemas import NamedOut, Word
from helhet.kit.api import Strict
from helhet.kit.api_examples import example

Level = Literal["hard", "degrades", "none"]


class EndOut(Schema):
    """An end of a dependency: an item, or with a reference of null what a source calls what nobody knows."""

    model_config = example(reference="SRV-13", name="katalog01")

    reference: str | None
    name: str


class DependencyIn(Strict):
    """What this item needs, or with the direction `needed_by` what needs it. `type` is a type's key or one of its
    words; `anyway` states it though the type is not meant for these two.
    """

    model_config = example(to="cmdb:ci-80", type="runs_on", criticality="hard", note="Läser katalogen")

    to: Word
    type: Word = "uses"
    criticality: Level = "hard"
    note: Word = ""
    direction: Literal["needs", "needed_by"] = "needs"
    anyway: bool = False


class DependencyChange(Strict):
    """What is to be changed of a dependency; what is left out stays."""

    model_config = example(type="runs_on", criticality="degrades")

    type: Word | None = None
    criticality: Level | None = None
    note: Word | None = None
    anyway: bool = False


class WordsIn(Strict):
    """What is doubted, or why it holds."""

    model_config = example(words="Vi bytte databas i våras.")

    words: Word


class DependencyOut(Schema):
    """A dependency; `direction` is `needs` where this item depends on the other. `standing` is what the group of the
    other end than `stated_by` says of it.
    """

    model_config = example(
        id=6, type="runs_on", type_name="körs på", criticality="hard", note="Läser katalogen", direction="needs",
        item={"reference": "SRV-13", "name": "katalog01"}, source="cmdb", not_seen_since=None, by_hand=False,
        stated_by="SRV-12", standing="confirmed", standing_by="Siv Ek", standing_at="2026-05-04T08:30:00Z",
        standing_words="", redundancy=None, version=3,
    )  # fmt: skip

    id: int
    type: str
    type_name: str
    criticality: Level
    note: str
    direction: Literal["needs", "needed_by"]
    item: NamedOut
    source: str | None
    not_seen_since: str | None
    by_hand: bool
    stated_by: str
    standing: Literal["stated", "confirmed", "questioned"]
    standing_by: str
    standing_at: dt.datetime | None
    standing_words: str
    redundancy: int | None
    version: int


class TypeOut(Schema):
    """A type of dependency, with how many have it and how many of them break its pairs."""

    model_config = example(
        key="runs_on", name_sv="körs på", name_en="runs on", turned_sv="bär", turned_en="carries",
        pairs=[["family:software", "family:hardware"]], words=["hosted on"], turned_words=["hosts"], is_builtin=True,
        position=20, dependencies=12, breaking=1, version=2,
    )  # fmt: skip

    key: str
    name_sv: str
    name_en: str
    turned_sv: str
    turned_en: str
    pairs: list[list[str]]
    words: list[str]
    turned_words: list[str]
    is_builtin: bool
    position: int
    dependencies: int
    breaking: int
    version: int


class TypeIn(Strict):
    """A new type. `pairs` are ends that it may tie: `family:KEY`, `kind:KEY` or nothing for any."""

    model_config = example(
        key="backed_up_by", name_sv="säkerhetskopieras av", name_en="backed up by", turned_sv="säkerhetskopierar",
        turned_en="backs up", pairs=[["", "family:software"]],
    )  # fmt: skip

    key: Word
    name_sv: Word
    name_en: Word
    turned_sv: Word
    turned_en: Word
    pairs: list[tuple[Word, Word]] = Field([], max_length=200)
    words: list[Word] = Field([], max_length=200)
    turned_words: list[Word] = Field([], max_length=200)


class TypeChange(Strict):
    """What is to be changed of a type; what is left out stays."""

    model_config = example(words=["hosted on", "installed on"])

    name_sv: Word | None = None
    name_en: Word | None = None
    turned_sv: Word | None = None
    turned_en: Word | None = None
    pairs: list[tuple[Word, Word]] | None = Field(None, max_length=200)
    words: list[Word] | None = Field(None, max_length=200)
    turned_words: list[Word] | None = Field(None, max_length=200)


class TypeWordOut(Schema):
    """A word of the sources that is no type, and how many dependencies have it."""

    model_config = example(word="replicates to", dependencies=4)

    word: str
    dependencies: int


class TypeMergeIn(Strict):
    """A word, or a type of one's own, that means another type from now on."""

    model_config = example(word="replicates to", into="uses")

    word: Word
    into: Word
