"""What is under the cursor, in whole and in broken texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.filters import Completion, at_cursor, nearest

CURSOR = "|"


def complete(marked: str) -> Completion:
    return at_cursor(marked.replace(CURSOR, ""), marked.index(CURSOR))


@pytest.mark.parametrize(
    ("marked", "field", "value_prefix", "replaced"),
    [
        ("|", None, "", ""),
        ("ki|", None, "ki", "ki"),
        ("ki|nd", None, "ki", "kind"),
        ("a ki|nd b", None, "ki", "kind"),
        ("-ki|", None, "ki", "ki"),
        ("(a OR ki|)", None, "ki", "ki"),
        ("kind:|", "kind", "", ""),
        ("kind:ser|ver x", "kind", "ser", "server"),
        ("-kind:ser|", "kind", "ser", "ser"),
        ("kind:=ser|", "kind", "ser", "ser"),
        ("criticality:>=hi|", "criticality", "hi", "hi"),
        ("criticality:>|=", "criticality", "", "="),
        ("kind:server,sto|rage", "kind", "sto", "storage"),
        ("kind:ser|,storage", "kind", "ser", "ser"),
        ("day:a..b|", "day", "b", "b"),
        ("day:a|..b", "day", "a", "a"),
        ('location:"Malmö ha|', "location", "Malmö ha", '"Malmö ha'),
        ('location:"Malmö ha|ll 2" x', "location", "Malmö ha", '"Malmö hall 2"'),
        ('location:"a, b",c|', "location", "c", "c"),
        ("location:”Malmö ha|ll 2” x", "location", "Malmö ha", "”Malmö hall 2”"),
        ('name:"19” sk|', "name", "19” sk", '"19” sk'),
        ("a) kind:|", "kind", "", ""),
        ("source:cmdb:A|", "source", "cmdb:A", "cmdb:A"),
        ("name:a\\ b|", "name", "a b", "a\\ b"),
    ],
)
def test_the_word_under_the_cursor_is_found(marked: str, field: str | None, value_prefix: str, replaced: str) -> None:
    found = complete(marked)
    assert (found.field, found.value_prefix) == (field, value_prefix)
    assert marked.replace(CURSOR, "")[found.start : found.end] == replaced


@given(st.text(alphabet='ab :-()"”,.>=\\*', max_size=20), st.integers(-3, 25))
def test_any_text_and_place_give_a_place_inside_the_text(text: str, position: int) -> None:
    found = at_cursor(text, position)
    assert 0 <= found.start <= min(max(position, 0), len(text)) <= found.end <= len(text)
    assert found.prefix in text


def test_a_slip_of_the_keys_is_told_from_another_word() -> None:
    assert nearest("Sevrer", ["storage", "server"]) == "server"
    assert nearest("läge", ["storage", "server"]) is None
