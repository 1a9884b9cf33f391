"""The kinds of objects that instances exchange, each with its published shape. Another kind is one entry here."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import batched
from typing import Any
from urllib.parse import quote, unquote

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from ninja import Schema

from servanda.api import gatherings, mechanisms, plans_and_reports, practices, resources, schemas
from servanda.api.digests import digests_of_recommendations
from servanda.network.models import (
    Assistance,
    Commitment,
    CooperationEvaluation,
    Course,
    Endorsement,
    MechanismProfile,
    Meeting,
    Practice,
    Release,
)
from servanda.people.models import Instance
from servanda.planning.models import Action, Indicator
from servanda.recommendations.models import Recommendation
from servanda.reporting.models import ReportSnapshot

AT_ONCE = 200
VERSION = "1"
# Terms that Schema.org and DCAT name as well; all others are in our own vocabulary. Nothing has to be fetched.
CONTEXT: dict[str, str] = {
    "@vocab": f"urn:servanda:exchange:{VERSION}#",
    "id": "@id",
    "type": "@type",
    "schema": "https://schema.org/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "code": "schema:identifier",
    "name": "schema:name",
    "title": "schema:name",
    "definition": "schema:description",
    "address": "schema:url",
    "date": "schema:datePublished",
    "submitted_on": "schema:datePublished",
    "language": "schema:inLanguage",
    "files": "dcat:distribution",
}


@dataclass(frozen=True)
class ExchangeKind:
    code: str  # in addresses
    type: str  # in objects
    name: Promise
    shape: Any  # a class of ninja's Schema
    field: str  # of the row, which is the code of the object
    public: Callable[[], QuerySet]
    beside: Callable[[QuerySet], QuerySet]  # adds what the shape is read from
    read: Callable[[Iterable[Any], str], Iterable[Schema]]
    for_members: Callable[[], QuerySet] | None = None  # what peers that are members may read, the public ones too
    digests: Callable[[str], dict[str, str]] | None = None  # by code, of what the shapes of public rows are read from

    def rows(self, *, for_members: bool = False) -> QuerySet:
        """What everyone may read, or what members may."""
        return self.for_members() if for_members and self.for_members else self.public()

    def find(self, code: str) -> Any:
        """The published row with this code, or None."""
        try:
            return self.beside(self.public()).filter(**{self.field: code}).first()
        except ValidationError:  # a key that is no UUID
            return None


EVERYONE = Release.Audience.EVERYONE


def released(rows: QuerySet, kind: str, *audiences: str) -> QuerySet:
    """Those of these entries that a person shares with one of the audiences."""
    return rows.filter(key__in=Release.objects.keys_for(kind, *audiences))


KINDS = {
    kind.code: kind
    for kind in (
        ExchangeKind(
            "recommendation",
            "Recommendation",
            _("Recommendations"),
            schemas.Recommendation,
            "code",
            Recommendation.objects.public,
            resources.with_published,
            resources.recommendations,
            digests=digests_of_recommendations,
        ),
        ExchangeKind(
            "action",
            "Action",
            _("Actions"),
            plans_and_reports.Action,
            "code",
            Action.objects.public,
            plans_and_reports.with_lead,
            plans_and_reports.actions,
        ),
        ExchangeKind(
            "indicator",
            "Indicator",
            _("Indicators"),
            plans_and_reports.Indicator,
            "code",
            Indicator.objects.public,
            plans_and_reports.with_values,
            plans_and_reports.indicators,
        ),
        ExchangeKind(
            "report",
            "Report",
            _("Reports"),
            plans_and_reports.Report,
            "key",
            ReportSnapshot.objects.public,
            plans_and_reports.with_files,
            plans_and_reports.reports,
        ),
        ExchangeKind(
            "practice",
            "Practice",
            _("Practices"),
            practices.Practice,
            "key",
            Practice.objects.public,
            practices.with_parts,
            practices.practices,
        ),
        ExchangeKind(
            "endorsement",
            "Endorsement",
            _("Endorsements of practices"),
            practices.PracticeEndorsement,
            "key",
            Endorsement.objects.public,
            practices.with_practice,
            practices.endorsements,
            Endorsement.objects.for_origins,
        ),
        ExchangeKind(
            "profile",
            "Profile",
            _("Profiles of mechanisms"),
            mechanisms.Profile,
            "key",
            MechanismProfile.objects.public,
            mechanisms.with_current_facts,
            mechanisms.profiles,
        ),
        ExchangeKind(
            "request",
            "Request",
            _("Requests for assistance"),
            mechanisms.Request,
            "key",
            lambda: Assistance.objects.public().filter(kind=Assistance.Kind.REQUEST),
            mechanisms.with_mechanism,
            mechanisms.requests,
            lambda: Assistance.objects.for_members().filter(kind=Assistance.Kind.REQUEST),
        ),
        ExchangeKind(
            "offer",
            "Offer",
            _("Offers of assistance"),
            mechanisms.Offer,
            "key",
            lambda: Assistance.objects.public().filter(kind=Assistance.Kind.OFFER),
            mechanisms.with_mechanism,
            mechanisms.offers,
            lambda: Assistance.objects.for_members().filter(kind=Assistance.Kind.OFFER),
        ),
        ExchangeKind(
            "evaluation",
            "Evaluation",
            _("Evaluations of assistance"),
            mechanisms.Evaluation,
            "key",
            lambda: CooperationEvaluation.objects.shared_with(EVERYONE),
            mechanisms.with_cooperation,
            mechanisms.evaluations,
            lambda: CooperationEvaluation.objects.shared_with(*Release.Audience.values),
        ),
        ExchangeKind(
            "meeting",
            "Meeting",
            _("Meetings"),
            gatherings.Meeting,
            "key",
            lambda: released(Meeting.objects.all(), "meeting", EVERYONE),
            gatherings.with_agenda,
            gatherings.meetings,
            lambda: released(Meeting.objects.all(), "meeting", *Release.Audience.values),
        ),
        ExchangeKind(
            "training",
            "Training",
            _("Training"),
            gatherings.Training,
            "key",
            lambda: released(Course.objects.kept(), "training", EVERYONE),
            gatherings.with_sessions,
            gatherings.courses,
            lambda: released(Course.objects.kept(), "training", *Release.Audience.values),
        ),
        ExchangeKind(
            "commitment",
            "Commitment",
            _("Commitments"),
            gatherings.Commitment,
            "recommendation__code",
            Commitment.objects.public,
            gatherings.with_owner,
            gatherings.commitments,
        ),
    )
}
KIND_OF_TYPE = {kind.type: kind for kind in KINDS.values()}


def id_of(kind: ExchangeKind, code: str, site: str) -> str:
    """The stable id of an object: origin, kind and code."""
    return f"{site}/exchange/{kind.code}/{quote(code, safe='')}"


def objects_of(kind: ExchangeKind, site: str, *, for_members: bool = False) -> Iterator[dict[str, Any]]:
    """All objects of a kind that everyone may read, or that members may, in the order of their codes."""
    rows = kind.beside(kind.rows(for_members=for_members)).order_by(kind.field).iterator(chunk_size=AT_ONCE)
    for some in batched(rows, AT_ONCE):
        yield from shaped(kind, some, site)


def objects_named(kind: ExchangeKind, codes: Iterable[str], site: str) -> Iterator[dict[str, Any]]:
    """The public ones among these."""
    for some in batched(codes, AT_ONCE):
        rows = kind.beside(kind.public()).filter(**{f"{kind.field}__in": some})
        yield from shaped(kind, rows.order_by(kind.field), site)


def code_in(identity: str) -> str:
    """The code at the end of an id."""
    return unquote(identity.rpartition("/")[2])


def shaped(kind: ExchangeKind, rows: Iterable[Any], site: str) -> Iterator[dict[str, Any]]:
    """Objects without their context, which the file around them has. Those of a demonstration say so, unless their
    shape says whether they are invented."""
    mark = {"is_invented": True} if Instance.current().is_demonstration else {}
    for shape in kind.read(rows, site):
        values = shape.dict()
        yield {"id": id_of(kind, values["code"], site), "type": kind.type} | mark | values
