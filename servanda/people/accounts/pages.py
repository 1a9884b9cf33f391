"""What the pages about people and about oneself share."""

from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404

from servanda.people.accounts import personal_data as services
from servanda.people.models import User
from servanda.trail.models import Event


def seen_person(request: HttpRequest, pk: int) -> User:
    return get_object_or_404(User.objects.visible_to(request.user), pk=pk)


def file_about(there: User, by: User) -> JsonResponse:
    """Whoever takes somebody's data away stands in the trail; asking for the head of the file counts too."""
    data = services.export_personal_data(there)
    Event.record("personal-data-exported", there, by=by)
    answer = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer["Content-Disposition"] = f'attachment; filename="personal-data-{there.pk}.json"'
    return answer
