from django.apps import AppConfig
from django.db.models import fields
from django.utils.translation import gettext_lazy as _


class KitConfig(AppConfig):
    name = "servanda.kit"

    def ready(self) -> None:
        """Django does not translate its label of the empty choice into all our languages, so we set our own."""
        import servanda.kit.private_place  # noqa: F401, PLC0415 -- registers the check of the data directory

        fields.BLANK_CHOICE_LABEL = _("Choose one")
