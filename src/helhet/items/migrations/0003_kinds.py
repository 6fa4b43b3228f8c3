"""The kinds that every installation begins with."""

from typing import Any

from django.db import migrations

# key, family, Swedish, Swedish plural, English, English plural, prefix, icon, must be owned, listed
KINDS = (
    ("business_service", "service", "IT-tjänst", "IT-tjänster", "Business service", "Business services", "SRV", "service", True, True),
    ("supporting_service", "service", "Stödjande tjänst", "Stödjande tjänster", "Supporting service", "Supporting services", "SRV", "support", True, True),
    ("product", "product", "Produkt", "Produkter", "Product", "Products", "PRD", "product", True, True),
    ("application", "software", "Applikation", "Applikationer", "Application", "Applications", "SW", "software", True, True),
    ("software", "software", "Programvara", "Programvaror", "Software", "Software", "SW", "software", True, True),
    ("database", "software", "Databas", "Databaser", "Database", "Databases", "SW", "database", True, True),
    ("licence", "software", "Licens", "Licenser", "Licence", "Licences", "LIC", "licence", True, True),
    ("certificate", "software", "Certifikat", "Certifikat", "Certificate", "Certificates", "CRT", "certificate", True, True),
    ("server", "hardware", "Server", "Servrar", "Server", "Servers", "HW", "hardware", True, True),
    ("network_device", "hardware", "Nätutrustning", "Nätutrustning", "Network device", "Network devices", "HW", "network", True, True),
    ("storage", "hardware", "Lagring", "Lagring", "Storage", "Storage", "HW", "storage", True, True),
    ("workplace_device", "hardware", "Arbetsplatsutrustning", "Arbetsplatsutrustning", "Workplace device", "Workplace devices", "HW", "workplace", True, True),
    ("virtual_machine", "platform", "Virtuell maskin", "Virtuella maskiner", "Virtual machine", "Virtual machines", "VM", "virtual", True, True),
    ("cluster", "platform", "Kluster", "Kluster", "Cluster", "Clusters", "CL", "cluster", True, True),
    ("environment", "platform", "Miljö", "Miljöer", "Environment", "Environments", "ENV", "environment", False, True),
    ("facility", "place", "Anläggning", "Anläggningar", "Facility", "Facilities", "FAC", "place", True, True),
    ("location", "place", "Plats", "Platser", "Location", "Locations", "LOC", "location", False, True),
    ("document", "document", "Dokument", "Dokument", "Document", "Documents", "DOC", "document", True, True),
    ("routine", "routine", "Rutin", "Rutiner", "Routine", "Routines", "RUT", "routine", True, True),
    ("process", "process", "Process", "Processer", "Process", "Processes", "PRC", "process", True, True),
    ("contract", "contract", "Avtal", "Avtal", "Contract", "Contracts", "AGR", "contract", True, True),
    ("group", "group", "Grupp", "Grupper", "Group", "Groups", "GRP", "group", False, False),
)  # fmt: skip


def forwards(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 - Django's signature
    """Add those that are missing."""
    kind = apps.get_model("items", "Kind")
    for position, row in enumerate(KINDS):
        key, family, sv, plural_sv, en, plural_en, prefix, icon, owned, listed = row
        kind.objects.get_or_create(
            key=key,
            defaults={
                "family": family, "name_sv": sv, "plural_sv": plural_sv, "name_en": en, "plural_en": plural_en,
                "prefix": prefix, "icon": icon, "must_be_owned": owned, "is_listed": listed, "is_builtin": True,
                "position": (position + 1) * 10,
            },
        )  # fmt: skip


class Migration(migrations.Migration):
    """Going back leaves the kinds, which items may use."""

    dependencies = [("items", "0002_storage")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
