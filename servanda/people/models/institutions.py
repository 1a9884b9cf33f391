from collections.abc import Iterable
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField
from simple_history.models import HistoricalRecords

from servanda.people.access import Can, can


class InstitutionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if can(user, Can.READ_DIRECTORY) else self.none()

    def active(self, *, on: date):
        return self.filter(Q(active_from=None) | Q(active_from__lte=on), Q(active_to=None) | Q(active_to__gte=on))


class Institution(models.Model):
    """A ministry, department, agency, court or independent body that deals with recommendations."""

    class Branch(models.TextChoices):
        EXECUTIVE = "executive", _("Executive")
        LEGISLATURE = "legislature", _("Legislature")
        JUDICIARY = "judiciary", _("Judiciary")
        INDEPENDENT = "independent", _("Independent")
        STATISTICS = "statistics", _("Statistical office")

    class Level(models.TextChoices):
        NATIONAL = "national", _("National")
        REGION = "region", _("Region")
        MUNICIPALITY = "municipality", _("Municipality")

    code = models.SlugField(_("abbreviation"), max_length=40, unique=True)
    name = I18nCharField(_("name"), max_length=200)
    branch = models.CharField(_("branch"), max_length=12, choices=Branch, default=Branch.EXECUTIVE)
    level = models.CharField(_("level"), max_length=12, choices=Level, default=Level.NATIONAL)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    address = models.TextField(_("postal address"), blank=True)
    active_from = models.DateField(_("exists since"), null=True, blank=True)
    active_to = models.DateField(_("existed until"), null=True, blank=True)

    history = HistoricalRecords()
    objects = InstitutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("institution")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(active_from=None) | Q(active_to=None) | Q(active_to__gte=F("active_from")),
                name="institution_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return str(self.name)

    def is_active(self, *, on: date) -> bool:
        return (self.active_from is None or self.active_from <= on) and not self.is_closed(on=on)

    def is_closed(self, *, on: date) -> bool:
        return self.active_to is not None and self.active_to < on


class Succession(models.Model):
    """One institution that succeeded another, after a merger, a split or a renaming."""

    predecessor = models.ForeignKey(Institution, models.CASCADE, related_name="successions")
    successor = models.ForeignKey(Institution, models.PROTECT, related_name="inheritances")
    on = models.DateField(_("on"))
    act = models.CharField(_("legal act"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="one_succession_each"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="nobody_succeeds_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"


def answering_for(institutions: Iterable[int]) -> frozenset[int]:
    """These institutions with all their parts and predecessors, and those of these in turn."""
    parents = Institution.objects.exclude(parent=None).order_by().values_list("parent_id", "pk")
    pairs = parents.union(Succession.objects.values_list("successor_id", "predecessor_id"), all=True).order_by()
    beneath: dict[int, list[int]] = {}
    for above, below in pairs:
        beneath.setdefault(above, []).append(below)
    keys, waiting = set(institutions), list(institutions)
    while waiting:
        new = set(beneath.get(waiting.pop(), [])) - keys
        keys |= new
        waiting += new
    return frozenset(keys)
