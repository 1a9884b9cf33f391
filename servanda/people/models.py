import secrets
from datetime import date, datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property  # not that of Python: prefetching knows only this one
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField
from simple_history.models import HistoricalRecords

from servanda.people.access import OFFICES, Can, Role, Scope, can, scopes
from servanda.people.notices import Notification, Opened  # noqa: F401 -- models live where Django looks for them


class Instance(models.Model):
    """Whose system this is. There is one row; until it is filled in, the pages say so."""

    state_code = models.CharField(_("State"), max_length=8, blank=True, help_text=_("ISO code, for instance SVN."))
    name = I18nCharField(_("official name of the mechanism"), max_length=200, blank=True)
    languages = models.CharField(
        _("languages of the records"),
        max_length=60,
        default="en",
        help_text=_("Codes separated by commas, the most used first: sl,en,fr"),
    )
    time_zone = models.CharField(_("time zone"), max_length=40, default="UTC")
    contact = models.EmailField(_("public contact"), blank=True)
    second_factor_for_focal_points = models.BooleanField(
        _("focal points need a second factor"), default=False, help_text=_("A code from their phone at each log-in.")
    )
    second_factor_for_contributors = models.BooleanField(_("contributors need a second factor"), default=False)
    is_demonstration = models.BooleanField(_("demonstration"), default=False, editable=False)

    def __str__(self) -> str:
        return str(self.name) or "Servanda"

    @classmethod
    def current(cls) -> "Instance":
        return cls.objects.first() or cls(pk=1)

    def language_codes(self) -> list[str]:
        return [code.strip() for code in self.languages.split(",") if code.strip()]


class InstitutionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if can(user, Can.READ_DIRECTORY) else self.none()

    def active(self, *, on: date):
        return self.filter(Q(active_from=None) | Q(active_from__lte=on), Q(active_to=None) | Q(active_to__gte=on))


class Institution(models.Model):
    """A ministry, department, agency, court, or independent body that answers for recommendations."""

    class Branch(models.TextChoices):
        EXECUTIVE = "executive", _("Executive")
        LEGISLATURE = "legislature", _("Legislature")
        JUDICIARY = "judiciary", _("Judiciary")
        INDEPENDENT = "independent", _("Independent")
        STATISTICS = "statistics", _("Statistics office")

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
        return (self.active_from is None or self.active_from <= on) and (
            self.active_to is None or self.active_to >= on
        )


class Succession(models.Model):
    """One institution that took over from another: merged, split or renamed by one act."""

    predecessor = models.ForeignKey(Institution, models.CASCADE, related_name="successions")
    successor = models.ForeignKey(Institution, models.PROTECT, related_name="inheritances")
    on = models.DateField(_("on"))
    act = models.CharField(_("by what act"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="one_succession_each"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="nobody_succeeds_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"


def answering_for(institutions: set[int]) -> frozenset[int]:
    """Those institutions with all that are part of them, and all whose place any of them took."""
    pairs = [
        *Institution.objects.exclude(parent=None).order_by().values_list("parent_id", "pk"),
        *Succession.objects.values_list("successor_id", "predecessor_id"),
    ]
    beneath: dict[int, list[int]] = {}
    for above, below in pairs:
        beneath.setdefault(above, []).append(below)
    found, waiting = set(institutions), list(institutions)
    while waiting:
        new = set(beneath.get(waiting.pop(), [])) - found
        found |= new
        waiting += new
    return frozenset(found)


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class UserQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those who manage people see everybody; others see who answers for an institution, and themselves."""
        if can(user, Can.MANAGE_PEOPLE) or can(user, Can.GIVE_ROLES):
            return self
        if not (user and user.is_authenticated):
            return self.none()
        if not can(user, Can.READ_DIRECTORY):
            return self.filter(pk=user.pk)
        return self.filter(Q(pk=user.pk) | Q(pk__in=Appointment.objects.visible_to(user).values("person")))

    def with_standing(self):
        """With the appointments that hold today, for pages that show many people."""
        current = Appointment.objects.current(on=timezone.localdate()).select_related("institution")
        return self.prefetch_related(models.Prefetch("appointments", current, to_attr="current_appointments"))

    def administrators(self):
        return self.filter(is_active=True, role=Role.ADMINISTRATOR)

    def in_state(self, state: str):
        """Those whose `state` is this one."""
        return self.filter(STATES[state])


def new_stamp() -> str:
    return secrets.token_hex(8)


class AccountState(models.TextChoices):
    ACTIVE = "active", _("Active")
    INVITED = "invited", _("Invited")
    CLOSED = "closed", _("Closed")
    ERASED = "erased", _("Erased")


STATES = {
    AccountState.ACTIVE: Q(is_active=True),
    AccountState.INVITED: Q(is_active=False, accepted_at=None, erased_at=None),
    AccountState.CLOSED: Q(is_active=False, accepted_at__isnull=False, erased_at=None),
    AccountState.ERASED: Q(is_active=False, erased_at__isnull=False),
}


class Digest(models.TextChoices):
    """How often somebody is mailed what they have not read yet."""

    NEVER = "never", _("Never")
    DAILY = "daily", _("Once a day")
    WEEKLY = "weekly", _("Once a week")


class User(AbstractBaseUser):
    """A person who logs in with an e-mail address. What they may do follows from the role they hold in the
    mechanism, and from their appointments (`access.py`)."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    role = models.CharField(
        _("role in the mechanism"),
        max_length=16,
        choices=[(role.value, role.label) for role in OFFICES],
        blank=True,
        help_text=_("Focal points, authorities, readers and contributors hold theirs by appointment."),
    )
    language = models.CharField(_("language"), max_length=8, blank=True)
    digest = models.CharField(
        _("notifications by e-mail"),
        max_length=6,
        choices=Digest,
        default=Digest.WEEKLY,
        help_text=_("One mail with what you have not read here. Without anything new there is no mail."),
    )
    digest_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_active = models.BooleanField(_("may log in"), default=True)
    is_demonstration = models.BooleanField(_("demonstration account"), default=False, editable=False)
    date_joined = models.DateTimeField(auto_now_add=True)
    accepted_at = models.DateTimeField(_("accepted the invitation at"), null=True, blank=True, editable=False)
    emergency_until = models.DateTimeField(_("administrator until"), null=True, blank=True, editable=False)
    previous_visit = models.DateTimeField(_("visit before this one"), null=True, blank=True, editable=False)
    erased_at = models.DateTimeField(_("personal data erased at"), null=True, blank=True, editable=False)
    session_stamp = models.CharField(max_length=16, default=new_stamp, editable=False)

    objects = UserManager.from_queryset(UserQuerySet)()
    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
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
        """A session ends with the password it was opened with, and with the stamp (`end_sessions`)."""
        return salted_hmac(
            "servanda.people.session", f"{self.password}\x1f{self.session_stamp}", secret=secret, algorithm="sha256"
        ).hexdigest()

    @cached_property
    def current_appointments(self) -> list["Appointment"]:
        """Asked for once: a request, a task and a token each load their own user."""
        return list(self.appointments.current(on=timezone.localdate()).select_related("institution"))

    @property
    def is_emergency_administrator(self) -> bool:
        return self.emergency_until is not None and self.emergency_until > timezone.now()

    @property
    def roles(self) -> frozenset[str]:
        held = {appointment.role for appointment in self.current_appointments}
        if self.role:
            held.add(self.role)
        if self.is_emergency_administrator:
            held.add(Role.ADMINISTRATOR)
        return frozenset(held)

    @property
    def roles_held(self) -> str:
        """What the trail keeps of the actor's roles."""
        return ",".join(sorted(self.roles))

    def role_names(self) -> list[str]:
        return [str(Role(role).label) for role in Role.values if role in self.roles]

    @property
    def role_line(self) -> str:
        return ", ".join(self.role_names())

    @property
    def institution_line(self) -> str:
        return ", ".join(dict.fromkeys(str(held.institution) for held in self.current_appointments))

    def scopes_of(self, roles: list[str]) -> list[Scope]:
        """Where any of these roles is held, one scope for each set of bodies."""
        by_bodies: dict[frozenset[str], set[int]] = {}
        for appointment in self.current_appointments:
            if appointment.role in roles:
                by_bodies.setdefault(frozenset(appointment.body_codes()), set()).add(appointment.institution_id)
        return [Scope(answering_for(institutions), bodies) for bodies, institutions in by_bodies.items()]


class AppointmentQuerySet(models.QuerySet):
    def current(self, *, on: date):
        return self.filter(Q(end=None) | Q(end__gte=on), start__lte=on)

    def ending(self, *, on: date, within: timedelta):
        """Current ones whose last day is near."""
        return self.current(on=on).filter(end__lte=on + within)

    def focal_points(self):
        return self.filter(function__in=[Appointment.Function.PRINCIPAL, Appointment.Function.ALTERNATE])

    def visible_to(self, user):
        """The directory; contributors stand in it for those who may know who they are."""
        if not can(user, Can.READ_DIRECTORY):
            return self.filter(person=user.pk) if user and user.is_authenticated else self.none()
        if can(user, Can.SEE_CONTRIBUTORS):
            return self
        return self.filter(~Q(function=Appointment.Function.CONTRIBUTOR) | Q(person=user.pk))


class Appointment(models.Model):
    """One person who answers for one institution in one function, by an act, from a day to a day."""

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
        _("appointed by"), max_length=200, blank=True, help_text=_("The decree, decision or letter, with its date.")
    )
    start = models.DateField(_("from"))
    end = models.DateField(_("until"), null=True, blank=True, help_text=_("The last day; empty while it is open."))
    bodies = models.CharField(
        _("only for these bodies"),
        max_length=200,
        blank=True,
        help_text=_("Codes separated by commas, for instance CRC,CEDAW. Empty: for all."),
    )
    reminded_before = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)

    history = HistoricalRecords(excluded_fields=["reminded_before"])
    objects = AppointmentQuerySet.as_manager()

    class Meta:
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
        return [code.strip() for code in self.bodies.split(",") if code.strip()]


class HandOverQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those who hand over or take over, those inside who answer for the same institution, and who manages
        people; what the page then tells each of them follows from their own rights."""
        if can(user, Can.MANAGE_PEOPLE):
            return self
        if not (user and user.is_authenticated):
            return self.none()
        theirs = Q(to=user.pk) | Q(appointment__person=user.pk)
        seen = Appointment.objects.visible_to(user).values("pk")
        for scope in scopes(user, Can.READ_INTERNAL):
            theirs |= Q(appointment__in=seen, appointment__institution__in=scope.institutions)
        return self.filter(theirs)


class HandOver(models.Model):
    """Who took over when an appointment ended; the page of it is the pack that the newcomer reads."""

    appointment = models.OneToOneField(Appointment, models.PROTECT, related_name="hand_over")
    to = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("taken over by")
    )
    note = models.TextField(_("what the newcomer should know"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = HandOverQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.appointment} → {self.to or '–'}"


class InvitationQuerySet(models.QuerySet):
    def open(self, *, on: datetime):
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=on)


class Invitation(models.Model):
    """A letter that lets one person in once; the link itself is known to nobody but the mail."""

    LASTS = timedelta(days=7)

    person = models.ForeignKey(User, models.CASCADE, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("invited by"))
    created_at = models.DateTimeField(_("sent at"))
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return str(self.person)


class ApiTokenQuerySet(models.QuerySet):
    def usable(self, *, on: datetime):
        return self.filter(revoked_at=None, expires_at__gt=on, person__is_active=True)


class ApiToken(models.Model):
    """A key with which a program acts for a person, never beyond what the person may do; shown once, kept hashed."""

    class Scope(models.TextChoices):
        READ = "read", _("Read")
        WRITE = "write", _("Read and write")

    person = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("what it is for"), max_length=80)
    scope = models.CharField(_("may"), max_length=5, choices=Scope, default=Scope.READ)
    digest = models.CharField(max_length=64, unique=True)
    start_of_key = models.CharField(max_length=12)
    created_at = models.DateTimeField(_("made at"))
    expires_at = models.DateTimeField(_("valid until"))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.start_of_key}…"


class KnownBrowser(models.Model):
    """A browser in which a person logged in before: guesses made elsewhere do not lock it out."""

    person = models.ForeignKey(User, models.CASCADE, related_name="known_browsers")
    digest = models.CharField(max_length=64)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "digest"], name="one_row_for_a_browser")]

    def __str__(self) -> str:
        return self.digest[:8]


class LogInAttempt(models.Model):
    """A guess at a password that was evaluated, under the hash of the address that was typed."""

    account = models.CharField(max_length=64)
    browser = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["account", "browser", "at"])]

    def __str__(self) -> str:
        return f"{self.account[:8]} {self.at}"
