"""Examples in the API's document: what a body may look like, held to its own shape by a test."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


def example(**fields: Any) -> ConfigDict:
    """The configuration of a shape with this example. Days and instants are given as text, as they travel."""
    return ConfigDict(json_schema_extra={"examples": [fields]})


def example_of(shape: type[BaseModel]) -> dict[str, Any]:
    """The example of a shape, for one that has it inside or is built on it."""
    extra: Any = shape.model_config["json_schema_extra"]
    return dict(extra["examples"][0])
