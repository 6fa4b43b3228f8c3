"""Django's entry for this room."""

from django.apps import AppConfig


class ImportersConfig(AppConfig):
    """The room `importers`."""

    name = "helhet.importers"
    label = "importers"
    default_auto_field = "django.db.models.BigAutoField"
