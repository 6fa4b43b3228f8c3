"""Django's entry for this room."""

from django.apps import AppConfig


class ChangesConfig(AppConfig):
    """The room `changes`."""

    name = "helhet.changes"
    label = "changes"
    default_auto_field = "django.db.models.BigAutoField"
