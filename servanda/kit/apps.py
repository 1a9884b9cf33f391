from django.apps import AppConfig
from django.db.models import fields
from django.utils.translation import gettext_lazy as _


class KitConfig(AppConfig):
    name = "servanda.kit"

    def ready(self) -> None:
        """Django's own words for an empty choice are not there in all our languages."""
        import servanda.kit.private_place  # noqa: F401, PLC0415 -- registers the check of the data directory

        fields.BLANK_CHOICE_LABEL = _("Choose one")
