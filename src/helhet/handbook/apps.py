"""Django's entry for this room."""

from django.apps import AppConfig


class HandbookConfig(AppConfig):
    """The room `handbook`."""

    name = "helhet.handbook"
    label = "handbook"
    default_auto_field = "django.db.models.BigAutoField"
