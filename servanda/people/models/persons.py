import re
import secrets
from collections.abc import Collection
from datetime import date, timedelta

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property  # not functools': prefetch_related supports only this one
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from servanda.kit.database.prepared import DAY, KEY, OnceInProcess
from servanda.people.access import OFFICES, ROLES, Can, Role, Scope, can, scopes
from servanda.people.models.institutions import Institution, Succession, answering_for


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class UserQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Everyone for those who manage people; for others, those who are appointed to an institution, and
        themselves."""
        if can(user, Can.MANAGE_PEOPLE) or can(user, Can.GIVE_ROLES):
            return self
        if not (user and user.is_authenticated):
            return self.none()
        if not can(user, Can.READ_DIRECTORY):
            return self.filter(pk=user.pk)
        return self.filter(Q(pk=user.pk) | Q(pk__in=Appointment.objects.visible_to(user).values("person")))

    def with_standing(self):
        """With their current appointments, for pages that show many people."""
        current = Appointment.objects.current(on=timezone.localdate()).select_related("institution")
        return self.prefetch_related(models.Prefetch("appointments", current, to_attr="current_appointments"))

    def administrators(self):
        return self.filter(is_active=True, role=Role.ADMINISTRATOR)

    def in_office_with(self, permission: Can):
        """Those whose office in the mechanism gives the permission."""
        roles = [role for role in OFFICES if permission in ROLES[role]]
        return self.filter(is_active=True, role__in=roles)

    def in_state(self, state: str):
        """People with this `state`."""
        return self.filter(STATES[state])


def new_stamp() -> str:
    return secrets.token_hex(8)


class AccountState(models.TextChoices):
    ACTIVE = "active", pgettext_lazy("account", "Active")
    INVITED = "invited", _("Invited")
    CLOSED = "closed", pgettext_lazy("account", "Closed")
    ERASED = "erased", _("Erased")


STATES = {
    AccountState.ACTIVE: Q(is_active=True),
    AccountState.INVITED: Q(is_active=False, accepted_at=None, erased_at=None),
    AccountState.CLOSED: Q(is_active=False, accepted_at__isnull=False, erased_at=None),
    AccountState.ERASED: Q(is_active=False, erased_at__isnull=False),
}


class Digest(models.TextChoices):
    """How often unread notifications are mailed."""

    NEVER = "never", pgettext_lazy("how often a digest is sent", "Never")
    DAILY = "daily", _("Once a day")
    WEEKLY = "weekly", _("Once a week")


class User(AbstractBaseUser):
    """A person who logs in with an e-mail address. Their rights follow from their role in the mechanism and from
    their appointments (`access.py`)."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    role = models.CharField(
        _("role in the mechanism"),
        max_length=16,
        choices=[(role.value, role.label) for role in OFFICES],
        blank=True,
        help_text=_(
            "Focal points, validating authorities, readers and contributors receive their role by appointment."
        ),
    )
    language = models.CharField(_("language"), max_length=8, blank=True)
    digest = models.CharField(
        _("notifications by e-mail"),
        max_length=6,
        choices=Digest,
        default=Digest.WEEKLY,
        help_text=_("One e-mail with your unread notifications. It is not sent if there are none."),
    )
    digest_at = models.DateTimeField(null=True, blank=True, editable=False)
    away_from = models.DateField(_("away from"), null=True, blank=True)
    away_until = models.DateField(
        _("away until"),
        null=True,
        blank=True,
        help_text=_("Until the end of this day, the alternates of your institution are also asked and reminded."),
    )
    is_active = models.BooleanField(_("may log in"), default=True)
    is_demonstration = models.BooleanField(_("demonstration account"), default=False, editable=False)
    date_joined = models.DateTimeField(auto_now_add=True)
    accepted_at = models.DateTimeField(_("invitation accepted at"), null=True, blank=True, editable=False)
    emergency_until = models.DateTimeField(_("administrator until"), null=True, blank=True, editable=False)
    previous_visit = models.DateTimeField(_("previous visit"), null=True, blank=True, editable=False)
    speaks_for = models.ForeignKey(
        Institution, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )  # chosen last, by those who contribute for several institutions
    hides_first_steps = models.BooleanField(default=False, editable=False)
    hides_machine_labels = models.BooleanField(default=False, editable=False)
    erased_at = models.DateTimeField(_("personal data erased at"), null=True, blank=True, editable=False)
    session_stamp = models.CharField(max_length=16, default=new_stamp, editable=False)

    objects = UserManager.from_queryset(UserQuerySet)()
    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        ordering = ["name"]

    def __str__(self) -> str:
        if self.erased_at:
            return gettext("Erased person %(number)s") % {"number": self.pk}
        return self.name or self.email

    @property
    def state(self) -> AccountState:
        if self.is_active:
            return AccountState.ACTIVE
        if self.erased_at:
            return AccountState.ERASED
        return AccountState.CLOSED if self.accepted_at else AccountState.INVITED

    def _get_session_auth_hash(self, secret=None):
        """Sessions end when the password or the stamp changes (`end_sessions`)."""
        return salted_hmac(
            "servanda.people.session", f"{self.password}\x1f{self.session_stamp}", secret=secret, algorithm="sha256"
        ).hexdigest()

    @cached_property
    def current_appointments(self) -> list["Appointment"]:
        """Cached on the object: each request, task and token loads its own user."""
        return OF_PERSON.read(key=self.pk, day=timezone.localdate())

    def is_away(self, *, on: date) -> bool:
        return bool(self.away_from and self.away_until and self.away_from <= on <= self.away_until)

    @property
    def is_emergency_administrator(self) -> bool:
        return self.emergency_until is not None and self.emergency_until > timezone.now()

    @property
    def roles(self) -> frozenset[str]:
        """A page asks for them a hundred times."""
        own = (self.role, self.is_emergency_administrator)
        appointments = self.current_appointments
        known = vars(self).get("known_roles")
        if known is None or known[0] != own or known[1] is not appointments:
            known = vars(self)["known_roles"] = (own, appointments, self.roles_with(appointments))
        return known[2]

    def roles_with(self, appointments: list["Appointment"]) -> frozenset[str]:
        roles = {appointment.role for appointment in appointments}
        if self.role:
            roles.add(self.role)
        if self.is_emergency_administrator:
            roles.add(Role.ADMINISTRATOR)
        return frozenset(roles)

    @property
    def roles_held(self) -> str:
        """The roles as recorded in the trail."""
        return ",".join(sorted(self.roles))

    def role_names(self) -> list[str]:
        return [str(Role(role).label) for role in Role.values if role in self.roles]

    @property
    def role_line(self) -> str:
        return ", ".join(self.role_names())

    @property
    def institution_line(self) -> str:
        return ", ".join(dict.fromkeys(str(appointment.institution) for appointment in self.current_appointments))

    def scopes_of(self, roles: list[str]) -> list[Scope]:
        """Where the person has one of these roles, one scope for each set of bodies; cached on the object."""
        if (key := frozenset(roles)) not in self.known_scopes:
            self.known_scopes[key] = self.read_scopes(key)
        return self.known_scopes[key]

    @cached_property
    def known_scopes(self) -> dict[frozenset[str], list[Scope]]:
        return {}

    def read_scopes(self, roles: frozenset[str]) -> list[Scope]:
        by_bodies: dict[frozenset[str], set[int]] = {}
        for appointment in self.current_appointments:
            if appointment.role in roles:
                by_bodies.setdefault(frozenset(appointment.body_codes()), set()).add(appointment.institution_id)
        return [Scope(self.answering_for(frozenset(own)), bodies) for bodies, own in by_bodies.items()]

    def answering_for(self, institutions: frozenset[int]) -> frozenset[int]:
        """These institutions with their parts and predecessors, cached by set.

        No query if the appointments show that there are none.
        """
        if institutions not in self.known_lines:
            further = {
                appointment.institution_id
                for appointment in self.current_appointments
                if vars(appointment).get("reaches_further", True)
            }
            is_alone = further.isdisjoint(institutions)
            self.known_lines[institutions] = institutions if is_alone else answering_for(institutions)
        return self.known_lines[institutions]

    @cached_property
    def known_queries(self) -> dict[tuple, models.QuerySet]:
        """What this person may see of some models (`once_per_reader`)."""
        return {}

    @cached_property
    def known_lines(self) -> dict[frozenset[int], frozenset[int]]:
        return {}


def current_of_person() -> "AppointmentQuerySet":
    """Appointments with their institution and whether it has parts or predecessors."""
    parts = Institution.objects.filter(parent=models.OuterRef("institution")).order_by()
    predecessors = Succession.objects.filter(successor=models.OuterRef("institution")).order_by()
    reaches_further = models.Exists(parts) | models.Exists(predecessors)
    rows = Appointment.objects.select_related("institution").annotate(reaches_further=reaches_further)
    return rows.current(on=DAY).filter(person=KEY)


OF_PERSON = OnceInProcess(current_of_person)


def body_codes_in(bodies: str) -> list[str]:
    """Codes separated by commas; by semicolons or line ends where there are any, because some codes have a comma."""
    separators = r"[;\r\n]" if re.search(r"[;\r\n]", bodies) else ","
    codes = [" ".join(code.split()) for code in re.split(separators, bodies)]
    return list(dict.fromkeys(code for code in codes if code))


class AppointmentQuerySet(models.QuerySet):
    def current(self, *, on: date):
        return self.filter(Q(end=None) | Q(end__gte=on), start__lte=on)

    def ending(self, *, on: date, within: timedelta):
        """Current appointments whose last day is near."""
        return self.current(on=on).filter(end__lte=on + within)

    def focal_points(self):
        return self.filter(function__in=[Appointment.Function.PRINCIPAL, Appointment.Function.ALTERNATE])

    def visible_to(self, user):
        """The directory; contributors are included only for those who may know them."""
        if not can(user, Can.READ_DIRECTORY):
            return self.filter(person=user.pk) if user and user.is_authenticated else self.none()
        if can(user, Can.SEE_CONTRIBUTORS):
            return self
        return self.filter(~Q(function=Appointment.Function.CONTRIBUTOR) | Q(person=user.pk))


class Appointment(models.Model):
    """One person appointed to one institution in one function, by an act, for a period."""

    class Function(models.TextChoices):
        PRINCIPAL = "principal", _("Focal point, principal")
        ALTERNATE = "alternate", _("Focal point, alternate")
        AUTHORITY = "authority", _("Validating authority")
        READER = "reader", _("Reader")
        CONTRIBUTOR = "contributor", _("Contributor")

    ROLES = {
        Function.PRINCIPAL: Role.FOCAL_POINT,
        Function.ALTERNATE: Role.FOCAL_POINT,
        Function.AUTHORITY: Role.AUTHORITY,
        Function.READER: Role.READER,
        Function.CONTRIBUTOR: Role.CONTRIBUTOR,
    }

    person = models.ForeignKey(User, models.PROTECT, related_name="appointments", verbose_name=_("person"))
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="appointments", verbose_name=_("institution")
    )
    function = models.CharField(_("function"), max_length=12, choices=Function)
    act = models.CharField(
        _("act of appointment"),
        max_length=200,
        blank=True,
        help_text=_("The decree, decision or letter, with its date."),
    )
    start = models.DateField(_("from"))
    end = models.DateField(_("until"), null=True, blank=True, help_text=_("End date. Leave empty if there is none."))
    bodies = models.CharField(
        _("only for these bodies"),
        max_length=200,
        blank=True,
        help_text=_(
            "Codes separated by commas, for example CRC, SR Torture. If a code contains a comma, end each code with "
            "a "
            "semicolon. Leave empty for all bodies."
        ),
    )
    reminded_before = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)

    history = HistoricalRecords(excluded_fields=["reminded_before"])
    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        ordering = ["-start", "-pk"]
        indexes = [models.Index(fields=["institution", "function", "start"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(end=None) | Q(end__gte=F("start")), name="appointment_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_function_display()}, {self.institution}"

    @property
    def role(self) -> Role:
        return self.ROLES[self.Function(self.function)]

    def is_current(self, *, on: date) -> bool:
        return self.start <= on and (self.end is None or self.end >= on)

    def body_codes(self) -> list[str]:
        return body_codes_in(self.bodies)

    def covers(self, bodies: Collection[str]) -> bool:
        """Whether it is for all bodies, or for one of these."""
        return not (codes := self.body_codes()) or not set(codes).isdisjoint(bodies)


class HandOverQuerySet(models.QuerySet):
    def visible_to(self, user):
        """For those who manage people, the two people involved, and colleagues of the institution. What the page
        shows to each of them depends on their own rights."""
        if can(user, Can.MANAGE_PEOPLE):
            return self
        if not (user and user.is_authenticated):
            return self.none()
        condition = Q(to=user.pk) | Q(appointment__person=user.pk)
        visible = Appointment.objects.visible_to(user).values("pk")
        for scope in scopes(user, Can.READ_INTERNAL):
            condition |= Q(appointment__in=visible, appointment__institution__in=scope.institutions)
        return self.filter(condition)


class HandOver(models.Model):
    """Who took over when an appointment ended; its page is the hand-over pack."""

    appointment = models.OneToOneField(Appointment, models.PROTECT, related_name="hand_over")
    to = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("handed over to")
    )
    note = models.TextField(_("notes for the successor"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = HandOverQuerySet.as_manager()

    class Meta:
        verbose_name = _("hand-over")

    def __str__(self) -> str:
        return f"{self.appointment} → {self.to or '–'}"
