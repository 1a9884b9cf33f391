"""What an instance in production must not have; with it, `./run serve` and `./run worker` refuse to start."""

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import connections
from django.utils.translation import gettext as _

from servanda.people.models import User


@register(Tags.security)
def no_debug_in_production(app_configs, **kwargs) -> list[Error]:
    if settings.MODE != "production" or not settings.DEBUG:
        return []
    return [
        Error(
            _("DEBUG is on, and would show settings and data to anybody who meets an error."),
            hint=_("Leave DEBUG to SERVANDA_MODE, which switches it on for development only."),
            id="people.E001",
        )
    ]


@register(Tags.database)
def no_demonstration_accounts_in_production(app_configs, databases=None, **kwargs) -> list[Error]:
    """Their password is printed in the documentation, so whoever reads it could log in."""
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
            _("This database holds demonstration accounts: %(accounts)s.") % {"accounts": ", ".join(accounts)},
            hint=_(
                "Start production with an empty database (SERVANDA_DATA_DIR or DATABASE_URL),"
                " or open this one with SERVANDA_MODE=demo."
            ),
            id="people.E002",
        )
    ]


def has_accounts(alias: str) -> bool:
    """`migrate` asks before it has made the table."""
    return User._meta.db_table in connections[alias].introspection.table_names()
