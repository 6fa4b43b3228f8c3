"""The file of the arrays: written aside and renamed, mapped by every process, and never trusted unseen."""

from __future__ import annotations

import fcntl
import json
import logging
import mmap
import os
import time
import uuid
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from helhet.rules.graph import Arrays, Links, Sets

log = logging.getLogger(__name__)

MAGIC = b"HELHET-GRAPH-1\n\n"
HEAD = len(MAGIC) + 16
ALIGN = 64
PLACE_LENGTH = 32
STRAY_SECONDS = 3_600
PARTS = {"down": Links, "up": Links, "parts": Links, "sets": Sets}


class Unusable(Exception):
    """The file is missing, damaged, or another than the one that is asked for."""


def folder() -> Path:
    """Where files of graphs lie."""
    return Path(settings.DATA_DIR) / "graph"


def own_place(*, make: bool = False) -> str:
    """The name of this data folder, which no other has; empty when it has none yet and `make` does not ask for one."""
    file = folder() / "place"
    try:
        name = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        name = ""
    if len(name) == PLACE_LENGTH or not make:
        return name if len(name) == PLACE_LENGTH else ""
    folder().mkdir(parents=True, exist_ok=True)
    aside = folder() / f".place-{uuid.uuid4().hex}"
    aside.write_text(uuid.uuid4().hex, encoding="ascii")
    aside.rename(file)
    return file.read_text(encoding="ascii").strip()


@contextmanager
def alone() -> Iterator[None]:
    """While another process of this host builds, wait. The lock goes with its holder, however that ends."""
    folder().mkdir(parents=True, exist_ok=True)
    with (folder() / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def path_of(token: str) -> Path:
    """The file of this token."""
    return folder() / f"{token}.graph"


def write(arrays: Arrays, token: str) -> Path:
    """Write all of it aside, make sure that it is on the disk, and give it its name."""
    folder().mkdir(parents=True, exist_ok=True)
    aside = folder() / f".{token}.{os.getpid()}"
    told, at, check = [], 0, 0
    for name, array in _named(arrays):
        told.append([name, array.dtype.str, len(array), at])
        at += -(-array.nbytes // ALIGN) * ALIGN
    with aside.open("wb") as file:
        for _name, array in _named(arrays):
            for piece in (np.ascontiguousarray(array).view(np.uint8).data, bytes(-array.nbytes % ALIGN)):
                check = zlib.crc32(piece, check)
        head = json.dumps({"token": token, "arrays": told, "size": at, "check": check}).encode()
        file.write(MAGIC + b"%08d%08x" % (len(head), zlib.crc32(head)) + head + bytes(-(HEAD + len(head)) % ALIGN))
        for _name, array in _named(arrays):
            file.write(np.ascontiguousarray(array).view(np.uint8).data)
            file.write(bytes(-array.nbytes % ALIGN))
        file.flush()
        os.fsync(file.fileno())
    aside.rename(path_of(token))
    return path_of(token)


def read(token: str) -> Arrays:
    """Map the file of this token; all of it is checked once. Raises Unusable."""
    try:
        with path_of(token).open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        raise Unusable(str(error)) from error
    head, begin = _head(mapped)
    if head.get("token") != token:
        raise Unusable("it is the file of another graph")
    if len(mapped) != begin + head["size"] or zlib.crc32(memoryview(mapped)[begin:]) != head["check"]:
        raise Unusable("it is damaged")
    arrays = {
        name: np.frombuffer(mapped, dtype, count, begin + at) for name, dtype, count, at in head["arrays"]
    }  # fmt: skip
    try:
        return _from(arrays)
    except (KeyError, TypeError) as error:
        raise Unusable("it was written by another version") from error


def _head(mapped: mmap.mmap) -> tuple[dict[str, Any], int]:
    try:
        if mapped[: len(MAGIC)] != MAGIC:
            raise Unusable("it is not a graph of this version")
        length, check = int(mapped[len(MAGIC) : len(MAGIC) + 8]), int(mapped[len(MAGIC) + 8 : HEAD], 16)
        told = mapped[HEAD : HEAD + length]
        if zlib.crc32(told) != check:
            raise Unusable("its head is damaged")
        return json.loads(told), -(-(HEAD + length) // ALIGN) * ALIGN
    except ValueError as error:
        raise Unusable("its head is damaged") from error


def sweep(keep: str) -> None:
    """Clear away files of earlier graphs, and what writers that died left. Who has them mapped keeps them."""
    oldest = time.time() - STRAY_SECONDS
    for path in folder().iterdir():
        is_old = path.suffix == ".graph" and path.stem != keep
        is_stray = path.name.startswith(".") and path.stat().st_mtime < oldest
        if is_old or is_stray:
            path.unlink(missing_ok=True)


def _named(arrays: Arrays) -> Iterator[tuple[str, NDArray[Any]]]:
    for field in fields(Arrays):
        value = getattr(arrays, field.name)
        if field.name in PARTS:
            for part in fields(PARTS[field.name]):
                yield f"{field.name}.{part.name}", getattr(value, part.name)
        else:
            yield field.name, value


def _from(arrays: dict[str, NDArray[Any]]) -> Arrays:
    told: dict[str, Any] = {}
    for field in fields(Arrays):
        part = PARTS.get(field.name)
        told[field.name] = (
            arrays[field.name]
            if part is None
            else part(**{one.name: arrays[f"{field.name}.{one.name}"] for one in fields(part)})
        )
    return Arrays(**told)
