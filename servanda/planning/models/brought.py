from django.db import models

from servanda.intake.models import Batch
from servanda.people.models import Institution
from servanda.planning.models.actions import Plan


class BroughtInstitution(models.Model):
    """An institution that an imported list named first; it goes with the import, unless something else names it."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="+")
    institution = models.OneToOneField(Institution, models.CASCADE, related_name="+")
    is_listed = models.BooleanField(default=False)  # in a sheet of institutions, beside the recommendations

    def __str__(self) -> str:
        return str(self.institution)


class FilledInstitution(models.Model):
    """A field of an institution that was empty before an imported list filled it."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="+")
    institution = models.ForeignKey(Institution, models.CASCADE, related_name="+")
    field = models.CharField(max_length=40)
    value = models.TextField()

    def __str__(self) -> str:
        return f"{self.institution}: {self.field}"


class BroughtPlan(models.Model):
    """A plan that an imported list named first; it goes with the import, unless something else uses it."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="+")
    plan = models.OneToOneField(Plan, models.CASCADE, related_name="+")
    mark = models.CharField(max_length=16)  # of the plan as it was created

    def __str__(self) -> str:
        return str(self.plan)
