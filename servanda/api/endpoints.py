"""The addresses of the API: the published register and the words it is described with."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Query
from ninja.errors import ValidationError
from ninja.renderers import JSONRenderer

from servanda.api import resources
from servanda.api.answers import refuse
from servanda.api.questions import NUMBERS, Question, Unanswerable, read_question
from servanda.api.resources import Fault
from servanda.recommendations import counts
from servanda.recommendations.facets import public_facets, taxonomy_key
from servanda.recommendations.filtering import narrow
from servanda.recommendations.models import Recommendation
from servanda.vocab.models import Body, Country, Taxonomy

PREFIX = "/api/v1/"


class Readable(JSONRenderer):
    """Letters of every script as they are: half the bytes of an Arabic text."""

    json_dumps_params = {"ensure_ascii": False}


api = NinjaAPI(
    title="Register of human-rights recommendations",
    version="1",
    description=(
        "Read-only, no key. What is published, and nothing else: the same for everybody. Texts and names carry "
        "their language, so an answer does not depend on who asks; only messages of errors are translated."
    ),
    docs_url=None,
    openapi_url=None,
    renderer=Readable(),
)


@api.exception_handler(Unanswerable)
def say_faults(request: HttpRequest, unanswerable: Unanswerable) -> HttpResponse:
    return refuse(unanswerable.faults, unanswerable.status)


@api.exception_handler(ValidationError)
def say_wrong_numbers(request: HttpRequest, wrong: ValidationError) -> HttpResponse:
    names = dict.fromkeys(str(error["loc"][-1]) for error in wrong.errors)
    return refuse([Fault(parameter=name, message=str(NUMBERS[name])) for name in names], status=400)


@api.get(
    "recommendations",
    operation_id="recommendations",
    summary="List recommendations",
    response={200: resources.Page, 400: resources.Faults},
)
def recommendations(request: HttpRequest, question: Query[Question]) -> resources.Page:
    """A page of the records that all filters together find; several values of one filter find any of them."""
    facets = public_facets()
    asked = read_question(request.GET, facets)
    public = Recommendation.objects.public()
    found = counts.named(narrow(public, asked, facets)) if asked else public
    count = found.count()
    stop = question.offset + question.limit
    pks = list(found.order_by(*asked.order()).values_list("pk", flat=True)[question.offset : stop])
    shown = {record.pk: record for record in resources.with_published(public.filter(pk__in=pks))}
    previous = max(question.offset - question.limit, 0)
    return resources.Page(
        count=count,
        limit=question.limit,
        offset=question.offset,
        next=page_address(request, stop) if stop < count else None,
        previous=page_address(request, previous) if question.offset else None,
        recommendations=resources.recommendations((shown[pk] for pk in pks if pk in shown), site_of(request)),
    )


@api.get(
    "recommendations/{code}",
    operation_id="recommendation",
    summary="One recommendation",
    response={200: resources.Recommendation, 404: resources.Faults},
)
def recommendation(request: HttpRequest, code: str) -> resources.Recommendation:
    """The record with this reference."""
    found = resources.with_published(Recommendation.objects.public().filter(code=code))
    for shown in resources.recommendations(found, site_of(request)):
        return shown
    raise not_here("code", _("No published record has this reference."))


@api.get("vocabulary", operation_id="taxonomies", summary="List taxonomies", response=resources.Taxonomies)
def taxonomies(request: HttpRequest) -> resources.Taxonomies:
    """The taxonomies that records are labelled with."""
    return resources.Taxonomies(taxonomies=[resources.taxonomy(row) for row in Taxonomy.objects.all()])


@api.get(
    "vocabulary/{taxonomy}",
    operation_id="vocabulary",
    summary="One taxonomy",
    response={200: resources.Vocabulary, 404: resources.Faults},
)
def vocabulary(request: HttpRequest, taxonomy: str) -> resources.Vocabulary:
    """The terms of one taxonomy, in its order."""
    for row in Taxonomy.objects.all():
        if taxonomy_key(row.code) == taxonomy:
            return resources.vocabulary(row)
    raise not_here("taxonomy", _("There is no such taxonomy. All are listed under /vocabulary."))


@api.get("bodies", operation_id="bodies", summary="List bodies", response=resources.Bodies)
def bodies(request: HttpRequest) -> resources.Bodies:
    """The bodies that make recommendations."""
    return resources.Bodies(bodies=[resources.body(row) for row in Body.objects.all()])


@api.get("countries", operation_id="countries", summary="List countries", response=resources.Countries)
def countries(request: HttpRequest) -> resources.Countries:
    """States, and others that documents name like one."""
    return resources.Countries(countries=[resources.country(row) for row in Country.objects.all()])


def not_here(parameter: str, message: str) -> Unanswerable:
    return Unanswerable([Fault(parameter=parameter, message=message)], status=404)


def site_of(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def page_address(request: HttpRequest, offset: int) -> str:
    kept = [(key, value) for key, values in request.GET.lists() if key != "offset" for value in values]
    query = urlencode([*kept, ("offset", offset)] if offset else kept)
    return f"{site_of(request)}{request.path}" + (f"?{query}" if query else "")


def description() -> dict:
    """The API in the words of OpenAPI 3.1."""
    return api.get_openapi_schema(path_prefix=PREFIX)
