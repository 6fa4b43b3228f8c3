"""What a bundle says of itself: each file with size and SHA-256, its number, its times, whom it is for.

The manifest has one spelling (`canonical`), so that what is signed is what is read. Names of files are plain ASCII in
lower case: no two of them can meet on any file system, and no name can lead out of the folder.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FORMAT = "helhet-bundle-1"
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
LONGEST_MANIFEST = 64 * 1024 * 1024
LIVES = dt.timedelta(hours=72)

_NAME = re.compile(r"(?:[a-z0-9][a-z0-9_-]*/)*[a-z0-9][a-z0-9_-]*(?:\.[a-z0-9]+)+")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_AUDIENCE = re.compile(r"[-a-zA-Z0-9_]{1,40}")
_TIME = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class Entry:
    """One file: its size in bytes and the SHA-256 of what is in it, in hexadecimal."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`number` rises by each bundle of an audience; `sequence` is the journal's last sealed event that it may hold.

    `made_at` and `expires_at` are in UTC, whole seconds. `files` are all but the manifest and its signature.
    """

    audience: str
    number: int
    made_at: dt.datetime
    expires_at: dt.datetime
    sequence: int
    program: str = ""
    files: Mapping[str, Entry] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """The SHA-256 of its canonical bytes, in hexadecimal."""
        return hashlib.sha256(canonical(self)).hexdigest()


def is_name(text: str) -> bool:
    """Whether a file in a bundle may be called so."""
    return len(text) <= 200 and bool(_NAME.fullmatch(text)) and text not in {MANIFEST, SIGNATURE}


def whole_seconds(moment: dt.datetime) -> dt.datetime:
    """The moment in UTC as a manifest can say it."""
    return moment.astimezone(dt.UTC).replace(microsecond=0)


def canonical(manifest: Manifest) -> bytes:
    """The one spelling: JSON with sorted keys, no spaces, UTF-8, one line."""
    facts = {
        "audience": manifest.audience,
        "expires": manifest.expires_at.astimezone(dt.UTC).strftime(_TIME),
        "files": {name: {"sha256": one.sha256, "size": one.size} for name, one in manifest.files.items()},
        "format": FORMAT,
        "made": manifest.made_at.astimezone(dt.UTC).strftime(_TIME),
        "number": manifest.number,
        "program": manifest.program,
        "sequence": manifest.sequence,
    }
    return (json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n").encode()


def parsed(data: bytes) -> Manifest:
    """Read a manifest that is spelt in the one way.

    Raises:
        ValueError: it is none, or is spelt in another way; the words are for whoever mends programs, not for readers.

    """
    try:
        facts = json.loads(data)
        manifest = _from(facts)
        if canonical(manifest) != data:
            raise ValueError("it is not spelt in the one way")
    except (KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error
    return manifest


def _from(facts: Any) -> Manifest:
    if facts["format"] != FORMAT:
        raise ValueError("another format")
    audience = facts["audience"]
    if not _AUDIENCE.fullmatch(audience):
        raise ValueError("no audience")
    files = {name: Entry(_number(one["size"]), _digest(one["sha256"])) for name, one in facts["files"].items()}
    wrong = next((name for name in files if not is_name(name)), None)
    if wrong is not None:
        raise ValueError(f"the name {wrong!r}")
    return Manifest(
        audience,
        _number(facts["number"]),
        _moment(facts["made"]),
        _moment(facts["expires"]),
        _number(facts["sequence"]),
        str(facts["program"]),
        files,
    )


def _number(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError(f"{value!r} is no number")
    return int(value)


def _digest(value: Any) -> str:
    if not _DIGEST.fullmatch(value):
        raise ValueError(f"{value!r} is no digest")
    return str(value)


def _moment(value: Any) -> dt.datetime:
    return dt.datetime.strptime(value, _TIME).replace(tzinfo=dt.UTC)
