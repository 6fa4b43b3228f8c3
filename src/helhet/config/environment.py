"""Reads over the environment before the settings do, so that all that is wrong is told at once and in plain words."""

from __future__ import annotations

import ipaddress
import os
import re
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

TRUE_OR_FALSE = frozenset({"true", "t", "yes", "y", "on", "1", "false", "f", "no", "n", "off", "0"})
DATABASES = ("postgres", "postgresql", "psql", "pgsql", "sqlite")
MAIL = ("smtp", "smtps", "smtp+tls", "smtp+ssl", "submission", "console", "consolemail", "file", "dummy", "locmem")

Fault = str | None


def _free(_: str) -> Fault:
    return None


def _whole_number(value: str) -> Fault:
    return None if re.fullmatch(r"\d+", value.strip()) else "must be a whole number, such as 4"


def _yes_or_no(value: str) -> Fault:
    return None if value.strip().lower() in TRUE_OR_FALSE else "must be yes or no"


def is_port(text: str) -> bool:
    """Whether a server can be told to listen there."""
    return text.isascii() and text.isdigit() and len(text) <= 5 and 0 < int(text) < 65_536


def _bind(value: str) -> Fault:
    host, colon, port = value.rpartition(":")
    if colon and host and is_port(port):
        return None
    return "must be an address and a port, such as 127.0.0.1:8000"


def _web_address(value: str) -> Fault:
    parts = urlsplit(value)
    if not value or (parts.scheme in {"http", "https"} and parts.hostname):
        return None
    return "must be the address people use, such as https://helhet.example.org"


def _folder(value: str) -> Fault:
    if not value.strip():
        return "must be a folder; unset it for the default"
    path = Path(value).expanduser().absolute()
    while not path.exists():
        path = path.parent
    if not path.is_dir():
        return f"must be a folder, and {path} is a file"
    try:
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError:
        return f"must be a folder that this user may write in; {path} is not"
    return None


def _places(value: str) -> Fault:
    # Not looked at: a share that is away must not keep the pages from starting.
    given = [text.strip() for text in value.split(",") if text.strip()]
    if all(Path(text).expanduser().is_absolute() for text in given):
        return None
    return "must be folders divided by commas, each from the root, such as /mnt/share/helhet,/media/stick"


def _database(value: str) -> Fault:
    told = "must be a database address, such as postgres://user:password@host/name"
    if not value:
        return None
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        return told
    named = parts.scheme == "sqlite" or parts.path.strip("/")
    return None if parts.scheme in DATABASES and named else told


def _mail(value: str) -> Fault:
    scheme = urlsplit(value).scheme
    if not value or scheme in MAIL:
        return None
    return "must be a mail address of a server, such as smtp://user:password@host:587/?tls=True"


def _networks(value: str) -> Fault:
    try:
        for text in value.split(","):
            ipaddress.ip_network(text.strip() or "127.0.0.1", strict=False)
    except ValueError:
        return "must be addresses or networks divided by commas, such as 127.0.0.1,10.0.0.0/8"
    return None


def _language(value: str) -> Fault:
    return None if value in {"sv", "en"} else "must be sv or en"


def _time_zone(value: str) -> Fault:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "must be the name of a time zone, such as Europe/Stockholm"
    return None


# Every variable that settings.py reads. A test holds this, settings.py and docs/settings.md equal.
KNOWN: dict[str, Callable[[str], Fault]] = {
    "HELHET_ALLOWED_HOSTS": _free,
    "HELHET_BASE_URL": _web_address,
    "HELHET_BIND": _bind,
    "HELHET_BUNDLE_DIRS": _places,
    "HELHET_DATABASE_URL": _database,
    "HELHET_DATA_DIR": _folder,
    "HELHET_DEBUG": _yes_or_no,
    "HELHET_EMAIL_URL": _mail,
    "HELHET_FILES_PER_DAY": _whole_number,
    "HELHET_KEEP_IMPORTS": _whole_number,
    "HELHET_LANGUAGE": _language,
    "HELHET_MAIL_FROM": _free,
    "HELHET_SECRET_KEY": _free,
    "HELHET_STATIC_DIR": _folder,
    "HELHET_TIME_ZONE": _time_zone,
    "HELHET_TRUSTED_PROXIES": _networks,
    "HELHET_UPLOAD_LIMIT": _whole_number,
    "HELHET_WEB_WORKERS": _whole_number,
}
SECRET = frozenset({"HELHET_DATABASE_URL", "HELHET_EMAIL_URL", "HELHET_SECRET_KEY"})


def faults(environ: Mapping[str, str] = os.environ) -> list[str]:
    """One line for each variable whose value cannot be used. Values that hold secrets are not repeated."""
    found = []
    for name, fault_of in KNOWN.items():
        value = environ.get(name)
        fault = fault_of(value) if value is not None else None
        if value is not None and fault:
            given = "" if name in SECRET else f' (it is "{value}")'
            found.append(f"{name} {fault}{given}")
    return found


def unknown(environ: Mapping[str, str] = os.environ) -> list[str]:
    """Variables with our prefix that nothing reads, most likely misspelt."""
    others = {"HELHET_SHARED", "HELHET_PYTHON", "HELHET_BEGUN"}
    return sorted(name for name in environ if name.startswith("HELHET_") and name not in KNOWN and name not in others)


def require_sound(environ: Mapping[str, str] = os.environ) -> None:
    """Raises SystemExit with the whole list when something in the environment is wrong."""
    found = faults(environ)
    if found:
        lines = "\n".join(f"  {line}" for line in found)
        raise SystemExit(f"Helhet cannot start: the environment has {len(found)} wrong setting(s).\n{lines}")
