"""The addresses of the API: the published register and the words it is described with."""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Query, Schema
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from ninja.renderers import JSONRenderer
from ninja.types import DictStrAny

from servanda.api import resources, schemas, words
from servanda.api.answers import refuse
from servanda.api.faults import Fault, Faults
from servanda.api.keys import ApiRequest, ReaderScope, sight_of
from servanda.api.questions import NUMBERS, WRONG_KEYS, WRONG_VALUE, Question, Unanswerable, read_question
from servanda.kit.files.nesting import MOST_LEVELS, NestedTooDeeply, load_shallow
from servanda.kit.pages.addresses import origin_of
from servanda.recommendations.filters.parameters import taxonomy_key
from servanda.recommendations.filters.query import narrow
from servanda.recommendations.filters.semantic import resolved
from servanda.recommendations.models import PublicReason, Recommendation
from servanda.recommendations.records import id_sets
from servanda.vocab.models import Body, Country, Taxonomy

MAYBE_WITH_A_KEY: dict[str, Any] = {"security": [{}, {"key": []}]}
WITH_A_KEY: dict[str, Any] = {"security": [{"key": []}]}


class Readable(JSONRenderer):
    """Letters of every script are sent unescaped, which halves the size of an Arabic text."""

    json_dumps_params = {"ensure_ascii": False}


class Writable(Parser):
    """Refuses half a surrogate pair: JSON can escape one, and no database stores it."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        body = load_shallow(request.body)
        json.dumps(body, ensure_ascii=False).encode()
        return body


api = NinjaAPI(
    title="Register of human rights recommendations",
    version="1",
    description=(
        "Without a key: what is published, and nothing else, the same for everybody. With the key of a person, sent "
        "as `Authorization: Bearer srv_…`: what this person may see, and change. Texts and names carry their "
        "language, so an answer does not depend on the language asked for; only messages of errors are translated."
    ),
    docs_url=None,
    openapi_url=None,
    renderer=Readable(),
    parser=Writable(),
)


@api.exception_handler(Unanswerable)
def answer_faults(request: HttpRequest, unanswerable: Unanswerable) -> HttpResponse:
    return refuse(unanswerable.faults, unanswerable.status)


@api.exception_handler(ValidationError)
def answer_wrong_values(request: HttpRequest, wrong: ValidationError) -> HttpResponse:
    """Answer with one fault for each wrong parameter of the address, or each wrong key of the body."""
    if wrong.errors[0]["loc"][0] == "body":
        messages = {key_of(error): str(WRONG_KEYS.get(error["type"], WRONG_VALUE)) for error in wrong.errors}
        return refuse([Fault(parameter=name, message=message) for name, message in messages.items()], status=422)
    names = dict.fromkeys(str(error["loc"][-1]) for error in wrong.errors)
    return refuse([Fault(parameter=name, message=str(NUMBERS[name])) for name in names], status=400)


def key_of(error: dict) -> str:
    """The key of the body that an error is about, wherever in its value it was found."""
    _body, _name, *inside = error["loc"]
    return str(inside[0])[:60] if inside else "body"


@api.exception_handler(HttpError)
def answer_unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    message = _("The body of the request could not be read. Send one JSON object.")
    if isinstance(error.__cause__, NestedTooDeeply):
        sentence = _(
            "The body of the request is nested too deeply. Send one JSON object with at most %(levels)d levels."
        )
        message = sentence % {"levels": MOST_LEVELS}
    return refuse([Fault(parameter="body", message=message)], status=error.status_code)


@api.get(
    "recommendations",
    operation_id="recommendations",
    summary="List recommendations",
    response={200: schemas.Page | schemas.InsidePage, 400: Faults, 401: Faults},
    openapi_extra=MAYBE_WITH_A_KEY,
)
def recommendations(request: ApiRequest, question: Query[Question]) -> HttpResponse:
    """A page of the records that all filters together find; several values of one filter find any of them."""
    sight = sight_of(request)
    facets = sight.facets()
    query = read_question(request.GET, facets)
    audience = sight.audience().asking_for(query.chosen)
    visible = audience.visible
    query = resolved(query, visible)
    records = id_sets.by_ids(narrow(audience, query, facets)) if query else visible
    count = records.count()
    stop = question.offset + question.limit
    pks = list(records.order_by(*query.order()).values_list("pk", flat=True)[question.offset : stop])
    previous = max(question.offset - question.limit, 0)
    page: dict[str, Any] = {
        "count": count,
        "limit": question.limit,
        "offset": question.offset,
        "next": page_address(request, stop) if stop < count else None,
        "previous": page_address(request, previous) if question.offset else None,
        "recommendations": shapes_of(sight, visible.filter(pk__in=pks), origin_of(request), order=pks),
    }
    return respond(request, schemas.InsidePage(**page) if sight.is_inside else schemas.Page(**page))


@api.get(
    "recommendations/{code}",
    operation_id="recommendation",
    summary="One recommendation",
    response={
        200: schemas.Recommendation | schemas.InsideRecommendation,
        401: Faults,
        404: Faults,
        410: Faults,
    },
    openapi_extra=MAYBE_WITH_A_KEY,
)
def recommendation(request: ApiRequest, code: str) -> HttpResponse:
    """The record with this reference."""
    return show(request, code)


def show(request: ApiRequest, code: str) -> HttpResponse:
    """The record as this person may see it. Staff also get its version as ETag, which they send when they write.

    Raises `Unanswerable`.
    """
    sight = sight_of(request)
    for shape in shapes_of(sight, sight.records().with_code(code), origin_of(request)):
        answer = respond(request, shape)
        if isinstance(shape, schemas.InsideRecommendation):
            answer["ETag"] = f'"{shape.version}"'
        return answer
    raise no_longer_public(code) or unknown_reference(sight)


def shapes_of(
    sight: ReaderScope, records: QuerySet, site: str, order: Sequence[int] = ()
) -> Sequence[schemas.Recommendation]:
    """The records in the shape that this person may see."""
    if sight.is_inside:
        read = resources.with_inside(records, drafts=sight.sees_drafts)
        return resources.inside(
            in_order(read, order), site, seen=sight.records(), opened=sight.opened(), person=sight.person
        )
    return resources.recommendations(in_order(resources.with_published(records), order), site)


def in_order(records: QuerySet, order: Sequence[int]) -> list[Recommendation]:
    by_pk = {record.pk: record for record in records}
    return [by_pk[pk] for pk in order or by_pk if pk in by_pk]


def respond(request: HttpRequest, shape: Schema, status: int = 200) -> HttpResponse:
    """Return the shape unchanged: where several are declared, ninja would convert it to the first of them."""
    return api.create_response(request, shape.dict(), status=status)


def no_longer_public(code: str) -> Unanswerable | None:
    """The reason why a record with a published assessment by an accredited institution is no longer public."""
    hidden = PublicReason.objects.open().with_code(code).first()
    if hidden is None:
        return None
    sentence = _("This record is no longer public: %(reason)s Its page shows the assessments that remain published.")
    message = sentence % {"reason": hidden.reason}
    return Unanswerable([Fault(parameter="code", message=message)], status=410)


def unknown_reference(sight: ReaderScope) -> Unanswerable:
    if sight.person is None:
        return not_found("code", _("No published record has this reference."))
    return not_found("code", _("No record that you may see has this reference."))


@api.get("vocabulary", operation_id="taxonomies", summary="List taxonomies", response=words.Taxonomies)
def taxonomies(request: HttpRequest) -> words.Taxonomies:
    """The taxonomies that records are labelled with."""
    return words.Taxonomies(taxonomies=[words.taxonomy(row) for row in Taxonomy.objects.all()])


@api.get(
    "vocabulary/{taxonomy}",
    operation_id="vocabulary",
    summary="One taxonomy",
    response={200: words.Vocabulary, 404: Faults},
)
def vocabulary(request: HttpRequest, taxonomy: str) -> words.Vocabulary:
    """The terms of one taxonomy, in its order."""
    for row in Taxonomy.objects.all():
        if taxonomy_key(row.code) == taxonomy:
            return words.vocabulary(row)
    raise not_found("taxonomy", _("Unknown taxonomy. All taxonomies are listed under /vocabulary."))


@api.get("bodies", operation_id="bodies", summary="List bodies", response=words.Bodies)
def bodies(request: HttpRequest) -> words.Bodies:
    """The bodies that make recommendations."""
    return words.Bodies(bodies=[words.body(row) for row in Body.objects.all()])


@api.get("countries", operation_id="countries", summary="List countries", response=words.Countries)
def countries(request: HttpRequest) -> words.Countries:
    """States, and others that documents name like one."""
    return words.Countries(countries=[words.country(row) for row in Country.objects.all()])


def not_found(parameter: str, message: str) -> Unanswerable:
    return Unanswerable([Fault(parameter=parameter, message=message)], status=404)


def page_address(request: HttpRequest, offset: int) -> str:
    kept = [(key, value) for key, values in request.GET.lists() if key != "offset" for value in values]
    query = urlencode([*kept, ("offset", offset)] if offset else kept)
    return f"{origin_of(request)}{request.path}" + (f"?{query}" if query else "")
