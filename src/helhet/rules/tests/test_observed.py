"""Edges that were seen: the same from a query's answer, from metrics as text and from a list of flows."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.observed import Edge, Unreadable, edges

LETTERS = st.characters(categories=["L", "N", "P"], max_codepoint=0x17F)
NAMES = st.text(LETTERS, min_size=1, max_size=12)
SEEN = st.lists(
    st.tuples(NAMES, NAMES, st.sampled_from(["", "database"]), st.integers(1, 10**9)), min_size=1, max_size=9
)


def summed(seen: list[tuple[str, str, str, int]]) -> set[Edge]:
    """By plain counting."""
    sums: Counter[tuple[str, str, str]] = Counter()
    for client, server, detail, times in seen:
        sums[client, server, detail] += times
    return {Edge(client, server, "trace", detail, times) for (client, server, detail), times in sums.items()}


@given(SEEN)
def test_a_querys_answer_and_the_metric_as_text_give_the_same_edges(seen: list[tuple[str, str, str, int]]) -> None:
    rows = [{"metric": {"client": a, "server": b, "connection_type": c}, "value": [1.0, str(n)]} for a, b, c, n in seen]
    answer = json.dumps({"status": "success", "data": {"resultType": "vector", "result": rows}}).encode()
    lines = ["# TYPE traces_service_graph_request_total counter"]
    for a, b, c, n in seen:
        a, b = (one.replace("\\", "\\\\").replace('"', '\\"') for one in (a, b))  # noqa: PLW2901 - written out
        lines.append(f'traces_service_graph_request_total{{client="{a}",server="{b}",connection_type="{c}"}} {n} 17')
        lines.append(f'traces_service_graph_request_failed_total{{client="{a}",server="{b}"}} 3')
    assert set(edges(answer)) == set(edges("\n".join(lines).encode())) == summed(seen)


def test_a_counter_over_time_counts_by_how_much_it_grew_also_when_it_began_anew() -> None:
    rows = [{"metric": {"client": "a", "server": "b"}, "values": [[1, "5"], [2, "9"], [3, "2"], [4, "4"]]}]
    assert edges(json.dumps({"data": {"result": rows}}).encode()) == [Edge("a", "b", "trace", "", 8)]


def test_an_end_that_the_graph_does_not_name_is_unknown_and_what_never_happened_is_no_edge() -> None:
    rows = [
        {"metric": {"client": "", "server": "b"}, "value": [1, "2"]},
        {"metric": {"client": "a", "server": "b"}, "value": [1, "0"]},
        {"metric": {"client": "a", "server": "b"}, "value": [1, "NaN"]},
    ]
    assert edges(json.dumps({"data": {"result": rows}}).encode()) == [Edge("unknown", "b", "trace", "", 2)]


@pytest.mark.parametrize(
    "text",
    [
        "source,destination,port,bytes\nweb01,db01,5432,120\nweb01,db01,5432,80\n",
        "\ufeffSrc IP;Dst IP;Dst Port;Bytes\r\nweb01;db01;5432;200\r\n",
        "srcaddr\tdstaddr\tdstport\tpackets\nweb01\tdb01\t5432\t200\n;\n",
    ],
)
def test_flows_are_told_by_their_columns(text: str) -> None:
    assert edges(text.encode()) == [Edge("web01", "db01", "flow", "5432", 200)]


@pytest.mark.parametrize(
    ("content", "code"),
    [(b" \n", "empty"), (b"{", "form"), (b'{"data": 3}', "form"), (b"name,owner\na,b\n", "columns")],
)
def test_what_is_none_of_these_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        edges(content)
    assert refused.value.code == code


@given(st.binary(max_size=300))
def test_anything_else_is_read_or_refused_and_never_worse(content: bytes) -> None:
    try:
        found = edges(content)
    except Unreadable:
        return
    assert all(one.client and one.server and one.times > 0 for one in found)
