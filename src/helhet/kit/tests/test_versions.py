"""One check for all that has versions."""

from dataclasses import dataclass

import pytest
from django.utils.translation import override

from helhet.kit.errors import Stale, VersionMissing
from helhet.kit.versions import check_version


@dataclass
class Thing:
    version: int


def test_a_change_from_the_current_version_is_let_through():
    check_version(Thing(3), 3, "SRV-1")


@pytest.mark.parametrize("given", [0, 2, 4, -1])
def test_a_change_from_another_version_is_refused_with_both(given):
    with pytest.raises(Stale) as refused:
        check_version(Thing(3), given, "SRV-1")
    assert refused.value.details == {"given": given, "current": 3}
    assert "SRV-1" in refused.value.message
    assert refused.value.todo


def test_a_change_from_no_version_is_refused_in_the_readers_language():
    with override("sv"), pytest.raises(VersionMissing) as refused:
        check_version(Thing(3), None, "SRV-1")
    assert refused.value.message == "Ange vilken version av SRV-1 du ändrade."
