"""Django's entry for this room."""

from django.apps import AppConfig


class ResponsibilityConfig(AppConfig):
    """The room `responsibility`."""

    name = "helhet.responsibility"
    label = "responsibility"
    default_auto_field = "django.db.models.BigAutoField"
