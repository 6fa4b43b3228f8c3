"""The key that bundles are signed with, and the highest number that a verifier has seen.

Both keys stand in `bundle-keys` in the data folder, made on first use, the private one readable by its owner alone.
What a verifier has seen stands beside the public key that it trusts (`public.pem.seen.json`).
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_public_key,
    load_pem_private_key,
    load_pem_public_key,
)
from django.conf import settings
from django.utils.translation import gettext as _

from helhet.kit.errors import Clash, Invalid, NotFound

LONGEST_KEY = 10_000


@dataclass(frozen=True, slots=True)
class Trusted:
    """A public key, and the file that it was read from."""

    key: Ed25519PublicKey
    path: Path

    @property
    def fingerprint(self) -> str:
        """What two people read to each other to know that they have the same key: 32 hexadecimal digits."""
        return hashlib.sha256(self.key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:32]

    @property
    def pem(self) -> str:
        """As it is written on paper, and as OpenSSL reads it."""
        return self.key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def signed(self, data: bytes, signature: bytes) -> bool:
        """Whether the signature of these bytes is by this key."""
        try:
            self.key.verify(signature, data)
        except InvalidSignature:
            return False
        return True


def folder() -> Path:
    """Where the keys of this installation stand."""
    return Path(settings.DATA_DIR) / "bundle-keys"


def signing_key() -> Ed25519PrivateKey:
    """The private key, made on first use together with the public one.

    Raises:
        Clash: others could have read or altered it, or it is no such key.

    """
    place = folder()
    path = place / "private.pem"
    if not path.exists():
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        aside = place / f".{secrets.token_hex(8)}"
        _write(aside, made, 0o600)
        try:
            # A link is made by one process alone, and never shows half a key.
            os.link(aside, path)
        except FileExistsError:
            pass
        finally:
            aside.unlink()
    key = _private(path)
    public = place / "public.pem"
    own = Trusted(key.public_key(), public)
    if not public.exists() or public.read_bytes() != own.pem.encode():
        _replace(public, own.pem.encode())
    return key


def _private(path: Path) -> Ed25519PrivateKey:
    """The key in the file, when nobody else can have had it."""
    for one, others in ((path, 0o077), (path.parent, 0o022)):
        status = one.stat()
        if status.st_mode & others or status.st_uid not in {0, os.geteuid()}:
            raise Clash(
                _("The key that signs offline copies is open to others on this machine."),
                where=str(one),
                todo=_("Let the user that runs Helhet own it and close it: chmod 700 %(folder)s, chmod 600 %(file)s. "
                       "If somebody may have read it, remove both keys and give out the new public one.")
                % {"folder": path.parent, "file": path},
            )  # fmt: skip
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise Clash(
            _("This is no key that can sign offline copies."), where=str(path),
            todo=_("Put the right key there, or remove it: a new one is made, and its public half must be given out."),
        )  # fmt: skip
    return key


def own_key() -> Trusted:
    """The public key of this installation.

    Raises:
        NotFound: no bundle was ever made here.

    """
    path = folder() / "public.pem"
    if not path.exists():
        raise NotFound(
            _("There is no key here to verify with."),
            where=str(path),
            todo=_("Give the public key of the installation that made the bundle: --key FILE."),
        )
    return read_key(path)


def read_key(path: Path) -> Trusted:
    """A public key from a file: PEM, or its one line of letters as typed from paper.

    Raises:
        Invalid: it is no public key of this sort.

    """
    with path.open("rb") as file:
        data = file.read(LONGEST_KEY)
    try:
        key = load_pem_public_key(data) if b"-----BEGIN" in data else _typed(data)
    except ValueError as error:
        raise _no_key(path) from error
    if not isinstance(key, Ed25519PublicKey):
        raise _no_key(path)
    return Trusted(key, path)


def _typed(data: bytes) -> Any:
    return load_der_public_key(base64.b64decode(b"".join(data.split()), validate=True))


def _no_key(path: Path) -> Invalid:
    return Invalid(
        _("This is no public key of a bundle."),
        where=str(path),
        todo=_("helhet bundle --print-key prints it where bundles are made."),
        field="key",
    )


@dataclass(frozen=True, slots=True)
class Seen:
    """The highest number of an audience that was found sound, and the digest of its manifest. `standing` is the digest
    of the copy that was last put where copies stand by themselves; empty where none was.
    """

    number: int
    digest: str
    standing: str = ""


def memory_of(trusted: Trusted) -> Path:
    """Where a verifier that trusts this key keeps what it has seen."""
    return trusted.path.with_name(trusted.path.name + ".seen.json")


def seen(trusted: Trusted, audience: str) -> Seen | None:
    """What was seen of the audience, signed by this key.

    Raises:
        Clash: what is remembered cannot be read.

    """
    path = memory_of(trusted)
    try:
        told = json.loads(path.read_bytes()).get(trusted.fingerprint, {}).get(audience)
        return None if told is None else Seen(int(told["number"]), str(told["digest"]), str(told.get("standing", "")))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Clash(
            _("What has been seen before cannot be read."),
            where=str(path),
            todo=_("Find out who altered it. Without it, an old bundle can pass for a new one."),
        ) from error


def remember(trusted: Trusted, audience: str, now: Seen) -> None:
    """Keep it, unless a higher number is known, and which one stands, unless it says none. Raises OSError where nothing
    can be written.
    """
    with locked(memory_of(trusted)):
        before = seen(trusted, audience) or Seen(-1, "")
        highest = now if now.number > before.number else before
        kept = Seen(highest.number, highest.digest, now.standing or before.standing)
        if kept == before:
            return
        path = memory_of(trusted)
        told = json.loads(path.read_bytes()) if path.exists() else {}
        told.setdefault(trusted.fingerprint, {})[audience] = asdict(kept)
        _replace(path, json.dumps(told, indent=1, sort_keys=True).encode())


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of this file among all processes of the machine."""
    with path.with_name(f".{path.name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _replace(path: Path, data: bytes) -> None:
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    _write(aside, data, 0o644)
    aside.replace(path)


def _write(path: Path, data: bytes, mode: int) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def last_number(audience: str) -> int:
    """The highest number that was signed here for the audience, also when an older database was restored since."""
    return _numbers().get(audience, 0)


def _numbers() -> dict[str, int]:
    path = folder() / "numbers.json"
    try:
        return {str(key): int(number) for key, number in json.loads(path.read_bytes()).items()}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, AttributeError) as error:
        raise Clash(
            _("The numbers that copies were given cannot be read."), where=str(path),
            todo=_("Take the file from a backup. Without it a number could be given twice."),
        ) from error  # fmt: skip


def keep_number(audience: str, number: int) -> None:
    """Never give this number again."""
    signing_key()
    path = folder() / "numbers.json"
    with locked(path):
        told = _numbers()
        told[audience] = max(number, told.get(audience, 0))
        _replace(path, json.dumps(told, sort_keys=True).encode())
