from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.change_risk import HIGH, LOW, MEDIUM, Tried, assess, chance_of, whole_chance

tried = st.integers(0, 200).flatmap(lambda count: st.builds(Tried, st.integers(0, count), st.just(count)))
services = st.lists(st.tuples(st.integers(1, 30), st.integers(0, 4)), max_size=6, unique_by=lambda one: one[0])
parts = st.dictionaries(st.sampled_from(("group", "kind:server", "kind:storage")), tried)


@given(services, parts, tried)
def test_the_risk_is_the_highest_of_every_impact_times_every_chance(
    hit: list[tuple[int, int]], done: dict[str, Tried], whole: Tried
) -> None:
    found = assess(hit, done, whole)
    impacts = [1] + [{0: 2, 1: 1, 2: 2, 3: 3, 4: 4}[criticality] for _pk, criticality in hit]
    base = (whole.bad + 2) / (whole.count + 20)
    chances = [base] + [(one.bad + 10 * base) / (one.count + 10) for one in done.values() if one.count]
    highest = max(impact * chance for impact in impacts for chance in chances)
    assert abs(found.score - highest) < 1e-12
    assert found.risk == (HIGH if highest >= 0.6 else MEDIUM if highest >= 0.2 else LOW)
    assert (found.service is None) == (not hit)


@given(tried, tried)
def test_what_has_done_little_is_judged_as_the_whole_and_much_as_itself(part: Tried, whole: Tried) -> None:
    low, high = sorted((whole_chance(whole), part.bad / part.count if part.count else whole_chance(whole)))
    assert low - 1e-12 <= chance_of(part, whole) <= high + 1e-12


def test_nothing_that_was_ever_done_is_no_proof_of_safety() -> None:
    assert assess([(1, 4)], {}, Tried()).risk == MEDIUM
    assert assess([], {}, Tried()).risk == LOW
    assert assess([(1, 4)], {"group": Tried(12, 40)}, Tried(12, 40)).risk == HIGH
