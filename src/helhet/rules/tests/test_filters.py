"""The filter language: what is read, what is refused and where, and that text and tree are one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.filters import (
    MAX_LENGTH,
    MESSAGES,
    All,
    Any,
    FilterCode,
    FilterError,
    Node,
    Not,
    Op,
    Term,
    Value,
    all_of,
    any_of,
    every_term,
    parse,
    terms,
    to_text,
    with_term,
    without,
)


def word(text: str, *, quoted: bool = False) -> Term:
    return Term(None, Op.MATCH, (Value((text,), quoted=quoted),))


def term(field: str, *texts: str, op: Op = Op.MATCH) -> Term:
    return Term(field, op, tuple(Value((text,)) for text in texts))


SIGNS = st.text(alphabet="aåZ09 -_.:,*\"\\()<>=\n'“”", max_size=6)
FIELDS = st.from_regex(r"[a-zåäö][a-zåäö0-9_.\-]{0,5}", fullmatch=True)


def is_a_value(value: Value, *, in_field: bool) -> bool:
    """Whether a filter text can give this value: not blank, no two stars together, no bare keyword."""
    if any(not part for part in value.parts[1:-1]):
        return False
    if value.quoted:
        return bool(value.text.strip())
    return bool(value.text) and (in_field or value.text not in {"OR", "ELLER", "AND", "OCH", "NOT", "INTE"})


def values(*, in_field: bool, wildcards: bool = True) -> st.SearchStrategy[Value]:
    parts = st.lists(SIGNS, min_size=1, max_size=3 if wildcards else 1).map(tuple)
    made = st.builds(Value, parts, st.booleans())
    return made.filter(lambda value: is_a_value(value, in_field=in_field))


TERMS = st.one_of(
    st.builds(lambda value: Term(None, Op.MATCH, (value,)), values(in_field=False)),
    st.builds(
        lambda field, some: Term(field, Op.MATCH, tuple(some)),
        FIELDS,
        st.lists(values(in_field=True), min_size=1, max_size=3),
    ),
    st.builds(
        lambda field, some: Term(field, Op.EXACT, tuple(some)),
        FIELDS,
        st.lists(values(in_field=True, wildcards=False), min_size=1, max_size=3),
    ),
    st.builds(
        lambda field, op, value: Term(field, op, (value,)),
        FIELDS,
        st.sampled_from([Op.LT, Op.LE, Op.GT, Op.GE]),
        values(in_field=True, wildcards=False),
    ),
    st.builds(
        lambda field, low, high: Term(field, Op.RANGE, (low, high)),
        FIELDS,
        values(in_field=True, wildcards=False),
        values(in_field=True, wildcards=False),
    ),
)
NODES: st.SearchStrategy[Node] = st.recursive(
    TERMS,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.lists(inner, min_size=1, max_size=3).map(lambda some: all_of(*some)),
        st.lists(inner, min_size=1, max_size=3).map(lambda some: any_of(*some)),
    ),
    max_leaves=8,
)


@given(NODES)
def test_the_canonical_text_of_a_tree_gives_the_tree_again(node: Node) -> None:
    assert parse(to_text(node)) == node


@given(st.text(alphabet='ab :-()"“”,*.<>=\\ORNOT\n', max_size=30))
def test_any_text_is_either_read_or_refused_at_a_place_in_it(text: str) -> None:
    node, error = read_or_refuse(text)
    if node is not None:
        assert parse(to_text(node)) == node
    if error is not None:
        assert 0 <= error.at <= len(text)
        assert error.length >= 1
        assert "{" not in str(error)
        assert "".join(error.pieces()) == text


def read_or_refuse(text: str) -> tuple[Node | None, FilterError | None]:
    try:
        return parse(text), None
    except FilterError as error:
        return None, error


@given(NODES)
def test_each_term_and_value_knows_its_place(node: Node) -> None:
    text = to_text(node)
    for found in every_term(parse(text)):
        assert parse(text[found.start : found.end]) == found
        for value in found.values:
            assert found.start <= value.start < value.end <= found.end


def test_the_example_of_the_language_is_read() -> None:
    text = 'kind:server env:prod location:"Malmö*" -group:none criticality:>=high updated:<2026-01-01 text'
    assert parse(text) == All((
        term("kind", "server"),
        term("env", "prod"),
        Term("location", Op.MATCH, (Value(("Malmö", ""), quoted=True),)),
        Not(term("group", "none")),
        term("criticality", "high", op=Op.GE),
        term("updated", "2026-01-01", op=Op.LT),
        word("text"),
    ))  # fmt: skip
    assert to_text(parse(text)) == text


@pytest.mark.parametrize("text", ["", "  ", "\n\t"])
def test_an_empty_text_is_the_filter_that_all_meet(text: str) -> None:
    assert parse(text) == All(())
    assert to_text(All(())) == ""


def test_or_binds_weaker_than_standing_beside() -> None:
    assert parse("a b OR c") == Any((All((word("a"), word("b"))), word("c")))
    assert parse("a (b ELLER c)") == All((word("a"), Any((word("b"), word("c")))))
    assert parse("a AND b OCH c") == All((word("a"), word("b"), word("c")))


def test_what_is_negated_is_what_follows_directly() -> None:
    assert parse("-a b") == All((Not(word("a")), word("b")))
    assert parse("NOT (a b) INTE c") == All((Not(All((word("a"), word("b")))), Not(word("c"))))
    assert parse("--a") == Not(Not(word("a")))


def test_keywords_are_in_upper_case_and_bare() -> None:
    assert parse("or") == word("or")
    assert parse('"OR"') == word("OR", quoted=True)
    assert parse("ORACLE") == word("ORACLE")
    assert parse("kind:OR") == term("kind", "OR")


def test_values_may_hold_colons_and_escapes() -> None:
    assert parse("source:cmdb:AB-1") == term("source", "cmdb:AB-1")
    assert parse("10:30") == word("10:30")
    assert parse("http\\://x") == word("http://x")
    assert parse("owner:DOMAIN\\anna") == term("owner", "DOMAIN\\anna")
    assert parse(r"name:a\*b*") == Term("name", Op.MATCH, (Value(("a*b", "")),))
    assert parse(r'"say \"no\""') == word('say "no"', quoted=True)


def test_lists_ranges_and_exact_values_are_read() -> None:
    assert parse("kind:server,storage") == term("kind", "server", "storage")
    assert parse("kind:=hardware") == term("kind", "hardware", op=Op.EXACT)
    assert parse("name:=a*b") == term("name", "a*b", op=Op.EXACT)
    assert parse("updated:2026-01-01..-7d") == term("updated", "2026-01-01", "-7d", op=Op.RANGE)
    assert parse("updated:>-7d") == term("updated", "-7d", op=Op.GT)
    assert parse("a..b,c") == word("a..b,c")


def test_curly_quotation_marks_are_read_as_phones_write_them() -> None:
    assert parse("location:“Malmö hall” ”två ord”") == parse('location:"Malmö hall" "två ord"')
    assert parse('"19” skåp"') == word("19” skåp", quoted=True)


def test_an_error_may_say_what_was_meant() -> None:
    error = FilterError(FilterCode.UNKNOWN_FIELD, 0, 4, field="kidn", nearest="kind")
    assert str(error).endswith("Did you mean kind?")
    assert "mean" not in str(FilterError(FilterCode.UNKNOWN_FIELD, 0, 4, field="kidn"))


def test_several_stars_are_one() -> None:
    assert parse("name:a***b") == parse("name:a*b")


def test_only_the_bare_word_asks_for_no_value() -> None:
    assert [Value(("none",)).asks_for_none, Value(("Ingen",)).asks_for_none] == [True, True]
    assert not Value(("none",), quoted=True).asks_for_none
    assert not Value(("none", "")).asks_for_none


@pytest.mark.parametrize(
    ("text", "code", "at", "length"),
    [
        ('a "bc', FilterCode.UNCLOSED_QUOTE, 2, 3),
        ('name:"b\\"', FilterCode.UNCLOSED_QUOTE, 5, 4),
        ('a ""', FilterCode.EMPTY_QUOTES, 2, 2),
        ('name:" "', FilterCode.EMPTY_QUOTES, 5, 3),
        ("a (b", FilterCode.UNCLOSED_PAREN, 2, 1),
        ("a (", FilterCode.UNCLOSED_PAREN, 2, 1),
        ("a) b", FilterCode.UNOPENED_PAREN, 1, 1),
        (") b", FilterCode.UNOPENED_PAREN, 0, 1),
        ("a ( )", FilterCode.EMPTY_GROUP, 2, 3),
        ("kind:", FilterCode.MISSING_VALUE, 5, 1),
        ("kind: server", FilterCode.MISSING_VALUE, 5, 1),
        ("kind:a, b", FilterCode.MISSING_VALUE, 7, 1),
        ("kind:>= 3", FilterCode.MISSING_VALUE, 7, 1),
        ("day:a..", FilterCode.MISSING_VALUE, 7, 1),
        ("day:..b", FilterCode.MISSING_VALUE, 4, 1),
        ("OR a", FilterCode.MISSING_OPERAND, 0, 2),
        ("a OR", FilterCode.MISSING_OPERAND, 2, 2),
        ("a OR OR b", FilterCode.MISSING_OPERAND, 2, 2),
        ("(a ELLER) b", FilterCode.MISSING_OPERAND, 3, 5),
        ("a AND", FilterCode.MISSING_OPERAND, 2, 3),
        ("NOT", FilterCode.MISSING_OPERAND, 0, 3),
        ("a - b", FilterCode.MISSING_OPERAND, 2, 1),
        ("(-)", FilterCode.MISSING_OPERAND, 1, 1),
        ("name:f(x)", FilterCode.GLUED, 6, 1),
        ('5"disk"', FilterCode.GLUED, 1, 1),
        ('"a"b', FilterCode.GLUED, 3, 1),
        ("level:>a,b", FilterCode.LIST_NOT_HERE, 8, 1),
        ("level:a..b,c", FilterCode.LIST_NOT_HERE, 10, 1),
        ("level:a..b..c", FilterCode.LIST_NOT_HERE, 10, 2),
        ("level:a,b..c", FilterCode.LIST_NOT_HERE, 9, 2),
        ("level:>a..b", FilterCode.LIST_NOT_HERE, 8, 2),
        ("level:>a*", FilterCode.WILDCARD_NOT_HERE, 7, 2),
        ("level:a..b*", FilterCode.WILDCARD_NOT_HERE, 9, 2),
        ("(" * 21 + "a" + ")" * 21, FilterCode.TOO_NESTED, 21, 1),
        ("-" * 21 + "a", FilterCode.TOO_NESTED, 21, 1),
        ("a " * 101, FilterCode.TOO_MANY_TERMS, 200, 1),
        ("a" * (MAX_LENGTH + 7), FilterCode.TOO_LONG, MAX_LENGTH, 7),
    ],
)
def test_a_fault_is_refused_with_its_place(text: str, code: FilterCode, at: int, length: int) -> None:
    with pytest.raises(FilterError) as caught:
        parse(text)
    assert (caught.value.code, caught.value.at, caught.value.length) == (code, at, length)
    assert "{" not in str(caught.value)


def test_the_limits_themselves_are_allowed() -> None:
    assert parse("(" * 20 + "a" + ")" * 20) == word("a")
    assert len(terms(parse("a " * 100))) == 100
    assert parse("a" * MAX_LENGTH) == word("a" * MAX_LENGTH)


def test_every_code_has_a_message() -> None:
    assert set(MESSAGES) == set(FilterCode)


def test_the_pointer_stands_under_the_fault() -> None:
    with pytest.raises(FilterError) as caught:
        parse("kind:server\nlocation:")
    assert caught.value.pointer() == "kind:server location:\n                     ^"
    with pytest.raises(FilterError) as caught:
        parse('web "Malm')
    assert caught.value.pointer() == 'web "Malm\n    ^^^^^'


def test_the_pointer_of_a_long_text_shows_the_fault_and_its_surroundings() -> None:
    with pytest.raises(FilterError) as caught:
        parse("word " * 90 + "kind: " + "word " * 5)
    line, marks = caught.value.pointer().split("\n")
    assert len(line) < 200
    assert line[: marks.index("^")].endswith("kind:")


@pytest.mark.parametrize("node", [Any(()), Not(All(())), All((All(()),)), word(""), word(" ", quoted=True)])
def test_what_no_text_says_is_not_written(node: Node) -> None:
    with pytest.raises(ValueError):
        to_text(node)


def test_a_term_is_added_replaced_and_removed() -> None:
    node = parse("kind:server web")
    assert to_text(with_term(node, "env", "prod")) == "kind:server web env:prod"
    assert to_text(with_term(node, "kind", "network device")) == 'kind:"network device" web'
    assert to_text(with_term(parse("a OR b"), "kind", "x")) == "(a OR b) kind:x"
    assert to_text(with_term(All(()), "group", "none")) == "group:none"
    assert to_text(without(node, term("kind", "server"))) == "web"
    assert without(parse("web"), word("web")) == All(())
    assert terms(All(())) == ()


def test_two_comparisons_on_a_field_live_side_by_side() -> None:
    node = with_term(parse("day:>a"), "day", "z", Op.LT)
    assert to_text(node) == "day:>a day:<z"
    assert to_text(with_term(node, "day", "b", Op.GT)) == "day:>b day:<z"


@given(NODES, FIELDS, st.text(min_size=1).filter(str.strip))
def test_a_term_that_was_set_is_read_as_the_text_it_was_given(node: Node, field: str, text: str) -> None:
    made = with_term(node, field, text)
    found = [one for one in terms(parse(to_text(made))) if isinstance(one, Term) and one.field == field]
    assert [one.values[0].parts for one in found if one.op is Op.MATCH] == [(text,)]
    assert with_term(made, field, text) == made
