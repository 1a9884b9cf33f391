"""The invented people and institutions of the demonstration. An instance in production refuses to start with them."""

from datetime import date, timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from servanda.people.access import Role
from servanda.people.appointments.services import appoint_person, end_appointment
from servanda.people.institutions.accreditations import set_accreditation
from servanda.people.institutions.services import create_institution
from servanda.people.models import Accreditation, Appointment, HandOver, Instance, Institution, User
from servanda.people.successions.services import succeed_institution
from servanda.trail.models import Event

PASSWORD = "pacta-sunt-servanda"
COORDINATOR, FOCAL_POINT = "coordinator@example.org", "focal@example.org"
ACCOUNTS = [
    (COORDINATOR, "Cora (coordinator)", Role.COORDINATOR),
    (FOCAL_POINT, "Fran (focal point)", ""),
    ("authority@example.org", "Avi (validating authority)", ""),
    ("contributor@example.org", "Nour (institute for human rights)", ""),
    ("auditor@example.org", "Ada (auditor)", Role.AUDITOR),
    ("admin@example.org", "Adem (administrator)", Role.ADMINISTRATOR),
]
# They fill the pages and do not log in. Their surnames are words for "example" and "invented".
OTHERS = {
    "mila@example.org": "Mila Primer",
    "oto@example.org": "Oto Vzorec",
    "zala@example.org": "Zala Zgled",
    "tea@example.org": "Tea Izmišljena",
    "rok@example.org": "Rok Namišljen",
    "lan@example.org": "Lan Ejemplo",
    "ema@example.org": "Ema Exemple",
    "vera@example.org": "Vera Exemplo",
}


class Place(NamedTuple):
    code: str
    parent: str
    names: tuple[str, str, str, str, str]
    branch: str = Institution.Branch.EXECUTIVE
    level: str = Institution.Level.NATIONAL


LANGUAGES = ("en", "es", "fr", "pt", "ar")
PLACES = [
    Place(
        "demo-rights",
        "",
        (
            "Ministry of Rights (invented)",
            "Ministerio de Derechos (inventado)",
            "Ministère des droits (inventé)",
            "Ministério dos Direitos (inventado)",
            "وزارة الحقوق (متخيَّلة)",
        ),
    ),
    Place(
        "demo-social",
        "",
        (
            "Ministry of Social Matters (invented)",
            "Ministerio de Asuntos Sociales (inventado)",
            "Ministère des affaires sociales (inventé)",
            "Ministério dos Assuntos Sociais (inventado)",
            "وزارة الشؤون الاجتماعية (متخيَّلة)",
        ),
    ),
    Place(
        "demo-agency",
        "demo-social",
        (
            "Agency for Social Services (invented)",
            "Agencia de Servicios Sociales (inventada)",
            "Agence des services sociaux (inventée)",
            "Agência de Serviços Sociais (inventada)",
            "وكالة الخدمات الاجتماعية (متخيَّلة)",
        ),
    ),
    Place(
        "demo-learning",
        "",
        (
            "Ministry of Learning (invented)",
            "Ministerio de Enseñanza (inventado)",
            "Ministère de l’enseignement (inventé)",
            "Ministério do Ensino (inventado)",
            "وزارة التعليم (متخيَّلة)",
        ),
    ),
    Place(
        "demo-schools",
        "demo-learning",
        (
            "Inspectorate of Schools (invented)",
            "Inspección de Escuelas (inventada)",
            "Inspection des écoles (inventée)",
            "Inspeção das Escolas (inventada)",
            "مفتشية المدارس (متخيَّلة)",
        ),
    ),
    Place(
        "demo-figures",
        "",
        (
            "Office of Figures (invented)",
            "Oficina de Cifras (inventada)",
            "Office des chiffres (inventé)",
            "Gabinete dos Números (inventado)",
            "مكتب الأرقام (متخيَّل)",
        ),
        Institution.Branch.STATISTICS,
    ),
    Place(
        "demo-courts",
        "",
        (
            "Council of Courts (invented)",
            "Consejo de Tribunales (inventado)",
            "Conseil des tribunaux (inventé)",
            "Conselho dos Tribunais (inventado)",
            "مجلس المحاكم (متخيَّل)",
        ),
        Institution.Branch.JUDICIARY,
    ),
    Place(
        "demo-north",
        "",
        (
            "Region of the North (invented)",
            "Región del Norte (inventada)",
            "Région du Nord (inventée)",
            "Região do Norte (inventada)",
            "إقليم الشمال (متخيَّل)",
        ),
        level=Institution.Level.REGION,
    ),
    Place(
        "demo-nhri",
        "",
        (
            "Institute for Human Rights (invented)",
            "Instituto de Derechos Humanos (inventado)",
            "Institut des droits humains (inventé)",
            "Instituto dos Direitos Humanos (inventado)",
            "معهد حقوق الإنسان (متخيَّل)",
        ),
        Institution.Branch.INDEPENDENT,
    ),
    Place(
        "demo-equality",
        "",
        (
            "Office for Equality (invented)",
            "Oficina para la Igualdad (inventada)",
            "Office de l’égalité (inventé)",
            "Gabinete para a Igualdade (inventado)",
            "مكتب المساواة (متخيَّل)",
        ),
    ),
]
PRINCIPAL, ALTERNATE, AUTHORITY = (
    Appointment.Function.PRINCIPAL,
    Appointment.Function.ALTERNATE,
    Appointment.Function.AUTHORITY,
)
# Nobody is the focal point of the inspectorate of schools: the page of vacancies has something to say.
APPOINTMENTS = [
    ("authority@example.org", "demo-social", AUTHORITY),
    ("authority@example.org", "demo-agency", AUTHORITY),
    ("lan@example.org", "demo-social", ALTERNATE),
    ("mila@example.org", "demo-agency", PRINCIPAL),
    ("oto@example.org", "demo-equality", ALTERNATE),
    ("ema@example.org", "demo-rights", PRINCIPAL),
    ("zala@example.org", "demo-rights", AUTHORITY),
    ("tea@example.org", "demo-learning", AUTHORITY),
    ("tea@example.org", "demo-schools", AUTHORITY),
    ("mila@example.org", "demo-figures", PRINCIPAL),
    ("zala@example.org", "demo-figures", AUTHORITY),
    ("lan@example.org", "demo-courts", PRINCIPAL),
    ("zala@example.org", "demo-courts", AUTHORITY),
    ("ema@example.org", "demo-north", PRINCIPAL),
    ("tea@example.org", "demo-north", AUTHORITY),
    ("contributor@example.org", "demo-nhri", Appointment.Function.CONTRIBUTOR),
]
LONG_AGO, LATELY, SOON = timedelta(days=400), timedelta(days=40), timedelta(days=20)
ACT = "Decision 1 (invented)"
NOTE = "The file on early childhood is with the agency; ask Mila there. The list of the working group is on the desk."


@transaction.atomic
def create_demonstration() -> None:
    """The instance, its institutions and one account for each role; called again, it changes nothing."""
    instance = Instance.current()
    if instance.pk and instance.is_demonstration:
        return
    name_instance(instance)
    people = create_people()
    by, today = people[COORDINATOR], timezone.localdate()
    places = create_places(by=by)
    for email, code, function in APPOINTMENTS:
        appoint(people[email], places[code], function, start=today - LONG_AGO, by=by)
    appoint(
        people["rok@example.org"], places["demo-learning"], PRINCIPAL, start=today - LONG_AGO, end=today + SOON, by=by
    )
    hand_over_to_fran(people, places["demo-social"], on=today - LATELY, by=by)
    succeed_institution(
        institution=places["demo-equality"],
        successors=[places["demo-rights"]],
        on=today - LATELY,
        act=ACT,
        moves_appointments=True,
        by=by,
    )
    set_accreditation(
        institution=places["demo-nhri"],
        status=Accreditation.Status.A,
        start=today - LONG_AGO,
        source="Accreditation report, 2024 (invented)",
        by=people["admin@example.org"],
    )


def appoint(
    person: User, institution: Institution, function: str, *, start: date, end: date | None = None, by: User
) -> Appointment:
    return appoint_person(
        person=person, institution=institution, function=function, act=ACT, start=start, end=end, bodies="", by=by
    )


def hand_over_to_fran(people: dict[str, User], institution: Institution, *, on: date, by: User) -> None:
    """Vera left: her account is closed, and what she knew stands in the hand-over."""
    vera, fran = people["vera@example.org"], people[FOCAL_POINT]
    held = appoint(vera, institution, PRINCIPAL, start=on - LONG_AGO, by=by)
    ended = end_appointment(appointment=held, on=on, by=by)
    made = HandOver.objects.create(appointment=ended, to=fran, note=NOTE)
    Event.record(
        "handed-over",
        made,
        by=by,
        label=f"{ended.get_function_display()}, {ended.institution}",
        difference={"to": ["", fran.pk]},
    )
    appoint(fran, institution, PRINCIPAL, start=on + timedelta(days=1), by=by)
    vera.is_active = False
    vera.save(update_fields=["is_active"])


def name_instance(instance: Instance) -> None:
    instance.state_code, instance.languages, instance.is_demonstration = "SVN", "en,sl", True
    instance.name = {
        "en": "Mechanism of the demonstration: Slovenia",
        "es": "Mecanismo de la demostración: Eslovenia",
        "fr": "Mécanisme de la démonstration : Slovénie",
        "pt": "Mecanismo da demonstração: Eslovénia",
        "ar": "آلية العرض التجريبي: سلوفينيا",
    }
    instance.save()


def create_people() -> dict[str, User]:
    """Those with a role have the password that the log-in page tells; the others have none."""
    now = timezone.now()
    given = {"is_demonstration": True, "accepted_at": now}
    people = {
        email: User.objects.create_user(
            email, PASSWORD, name=name, role=role, last_login=now - timedelta(days=7), **given
        )
        for email, name, role in ACCOUNTS
    }
    for email, name in OTHERS.items():
        people[email] = User.objects.create_user(email, name=name, **given)
    return people


def create_places(*, by: User) -> dict[str, Institution]:
    places: dict[str, Institution] = {}
    for place in PLACES:
        places[place.code] = create_institution(
            code=place.code,
            name=LazyI18nString(dict(zip(LANGUAGES, place.names, strict=True))),
            branch=place.branch,
            level=place.level,
            parent=places.get(place.parent),
            email=f"{place.code}@example.org",
            phone="",
            address="",
            active_from=None,
            by=by,
        )
    return places
