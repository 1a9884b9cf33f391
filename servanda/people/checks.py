"""Checks of what production and demonstrations must not have; if one fails, Servanda does not start
(`tools/start.py`)."""

from ipaddress import ip_address

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from servanda.people.models import User
from servanda.people.second_factor.secrets import unreadable_factors

SHORTEST_KEY, FEWEST_SIGNS = 50, 16  # of the secret key: characters, and different ones


@register(Tags.security)
def no_debug_in_production(app_configs, **kwargs) -> list[Error]:
    if settings.MODE != "production" or not settings.DEBUG:
        return []
    return [
        Error(
            _("DEBUG is on. Error pages would show settings and data to any visitor."),
            hint=_("Do not set DEBUG. SERVANDA_MODE switches it on for development only."),
            id="people.E001",
        )
    ]


@register(Tags.database)
def no_demonstration_accounts_in_production(app_configs, databases=None, **kwargs) -> list[Error]:
    """The password of demonstration accounts is in the documentation."""
    if settings.MODE != "production":
        return []
    known = [alias for alias in databases or [] if has_accounts(alias)]
    accounts = [
        email
        for alias in known
        for email in User.objects.using(alias).filter(is_demonstration=True).values_list("email", flat=True)
    ]
    if not accounts:
        return []
    return [
        Error(
            _("This database contains demonstration accounts: %(accounts)s.") % {"accounts": ", ".join(accounts)},
            hint=_(
                "Start production with an empty database (SERVANDA_DATA_DIR or DATABASE_URL),"
                " or open this one with SERVANDA_MODE=demo."
            ),
            id="people.E002",
        )
    ]


@register(Tags.security)
def no_demonstration_for_others(app_configs, **kwargs) -> list[Error]:
    """A demonstration must only be reachable from its own machine: everyone knows its password."""
    if settings.MODE != "demo":
        return []
    faults = []
    if settings.ORIGIN:
        faults.append(
            Error(
                _("The demonstration has a public address: SERVANDA_ORIGIN is set."),
                hint=_("Remove SERVANDA_ORIGIN for the demonstration, or start an instance with ./run serve."),
                id="people.E003",
            )
        )
    if strange := [host for host in settings.ALLOWED_HOSTS if not is_loopback(host)]:
        faults.append(
            Error(
                _("The demonstration would be accessible from other machines: SERVANDA_HOSTS contains %(hosts)s.")
                % {"hosts": ", ".join(strange)},
                hint=_("Remove SERVANDA_HOSTS for the demonstration, or start an instance with ./run serve."),
                id="people.E004",
            )
        )
    return faults


@register(Tags.database)
def no_real_accounts_in_the_demonstration(app_configs, databases=None, **kwargs) -> list[Error]:
    """Real data must not be in a system with accounts whose password everyone knows."""
    if settings.MODE != "demo":
        return []
    known = [alias for alias in databases or [] if has_accounts(alias)]
    count = sum(User.objects.using(alias).filter(is_demonstration=False).count() for alias in known)
    if not count:
        return []
    return [
        Error(
            ngettext(
                "This database contains %(count)d account that is not a demonstration account.",
                "This database contains %(count)d accounts that are not demonstration accounts.",
                count,
            )
            % {"count": count},
            hint=_(
                "Run the demonstration with an empty data directory (SERVANDA_DATA_DIR, and no DATABASE_URL), "
                "or open this database with ./run serve."
            ),
            id="people.E005",
        )
    ]


@register(Tags.security)
def no_key_that_can_be_guessed(app_configs, **kwargs) -> list[Error]:
    """The secret key signs sessions and links that set a password."""
    key = settings.SECRET_KEY
    if settings.MODE != "production" or (len(key) >= SHORTEST_KEY and len(set(key)) >= FEWEST_SIGNS):
        return []
    return [
        Error(
            _("The secret key can be guessed: it is short, or has few different characters."),
            hint=_(
                "Remove SERVANDA_SECRET_KEY to have a key created at the start, or set a key of 50 random characters."
            ),
            id="people.E006",
        )
    ]


@register(Tags.security)
def no_name_for_all_hosts(app_configs, **kwargs) -> list[Error]:
    """With "*", a client decides under which host name the pages are served."""
    if settings.MODE != "production" or "*" not in settings.ALLOWED_HOSTS:
        return []
    return [
        Error(
            _("SERVANDA_HOSTS is “*”: the pages can be requested under any host name."),
            hint=_("Enter the host names, for example SERVANDA_HOSTS=servanda.example.org."),
            id="people.E007",
        )
    ]


@register("secrets", Tags.database)
def no_unreadable_factors(app_configs, databases=None, **kwargs) -> list[CheckMessage]:
    """Second factors encrypted with another key, as after a restore: these people cannot log in."""
    if not databases or not has_table(Authenticator, "default"):
        return []
    count = len({factor.user_id for factor in unreadable_factors()})
    if not count:
        return []
    return [
        Warning(
            ngettext(
                "Two-step verification of %(count)d person cannot be read with the present secret key. This "
                "person cannot log in.",
                "Two-step verification of %(count)d people cannot be read with the present secret key. These "
                "people cannot log in.",
                count,
            )
            % {"count": count},
            hint=_(
                "Add the former secret key to SERVANDA_OLD_SECRET_KEYS and start again. If it is lost, run "
                './run manage reset_second_factor --unreadable --reason "why".'
            ),
            id="people.W021",
        )
    ]


def is_loopback(host: str) -> bool:
    name = host.strip("[]")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def has_accounts(alias: str) -> bool:
    """False if the table does not exist yet, as during the first `migrate`."""
    return has_table(User, alias)


def has_table(model: type[Model], alias: str) -> bool:
    return model._meta.db_table in connections[alias].introspection.table_names()
