"""Django's entry for this room."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """The room `search`."""

    name = "helhet.search"
    label = "search"
    default_auto_field = "django.db.models.BigAutoField"
