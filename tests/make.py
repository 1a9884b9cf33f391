"""Builders: one call makes one valid thing, with the fields that a test cares about."""

from datetime import date, timedelta
from itertools import count

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.db import models
from django.test import Client
from django.utils import timezone

from servanda.kit.database.prepared import KEY, OnceInProcess
from servanda.people.access import OFFICES, Role
from servanda.people.access_keys.services import digest_of
from servanda.people.models import Accreditation, ApiToken, Appointment, Institution, User
from servanda.people.second_factor import rules as second_factor
from servanda.planning.models import Assignment, PositionProposal
from servanda.recommendations.editing.follow_up_obligations import due_for, obligation_for
from servanda.recommendations.models import FollowUp, Recommendation, TextVersion
from servanda.recommendations.records import codes
from servanda.sources.models import Document, Obligation, Review, Submission
from servanda.sources.obligations.for_records import make_for_records
from servanda.vocab.models import Body, Country, ObligationRule, Taxonomy, Term

numbers = count(1)
FUNCTIONS = {
    Role.FOCAL_POINT: "principal",
    Role.AUTHORITY: "authority",
    Role.READER: "reader",
    Role.CONTRIBUTOR: "contributor",
}
LOOKUPS: dict[tuple[type[models.Model], str], OnceInProcess] = {}
FOURTH_REVIEWS = OnceInProcess(lambda: Review.objects.filter(body=KEY, cycle=4))
PASSWORD = "correct horse battery staple"
SECRET = "JBSWY3DPEHPK3PXP"


def known[Row: models.Model](model: type[Row], field: str, value: str, **defaults) -> Row:
    """As `get_or_create`. Builders call it so often that its query is compiled once for each process."""
    lookup = LOOKUPS.setdefault((model, field), OnceInProcess(lambda: model._default_manager.filter(**{field: KEY})))
    row = next(iter(lookup.read(key=value)), None)
    return row or model._default_manager.create(**{field: value}, **defaults)


def user(role: str = Role.READER, institution: Institution | None = None, **fields) -> User:
    """A person who holds the role, through an appointment unless it is held in the mechanism itself."""
    fields.setdefault("email", f"person{next(numbers)}@example.org")
    fields.setdefault("name", f"Person {next(numbers)}")
    fields.setdefault("accepted_at", timezone.now())
    person = User.objects.create_user(password=PASSWORD, role=role if role in OFFICES else "", **fields)
    if role in OFFICES:
        Authenticator.objects.create(user=person, type="totp", data={"secret": SECRET})
    elif role != Role.PUBLIC:
        appointment(person, institution or a_place(), FUNCTIONS[Role(role)])
    return person


def signed_in(client: Client, role: str = Role.READER, **fields) -> User:
    """A person of this role, who is the person at the client from now on."""
    person = user(role, **fields)
    client.force_login(person)
    return person


def appointment(person: User, institution: Institution, function: str = "principal", **fields) -> Appointment:
    fields.setdefault("start", date(2026, 1, 1))
    if Appointment.ROLES[Appointment.Function(function)] in second_factor.ALWAYS:
        phone(person)
    return Appointment.objects.create(person=person, institution=institution, function=function, **fields)


def token(person: User, scope: str = "read", **fields) -> str:
    """A key of this person that works for a day; a program sends it as `Authorization: Bearer …`."""
    key, now = f"srv_{next(numbers)}", timezone.now()
    given = {"name": key, "start_of_key": key, "created_at": now, "expires_at": now + timedelta(days=1), **fields}
    ApiToken.objects.create(person=person, scope=scope, digest=digest_of(key), **given)
    return key


def phone(person: User) -> Authenticator:
    """The second factor, without which some roles go nowhere."""
    return Authenticator.objects.get_or_create(user=person, type="totp", defaults={"data": {"secret": SECRET}})[0]


def code_on_phone(secret: str = SECRET) -> str:
    """What the phone shows now."""
    _before, now, _after = yield_hotp_counters_from_time()
    return format_hotp_value(hotp_value(secret, now))


def a_place() -> Institution:
    """Where a person is appointed when the test does not care."""
    return institution("somewhere")


def institution(code: str = "mfa", **fields) -> Institution:
    fields.setdefault("name", code.upper())
    return known(Institution, "code", code, **fields)


def accreditation(institution: Institution, status: str = "a", **fields) -> Accreditation:
    """One that holds since the beginning of the year, unless the fields say otherwise."""
    fields.setdefault("start", date(2026, 1, 1))
    return Accreditation.objects.create(institution=institution, status=status, source="Report of 2025", **fields)


def country(code: str = "SVN", name: str = "Slovenia") -> Country:
    return known(Country, "code", code, name=name)


def body(code: str = "UPR", kind: str = Body.Kind.UPR) -> Body:
    return known(Body, "code", code, name=code, kind=kind, system="UN")


def committee(code: str = "CCPR") -> Body:
    """A treaty body: a State takes no position on its recommendations, and it assesses itself what became of them."""
    fields = {"name": code, "kind": Body.Kind.TREATY_BODY, "system": "UN", "assesses": True}
    return known(Body, "code", code, **fields)


def rule(code: str = "annual-letter", **fields) -> ObligationRule:
    """A local rule: a reply within thirty days of a letter."""
    fields = {"kind": "reply", "trigger": "letter", "offset": 30, "unit": "days", "source": "Letter"} | fields
    return ObligationRule.objects.get_or_create(code=code, defaults={"is_own": True} | fields)[0]


def term(label: str = "Right to education", taxonomy: str = "uhri-theme", **fields) -> Term:
    holder = known(Taxonomy, "code", taxonomy, name=taxonomy)
    return Term.objects.get_or_create(taxonomy=holder, code=label, defaults={"label": label, **fields})[0]


def recommendation(text: str = "Protect the rights of every person.", **fields) -> Recommendation:
    """A published recommendation of the UPR to Slovenia, unless the fields say otherwise."""
    fields.setdefault("country", country())
    fields.setdefault("body", body())
    fields.setdefault("paragraph", f"140.{next(numbers)}")
    fields.setdefault("is_published", True)
    if "review" not in fields:
        fields["review"] = review_of(fields["body"], fields["country"])
    if "document" not in fields:
        fields["document"] = known(Document, "symbol", "A/HRC/59/15")
    fields.setdefault("language", "en")
    stem = codes.stem(
        country=fields["country"].code,
        body=fields["body"].code,
        cycle=fields["review"].cycle if fields["review"] else 0,
        year=fields.get("year") or 0,
        paragraph=fields["paragraph"],
    )
    fields.setdefault("code", stem)
    fields.setdefault("code_stem", stem)
    fields.setdefault("order_key", codes.order_key(stem.rsplit("-", 1)[0], fields["paragraph"]))
    made = Recommendation.objects.create(**fields)
    TextVersion.objects.create(recommendation=made, language=fields["language"], text=text, is_original=True)
    return made


def review_of(body: Body, country: Country) -> Review:
    """The fourth review of this State."""
    in_cycle = FOURTH_REVIEWS.read(key=body.pk)
    found = next((review for review in in_cycle if review.country_id == country.pk), None)
    return found or Review.objects.create(body=body, country=country, cycle=4)


def assignment(record: Recommendation, place: Institution | None = None, **fields) -> Assignment:
    """The institution leads on this record since the beginning of the year, unless the fields say otherwise."""
    fields.setdefault("since", date(2026, 1, 1))
    return Assignment.objects.create(recommendation=record, institution=place or institution(), **fields)


def follow_up(of: Recommendation, kind: str = "follow-up", **fields) -> FollowUp:
    """A request of the body. The day and, if there was one, the reply are those of its obligation, which it shares
    with requests of the same document and day that are not replied to."""
    due_on, replied_on, reply = (fields.pop(name, None) for name in ("due_on", "replied_on", "reply"))
    if replied_on:
        due = due_for(of, kind=kind, due_on=due_on, words=fields.get("words", ""))
        obligation = make_for_records(due, by=None)
        values = {"submitted_on": replied_on, "reply": reply or "", "state_before": obligation.state}
        Submission.objects.create(obligation=obligation, **values)
        Obligation.objects.filter(pk=obligation.pk).update(state="submitted")
        obligation.refresh_from_db()
    else:
        obligation = obligation_for(of, kind=kind, due_on=due_on, words=fields.get("words", ""), by=None)
    return FollowUp.objects.create(recommendation=of, kind=kind, obligation=obligation, **fields)


def proposal(record: Recommendation, place: Institution | None = None, **fields) -> PositionProposal:
    """The institution proposes that the State supports this, unless the fields say otherwise."""
    fields.setdefault("stand", "supported")
    return PositionProposal.objects.create(recommendation=record, institution=place or institution(), **fields)
