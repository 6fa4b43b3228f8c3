"""What an import does with types of dependency, with what people said of them, and with sets of what replaces what."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helhet.estate.dependencies import change_dependency
from helhet.estate.models import Dependency, Redundancy
from helhet.estate.redundancy import redundancies_of
from helhet.estate.settling import confirm
from helhet.importers import portions
from helhet.importers.headers import nouns_told
from helhet.importers.tests.rig import SYSTEM, take
from helhet.items.models import Item

pytestmark = pytest.mark.django_db

ITEMS = "key,kind,name\na,application,A\nb,server,B\nc,server,C\nd,server,D\n"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, settings: object, tmp_path: Path) -> None:
    monkeypatch.setattr(portions, "GAP", 0)
    settings.FILES_DIR = tmp_path / "files"  # type: ignore[attr-defined]


def taken(tmp_path: Path, rows: str) -> set[tuple[str, str, str]]:
    """The dependencies by their names after a folder with these rows was taken."""
    folder = tmp_path / "cmdb"
    folder.mkdir(exist_ok=True)
    (folder / "items.csv").write_text(ITEMS)
    (folder / "dependencies.csv").write_text(rows)
    take(folder)
    return {(one.from_item.name, one.to_item.name, one.type) for one in Dependency.objects.all()}


def test_words_of_either_language_and_either_end_become_the_type(tmp_path: Path) -> None:
    rows = "from,to,type\na,b,Körs på\nc,a,carries\na,d,Depends on::Used by\nb,d,replikeras till\n"
    assert taken(tmp_path, rows) == {
        ("A", "B", "runs_on"), ("A", "C", "runs_on"), ("A", "D", "uses"), ("B", "D", "replikeras till"),
    }  # fmt: skip
    assert taken(tmp_path, rows) == {
        ("A", "B", "runs_on"), ("A", "C", "runs_on"), ("A", "D", "uses"), ("B", "D", "replikeras till"),
    }  # fmt: skip


def test_a_confirmation_stays_until_the_source_says_something_else(tmp_path: Path) -> None:
    taken(tmp_path, "from,to,type,criticality\na,b,uses,hard\n")
    confirm(Dependency.objects.get(), by=SYSTEM, version=1)
    taken(tmp_path, "from,to,type,criticality,note\na,b,uses,hard,varje natt\n")
    one = Dependency.objects.get()
    assert (one.standing, one.note) == ("confirmed", "varje natt")
    taken(tmp_path, "from,to,type,criticality,note\na,b,uses,degrades,varje natt\n")
    one = Dependency.objects.get()
    assert (one.standing, one.criticality, one.standing_by) == ("stated", "degrades", "")


def test_what_a_person_set_holds_against_the_source_and_is_not_doubled(tmp_path: Path) -> None:
    taken(tmp_path, "from,to,type\na,b,uses\n")
    one = Dependency.objects.get()
    change_dependency(one, by=SYSTEM, version=one.version, sort="runs_on", criticality="degrades")
    assert taken(tmp_path, "from,to,type,note\na,b,uses,ny\n") == {("A", "B", "runs_on")}
    assert Dependency.objects.get().criticality == "degrades"


def test_rows_with_the_same_set_replace_one_another(tmp_path: Path) -> None:
    taken(tmp_path, "from,to,set,least\na,b,noder,2\na,c,noder,2\na,d,noder,2\n")
    (found,) = redundancies_of([Item.objects.get(name="A").pk])
    assert (len(found.providers), found.least) == (3, 2)
    taken(tmp_path, "from,to,set,least\na,b,noder,50 %\na,c,noder,50 %\na,d,noder,50 %\n")
    assert str(Redundancy.objects.get()) == "50 %"
    taken(tmp_path, "from,to,set,least\na,b,noder,1\na,c,,\na,d,,\n")
    assert not Redundancy.objects.exists()
    assert Dependency.objects.count() == 3


@pytest.mark.parametrize(
    "header",
    [
        "service,depends_on", "Tjänst,Beror av", "consumer,provider", "source,target", "client,server", "app,needs",
        "from,to", "från,till", "parent,child", "dependant,dependency", "Komponent;Behöver",
    ],
)  # fmt: skip
def test_a_list_of_two_columns_is_taken_under_the_names_that_people_give_them(tmp_path: Path, header: str) -> None:
    mark = ";" if ";" in header else ","
    assert taken(tmp_path, f"{header}\na{mark}b\n") == {("A", "B", "uses")}


def test_two_columns_tell_by_themselves_that_a_file_holds_dependencies() -> None:
    assert nouns_told({"Service", "Depends on"}) == ("dependencies",)
    assert nouns_told({"client", "server"}) == ("dependencies",)
    assert nouns_told({"server", "owner"}) == ()
    assert nouns_told({"key", "name", "depends_on"}) != ("dependencies",)


SN_ITEMS = "sys_id,name,sys_class_name,operational_status\na,A,cmdb_ci_appl,1\nb,B,cmdb_ci_linux_server,1\n"
ENDS = {"parent": "b", "child": "a", "type": "Runs::Runs on"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("rel.csv", "parent,child,type\nb,a,Runs::Runs on\na,b,Depends on::Used by\n"),
        ("rel.csv", "Parent,Child,Type\nb,a,Runs::Runs on\na,b,Depends on::Used by\n"),
        ("rel.json", json.dumps({"result": [
            {**ENDS, "parent": {"link": "https://x.example.org/b", "value": "b"}},
            {"parent": {"display_value": "A", "value": "a"}, "child": {"display_value": "B", "value": "b"},
             "type": {"display_value": "Depends on::Used by", "value": "1a" * 16}},
        ]})),
    ],
)  # fmt: skip
def test_service_now_relations_go_the_way_that_their_type_says_in_every_form(
    tmp_path: Path, name: str, text: str
) -> None:
    folder = tmp_path / "sn"
    folder.mkdir()
    (folder / "cmdb_ci.csv").write_text(SN_ITEMS)
    (folder / f"cmdb_{name}").write_text(text)
    take(folder, mapping="servicenow_cmdb_ci")
    found = {(one.from_item.name, one.to_item.name, one.type) for one in Dependency.objects.all()}
    assert found == {("A", "B", "runs_on"), ("A", "B", "uses")}
