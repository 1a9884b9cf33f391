from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField

from servanda.people.access import Role


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
    is_demonstration = models.BooleanField(_("demonstration"), default=False, editable=False)

    def __str__(self) -> str:
        return str(self.name) or "Servanda"

    @classmethod
    def current(cls) -> "Instance":
        return cls.objects.first() or cls(pk=1)

    def language_codes(self) -> list[str]:
        return [code.strip() for code in self.languages.split(",") if code.strip()]


class Institution(models.Model):
    """A ministry, department, agency, court, or independent body that answers for recommendations."""

    class Branch(models.TextChoices):
        EXECUTIVE = "executive", _("Executive")
        LEGISLATURE = "legislature", _("Legislature")
        JUDICIARY = "judiciary", _("Judiciary")
        INDEPENDENT = "independent", _("Independent")
        STATISTICS = "statistics", _("Statistics office")

    code = models.SlugField(_("abbreviation"), max_length=40, unique=True)
    name = I18nCharField(_("name"), max_length=200)
    branch = models.CharField(_("branch"), max_length=12, choices=Branch, default=Branch.EXECUTIVE)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return str(self.name)


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who logs in with an e-mail address. What they may do follows from the role (`access.py`)."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    role = models.CharField(_("role"), max_length=16, choices=Role, default=Role.READER)
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("institution")
    )
    language = models.CharField(_("language"), max_length=8, blank=True)
    is_active = models.BooleanField(_("may log in"), default=True)
    is_demonstration = models.BooleanField(_("demonstration account"), default=False, editable=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name or self.email
