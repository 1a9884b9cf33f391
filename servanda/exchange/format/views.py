"""The exchange format: its kinds, their schemas and published objects, and the check of a file."""

import json
from collections.abc import Iterator
from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servanda.exchange.format import uhri
from servanda.exchange.format.checking import check_file as findings_of
from servanda.exchange.format.forms import CheckForm
from servanda.exchange.format.kinds import CONTEXT, KINDS, ExchangeKind, objects_of, shaped
from servanda.exchange.format.schemas import PARTS, schema_of
from servanda.kit.files.downloads import TYPES, send_pieces, send_table
from servanda.kit.files.tables import json_pieces
from servanda.kit.pages.addresses import origin_of
from servanda.kit.pages.forms import form_page
from servanda.kit.refusal import Refused, Unreadable
from servanda.kit.server.body_limits import ORDINARY, body_limit
from servanda.kit.server.lane import FILE, heavy
from servanda.people.access import Can, can, holders
from servanda.people.instance.file_names import file_name
from servanda.people.requests.visitors import MOST_OF_AN_ADDRESS, address_key, count_post, key_on

LONGEST_CODE = 8  # of a language
MOST_MEGABYTES = 20  # that those who import files may check at once


class KindRow(NamedTuple):
    kind: ExchangeKind
    published: int

    @property
    def file(self) -> str:
        return f"{self.kind.code}.jsonld"

    @property
    def schema(self) -> str:
        return f"{self.kind.code}.json"


def kind_of(code: str) -> ExchangeKind:
    if code not in KINDS:
        raise Http404
    return KINDS[code]


@require_safe
def formats(request: HttpRequest) -> HttpResponse:
    rows = [KindRow(kind, kind.public().count()) for kind in KINDS.values()]
    return render(request, "exchange/format/formats.html", {"rows": rows, "parts": PARTS})


@require_safe
def kind_schema(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in KINDS and kind not in PARTS:
        raise Http404
    return JsonResponse(schema_of(kind), content_type="application/schema+json")


@heavy(FILE)
@require_safe
def published_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """All published objects of a kind as one JSON-LD graph."""
    chosen = kind_of(kind)
    name = file_name(str(chosen.name), "jsonld", on=timezone.localdate())
    return send_pieces(graph(chosen, origin_of(request)), name)


def graph(kind: ExchangeKind, site: str) -> Iterator[str]:
    pieces = json_pieces("@graph", objects_of(kind, site))
    yield f'{{"@context": {json.dumps(CONTEXT)}, {next(pieces)[1:]}'
    yield from pieces


@require_safe
def published_object(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """The object to which an id leads."""
    chosen = kind_of(kind)
    row = chosen.find(code)
    if row is None:
        raise Http404
    [shape] = shaped(chosen, [row], origin_of(request))
    options = {"ensure_ascii": False}
    return JsonResponse({"@context": CONTEXT} | shape, content_type=TYPES["jsonld"], json_dumps_params=options)


@heavy(FILE)
@require_safe
def uhri_export(request: HttpRequest, format: str) -> HttpResponseBase:
    """The published register in the shape of UHRI's export, with the texts in one language."""
    language = request.GET.get("language", "")[:LONGEST_CODE] or uhri.ENGLISH
    name = f"export-full-{language if language.isalpha() and language.isascii() else uhri.ENGLISH}.{format}"
    if format == "json":
        return send_pieces(uhri.json_list(language), name)
    if format == "xlsx":
        return send_table(name, "UHRI", *uhri.table(language))
    raise Http404


@body_limit(MOST_MEGABYTES, to=holders(Can.IMPORT))
@form_page
def check_file(request: HttpRequest) -> HttpResponse:
    """Check a file without storing it: for everyone, so that developers of other systems can use it too."""
    form = CheckForm(request.POST, request.FILES) if request.method == "POST" else CheckForm()
    findings = None
    if request.method == "POST" and form.is_valid():
        try:
            refuse_too_many(request)
            findings = findings_of(form.cleaned_data["file"].read())
        except (Refused, Unreadable) as problem:
            form.add_error("file", str(problem))
    limit = MOST_MEGABYTES if can(request.user, Can.IMPORT) else ORDINARY
    context = {"form": form, "findings": findings, "limit": limit, "most_files": MOST_OF_AN_ADDRESS}
    return render(request, "exchange/format/check_file.html", context, status=422 if form.errors else 200)


def refuse_too_many(request: HttpRequest) -> None:
    """Raises `Refused` where visitors from this network address, or this person, have checked many files within an
    hour."""
    user = request.user
    key = key_on(f"check_file {user.pk}", timezone.localdate()) if user.is_authenticated else ""
    if count_post(key or address_key(request, "check_file"), on=timezone.now()):
        return
    if user.is_authenticated:
        sentence = _("You checked %(count)d files within the last hour. Try again later.")
    else:
        sentence = _("%(count)d files were checked from your network address within the last hour. Try again later.")
    raise Refused(sentence % {"count": MOST_OF_AN_ADDRESS})
