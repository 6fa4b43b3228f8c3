"""Settings come from the environment, are documented, and are told about in plain words when they are wrong."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from helhet.config import environment

ROOT = Path(__file__).resolve().parents[4]
SETTINGS = ROOT / "src" / "helhet" / "config" / "settings.py"


def read_by_settings() -> dict[str, str]:
    """Each variable that settings.py reads, and the name of the reader."""
    found = {}
    for node in ast.walk(ast.parse(SETTINGS.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            name = node.args[0]
            if isinstance(name, ast.Constant) and str(name.value).startswith("HELHET_"):
                found[str(name.value)] = node.func.attr
    return found


def test_every_setting_is_read_over_before_the_start() -> None:
    assert set(environment.KNOWN) == set(read_by_settings())


def test_every_setting_is_documented_and_no_other() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(HELHET_\w+)`", page, re.MULTILINE)) == set(read_by_settings())


def test_a_number_or_a_yes_is_asked_for_where_settings_read_one() -> None:
    askers = {"int": environment._whole_number, "bool": environment._yes_or_no}
    for name, reader in read_by_settings().items():
        if reader in askers:
            assert environment.KNOWN[name] is askers[reader], name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HELHET_BIND", "8000"),
        ("HELHET_BIND", "localhost:99999"),
        ("HELHET_BASE_URL", "helhet.example.org"),
        ("HELHET_DATABASE_URL", "mysql://x/y"),
        ("HELHET_DEBUG", "perhaps"),
        ("HELHET_DATA_DIR", ""),
        ("HELHET_DATA_DIR", str(SETTINGS)),
        ("HELHET_LANGUAGE", "de"),
        ("HELHET_TIME_ZONE", "Stockholm"),
        ("HELHET_TIME_ZONE", "../etc/passwd"),
        ("HELHET_TRUSTED_PROXIES", "proxy.example.org"),
        ("HELHET_TRUSTED_PROXIES", "127.0.0.1,10.0.0.0/99"),
        ("HELHET_WEB_WORKERS", "two"),
        ("HELHET_WEB_WORKERS", "-1"),
        ("HELHET_EMAIL_URL", "mail.example.org"),
    ],
)
def test_a_value_that_cannot_be_used_is_told_with_its_name(name: str, value: str) -> None:
    (line,) = environment.faults({name: value})
    assert line.startswith(f"{name} must be")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HELHET_BIND", "[::1]:8000"),
        ("HELHET_BASE_URL", "https://helhet.example.org"),
        ("HELHET_BASE_URL", ""),
        ("HELHET_DATABASE_URL", "postgres://a:b@c/d"),
        ("HELHET_DEBUG", "No"),
        ("HELHET_LANGUAGE", "en"),
        ("HELHET_WEB_WORKERS", "4"),
        ("HELHET_EMAIL_URL", "smtp://a:b@c:587/?tls=True"),
    ],
)
def test_a_value_that_can_be_used_is_taken(name: str, value: str) -> None:
    assert environment.faults({name: value}) == []


def test_all_that_is_wrong_is_told_at_once_and_secrets_are_not_repeated() -> None:
    wrong = {"HELHET_DATABASE_URL": "hunter2://x", "HELHET_DEBUG": "perhaps", "HELHET_BIND": "x"}
    with pytest.raises(SystemExit) as stop:
        environment.require_sound(wrong)
    text = str(stop.value)
    assert "3 wrong setting(s)" in text
    assert "hunter2" not in text
    assert '(it is "perhaps")' in text


def test_a_misspelt_setting_is_noticed() -> None:
    assert environment.unknown({"HELHET_DATABSE_URL": "x", "HELHET_BIND": "x", "HOME": "x"}) == ["HELHET_DATABSE_URL"]
