from servanda.people.models.accreditations import Accreditation, AccreditationQuerySet
from servanda.people.models.credentials import ApiToken, Invitation, KnownBrowser, LogInAttempt
from servanda.people.models.instance import Instance, RegionalSystem, instance_read_once
from servanda.people.models.institutions import Institution, InstitutionQuerySet, Succession, answering_for
from servanda.people.models.notices import Notification, NotificationQuerySet, Opened
from servanda.people.models.persons import (
    AccountState,
    Appointment,
    AppointmentQuerySet,
    Digest,
    HandOver,
    User,
    UserQuerySet,
    body_codes_in,
    new_stamp,
)
from servanda.people.models.visitors import AddressSalt, SentForm, VisitorPost

__all__ = [
    "Accreditation",
    "AccreditationQuerySet",
    "AccountState",
    "AddressSalt",
    "ApiToken",
    "Appointment",
    "AppointmentQuerySet",
    "Digest",
    "HandOver",
    "Instance",
    "Institution",
    "InstitutionQuerySet",
    "Invitation",
    "KnownBrowser",
    "LogInAttempt",
    "Notification",
    "NotificationQuerySet",
    "Opened",
    "RegionalSystem",
    "SentForm",
    "Succession",
    "User",
    "UserQuerySet",
    "VisitorPost",
    "answering_for",
    "body_codes_in",
    "instance_read_once",
    "new_stamp",
]
