from django.db import models

from servanda.intake.models import Batch
from servanda.people.models import Institution


class BroughtInstitution(models.Model):
    """An institution that an imported list named first; it goes with the import, unless something else names it."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="+")
    institution = models.OneToOneField(Institution, models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return str(self.institution)
