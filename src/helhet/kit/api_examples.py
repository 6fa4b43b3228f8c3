"""Examples in the API's document: what a body may look like, held to its own shape by a test."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict


def example(**fields: Any) -> ConfigDict:
    """The configuration of a shape with this example. Days and instants are given as text, as they travel."""
    return ConfigDict(json_schema_extra={"examples": [fields]})
