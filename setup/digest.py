"""Hashes by which a step knows whether what it was made from has changed."""

from __future__ import annotations

import hashlib
from pathlib import Path


def digest_of(*paths: Path) -> str:
    """One SHA-256 over the names and contents of files; folders are walked, missing ones counted as such."""
    digest = hashlib.sha256()
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_dir() or "__pycache__" in file.parts:
                continue
            digest.update(f"{file.name}\0".encode())
            digest.update(file.read_bytes() if file.is_file() else b"missing")
            digest.update(b"\0")
    return digest.hexdigest()
