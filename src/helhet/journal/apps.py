"""Django's entry for this room."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """The room `journal`."""

    name = "helhet.journal"
    label = "journal"
    default_auto_field = "django.db.models.BigAutoField"
