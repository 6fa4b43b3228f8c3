"""The command line: one JSON object on standard output, plain words elsewhere, and exit codes that can be relied on."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from helhet.config import check, cli
from helhet.documents.following import ask_for_checks
from helhet.journal.actions import record
from helhet.journal.sealing import seal_all
from helhet.kit.command import DONE, FAILED, WRONG_USE, Output
from helhet.search.finding import find
from helhet.search.following import ask_if_behind
from tests.world import SYSTEM, make_item

KEPT = {name: value for name, value in os.environ.items() if not name.startswith("HELHET_")}


def helhet(*arguments: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, from a folder that has nothing to do with it."""
    env = {
        **KEPT,
        "HELHET_DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "helhet.config.settings",
        "LANG": "C.UTF-8",
    }
    command = [sys.executable, "-m", "helhet.config.cli", *arguments]
    return subprocess.run(command, env={**env, **more}, cwd="/", capture_output=True, text=True, check=False)


@pytest.fixture(autouse=True)
def _language_as_before() -> Iterator[None]:
    """Commands choose a language for their process, which here is that of all tests."""
    with translation.override(translation.get_language()):
        yield


def answer(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """The one JSON object on standard output."""
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.own_store
def test_an_administrator_is_made_in_a_store_that_was_not_there(tmp_path: Path) -> None:
    done = helhet("createadmin", "--json", "eva@norrvik.example", folder=tmp_path / "new" / "folder")
    assert done.returncode == DONE, done.stderr
    assert answer(done)["email"] == "eva@norrvik.example"
    assert answer(done)["link"].startswith("http://127.0.0.1:8000/")


@pytest.mark.own_store
def test_a_check_of_a_fresh_store_finds_it_sound(store: Path) -> None:
    done = helhet("check", "--json", folder=store)
    assert done.returncode == DONE, done.stdout
    assert answer(done)["sound"] is True
    texts = [finding["text"] for finding in answer(done)["findings"]]
    assert "synchronous is FULL" in texts
    assert "journal_mode is wal" in texts


@pytest.mark.own_store
def test_a_check_finds_a_secret_that_others_can_read(store: Path) -> None:
    (store / "secret").chmod(0o644)
    done = helhet("check", "--json", folder=store)
    assert done.returncode == FAILED
    assert [finding["name"] for finding in answer(done)["findings"] if finding["state"] == "wrong"] == ["secret"]


def tampered(store: Path) -> None:
    """Events sealed, then one of them altered past the product and its guards."""
    made = "from helhet.config.cli import main; main(['createadmin', 'a@example.org']); "
    made += "from helhet.journal.sealing import seal_all; main(['createadmin', 'b@example.org']); seal_all()"
    env = {**KEPT, "HELHET_DATA_DIR": str(store), "DJANGO_SETTINGS_MODULE": "helhet.config.settings"}
    subprocess.run([sys.executable, "-c", made], env=env, cwd="/", check=True, capture_output=True)
    with contextlib.closing(sqlite3.connect(store / "helhet.sqlite3")) as database, database:
        database.execute("DROP TRIGGER journal_event_details")
        database.execute("UPDATE journal_event SET reason = 'annat' WHERE sequence = 2")


@pytest.mark.own_store
def test_a_check_tells_where_the_history_was_altered(store: Path) -> None:
    tampered(store)
    for more in ([], ["--whole"]):
        done = helhet("check", "--json", *more, folder=store)
        assert done.returncode == FAILED
        (finding,) = [finding for finding in answer(done)["findings"] if finding["state"] == "wrong"]
        assert finding["name"] == "history"
        assert "broken at event 2 " in finding["text"]
        assert "altered" in finding["text"]


@pytest.mark.django_db
def test_of_a_long_history_the_newest_are_walked_unless_all_are_asked_for() -> None:
    for number in range(5):
        cli.main(["createadmin", f"a{number}@example.org"])
    seal_all()
    (short,) = check.look_at_history(3)
    assert short.text.startswith("the newest 3 of ")
    assert "--whole" in short.todo
    (whole,) = check.look_at_history(None)
    assert whole.text.startswith("all ")


@pytest.mark.own_store
def test_a_database_out_of_reach_is_told_in_plain_words(tmp_path: Path) -> None:
    done = helhet("migrate", "--json", folder=tmp_path, HELHET_DATABASE_URL="postgres://a:b@127.0.0.1:1/none")
    assert done.returncode == FAILED
    assert "error" in answer(done)
    assert "Traceback" not in done.stderr


@pytest.mark.own_store
def test_a_database_of_a_newer_program_is_left_alone(store: Path) -> None:
    sql = "INSERT INTO django_migrations (app, name, applied) VALUES ('items', '9999_later', '2030-01-01')"
    with contextlib.closing(sqlite3.connect(store / "helhet.sqlite3")) as database, database:
        database.execute(sql)
    done = helhet("migrate", "--json", folder=store)
    assert done.returncode == FAILED
    assert "newer" in answer(done)["error"]["message"]


@pytest.mark.own_store
def test_wrong_settings_are_told_together_and_as_json(tmp_path: Path) -> None:
    done = helhet("check", "--json", folder=tmp_path, HELHET_BIND="x", HELHET_DEBUG="perhaps")
    assert done.returncode == FAILED
    assert len(answer(done)["error"]["faults"]) == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("given", [[], ["nonsense"], ["token"], ["createadmin", "a", "b"], ["check", "--nonsense"]])
def test_wrong_use_ends_with_two(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        cli.main([*given, "--json"])
    assert stop.value.code == WRONG_USE
    out, err = capsys.readouterr()
    assert json.loads(out)["error"]["code"] == "wrong_use"
    assert "usage:" in err


# What stands on the command line and can mean nothing, with a word of what is expected.
WRONG: list[tuple[list[str], str]] = [
    (["import", "items.csv", "--source", "cmdb", "--on", "nonsense"], "2026-01-31"),
    (["import", "items.csv", "--source", "a:b"], "colon"),
    (["import", "items.csv", "--source", "cmdb", "--mapping", "nonsense"], "plain"),
    (["coverage", "--as-of", "x"], "2026-01-31"),
    (["items", "knd:server"], "kind"),
    (["items", "(kind:server"], ")"),
    (["items", "kind:server", "--limit", "x"], "100"),
    (["items", "kind:server", "--limit", "0"], "at least 1"),
    (["items", "kind:server", "--sort", "nonsense"], "name"),
    (["items", "kind:server", "--fields", "nonsense"], "reference"),
    (["createadmin", "nonsense"], "name@example.org"),
    (["token", "eva@norrvik.example", "--days", "x"], "90"),
    (["token", "eva@norrvik.example", "--days", "9999999999"], "365"),
    (["serve", "--bind", "x"], "127.0.0.1:8000"),
    (["serve", "--bind", "127.0.0.1:99999"], "127.0.0.1:8000"),
    (["coverage", "--js"], "--js"),
    (["--nonsense", "coverage"], "--nonsense"),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("given", "expected"), WRONG)
def test_an_argument_that_can_mean_nothing_is_wrong_use_and_says_what_is_expected(
    given: list[str], expected: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "items.csv").write_text("key,kind,name\n1,server,Ett\n")
    cli.main(["createadmin", "eva@norrvik.example"])
    capsys.readouterr()
    try:
        code = cli.main([*given, "--json"])
    except SystemExit as stop:
        code = int(str(stop.code))
    out, err = capsys.readouterr()
    assert code == WRONG_USE
    error = json.loads(out)["error"]
    assert expected in f"{error['message']} {error.get('todo', '')}"
    assert error["message"] in err.replace("\n", " ")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["nonesuch.csv", "folder", "empty.csv", "broken.json"])
def test_a_file_of_which_nothing_can_be_taken_is_a_failure_and_no_wrong_use(
    name: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.csv").touch()
    (tmp_path / "broken.json").write_text("nonsense")
    assert cli.main(["import", str(tmp_path / name), "--source", "cmdb", "--json"]) == FAILED
    out, err = capsys.readouterr()
    assert json.loads(out)["error"]["field"] == "file"
    assert name in err


@pytest.mark.django_db
def test_an_export_does_not_write_over_another_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    assert cli.main(["export", str(tmp_path / "mine"), "--json"]) == FAILED
    assert "a file of this name already" in json.loads(capsys.readouterr().out)["error"]["message"]
    assert (tmp_path / "mine").read_text() == "mine"


@pytest.mark.own_store
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HELHET_DATA_DIR", "/proc/nonesuch"),
        ("HELHET_DATA_DIR", "/dev/null/below"),
        ("HELHET_DATABASE_URL", "postgres://a:b@127.0.0.1:port/none"),
        ("HELHET_DATABASE_URL", "postgres://a:b@[::1/none"),
        ("HELHET_DATABASE_URL", "postgres://"),
    ],
)
def test_a_place_that_cannot_be_used_is_told_as_a_wrong_setting(name: str, value: str, tmp_path: Path) -> None:
    done = helhet("coverage", "--json", folder=tmp_path, **{name: value})
    assert done.returncode == FAILED
    (fault,) = answer(done)["error"]["faults"]
    assert fault.startswith(f"{name} must be")
    assert "Traceback" not in done.stderr
    assert "a:b" not in done.stdout + done.stderr


@pytest.mark.own_store
@pytest.mark.parametrize("command", ["coverage", "check", "serve"])
def test_a_database_that_nobody_answers_for_is_told_at_once_and_with_the_reason(command: str, tmp_path: Path) -> None:
    done = helhet(command, "--json", folder=tmp_path, HELHET_DATABASE_URL="postgres://a:b@127.0.0.1:1/none")
    assert done.returncode == FAILED
    assert "refused" in json.dumps(answer(done))
    assert "Traceback" not in done.stderr
    assert "psycopg.pool" not in done.stderr, "the pool tries for thirty seconds, and says so each time"


@pytest.mark.django_db
def test_pages_are_found_as_soon_as_the_command_has_taken_them_in(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: Läs tillbaka\n---\nSå läses databaserna tillbaka.\n", encoding="utf-8")
    assert cli.main(["import", str(tmp_path), "--source", "wiki", "--mapping", "pages", "--json"]) == DONE
    assert [hit.name for hit in find("databas", SYSTEM)[0].hits] == ["Läs tillbaka"]
    assert not ask_if_behind()
    assert not ask_for_checks()
    record("items.item.changed", "item", make_item("Ny server").pk, by=SYSTEM)
    assert ask_for_checks()
    assert not ask_for_checks()


@pytest.mark.django_db
def test_a_command_of_django_answers_with_one_object_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["manage", "showmigrations", "journal", "--json"]) == DONE
    out, err = capsys.readouterr()
    assert json.loads(out) == {"done": True}
    assert "0001" in err
    assert cli.main(["manage", "nonsense", "--json"]) == FAILED
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "failed"


@pytest.mark.django_db
def test_a_refusal_is_plain_words_and_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["token", "nobody@norrvik.example", "--json"]) == FAILED
    out, err = capsys.readouterr()
    assert json.loads(out)["error"]["code"] == "not_found"
    assert "nobody@norrvik.example" in err


@pytest.mark.django_db
def test_a_token_is_made_for_a_user(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["createadmin", "eva@norrvik.example"]) == DONE
    capsys.readouterr()
    assert cli.main(["token", "eva@norrvik.example", "--scope", "read", "--json"]) == DONE
    told = json.loads(capsys.readouterr().out)
    assert told["scopes"] == ["read"]
    assert told["token"].startswith("hh_")


@pytest.mark.parametrize("entry", cli.COMMANDS, ids=lambda entry: entry.name)
def test_every_command_can_be_loaded(entry: cli.Entry) -> None:
    command = cli._load(entry)
    assert callable(command.run)


def test_the_command_line_tells_its_commands_without_loading_django(tmp_path: Path) -> None:
    program = (
        "import sys\nfrom helhet.config import cli\n"
        "try:\n    cli.main(['--help'])\nfinally:\n    assert 'django' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "createadmin" in done.stdout


def test_only_the_answer_goes_to_standard_output_with_json() -> None:
    stdout, stderr = io.StringIO(), io.StringIO()
    out = Output(as_json=True, stdout=stdout, stderr=stderr)
    out.line("for people")
    with out.progress(10, "Reading") as bar:
        bar.advance(5)
    out.json({"a": 1})
    assert json.loads(stdout.getvalue()) == {"a": 1}
    assert stderr.getvalue() == "for people\n"
    with pytest.raises(RuntimeError):
        out.json({"a": 2})


@pytest.mark.own_store
def test_a_reader_who_goes_away_is_not_told_about(store: Path) -> None:
    command = [sys.executable, "-m", "helhet.config.cli", "coverage"]
    env = {**KEPT, "HELHET_DATA_DIR": str(store), "DJANGO_SETTINGS_MODULE": "helhet.config.settings"}
    with subprocess.Popen(command, env=env, cwd="/", stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        told = process.stderr.read().decode()
    assert process.returncode == FAILED
    assert "ipe" not in told
