"""Edges that were seen, from what traces and flows give: a service graph's counters and lists of flows.

Read are the answer of a Prometheus query, the text exposition of its metrics, and CSV of flows under the names that
collectors give their columns.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

TRACE, FLOW = "trace", "flow"
METRIC: Final = "request_total"
MOST: Final = 200_000
NAME_LIMIT: Final = 300
DETAIL_LIMIT: Final = 60

FROM: Final = (
    "source", "src", "source_host", "src_host", "source_ip", "src_ip", "srcaddr", "client", "from", "från", "källa",
)  # fmt: skip
TO: Final = (
    "destination", "dst", "dest", "destination_host", "dst_host", "dest_host", "destination_ip", "dst_ip", "dest_ip",
    "dstaddr", "server", "to", "till", "mål",
)  # fmt: skip
PORT: Final = ("port", "dst_port", "dstport", "dest_port", "destination_port")
COUNT: Final = ("count", "flows", "connections", "packets", "bytes", "antal", "byte")
LINE = re.compile(r"([A-Za-z_:][\w:]*)\{(.*)\}\s+([^\s]+)(?:\s+-?\d+)?\s*\Z")
LABEL = re.compile(r'([A-Za-z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*,?\s*')
ESCAPES: Final = {"\\\\": "\\", '\\"': '"', "\\n": "\n"}


class Edge(NamedTuple):
    """One was seen to call another: by what sort of evidence, in what way or at which port, and how often."""

    client: str
    server: str
    evidence: str
    detail: str
    times: int


class Unreadable(ValueError):
    """A file that is none of these. `code` is empty, form, columns or many; `line` where, 0 where none."""

    def __init__(self, code: str, line: int = 0) -> None:
        self.code, self.line = code, line
        super().__init__(f"{code} {line}")


def edges(content: bytes) -> list[Edge]:
    """The edges of a file, one for each pair, evidence and detail; counts of the same are added. Raises Unreadable."""
    text = _text(content).strip()
    if not text:
        raise Unreadable("empty")
    if text[0] in "{[":
        found = _answer(text)
    elif text[0] == "#" or LINE.match(text.partition("\n")[0].strip()):
        found = _exposition(text.split("\n"))
    else:
        found = _flows(text)
    sums: dict[tuple[str, str, str, str], int] = {}
    for one in found:
        key = (one.client[:NAME_LIMIT], one.server[:NAME_LIMIT], one.evidence, one.detail[:DETAIL_LIMIT])
        sums[key] = sums.get(key, 0) + one.times
        if len(sums) > MOST:
            raise Unreadable("many")
    return [Edge(*key, count) for key, count in sums.items()]


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _answer(text: str) -> Iterator[Edge]:
    """A Prometheus query's answer: a vector of values or a matrix of them over time."""
    try:
        data = json.loads(text)
    except ValueError as error:
        raise Unreadable("form", getattr(error, "lineno", 0)) from error
    if isinstance(data, dict):
        inner = data.get("data", data)
        data = inner.get("result") if isinstance(inner, dict) else None
    if not isinstance(data, list):
        raise Unreadable("form")
    for one in data:
        labels = one.get("metric") if isinstance(one, dict) else None
        if isinstance(labels, dict):
            values = one.get("values") or ([one["value"]] if one.get("value") else [])
            yield from _edge(labels, _grown([pair[1] for pair in values if isinstance(pair, list) and len(pair) > 1]))


def _grown(values: Sequence[Any]) -> float:
    """By how much a counter grew; one that fell began anew. A single value is itself."""
    numbers = [_number(value) for value in values]
    if len(numbers) < 2:
        return sum(numbers)
    steps = pairwise(numbers)
    return sum(later - earlier if later >= earlier else later for earlier, later in steps) or numbers[-1]


def _exposition(lines: Iterable[str]) -> Iterator[Edge]:
    """The text form of metrics: other metrics are passed over."""
    for line in lines:
        found = LINE.match(line.strip()) if not line.startswith("#") else None
        if found is not None:
            labels = {"__name__": found[1]} | {name: _plain(value) for name, value in LABEL.findall(found[2])}
            yield from _edge(labels, _number(found[3]))


def _plain(value: str) -> str:
    return re.sub(r'\\[\\"n]', lambda found: ESCAPES[found[0]], value)


def _edge(labels: Mapping[str, Any], count: float) -> Iterator[Edge]:
    name = str(labels.get("__name__", METRIC))
    client, server = (" ".join(str(labels.get(end, "")).split()) for end in ("client", "server"))
    if name.endswith(METRIC) and (client or server) and count > 0:
        detail = str(labels.get("connection_type", ""))
        yield Edge(client or "unknown", server or "unknown", TRACE, detail, max(1, round(count)))


def _number(value: Any) -> float:
    try:
        number = float(str(value).replace(",", "."))
    except ValueError:
        return 0.0
    return number if 0 <= number < 1e18 else 0.0


def _flows(text: str) -> Iterator[Edge]:
    """CSV of flows; the mark between columns is that of the first line."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    first = text.partition("\n")[0]
    mark = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text), delimiter=mark)
    try:
        names = ["_".join(name.strip().lower().replace("-", " ").split()) for name in next(rows)]
        places = [next((names.index(name) for name in words if name in names), -1) for words in (FROM, TO, PORT, COUNT)]
        if places[0] < 0 or places[1] < 0:
            raise Unreadable("columns", 1)
        for row in rows:
            client, server, port, times = (row[place].strip() if 0 <= place < len(row) else "" for place in places)
            if client and server:
                yield Edge(client, server, FLOW, port, max(1, round(_number(times))))
    except csv.Error as error:
        raise Unreadable("form", rows.line_num) from error
