"""Django's entry for this room."""

from django.apps import AppConfig


class RoutinesConfig(AppConfig):
    """The room `routines`."""

    name = "helhet.routines"
    label = "routines"
    default_auto_field = "django.db.models.BigAutoField"
