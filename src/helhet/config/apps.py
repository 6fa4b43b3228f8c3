"""Binds the ports when Django starts."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The top floor."""

    name = "helhet.config"
    label = "config"

    def ready(self) -> None:
        """Fill the ports and make all permissions known."""
        from helhet.accounts.permissions import AccountPermission  # noqa: PLC0415 - the registry must be ready first
        from helhet.changes.permissions import ChangePermission  # noqa: PLC0415
        from helhet.config.ports import FILLED  # noqa: PLC0415
        from helhet.documents.permissions import DocumentPermission  # noqa: PLC0415
        from helhet.estate.permissions import EstatePermission  # noqa: PLC0415
        from helhet.groups.permissions import GroupPermission  # noqa: PLC0415
        from helhet.groups.policy import know  # noqa: PLC0415
        from helhet.handbook.permissions import HandbookPermission  # noqa: PLC0415
        from helhet.home.permissions import HomePermission  # noqa: PLC0415
        from helhet.importers.permissions import ImportPermission  # noqa: PLC0415
        from helhet.items.permissions import ItemPermission  # noqa: PLC0415
        from helhet.kit.jobs.permissions import JobPermission  # noqa: PLC0415
        from helhet.kit.permissions import KitPermission  # noqa: PLC0415
        from helhet.kit.ports import fill  # noqa: PLC0415
        from helhet.responsibility.permissions import ResponsibilityPermission  # noqa: PLC0415
        from helhet.routines.permissions import RoutinePermission  # noqa: PLC0415
        from helhet.search.permissions import SearchPermission  # noqa: PLC0415
        from helhet.suppliers.permissions import SupplierPermission  # noqa: PLC0415

        fill(FILLED)
        know(
            AccountPermission,
            ChangePermission,
            DocumentPermission,
            EstatePermission,
            GroupPermission,
            HandbookPermission,
            HomePermission,
            ImportPermission,
            ItemPermission,
            JobPermission,
            KitPermission,
            ResponsibilityPermission,
            RoutinePermission,
            SearchPermission,
            SupplierPermission,
        )
