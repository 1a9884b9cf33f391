from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

from servanda.progress.handing_out import hand_out
from servanda.progress.models import Evidence


@require_safe
def evidence_file(request: HttpRequest, key) -> FileResponse:
    return hand_out(Evidence.objects.public(), key)
