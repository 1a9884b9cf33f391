from django.apps import AppConfig
from django.db.models import fields
from django.utils.translation import gettext_lazy as _

from servanda.kit.formats.ordinals import use_ordinals


class KitConfig(AppConfig):
    name = "servanda.kit"

    def ready(self) -> None:
        """Django does not translate its label of the empty choice into all our languages, and has no French 1er."""
        import servanda.kit.private_place  # noqa: F401, PLC0415 -- registers the check of the data directory

        fields.BLANK_CHOICE_LABEL = _("Choose one")
        use_ordinals()
