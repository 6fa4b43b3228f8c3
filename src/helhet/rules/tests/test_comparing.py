"""Two texts are compared by words, and two that were made from one are put together without loss."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from helhet.rules.comparing import Piece, alike, compare, words_of
from helhet.rules.merging_texts import Conflict, conflicts_left, merge, readable, text_of

WORDS = st.lists(
    st.sampled_from(["a", "b", "å-ä", "SRV-1", " ", "  ", "\n", "\n\n", "- ", "|", "_x", "\r"]), max_size=14
)
TEXTS = WORDS.map("".join)


def side(pieces: list[Piece], without: str) -> str:
    """One of the two texts again."""
    return "".join(piece.text for piece in pieces if piece.kind != without)


@given(TEXTS, TEXTS)
def test_applying_a_comparison_gives_both_sides_back(before: str, after: str) -> None:
    pieces = compare(before, after)
    assert (side(pieces, "new"), side(pieces, "gone")) == (before, after)
    assert all(piece.text for piece in pieces)
    assert (before == after) == all(piece.kind == "same" for piece in pieces)


@given(st.lists(st.sampled_from("abc"), max_size=9), st.lists(st.sampled_from("abc"), max_size=9))
def test_what_is_told_as_alike_is_alike_and_in_order(first: list[str], second: list[str]) -> None:
    ends = (0, 0)
    for i, j, count in alike(first, second):
        assert (i >= ends[0], j >= ends[1]) == (True, True)
        assert first[i : i + count] == second[j : j + count]
        ends = (i + count, j + count)


def test_an_altered_phrase_is_told_as_a_phrase_and_its_line_stays() -> None:
    pieces = compare("# Start\n\nCall the service desk first.\n", "# Start\n\nCall the duty manager first.\n")
    assert pieces == [
        Piece("same", "# Start\n\nCall the "),
        Piece("gone", "service desk"),
        Piece("new", "duty manager"),
        Piece("same", " first.\n"),
    ]


def test_a_long_text_is_compared_in_few_steps() -> None:
    lines = [f"Line {number % 97} of part {number // 97} says {number * 7919 % 1009}.\n" for number in range(5_000)]
    other = [line for number, line in enumerate(lines) if number % 50] + ["The end.\n"]
    pieces = compare("".join(lines), "".join(other))
    assert sum(len(piece.text) for piece in pieces if piece.kind == "gone") < 100 * 60
    repeated = compare("x y\n" * 40_000, "y x\n" * 40_000)
    assert side(repeated, "new") == "x y\n" * 40_000


@given(TEXTS, TEXTS)
def test_one_who_altered_nothing_takes_what_the_other_wrote(base: str, other: str) -> None:
    whole = [other] if other else []
    assert merge(base, other, base) == whole
    assert merge(base, base, other) == whole
    assert merge(base, other, other) == whole


@given(st.lists(st.sampled_from(["one\n", "two\n", "three\n", "four\n"]), min_size=3, max_size=8), TEXTS, TEXTS)
def test_edits_apart_are_both_kept(lines: list[str], first: str, last: str) -> None:
    base = "Begin here.\n" + "".join(lines) + "End here.\n"
    mine, theirs = f"{first}\n{base}", f"{base}{last}\n"
    assert merge(base, mine, theirs) == [f"{first}\n{base}{last}\n"]


@given(TEXTS, TEXTS, TEXTS)
@settings(max_examples=300)
def test_no_word_that_either_wrote_is_lost(base: str, mine: str, theirs: str) -> None:
    merged = merge(base, mine, theirs)
    kept = Counter(words_of(text_of(merged, mine="mine", theirs="theirs")))
    before = Counter(words_of(base))
    for side_text in (mine, theirs):
        assert not (set(words_of(side_text)) - set(before)) - set(kept)
        if any(isinstance(piece, Conflict) for piece in merged):
            continue
        written = Counter(words_of(side_text)) - before
        assert all(kept[word] >= min(count, 1) for word, count in written.items())


def test_two_words_of_one_line_are_put_together_and_the_same_word_is_a_conflict() -> None:
    base = "Ring the desk at eight.\nEnd.\n"
    assert merge(base, "Call the desk at eight.\nEnd.\n", "Ring the desk at nine.\nEnd.\n") == [
        "Call the desk at nine.\nEnd.\n"
    ]
    merged = merge(base, "Ring the desk at six.\nEnd.\n", "Ring the desk at nine.\nEnd.\n")
    assert merged == [
        Conflict("Ring the desk at eight.\n", "Ring the desk at six.\n", "Ring the desk at nine.\n"), "End.\n",
    ]  # fmt: skip
    assert text_of(merged, mine="Yours", theirs="Ann's") == (
        ">>>>>>> Ann's\nRing the desk at nine.\n>>>>>>> Yours\nRing the desk at six.\n<<<<<<<\nEnd.\n"
    )


@given(TEXTS, TEXTS, TEXTS)
def test_each_conflict_that_is_left_in_a_text_is_counted(base: str, mine: str, theirs: str) -> None:
    merged = merge(base, mine, theirs)
    conflicts = sum(isinstance(piece, Conflict) for piece in merged)
    assert conflicts_left(text_of(merged, mine="Yours", theirs="Ann's")) == conflicts
    assert conflicts_left(base) == 0


def test_what_git_writes_and_quotes_in_quotes_are_no_conflicts_of_ours() -> None:
    assert conflicts_left("<<<<<<< HEAD\nA\n=======\nB\n>>>>>>> main\n\n>>>>>>> deep quote\n") == 0


def test_a_place_where_both_stand_reads_as_words_of_two_and_other_texts_as_they_are() -> None:
    both = text_of(["# A\n", Conflict("x\n", "mine\n", "theirs\n"), "rest\n"], mine="Yours", theirs="Ann's")
    assert readable(both) == "# A\n\n**Ann's:**\n\ntheirs\n\n**Yours:**\n\nmine\n\n***\n\nrest\n"
    for text in ("<<<<<<< HEAD\nA\n>>>>>>> main\n", ">>>>>>> deep\nquote", "", "a\r\nb"):
        assert readable(text) == text
