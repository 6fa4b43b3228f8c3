"""What the API of kinds takes and gives."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import AfterValidator

from helhet.estate.api.schemas import NamedOut, Word, without_nul
from helhet.kit.api import Strict
from helhet.kit.api_examples import example
from helhet.kit.paging import PageOut


class KindOut(Schema):
    """A kind of items. `schema` is the JSON Schema of its attributes."""

    model_config = example(
        key="trailer",
        family="hardware",
        name_sv="Släpvagn",
        name_en="Trailer",
        plural_sv="Släpvagnar",
        plural_en="Trailers",
        prefix="TRL",
        icon="product",
        must_be_owned=True,
        is_builtin=False,
        attributes={
            "type": "object",
            "properties": {"axles": {"type": "integer", "minimum": 1}},
            "required": ["axles"],
        },
        position=10,
        items=4,
        version=2,
    )

    key: str
    family: str
    name_sv: str
    name_en: str
    plural_sv: str
    plural_en: str
    prefix: str
    icon: str
    must_be_owned: bool
    is_builtin: bool
    attributes: dict[str, Any]
    position: int
    items: int
    version: int


class KindIn(Strict):
    """A new kind. `attributes` is a JSON Schema of an object."""

    model_config = example(
        key="trailer",
        family="hardware",
        name_sv="Släpvagn",
        name_en="Trailer",
        prefix="TRL",
        icon="product",
        must_be_owned=True,
        attributes={
            "type": "object",
            "properties": {"axles": {"type": "integer", "minimum": 1}},
            "required": ["axles"],
        },
    )

    key: Word
    family: Word = "other"
    name_sv: Word
    name_en: Word
    plural_sv: Word = ""
    plural_en: Word = ""
    prefix: Word
    icon: Word = "product"
    must_be_owned: bool = True
    attributes: Annotated[dict[str, Any], AfterValidator(without_nul)] = {}


class KindChange(Strict):
    """What is to be changed of a kind; what is left out stays."""

    model_config = example(name_sv="Släp", must_be_owned=False)

    family: Word | None = None
    name_sv: Word | None = None
    name_en: Word | None = None
    plural_sv: Word | None = None
    plural_en: Word | None = None
    prefix: Word | None = None
    icon: Word | None = None
    must_be_owned: bool | None = None
    attributes: Annotated[dict[str, Any], AfterValidator(without_nul)] | None = None
    position: int | None = Field(None, ge=0, le=1_000_000)


class MisfitOut(Schema):
    """An item whose attributes do not fit its kind."""

    model_config = example(item={"reference": "TRL-2", "name": "Släp två"}, reason="axles is needed")

    item: NamedOut
    reason: str


class MisfitsOut(PageOut[MisfitOut]):
    """Those found among the first `examined` items of the kind; `more` says that the kind has more items than that."""

    examined: int
