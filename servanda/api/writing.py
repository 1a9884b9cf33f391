"""Changing a record with a key: by the same forms and services as the pages, and never over the work of others."""

import re
from collections.abc import Callable
from functools import partial

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _

from servanda.api import resources, schemas
from servanda.api.answers import refuse
from servanda.api.corrections import Correction, PublicReason, TextWriting, correction_form, text_form
from servanda.api.endpoints import WITH_A_KEY, api, respond, show, unknown_reference
from servanda.api.faults import Fault, Faults
from servanda.api.keys import ApiRequest, sight_of
from servanda.api.questions import Unanswerable
from servanda.kit.pages.addresses import origin_of
from servanda.kit.refusal import Refused
from servanda.people.requests.refusals import record_refusal
from servanda.people.versioning import ChangedMeanwhile
from servanda.recommendations.editing import services as editing
from servanda.recommendations.editing import texts
from servanda.recommendations.editing.publicity import NO_EXPLANATION, Explanation
from servanda.recommendations.editing.versioning import lock
from servanda.recommendations.models import Recommendation
from servanda.recommendations.pages.detail import with_source

# Compression weakens the mark of an answer on its way out; it still names the version.
VERSION = re.compile(r'(?:W/)?"([0-9]{1,9})"')
NEVER = 0  # no record has this version
ANSWERS = {
    200: schemas.InsideRecommendation,
    401: Faults,
    403: Faults,
    404: Faults,
    409: Faults,
    412: schemas.EditConflict,
    428: Faults,
}
WITH_A_BODY = {**ANSWERS, 400: Faults, 422: Faults}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "description": 'The version that you read: the `ETag` of the answer, as `"7"`.'},
}
TO_A_VERSION = {**WITH_A_KEY, "parameters": [IF_MATCH]}


@api.patch(
    "recommendations/{code}",
    operation_id="edit_recommendation",
    summary="Correct a recommendation",
    response=WITH_A_BODY,
    openapi_extra=TO_A_VERSION,
)
def edit_recommendation(request: ApiRequest, code: str, body: Correction) -> HttpResponse:
    """Correct what the register says of it. What is left out stays as it is."""

    def correct(record: Recommendation) -> None:
        said_so = correction_form(record, body, by=request.user)
        editing.edit_recommendation(recommendation=record, **said_so, by=request.user)

    return write(request, code, "edit_recommendation", correct, sent=body.dict(exclude_unset=True))


@api.put(
    "recommendations/{code}/texts/{language}",
    operation_id="write_text",
    summary="Write a text of a recommendation",
    response=WITH_A_BODY,
    openapi_extra=TO_A_VERSION,
)
def write_text(request: ApiRequest, code: str, language: str, body: TextWriting) -> HttpResponse:
    """Add the text in this language, or put a better one in its place; the one before is kept in the history."""

    def put(record: Recommendation) -> None:
        texts.write_text(recommendation=record, **text_form(record, language, body), by=request.user)

    return write(request, code, "write_text", put, sent=body.dict(exclude_unset=True))


@api.post(
    "recommendations/{code}/publish",
    operation_id="publish_recommendation",
    summary="Publish a recommendation",
    response=ANSWERS,
    openapi_extra=TO_A_VERSION,
)
def publish_recommendation(request: ApiRequest, code: str) -> HttpResponse:
    """Let the public see it."""
    publish = partial(done_to_version, request, editing.publish_recommendation)
    return write(request, code, "publish_recommendation", publish, sent={})


@api.post(
    "recommendations/{code}/unpublish",
    operation_id="unpublish_recommendation",
    summary="Take a recommendation from the public pages",
    response=WITH_A_BODY,
    openapi_extra=TO_A_VERSION,
)
def unpublish_recommendation(request: ApiRequest, code: str, body: PublicReason | None = None) -> HttpResponse:
    """It stays in the register."""
    explanation = Explanation(body.public_reason, body.protects_person) if body else NO_EXPLANATION
    deed = partial(editing.unpublish_recommendation, explanation=explanation)
    unpublish = partial(done_to_version, request, deed)
    return write(request, code, "unpublish_recommendation", unpublish, sent={})


@transaction.atomic
def done_to_version(request: ApiRequest, deed: Callable, record: Recommendation) -> None:
    """Lock this version, then call a service that checks no version itself."""
    lock(record, version=record.version)
    deed(recommendation=record, by=request.user)


def write(
    request: ApiRequest, code: str, name: str, deed: Callable[[Recommendation], None], *, sent: dict
) -> HttpResponse:
    """Apply the change to the version that the client read; if it is outdated, answer 412 with the saved version."""
    record = with_source(sight_of(request).records()).filter(code=code).first()
    if record is None:
        raise unknown_reference(sight_of(request))
    if record.version != version_read(request):
        return overtaken(request, code, name, sent)
    try:
        deed(record)
    except ChangedMeanwhile:
        return overtaken(request, code, name, sent)
    except Refused as refusal:
        record_refusal(request, refusal, name)
        return refuse([Fault(parameter="code", message=str(refusal))], status=409)
    return show(request, code)


def version_read(request: ApiRequest) -> int:
    named = request.headers.get("If-Match", "").strip()
    if named in ("", "*"):
        message = _("Send the version you have read: the ETag of the record, as If-Match.")
        raise Unanswerable([Fault(parameter="If-Match", message=message)], status=428)
    match = VERSION.fullmatch(named)
    return int(match[1]) if match else NEVER


def overtaken(request: ApiRequest, code: str, name: str, sent: dict) -> HttpResponse:
    """Answer 412 with both the saved record and what was sent. Raises `Unanswerable` if the record is gone."""
    sight = sight_of(request)
    read = resources.with_inside(sight.records().filter(code=code), drafts=sight.sees_drafts)
    shapes = resources.inside(
        read, origin_of(request), seen=sight.records(), opened=sight.opened(), person=sight.person
    )
    for present in (shape for shape in shapes if isinstance(shape, schemas.InsideRecommendation)):
        message = _(
            "The version you sent is not the current version of the record. Nothing was written. Compare the "
            "saved version with yours, then send yours again with the current version."
        )
        record_refusal(request, Refused(message), name)
        conflict = schemas.EditConflict(
            errors=[Fault(parameter="If-Match", message=message)], present=present, sent=sent
        )
        answer = respond(request, conflict, status=412)
        answer["ETag"] = f'"{present.version}"'
        return answer
    raise unknown_reference(sight)
