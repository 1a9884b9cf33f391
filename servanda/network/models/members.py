from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from servanda.network.models.profiles import MechanismProfile, MechanismProfileQuerySet
from servanda.people.access import Can, can
from servanda.people.models import User


class NetworkRule(models.Model):
    """One version of what the network has agreed about itself on one subject. A changed text is a new version."""

    class Subject(models.TextChoices):
        MEMBERS = "members", pgettext_lazy("rules of the network", "Members")
        ADMISSION = "admission", pgettext_lazy("rules of the network", "Admission")
        CHAIR = "chair", pgettext_lazy("rules of the network", "Chair")
        LANGUAGES = "languages", pgettext_lazy("rules of the network", "Languages")
        DECISIONS = "decisions", pgettext_lazy("rules of the network", "Decision-making")

    subject = models.CharField(_("subject"), max_length=9, choices=Subject)
    number = models.PositiveIntegerField(_("version"))
    text = models.TextField(_("text"))
    language = models.CharField(_("language"), max_length=8)
    source = models.CharField(_("source"), max_length=300)
    agreed_on = models.DateField(_("agreed on"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("rule of the network")
        verbose_name_plural = _("rules of the network")
        ordering = ["subject", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["subject", "number"], name="one_version_of_a_rule_of_a_number"),
            models.CheckConstraint(condition=~Q(source=""), name="a_rule_names_its_source"),
        ]

    def __str__(self) -> str:
        return str(self.get_subject_display())

    def get_absolute_url(self) -> str:
        return reverse("desk:network_rules")


class MembershipStepQuerySet(models.QuerySet):
    def kept(self) -> Self:
        return self.filter(withdrawn_at=None)

    def visible_to(self, user: User) -> Self:
        return self.filter(profile__in=MechanismProfile.objects.visible_to(user).order_by().values("pk"))

    def newest_first(self) -> Self:
        return self.kept().order_by("-day", "-pk")


class MembershipStep(models.Model):
    """A step of a mechanism into the network, within it or out of it. The latest one says whether it is a member."""

    class Kind(models.TextChoices):
        APPLIED = "applied", pgettext_lazy("membership", "Applied")
        ADMITTED = "admitted", pgettext_lazy("membership", "Admitted")
        DECLINED = "declined", pgettext_lazy("membership", "Application declined")
        SUSPENDED = "suspended", pgettext_lazy("membership", "Suspended")
        REINSTATED = "reinstated", pgettext_lazy("membership", "Suspension ended")
        LEFT = "left", pgettext_lazy("membership", "Left")

    # What may follow what; "" is no step at all.
    AFTER = {
        "": (Kind.APPLIED, Kind.ADMITTED),
        Kind.APPLIED: (Kind.ADMITTED, Kind.DECLINED),
        Kind.ADMITTED: (Kind.SUSPENDED, Kind.LEFT),
        Kind.DECLINED: (Kind.APPLIED,),
        Kind.SUSPENDED: (Kind.REINSTATED, Kind.LEFT),
        Kind.REINSTATED: (Kind.SUSPENDED, Kind.LEFT),
        Kind.LEFT: (Kind.APPLIED, Kind.ADMITTED),
    }
    MEMBERS = (Kind.ADMITTED, Kind.REINSTATED)
    SHUT_OUT = (Kind.SUSPENDED, Kind.LEFT)

    profile = models.ForeignKey(
        MechanismProfile, models.PROTECT, related_name="membership", verbose_name=_("mechanism")
    )
    kind = models.CharField(_("step"), max_length=10, choices=Kind)
    day = models.DateField(_("date"))
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = MembershipStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a membership")
        verbose_name_plural = _("steps of a membership")
        ordering = ["-day", "-pk"]
        indexes = [models.Index(fields=["profile", "-day"], name="steps_by_member")]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="a_step_has_a_reason")]

    def __str__(self) -> str:
        return f"{self.profile}: {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return reverse("desk:member", args=[self.profile.key])

    @property
    def shuts_out(self) -> bool:
        """Whether the mechanism loses access to what is shared with members."""
        return self.kind in self.SHUT_OUT


def with_membership(profiles: MechanismProfileQuerySet) -> MechanismProfileQuerySet:
    """Each with the kind and the day of its latest step; None without any."""
    latest = MembershipStep.objects.newest_first().filter(profile=OuterRef("pk"))
    return profiles.annotate(
        membership_kind=Subquery(latest.values("kind")[:1]), membership_day=Subquery(latest.values("day")[:1])
    )


def shut_out_states() -> models.QuerySet:
    """Ids of States of which a mechanism is suspended or has left, and none is a member."""
    profiles = with_membership(MechanismProfile.objects.filter(withdrawn_at=None)).order_by()
    members = profiles.filter(membership_kind__in=MembershipStep.MEMBERS).values("country")
    return profiles.filter(membership_kind__in=MembershipStep.SHUT_OUT).exclude(country__in=members).values("country")


class MemberContactQuerySet(models.QuerySet):
    def current(self) -> Self:
        return self.filter(ended_at=None)

    def visible_to(self, user: User) -> Self:
        return self.filter(profile__in=MechanismProfile.objects.visible_to(user).order_by().values("pk"))

    def former_for(self, user: User) -> Self:
        """Former ones that this person may restore."""
        return self.filter(ended_at__isnull=False) if can(user, Can.EDIT_NETWORK) else self.none()


class MemberContact(models.Model):
    """A person whom the network writes to in a mechanism."""

    profile = models.ForeignKey(MechanismProfile, models.PROTECT, related_name="contacts")
    name = models.CharField(_("name"), max_length=200)
    function = models.CharField(_("function"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = MemberContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact person of a mechanism")
        verbose_name_plural = _("contact persons of a mechanism")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name
