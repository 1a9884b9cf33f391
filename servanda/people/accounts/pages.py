"""Shared by the pages about people and one's own account."""

from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404

from servanda.people.accounts import personal_data as services
from servanda.people.models import User
from servanda.trail.models import Event


def seen_person(request: HttpRequest, pk: int) -> User:
    return get_object_or_404(User.objects.visible_to(request.user), pk=pk)


def personal_data_file(person: User, by: User) -> JsonResponse:
    """The export of personal data as a download, recorded in the trail; a HEAD request counts as well."""
    data = services.export_personal_data(person)
    Event.record("personal-data-exported", person, by=by)
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="personal-data-{person.pk}.json"'
    return response
