"""Django's entry for this room."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """The room `documents`."""

    name = "helhet.documents"
    label = "documents"
    default_auto_field = "django.db.models.BigAutoField"
