"""Bad files: only FileRefused, RowRefused and notes may come out, whatever the bytes."""

import gzip
import io
import json
import random
import re
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helhet.importers.limits import MIB, Limits
from helhet.importers.mapped import Mapped
from helhet.importers.mapping import find_mapping
from helhet.importers.problems import FileRefused, RowRefused
from helhet.importers.reading import read
from helhet.importers.texts import TEXTS, TODOS
from helhet.rules.front_matter import split

from .test_reading import FILES, stored, workbook

KINDS = ("server", "application", "virtual_machine")
SMALL = Limits(
    file=4 * MIB, unpacked=8 * MIB, ratio=50, ratio_from=1 * MIB, members=20, rows=2000, columns=50, cell=4096, nesting=20,  # noqa: E501 - one case a line
    sheet_cells=100_000, document=2 * MIB, repeated=10_000,
)  # fmt: skip


def taken(path: Path, limits: Limits = SMALL) -> tuple[int, list[RowRefused]]:
    """Rows taken and refused; raises FileRefused."""
    mapped = Mapped(find_mapping("plain"), read(path, limits=limits), KINDS)
    count = 0
    refused = []
    for row in mapped.rows():
        if isinstance(row, RowRefused):
            assert row.reason
            refused.append(row)
        else:
            count += 1
    assert all(note.reason for note in mapped.notes)
    return count, refused


def outcome(path: Path) -> str:
    """What is wrong with the file, or how many rows were taken and refused; anything else is raised."""
    try:
        count, refused = taken(path)
    except FileRefused as refusal:
        return refusal.what
    return f"{count} taken, {len(refused)} refused"


def refusal(path: Path, limits: Limits = SMALL) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        taken(path, limits)
    assert refused.value.what
    assert refused.value.todo
    return refused.value


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=method)
    return out.getvalue()


def linked() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("items.csv")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    return out.getvalue()


def sheet(cells: str) -> bytes:
    """A workbook whose sheet has this XML inside."""
    good = io.BytesIO(workbook({"items": [["key", "kind", "name"], ["a", "server", "A"]]}))
    out = io.BytesIO()
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = content.replace(b"</sheetData>", cells.encode() + b"</sheetData>")
            new.writestr(name, content)
    return out.getvalue()


HEAD = b"key,kind,name\n"
GOOD = HEAD + b"a,server,A\n"
ALIASES = "a: &a [1,2,3,4,5,6,7,8,9]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9)
)
LAUGHS = (
    '<!DOCTYPE r [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(8))
    + "]><r>&i;</r>"
)

WHOLE: dict[str, tuple[str, bytes, set[str]]] = {
    "empty csv": ("items.csv", b"", {"empty"}),
    "blank csv": ("items.csv", b"\n \n\n", {"empty"}),
    "header alone": ("items.csv", HEAD, {"nothing_taken"}),
    "mark alone": ("items.csv", b"\xef\xbb\xbf", {"empty"}),
    "nul": ("items.csv", HEAD + b"a,ser\0ver,A\n", {"nul"}),
    "utf-16 without mark": ("items.csv", GOOD.decode().encode("utf-16-le"), {"nul"}),
    "half utf-16": ("items.csv", GOOD.decode().encode("utf-16")[:-1], {"encoding"}),
    "latin-1": ("items.csv", HEAD + b"a,server,\xe5\n", {"encoding_guess"}),
    "quote left open": ("items.csv", HEAD + b'a,server,"A\nb,server,B\n', {"quote_open"}),
    "text after quote": ("items.csv", HEAD + b'a,server,"A"x\n', {"csv_broken"}),
    "long cell": ("items.csv", HEAD + b"a,server," + b"x" * 2 * MIB + b"\n", {"cell_big"}),
    "many columns": ("items.csv", b",".join(b"c%d" % n for n in range(60)) + b"\n", {"columns_many"}),
    "many rows": ("items.csv", HEAD + b"a,server,A\n" * 3000, {"rows_many"}),
    "no kind column": ("items.csv", b"key,name\na,A\n", {"columns_missing"}),
    "other columns": ("list.csv", b"id,label\na,A\n", {"not_a_key_table"}),
    "unknown ending": ("items.pdf", b"%PDF", {"ending_unknown"}),
    "xls": ("items.xls", b"\xd0\xcf\x11\xe0", {"ending_unknown"}),
    "broken json": ("items.json", b'[{"key": "a",}]', {"json_broken"}),
    "cut json": ("items.json", b'[{"key": "a"}, {"key"', {"json_broken"}),
    "json without end": ("items.json", b'[{"key": "a"}', {"json_broken"}),
    "json with more behind": ("items.json", b"[] x", {"json_broken"}),
    "not a number": ("items.json", b'[{"key": NaN}]', {"json_broken"}),
    "infinite number": ("items.json", b'{"key": Infinity}', {"json_broken"}),
    "endless number": ("items.json", b"[" + b"9" * 5000 + b"]", {"json_broken"}),
    "deep json": ("items.json", b"[" * 100_000, {"nesting", "json_broken"}),
    "deep json closed": ("items.json", b"[" * 60 + b"]" * 60, {"nesting"}),
    "deep json objects": ("items.json", b'{"a":' * 60 + b"1" + b"}" * 60, {"nesting"}),
    "latin json": ("items.json", b'["\xe5"]', {"encoding_guess"}),
    "empty json": ("items.json", b" \n", {"json_broken"}),
    "empty list": ("items.json", b"[]", {"nothing_taken"}),
    "broken line": ("items.jsonl", b'{"key":"a"}\n{"key"\n', {"json_broken"}),
    "deep line": ("items.jsonl", b"[" * 900 + b"]" * 900, {"nesting"}),
    "latin line": ("items.jsonl", b'{"key":"\xe5"}', {"encoding_guess"}),
    "long line": ("items.jsonl", b'"' + b"x" * 3 * MIB + b'"', {"document_big"}),
    "broken yaml": ("items.yaml", b"a: [1\nb: 2", {"yaml_broken"}),
    "yaml tabs": ("items.yaml", b"a:\n\t- 1", {"yaml_broken"}),
    "yaml object": ("items.yaml", b"!!python/object/apply:os.system ['true']", {"yaml_tag"}),
    "yaml own tag": ("items.yaml", b"a: !vault x", {"yaml_tag"}),
    "yaml aliases": ("items.yaml", ALIASES.encode(), {"yaml_aliases"}),
    "yaml of itself": ("items.yaml", b"a: &a [*a]", {"yaml_broken"}),
    "yaml unknown alias": ("items.yaml", b"a: *b", {"yaml_broken"}),
    "yaml twice": ("items.yaml", b"a: 1\na: 2", {"yaml_twice"}),
    "yaml object as name": ("items.yaml", b"? {a: 1}\n: 2", {"yaml_broken"}),
    "deep yaml": ("items.yaml", b"[" * 100_000, {"nesting"}),
    "deep yaml dashes": ("items.yaml", b"- " * 5000 + b"a", {"nesting"}),
    "deep yaml block": ("items.yaml", b"".join(b" " * n + b"a:\n" for n in range(300)), {"nesting"}),
    "latin yaml": ("items.yaml", b"a: \xe5", {"encoding_guess"}),
    "control in yaml": ("items.yaml", b"a: \x01", {"yaml_broken"}),
    "empty yaml": ("items.yaml", b"---\n...\n", {"empty"}),
    "broken xml": ("items.xml", b"<a><b></a>", {"xml_broken"}),
    "cut xml": ("items.xml", b"<a><b>", {"xml_broken"}),
    "laughing xml": ("items.xml", LAUGHS.encode(), {"xml_entity"}),
    "xml from elsewhere": ("items.xml", b'<!DOCTYPE r SYSTEM "file:///etc/passwd"><r/>', {"xml_entity"}),
    "deep xml": ("items.xml", b"<a>" * 5000, {"nesting"}),
    "xml of odd encoding": ("items.xml", b'<?xml version="1.0" encoding="utf-99"?><a/>', {"xml_broken"}),
    "gzip that is none": ("items.csv.gz", b"key,kind,name", {"gzip_broken"}),
    "cut gzip": ("items.csv.gz", gzip.compress(GOOD * 50)[:-12], {"gzip_broken"}),
    "gzip bomb": ("items.csv.gz", gzip.compress(HEAD + b" " * 4 * MIB), {"bomb"}),
    "large gzip": ("items.csv.gz", gzip.compress(HEAD + random.Random(1).randbytes(100) * 10 + b"x" * 20 * MIB), {"bomb", "unpacked_big"}),  # noqa: E501 - one case a line
    "zip that is none": ("items.zip", b"PK nothing", {"zip_broken"}),
    "cut zip": ("items.zip", zipped(("items.csv", GOOD * 9))[:-30], {"zip_broken"}),
    "zip slip": ("items.zip", zipped(("../items.csv", GOOD)), {"member_unsafe"}),
    "zip slip within": ("items.zip", zipped(("a/../../items.csv", GOOD)), {"member_unsafe"}),
    "zip slip backwards": ("items.zip", zipped(("a\\..\\items.csv", GOOD)), {"member_unsafe"}),
    "absolute zip": ("items.zip", zipped(("/etc/items.csv", GOOD)), {"member_unsafe"}),
    "zip with drive": ("items.zip", zipped(("C:items.csv", GOOD)), {"member_unsafe"}),
    "zip with link": ("items.zip", linked(), {"member_link"}),
    "zip with repeats": ("items.zip", zipped(("groups.csv", b"key,name\ng,G\n"), ("groupz.csv", b"x")).replace(b"groupz", b"groups"), {"member_twice"}),  # noqa: E501 - one case a line
    "zip of too many": ("items.zip", zipped(*((f"{n}.csv", GOOD) for n in range(30))), {"members_many"}),
    "zip bomb": ("items.zip", zipped(("items.csv", b" " * 6 * MIB)), {"bomb"}),
    "zip of nothing": ("items.zip", zipped(("notes.pdf", b"x")), {"nothing_to_take"}),
    "zip in zip": ("items.zip", zipped(("inner.zip", zipped(("items.csv", GOOD)))), {"nothing_to_take"}),
    "broken member": ("items.zip", zipped(("items.csv", GOOD), method=zipfile.ZIP_STORED).replace(b"server,A", b"server,B"), {"gzip_broken"}),  # noqa: E501 - one case a line
    "empty member": ("items.zip", zipped(("items.csv", b"")), {"empty"}),
    "workbook that is none": ("items.xlsx", b"PK\x03\x04", {"xlsx_broken"}),
    "workbook of nothing": ("items.xlsx", zipped(("a.txt", b"x")), {"xlsx_broken"}),
    "cut workbook": ("items.xlsx", FILES["items.xlsx"][:-500], {"xlsx_broken"}),
    "far row": ("items.xlsx", sheet('<row r="1048576"><c r="A1048576"><v>1</v></c></row>'), {"sheet_big"}),
    "far column": ("items.xlsx", sheet('<row r="9"><c r="XFD9"><v>1</v></c></row>'), {"columns_many"}),
    "workbook bomb": ("items.xlsx", zipped(("xl/worksheets/sheet1.xml", b" " * 6 * MIB)), {"bomb"}),
    "workbook with entities": ("items.xlsx", zipped(("[Content_Types].xml", LAUGHS.encode()), ("xl/workbook.xml", LAUGHS.encode())), {"xlsx_broken", "empty"}),  # noqa: E501 - one case a line
    "empty workbook": ("items.xlsx", workbook({"items": []}), {"empty"}),
}  # fmt: skip


@pytest.mark.parametrize("case", WHOLE)
def test_a_bad_file_is_refused_whole_and_says_what_and_what_to_do(tmp_path, case):
    name, content, codes = WHOLE[case]
    refused = refusal(stored(tmp_path, name, content))
    assert refused.code in codes, str(refused)
    assert not re.search(r"\{[a-z]+\}", f"{refused.what} {refused.todo}")


@pytest.mark.parametrize("name", [*FILES, "items.csv.gz", "items.zip"])
@pytest.mark.parametrize("share", [0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.97])
def test_a_file_cut_anywhere_gives_a_refusal_or_rows(tmp_path, name, share):
    content = {**FILES, "items.csv.gz": gzip.compress(GOOD * 40), "items.zip": zipped(("items.csv", GOOD * 40))}[name]
    path = stored(tmp_path, name, content[: max(int(len(content) * share), 1)])
    assert outcome(path)


@pytest.mark.parametrize("name", [*FILES, "items.csv.gz", "items.zip"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_mutated_bytes_give_refusals_or_rows_and_nothing_else(tmp_path, name, data):
    content = bytearray(
        {**FILES, "items.csv.gz": gzip.compress(GOOD * 9), "items.zip": zipped(("items.csv", GOOD))}[name]
    )
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        piece = data.draw(st.binary(max_size=4))
        content[at : at + data.draw(st.integers(0, 4))] = piece
        if not content:
            break
    assert outcome(stored(tmp_path, name, bytes(content)))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(["items", "groups", "members", "links", "dependencies", "persons", "part_of", "responsibilities", "x"]),  # noqa: E501 - one case a line
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["key", "kind", "name", "group", "from", "to", "share", "tags", "items", "x"]) | st.text(), inner, max_size=6),  # noqa: E501 - one case a line
        max_leaves=20,
    ),
)  # fmt: skip
def test_any_json_gives_refusals_or_rows_and_nothing_else(tmp_path, name, value):
    assert outcome(stored(tmp_path, f"{name}.json", json.dumps(value).encode()))


@pytest.mark.parametrize("character", ["\0", "\x01", "\x1b", "\x7f", "\ud800"])
@pytest.mark.parametrize("field", ["key", "name"])
def test_a_key_or_name_with_a_character_that_cannot_be_kept_is_refused_alone(tmp_path, field, character):
    bad = {"key": "a", "kind": "server", "name": "A"} | {field: f"x{character}y"}
    good = {"key": "b", "kind": "server", "name": "B", "note": f"x{character}"}
    path = stored(tmp_path, "items.json", json.dumps([bad, good]).encode())
    count, (refused,) = taken(path)
    assert (count, refused.code) == (1, "value_control")


def test_a_workbook_that_lies_about_its_size_is_weighed_by_what_it_unpacks_to(tmp_path):
    content = bytearray(zipped(("xl/worksheets/sheet1.xml", b" " * 6 * MIB)))
    honest = struct.pack("<I", 6 * MIB)
    while (at := content.find(honest)) >= 0:
        content[at : at + 4] = struct.pack("<I", 10)
    assert refusal(stored(tmp_path, "items.xlsx", bytes(content))).code == "bomb"


def test_a_zip_whose_members_overlap_is_refused(tmp_path):
    content = bytearray(zipped(("a.csv", GOOD), ("items.csv", GOOD)))
    central = content.rfind(b"PK\x01\x02")
    content[central + 42 : central + 46] = struct.pack("<I", 10)
    assert refusal(stored(tmp_path, "items.zip", bytes(content))).code in {"member_overlap", "zip_broken"}


def test_each_refusal_of_a_file_has_a_text_and_a_todo():
    used = {code for _, _, codes in WHOLE.values() for code in codes}
    assert used <= set(TEXTS)
    assert used <= set(TODOS)
    assert set(TODOS) <= set(TEXTS)


@pytest.mark.parametrize(("written", "taken"), [
    ("---\ntitle: x\nb: [\n---\n", "What stands whole on a line"), ('{\n "title": "x",\n}\n', "Nothing of it"),
])  # fmt: skip
def test_what_is_said_of_broken_front_matter_is_true_of_it(written: str, taken: str) -> None:
    page = split(written)
    assert taken in TEXTS[f"front_matter_{page.flaws[-1].sort}"]
    assert page.facts == ({} if taken.startswith("Nothing") else {"title": "x"})
