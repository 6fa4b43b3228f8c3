"""iTop: its links and fields become dependencies in the house's types, from XML and from its interface."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest

from helhet.estate.models import Dependency
from helhet.importers import portions
from helhet.importers.tests.rig import take

pytestmark = pytest.mark.django_db

SET = """<?xml version="1.0" encoding="UTF-8"?><Set>
<Server alias="Server" id="3"><name>Server2</name><status>production</status><business_criticity>high</business_criticity><powerA_id>41</powerA_id><powerB_id>42</powerB_id></Server>
<PDU id="41"><name>PDU A</name></PDU><PDU id="42"><name>PDU B</name></PDU>
<NetworkDevice id="5"><name>Router1</name><powerA_id>0</powerA_id></NetworkDevice>
<DBServer id="17"><name>Oracle</name><system_id>3</system_id><status></status></DBServer>
<DatabaseSchema id="20"><name>odooprod</name><dbserver_id>17</dbserver_id></DatabaseSchema>
<ApplicationSolution id="28"><name>ERP</name><status>inactive</status></ApplicationSolution>
<lnkApplicationSolutionToFunctionalCI id="6"><applicationsolution_id>28</applicationsolution_id><functionalci_id>20</functionalci_id></lnkApplicationSolutionToFunctionalCI>
<lnkApplicationSolutionToFunctionalCI id="7"><applicationsolution_id>28</applicationsolution_id><functionalci_id>99</functionalci_id></lnkApplicationSolutionToFunctionalCI>
<lnkConnectableCIToNetworkDevice id="1"><networkdevice_id>5</networkdevice_id><connectableci_id>3</connectableci_id><connection_type>downlink</connection_type></lnkConnectableCIToNetworkDevice>
<Team id="4"><name>Unix</name></Team><Person id="9"><name>Ek</name><first_name>Siv</first_name></Person>
<lnkPersonToTeam id="1"><team_id>4</team_id><person_id>9</person_id></lnkPersonToTeam>
</Set>"""  # noqa: E501 - as it exports them


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, settings: object, tmp_path: Path) -> None:
    monkeypatch.setattr(portions, "GAP", 0)
    settings.FILES_DIR = tmp_path / "files"  # type: ignore[attr-defined]


def stated() -> set[tuple[str, str, str]]:
    """The dependencies by names."""
    rows = Dependency.objects.values_list("from_item__name", "type", "to_item__name")
    return set(rows)


def test_links_and_fields_of_an_export_become_dependencies(tmp_path: Path) -> None:
    file = tmp_path / "itop.xml"
    file.write_text(SET)
    outcome = take(file, mapping="itop", source="itop")
    assert stated() == {
        ("ERP", "uses", "odooprod"), ("odooprod", "stored_in", "Oracle"), ("Oracle", "runs_on", "Server2"),
        ("Server2", "connects_through", "Router1"), ("Server2", "powered_by", "PDU A"),
        ("Server2", "powered_by", "PDU B"),
    }  # fmt: skip
    assert outcome.findings == 1
    feeds = Dependency.objects.filter(type="powered_by")
    assert len({one.redundancy_id for one in feeds} - {None}) == 1
    assert feeds[0].redundancy is not None
    assert feeds[0].redundancy.least == 1


def test_the_answers_of_the_interface_are_read_alike(tmp_path: Path) -> None:
    file = tmp_path / "itop.json"
    fields = {"name": "VM1", "virtualhost_id": "7", "status": "production"}
    file.write_text(json.dumps({"code": 0, "objects": {
        "VirtualMachine::12": {"code": 0, "class": "VirtualMachine", "key": "12", "fields": fields},
        "Farm::7": {"code": 0, "class": "Farm", "key": "7", "fields": {"name": "Cluster1"}},
    }}))  # fmt: skip
    take(file, mapping="itop", source="itop")
    assert stated() == {("VM1", "runs_on", "Cluster1")}


def test_the_sample_organisation_is_taken_with_all_its_links(shared: Path, tmp_path: Path) -> None:
    with tarfile.open(shared / "data" / "estate" / "itop_sample_data.tar.gz") as archive:
        names = (
            "itop-virtualization-mgmt/",
            "itop-config-mgmt/data.sample.",
            "itop-structure/",
            "itop-datacenter-mgmt/",
        )
        for member in archive.getmembers():
            if member.isfile() and member.name.startswith(names) and "virtualization" not in member.name:
                path = tmp_path / "itop" / member.name
                path.parent.mkdir(parents=True, exist_ok=True)
                # Not `extract`, whose filter the Python of Debian 12 does not know.
                path.write_bytes(archive.extractfile(member).read())
    take(tmp_path / "itop", mapping="itop", source="itop")
    got = stated()
    assert {("ERP", "uses", "odooprod"), ("Sales web site", "uses", "CRM"), ("Oracle", "runs_on", "Server2")} <= got
    assert ("odooprod", "stored_in", "Oracle") in got
    assert all(type_ in {"uses", "runs_on", "stored_in"} for _a, type_, _b in got)
