"""The invented people and institutions of the demonstration. An instance in production refuses to start with them."""

from django.db import transaction

from servanda.people.access import Role
from servanda.people.models import Instance, Institution, User

PASSWORD = "pacta-sunt-servanda"
INSTITUTIONS = {
    "demo-rights": "Ministry of Rights (invented)",
    "demo-social": "Ministry of Social Matters (invented)",
    "demo-nhri": "Institute for Human Rights (invented)",
}
ACCOUNTS = [
    ("coordinator@example.org", "Cora (coordinator)", Role.COORDINATOR, "demo-rights"),
    ("focal@example.org", "Fran (focal point)", Role.FOCAL_POINT, "demo-social"),
    ("authority@example.org", "Avi (validating authority)", Role.AUTHORITY, "demo-social"),
    ("contributor@example.org", "Nour (institute for human rights)", Role.CONTRIBUTOR, "demo-nhri"),
    ("auditor@example.org", "Ada (auditor)", Role.AUDITOR, None),
    ("admin@example.org", "Adem (administrator)", Role.ADMINISTRATOR, None),
]


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
    for code, name in INSTITUTIONS.items():
        Institution.objects.get_or_create(code=code, defaults={"name": name})
    for email, name, role, institution in ACCOUNTS:
        if not User.objects.filter(email=email).exists():
            User.objects.create_user(
                email,
                PASSWORD,
                name=name,
                role=role,
                institution=Institution.objects.filter(code=institution).first(),
                is_demonstration=True,
            )
