"""The API's document: every operation says what it does, what right it needs and what a body looks like, truly."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from helhet.config.api import api
from helhet.groups.policy import permissions
from helhet.kit import rights
from helhet.kit.rights import Caller
from tests import matrix
from tests.matrix_api import API, V1
from tests.matrix_samples import samples
from tests.test_rights_matrix import bearer, call
from tests.world import Cast

DOCUMENT: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema()))
ROOT = Path(__file__).resolve().parent.parent
OPERATIONS = {
    f"{method.upper()} {path.removeprefix(V1)}": one
    for path, methods in DOCUMENT["paths"].items()
    for method, one in methods.items()
}
SHAPES = DOCUMENT["components"]["schemas"]
EXAMPLES = [(name, number) for name, shape in SHAPES.items() for number in range(len(shape.get("examples", [])))]
# What a programmer meets first: each body and each answer about these has an example.
MAIN = ("/items", "/groups", "/memberships", "/rules", "/imports", "/kinds", "/views")

pytestmark = pytest.mark.any_store


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_says_in_a_sentence_what_it_does_and_more_below(operation: str) -> None:
    told = OPERATIONS[operation]
    assert re.fullmatch(r"[A-Z][a-z]+( [^.]+)", told["summary"]), "a verb first, one sentence, no full stop"
    assert 8 <= len(told["summary"]) <= 60
    assert "x-rights" in told, "say @needs(PERMISSION) of helhet.kit.api_rights below its address"
    about, _space, right = told["description"].rpartition("\n\nRight: ")
    assert about.strip()
    assert right.strip()


def test_no_two_operations_have_the_same_summary() -> None:
    summaries = [one["summary"] for one in OPERATIONS.values()]
    assert sorted(set(summaries)) == sorted(summaries)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_says_what_right_it_needs_in_words_that_follow_from_the_right_itself(operation: str) -> None:
    told = OPERATIONS[operation]
    for right in told["x-rights"]:
        known = permissions[right["permission"]]
        assert (right["level"], right["scope"]) == (known.level.name.lower(), str(known.scope))
        assert f"`{right['permission']}` ({right['who']}; scope `{right['scope']}`)" in told["description"]


@pytest.fixture
def cast(db: None) -> Cast:
    """One user of every sort."""
    del db
    return Cast()


# A file's answer is closed by the web server, which is not there when a call is made in process.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_rights_that_are_told_are_those_that_are_asked_for(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    things = samples(cast)
    asked: list[str] = []
    decide = rights.policy.only()

    def noting(caller: Caller, permission: str, thing: Any = None) -> bool:
        asked.append(str(permission))
        return decide(caller, permission, thing)

    headers = [bearer(user, "read", "write", "admin") for user in (cast.administrator, cast.member)]
    monkeypatch.setattr(rights.policy, "_loaded", (noting,))
    faults = []
    for operation, told in OPERATIONS.items():
        if "x-rights" not in told:
            continue  # another test says so
        asked.clear()
        for one in headers:
            call(one, operation, things)
        first, *more = [right["permission"] for right in told["x-rights"]]
        if first not in asked:
            faults.append(f"{operation} tells {first}, which nobody asks for: {sorted(set(asked))}")
        # Whatever writes asks for nothing more than it tells; reading on the way to it is told by the reading itself.
        if beyond := {one for one in asked if permissions[one].writes} - {first, *more}:
            faults.append(f"{operation} asks for {sorted(beyond)} too")
    assert "\n".join(faults) == ""


LEVELS = {
    matrix.READERS: "reader", matrix.OWNER: "reader", matrix.AUTHOR: "reader", matrix.MAKER: "reader",
    matrix.STEERERS: "reader", matrix.MEMBERS: "member", matrix.OWN_MEMBERS: "member", matrix.RELEASERS: "member",
    matrix.OWN_LEADS: "lead", matrix.COORDINATORS: "coordinator", matrix.ADMINISTRATORS: "administrator",
}  # fmt: skip
# Members of any group knock here; whether they lead the group that answers is asked at the thing.
KNOCKING = {"POST /assignments", "PUT /items/{reference}/group"}


@pytest.mark.parametrize("operation", sorted(API))
def test_the_right_that_is_told_first_is_that_of_the_rights_matrix(operation: str) -> None:
    told = OPERATIONS[operation]["x-rights"]
    at = 1 if operation in KNOCKING else 0
    assert told[at]["level"] == LEVELS[API[operation].who]


def shape_at(reference: dict[str, Any]) -> dict[str, Any]:
    """The shape, with all others beside it for its references."""
    return {**reference, "components": DOCUMENT["components"]}


@pytest.mark.parametrize(("name", "number"), EXAMPLES)
def test_every_example_has_the_shape_that_it_is_an_example_of(name: str, number: int) -> None:
    checker = jsonschema.Draft202012Validator(shape_at({"$ref": f"#/components/schemas/{name}"}))
    example = SHAPES[name]["examples"][number]
    assert [error.message for error in checker.iter_errors(example)] == []
    assert example.keys() <= SHAPES[name]["properties"].keys(), "a name that the shape does not have"
    for fault in days_that_are_none(name, example):
        raise AssertionError(fault)


FORMS = {"date-time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "date": r"\d{4}-\d\d-\d\d"}


def days_that_are_none(name: str, example: dict[str, Any]) -> Iterator[str]:
    """Days and instants that do not read as such."""
    for field, value in example.items():
        kind = json.dumps(SHAPES[name]["properties"][field])
        for form, wanted in FORMS.items():
            if f'"{form}"' in kind and value and not re.fullmatch(wanted, value):
                yield f"{field}: {value}"


def shapes_of(operation: dict[str, Any]) -> Iterator[str]:
    """The names of the shapes that an operation takes and gives, of a list that of its rows."""
    contents = [operation.get("requestBody", {}).get("content", {})]
    contents += [one.get("content", {}) for code, one in operation["responses"].items() if code.startswith("2")]
    for content in contents:
        for kind, one in content.items():
            if kind not in {"application/json", "multipart/form-data", "application/x-www-form-urlencoded"}:
                continue
            name = one["schema"].get("$ref", "").rsplit("/", 1)[-1]
            rows = SHAPES.get(name, {}).get("properties", {}).get("items", {}).get("items", {}).get("$ref", "")
            if name:
                yield rows.rsplit("/", 1)[-1] if rows and name.startswith(("PageOut", "MisfitsOut")) else name


@pytest.mark.parametrize("operation", [one for one in OPERATIONS if one.partition(" ")[2].startswith(MAIN)])
def test_bodies_and_answers_of_the_main_nouns_have_examples(operation: str) -> None:
    without = [name for name in shapes_of(OPERATIONS[operation]) if not SHAPES[name].get("examples")]
    assert without == [], "say model_config = example(...) of helhet.kit.api_examples in the shape"


FORM_BODIES = [
    (operation, one)
    for operation, told in OPERATIONS.items()
    for kind, one in told.get("requestBody", {}).get("content", {}).items()
    if kind == "multipart/form-data" and one["schema"]["properties"].keys() > {"file"}
]


@pytest.mark.parametrize(("operation", "body"), FORM_BODIES, ids=[operation for operation, _body in FORM_BODIES])
def test_a_form_with_more_than_a_file_has_an_example_of_its_shape(operation: str, body: dict[str, Any]) -> None:
    del operation
    jsonschema.validate(body["example"], shape_at(body["schema"]))
    assert body["example"].keys() <= body["schema"]["properties"].keys()


def test_there_are_examples_to_look_at() -> None:
    assert len(EXAMPLES) >= 50


def test_a_name_is_one_shape_in_all_rooms() -> None:
    """The document has one place for a name: of two shapes that share one, the second would stand for both."""
    places: dict[str, set[str]] = {}
    for path in sorted((ROOT / "src" / "helhet").rglob("*.py")):
        if "api" in path.parts[-1] or "api" in path.parts[-2]:
            shape = r"^class (\w+)\((?:\w*Schema|Strict|\w+(?:Out|In|Row|Asked))\b"
            shapes = re.findall(shape, path.read_text(encoding="utf-8"), re.MULTILINE)
            for name in shapes:
                places.setdefault(name, set()).add(path.relative_to(ROOT / "src" / "helhet").parts[0])
    assert sorted(name for name, rooms in places.items() if len(rooms) > 1) == []
