"""Model terms of reference of a mechanism: options and a preview, and the file."""

from io import BytesIO
from uuid import UUID

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import override
from django.views.decorators.http import require_safe

from servanda.desk.mechanisms.views import computed_for
from servanda.desk.record.access import SignedIn
from servanda.kit.files.downloads import send_file
from servanda.kit.files.paper import WRITERS
from servanda.kit.files.word import is_right_to_left
from servanda.kit.refusal import Refused
from servanda.kit.server.lane import FILE, heavy
from servanda.network.models import MechanismProfile
from servanda.network.profiles.queries import with_facts
from servanda.network.terms_of_reference.model_text import ModelText, model_text, paper_of
from servanda.network.terms_of_reference.texts import LANGUAGES, ModelOptions, texts
from servanda.people.access import Can, requires
from servanda.people.instance.file_names import file_name
from servanda.people.requests.refusals import refuse


def model_for(request: SignedIn, key: UUID, options: ModelOptions) -> tuple[MechanismProfile, ModelText]:
    profile = get_object_or_404(with_facts(MechanismProfile.objects.visible_to(request.user)), key=key)
    return profile, model_text(profile, computed_for(request, [profile]), options)


@require_safe
@requires(Can.READ_INTERNAL)
def terms_of_reference(request: SignedIn, key: UUID) -> HttpResponse:
    options = ModelOptions.read(request.GET)
    profile, model = model_for(request, key, options)
    context = {
        "profile": profile,
        "options": options,
        "model": model,
        "direction": "rtl" if is_right_to_left(options.language) else "ltr",
        "forms": [(code, form.label) for code, form in texts().forms.items()],
        "chapters": [(code, chapter.title) for code, chapter in texts().chapters.items()],
        "languages": LANGUAGES,
        "query": f"?{urlencode(options.query())}",
    }
    return render(request, "desk/mechanisms/terms_of_reference.html", context)


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def terms_of_reference_file(request: SignedIn, key: UUID, format: str) -> HttpResponseBase:
    """In the language that was chosen for the model, which may differ from that of the pages."""
    if format not in WRITERS:
        raise Http404
    options, today = ModelOptions.read(request.GET), timezone.localdate()
    profile, model = model_for(request, key, options)
    try:
        with override(options.language):
            paper = paper_of(model, address=request.build_absolute_uri(profile.get_absolute_url()), on=today)
            content = WRITERS[format](paper)
    except Refused as refusal:
        refuse(request, refusal, "terms_of_reference_file")
        return redirect("desk:terms_of_reference", key)
    what = f"{options.form}-{options.language}"
    return send_file(BytesIO(content), file_name(what, format, on=today, about=profile.country.code))
