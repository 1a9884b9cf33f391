from django.db import models

from servanda.intake.models import Batch
from servanda.people.models import Institution
from servanda.planning.models.actions import Plan


class BroughtInstitution(models.Model):
    """An institution created by an import; undoing the import deletes it, unless something else refers to it."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="+")
    institution = models.OneToOneField(Institution, models.CASCADE, related_name="+")
    is_listed = models.BooleanField(default=False)  # named in a separate sheet of institutions

    def __str__(self) -> str:
        return str(self.institution)


class FilledInstitution(models.Model):
    """A field of an institution that was empty until an import filled it."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="+")
    institution = models.ForeignKey(Institution, models.CASCADE, related_name="+")
    field = models.CharField(max_length=40)
    value = models.TextField()

    def __str__(self) -> str:
        return f"{self.institution}: {self.field}"


class BroughtPlan(models.Model):
    """A plan created by an import; undoing the import deletes it, unless something else refers to it."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="+")
    plan = models.OneToOneField(Plan, models.CASCADE, related_name="+")
    mark = models.CharField(max_length=16)  # the `mark` of the plan when it was created

    def __str__(self) -> str:
        return str(self.plan)
