"""Coverage is counted as settled."""

from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.coverage import Counts, CoverageRow, GroupLife, coverage

LIVES = {1: GroupLife(), 2: GroupLife(closed=True), 3: GroupLife(has_chair=False), 4: GroupLife(has_member=False)}
ROWS = st.lists(
    st.builds(
        CoverageRow,
        st.sampled_from(["server", "software", "location"]),
        st.booleans(),
        st.sampled_from(["planned", "live", "retiring", "retired"]),
        st.one_of(st.none(), st.integers(1, 4)),
        st.booleans(),
        st.sampled_from([None, "cmdb", "netbox"]),
    ),
    max_size=12,
)


@given(ROWS)
def test_the_parts_of_coverage_add_up(rows: list[CoverageRow]) -> None:
    whole = coverage(rows, LIVES)
    for counts in (whole, *whole.by_kind.values(), *whole.by_group.values(), *whole.by_source.values()):
        assert counts.owned + counts.unowned == counts.items
        assert counts.contested <= counts.owned
        assert counts.living + counts.dead_owner == counts.owned
    for parts in (whole.by_kind.values(), whole.by_group.values(), whole.by_source.values()):
        assert sum(part.items for part in parts) == whole.items
        assert sum(part.owned for part in parts) == whole.owned
        assert sum(part.contested for part in parts) == whole.contested
        assert sum(part.dead_owner for part in parts) == whole.dead_owner
    assert whole.items == len([row for row in rows if row.must_be_owned and row.state != "retired"])


def test_coverage_counts_as_settled() -> None:
    rows = [
        CoverageRow("server", must_be_owned=True, state="live", group=1, contested=True, source="cmdb"),
        CoverageRow("server", must_be_owned=True, state="planned", group=2),
        CoverageRow("server", must_be_owned=True, state="retiring", group=3),
        CoverageRow("software", must_be_owned=True, state="live", group=4),
        CoverageRow("software", must_be_owned=True, state="live", group=None),
        CoverageRow("software", must_be_owned=True, state="retired", group=None),
        CoverageRow("location", must_be_owned=False, state="live", group=None),
    ]
    whole = coverage(rows, LIVES)
    assert (whole.items, whole.owned, whole.unowned, whole.contested, whole.dead_owner) == (5, 4, 1, 1, 3)
    assert (whole.living, whole.share) == (1, 0.2)
    assert whole.by_kind == {"server": Counts(3, 3, 0, 1, 2), "software": Counts(2, 1, 1, 0, 1)}
    assert whole.by_group[None] == Counts(1, 0, 1, 0, 0)
    assert whole.by_source["cmdb"] == Counts(1, 1, 0, 1, 0)


def test_an_empty_estate_has_no_share() -> None:
    assert coverage([], {}).share is None
