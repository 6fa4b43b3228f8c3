"""Types of dependency: their words in both directions, which ends they may tie, and words that nobody explained."""

from __future__ import annotations

import pytest

from helhet.estate.dependencies import add_dependency, change_dependency
from helhet.estate.models import Dependency, DependencyType
from helhet.estate.types import (
    Meaning,
    create_type,
    is_allowed,
    merge_word,
    remove_type,
    type_words,
    types_counted,
    unexplained,
)
from helhet.kit.errors import Clash, Invalid
from tests.world import SYSTEM, make_item

pytestmark = pytest.mark.django_db

WORDS = {"name_sv": "kopieras av", "name_en": "backed up by", "turned_sv": "kopierar", "turned_en": "backs up"}


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("", Meaning("uses")),
        ("runs_on", Meaning("runs_on")),
        ("Körs på", Meaning("runs_on")),
        ("BÄR", Meaning("runs_on", is_turned=True)),
        ("carries", Meaning("runs_on", is_turned=True)),
        ("Depends on::Used by", Meaning("uses")),
        ("Used by::Depends on", Meaning("uses", is_turned=True)),
        ("Runs on::Runs", Meaning("runs_on")),
        ("Hosts::Hosted on", Meaning("runs_on", is_turned=True)),
        ("Something odd::Hosts", Meaning("runs_on")),
        ("Something odd::Hosted on", Meaning("runs_on", is_turned=True)),
        ("powered-by", Meaning("powered_by")),
        ("  replikeras   till ", Meaning("replikeras till")),
    ],
)
def test_a_word_means_a_type_and_a_direction_in_both_languages(word: str, meaning: Meaning) -> None:
    assert type_words().meaning(word) == meaning


def test_a_word_from_the_other_end_turns_the_dependency_round() -> None:
    app, server = make_item("Lönesystem", kind="application"), make_item("srv01")
    made = add_dependency(server, app, by=SYSTEM, sort="bär")
    assert (made.from_item, made.to_item, made.type) == (app, server, "runs_on")


def test_stating_what_a_type_may_not_tie_is_told_and_may_be_done_anyway() -> None:
    app, server = make_item("Lönesystem", kind="application"), make_item("srv01")
    with pytest.raises(Invalid, match=r"documented by|beskrivs av"):
        add_dependency(app, server, by=SYSTEM, sort="documented_by")
    assert not Dependency.objects.exists()
    add_dependency(app, server, by=SYSTEM, sort="documented_by", is_anyway=True)
    add_dependency(app, make_item("Driftplan", kind="document"), by=SYSTEM, sort="documented_by")
    counted = {row.type.key: (row.count, row.breaking) for row in types_counted(SYSTEM)}
    assert counted["documented_by"] == (2, 1)
    assert counted["uses"] == (0, 0)


def test_pairs_go_by_kind_and_family_and_none_of_them_allows_all() -> None:
    app, server = make_item(kind="application"), make_item(kind="server")
    free = DependencyType(pairs=[])
    by_family = DependencyType(pairs=[["family:software", "family:hardware"]])
    by_kind = DependencyType(pairs=[["kind:database", ""], ["kind:server", "kind:application"]])
    assert [is_allowed(one, app, server) for one in (free, by_family, by_kind, None)] == [True, True, False, True]
    assert [is_allowed(one, server, app) for one in (free, by_family, by_kind)] == [True, False, True]


def test_a_word_that_is_no_type_is_kept_and_becomes_a_type_when_it_is_explained() -> None:
    app, server, other = make_item(), make_item(), make_item()
    add_dependency(app, server, by=SYSTEM, sort="Kopieras av")
    add_dependency(app, other, by=SYSTEM, sort="Kopieras av")
    assert [(one.word, one.count) for one in unexplained(SYSTEM)] == [("Kopieras av", 2)]
    create_type(by=SYSTEM, key="backed_up_by", **WORDS)
    assert set(Dependency.objects.values_list("type", flat=True)) == {"backed_up_by"}
    assert unexplained(SYSTEM) == []


def test_a_type_of_ones_own_is_merged_into_another_with_its_words_and_its_dependencies() -> None:
    app, server, other = make_item(), make_item(), make_item()
    create_type(by=SYSTEM, key="backed_up_by", **WORDS)
    add_dependency(app, server, by=SYSTEM, sort="backed_up_by")
    add_dependency(app, other, by=SYSTEM, sort="backed_up_by")
    add_dependency(app, other, by=SYSTEM, sort="uses")
    merge_word("backed_up_by", "uses", by=SYSTEM)
    assert sorted(Dependency.objects.values_list("to_item", "type")) == [(server.pk, "uses"), (other.pk, "uses")]
    assert type_words().meaning("kopierar") == Meaning("uses", is_turned=True)
    with pytest.raises(Invalid):
        merge_word("runs_on", "uses", by=SYSTEM)


def test_a_type_that_is_used_or_built_in_is_not_removed() -> None:
    create_type(by=SYSTEM, key="backed_up_by", **WORDS)
    add_dependency(make_item(), make_item(), by=SYSTEM, sort="backed_up_by")
    for key in ("backed_up_by", "uses"):
        with pytest.raises(Clash):
            remove_type(key, by=SYSTEM, version=1)


def test_another_type_that_stands_between_the_same_ends_already_is_a_clash() -> None:
    app, server = make_item(), make_item()
    add_dependency(app, server, by=SYSTEM)
    second = add_dependency(app, server, by=SYSTEM, sort="runs_on")
    with pytest.raises(Clash):
        change_dependency(second, by=SYSTEM, version=1, sort="uses")
