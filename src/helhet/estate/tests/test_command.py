from __future__ import annotations

import argparse
import io

import orjson
import pytest

from helhet.estate.command import ItemsCommand
from helhet.groups.actions import assign
from helhet.kit.command import Output
from helhet.kit.errors import Refused
from tests.world import as_caller, make_item

pytestmark = pytest.mark.django_db


def run(*arguments, as_json=False):
    command = ItemsCommand()
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    out, err = io.StringIO(), io.StringIO()
    code = command.run(parser.parse_args(arguments), Output(as_json=as_json, stdout=out, stderr=err))
    return code, out.getvalue(), err.getvalue()


def test_with_json_it_is_one_object_with_count_and_items(cast):
    whole = make_item("Whole", key="w")
    item = make_item("Part", key="k:1", part_of_id=whole.pk, tags=["a"], attributes={"env": "prod"})
    assign([item.pk], "Drift", by=as_caller(cast.administrator))
    code, out, _err = run("env:prod", as_json=True)
    answer = orjson.loads(out)
    assert (code, answer["count"], len(answer["items"])) == (0, 1, 1)
    (told,) = answer["items"]
    assert told.pop("updated")
    assert told == {
        "reference": item.reference, "kind": "server", "name": "Part", "state": "live", "criticality": "",
        "group": {"reference": cast.group.reference, "name": "Drift"}, "attributes": {"env": "prod"}, "tags": ["a"],
        "part_of": whole.reference, "keys": ["cmdb:k:1"],
    }  # fmt: skip


def test_the_count_is_of_all_and_the_limit_of_what_is_shown(cast):
    for number in range(5):
        make_item(f"Item {number}")
    answer = orjson.loads(run("kind:server", "--limit", "2", "--fields", "name", as_json=True)[1])
    assert answer == {"count": 5, "items": [{"name": "Item 0"}, {"name": "Item 1"}]}


def test_for_people_it_is_a_table(cast):
    make_item("Alpha")
    _code, out, err = run("kind:server")
    assert "Alpha" in out.splitlines()[1]
    assert "1" in err


def test_csv_is_the_plain_layout(cast, capsys):
    make_item("=Alpha")
    run("--csv")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("key,kind,name,group,part_of,state,criticality,tags")
    assert "'=Alpha" in lines[1]


@pytest.mark.parametrize("arguments", [("kind:nope",), ("--sort", "nope"), ("--fields", "nope"), ("(",)])
def test_wrong_use_is_refused_in_plain_words(cast, arguments):
    with pytest.raises(Refused):
        run(*arguments)
