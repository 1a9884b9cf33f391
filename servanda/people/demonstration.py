"""The invented people and institutions of the demonstration. An instance in production refuses to start with them."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from servanda.people.access import Role
from servanda.people.models import Appointment, Instance, Institution, User

PASSWORD = "pacta-sunt-servanda"
INSTITUTIONS = {
    "demo-rights": ("Ministry of Rights (invented)", "executive", None),
    "demo-social": ("Ministry of Social Matters (invented)", "executive", None),
    "demo-agency": ("Agency for Social Services (invented)", "executive", "demo-social"),
    "demo-nhri": ("Institute for Human Rights (invented)", "independent", None),
}
ACCOUNTS = [
    ("coordinator@example.org", "Cora (coordinator)", Role.COORDINATOR),
    ("focal@example.org", "Fran (focal point)", ""),
    ("authority@example.org", "Avi (validating authority)", ""),
    ("contributor@example.org", "Nour (institute for human rights)", ""),
    ("auditor@example.org", "Ada (auditor)", Role.AUDITOR),
    ("admin@example.org", "Adem (administrator)", Role.ADMINISTRATOR),
]
APPOINTMENTS = [
    ("focal@example.org", "demo-social", Appointment.Function.PRINCIPAL),
    ("authority@example.org", "demo-social", Appointment.Function.AUTHORITY),
    ("contributor@example.org", "demo-nhri", Appointment.Function.CONTRIBUTOR),
]
APPOINTED_ON = date(2026, 1, 1)


@transaction.atomic
def create_demonstration() -> None:
    """The instance, its institutions and one account for each role; called again, it changes nothing."""
    instance = Instance.current()
    if instance.pk and instance.is_demonstration:
        return
    instance.state_code, instance.languages, instance.is_demonstration = "SVN", "en,sl", True
    instance.name = {
        "en": "Mechanism of the demonstration: Slovenia",
        "es": "Mecanismo de la demostración: Eslovenia",
        "fr": "Mécanisme de la démonstration : Slovénie",
        "pt": "Mecanismo da demonstração: Eslovénia",
        "ar": "آلية العرض التجريبي: سلوفينيا",
    }
    instance.save()
    for code, (name, branch, parent) in INSTITUTIONS.items():
        above = Institution.objects.filter(code=parent).first()
        Institution.objects.get_or_create(code=code, defaults={"name": name, "branch": branch, "parent": above})
    for email, name, role in ACCOUNTS:
        if not User.objects.filter(email=email).exists():
            User.objects.create_user(
                email, PASSWORD, name=name, role=role, is_demonstration=True, accepted_at=timezone.now()
            )
    for email, code, function in APPOINTMENTS:
        Appointment.objects.get_or_create(
            person=User.objects.get(email=email),
            institution=Institution.objects.get(code=code),
            function=function,
            defaults={"act": "Decision 1 (invented)", "start": APPOINTED_ON},
        )
