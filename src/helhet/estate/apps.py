"""Django's entry for this room."""

from django.apps import AppConfig


class EstateConfig(AppConfig):
    """The room `estate`."""

    name = "helhet.estate"
    label = "estate"
    default_auto_field = "django.db.models.BigAutoField"
