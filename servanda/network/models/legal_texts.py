import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from servanda.network.models.files import FileInLanguage
from servanda.network.models.profiles import MechanismProfile
from servanda.network.models.withdrawable import RestorableQuerySet
from servanda.people.models import User


def legal_text_place(text: "LegalText", _name: str) -> str:
    """A generated name without an extension: nothing that a person typed becomes a path."""
    return f"mechanisms/{text.key.hex[:2]}/{text.key}"


class LegalTextQuerySet(RestorableQuerySet):
    def visible_to(self, user: User) -> Self:
        profiles = MechanismProfile.objects.visible_to(user).order_by().values("pk")
        return self.filter(withdrawn_at=None, profile__in=profiles)

    def public(self) -> Self:
        """Those of published profiles."""
        return self.filter(withdrawn_at=None, profile__in=MechanismProfile.objects.public().order_by().values("pk"))


class LegalText(FileInLanguage):
    """The text of the legal act that establishes a mechanism, in one language."""

    OWNER = "profile"
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    profile = models.ForeignKey(MechanismProfile, models.CASCADE, related_name="legal_texts")
    file = models.FileField(_("file"), upload_to=legal_text_place, max_length=200)

    objects = LegalTextQuerySet.as_manager()

    class Meta(FileInLanguage.Meta):
        verbose_name = _("text of a legal act")
        verbose_name_plural = _("texts of legal acts")
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""), name="legal_text_withdrawn_with_a_reason"
            ),
        ]

    @property
    def is_public(self) -> bool:
        return self.withdrawn_at is None and self.profile.is_public
