"""What a program may send to change a record. The forms of the pages validate it."""

from collections.abc import Iterable, Mapping

from django.forms import BaseForm
from django.utils.translation import gettext as _
from ninja import Field, Schema
from pydantic import ConfigDict

from servanda.api.faults import Fault
from servanda.api.questions import Unanswerable
from servanda.people.models import Institution, User
from servanda.recommendations.editing import services as editing
from servanda.recommendations.editing.forms import RecommendationForm, TextForm
from servanda.recommendations.models import Recommendation, TextVersion
from servanda.vocab.models import Country

NOTHING_ELSE = ConfigDict(extra="forbid")
DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


class PublicReason(Schema):
    """Why a record leaves the public."""

    model_config = NOTHING_ELSE

    public_reason: str = Field(
        "",
        description="Needed, and published, where an accredited institution has published its own assessment.",
        max_length=2000,
    )
    protects_person: bool = Field(default=False, description="The reason is to protect a person.")


class Correction(PublicReason):
    """The fields that the page for editing has."""

    kind: str = Field("", description="`recommendation`, `observation`, `pledge` or `other`.")
    symbol: str = Field("", description="Symbol of the document.")
    paragraph: str = ""
    date: str | None = Field(None, description="Date of the document, ISO 8601.", pattern=DAY)
    language: str = Field("", description="Language of the original.")
    decide_by: str | None = Field(None, description="The day by which a position is due, ISO 8601.", pattern=DAY)
    national_code: str = Field("", description="The code of the recommendation in the list of the State.")
    priority: str = Field("", description="`high`, `medium` or `low`.")
    horizon: str = Field("", description="The term: `short`, `medium` or `long`.")
    articles: str = Field("", description="Articles of treaties.")
    territory: str = Field("", description="The region or municipality concerned.")
    confidentiality: str = Field("", description="`public`, `internal` or `restricted`.")
    restricted_to: list[str] = Field([], description="Codes of the institutions that may see it.")
    also_concerns: list[str] = Field([], description="Codes of the other States concerned.")
    recommending: list[str] = Field([], description="Codes of the States that made it.")


class TextWriting(Schema):
    """One text. What is left out stays as the present text in this language and form says."""

    model_config = NOTHING_ELSE

    text: str
    form: str = Field(TextVersion.Form.FULL.value, description="`full` or `plain`.")
    is_original: bool = Field(default=False, description="The language in which the text was adopted.")
    is_machine: bool = Field(default=False, description="Translated by a machine.")
    is_reviewed: bool = Field(default=False, description="You have compared it with the original.")
    source: str = Field("", description="Where the text comes from.")


def correction_form(record: Recommendation, correction: Correction, *, by: User) -> dict:
    """The arguments of the service: the current fields with the correction on top. Raises `Unanswerable`."""
    sent = correction.dict(exclude_unset=True)
    countries = dict(Country.objects.values_list("code", "pk"))
    institutions = dict(Institution.objects.visible_to(by).values_list("code", "pk"))
    known = {"restricted_to": institutions, "also_concerns": countries, "recommending": countries}
    numbers = {name: numbers_of(name, sent[name], codes) for name, codes in known.items() if name in sent}
    form = RecommendationForm({**present(record), **sent, **numbers}, instance=record)
    judged(form)
    return form.arguments()


def present(record: Recommendation) -> dict[str, object]:
    """The record as its form would send it back."""
    return {
        "version": record.version,
        "kind": record.kind,
        "symbol": record.document.symbol if record.document else "",
        "paragraph": record.paragraph,
        "date": record.date,
        "language": record.language,
        "decide_by": record.decide_by,
        **{name: getattr(record, name) for name in Recommendation.NATIONAL},
        "confidentiality": record.confidentiality,
        "restricted_to": [str(institution.pk) for institution in record.restricted_to.all()],
        "also_concerns": [str(country.pk) for country in record.also_concerns.all()],
        "recommending": [str(pk) for pk in editing.recommending_ids(record)],
    }


def numbers_of(name: str, codes: Iterable[str], known: Mapping[str, int]) -> list[str]:
    """The primary keys, which forms use, of these codes. Raises `Unanswerable` for an unknown code."""
    codes = list(codes)
    if unknown := [code[:60] for code in codes if code not in known]:
        message = _("Unknown code: %(codes)s.") % {"codes": ", ".join(unknown)}
        raise Unanswerable([Fault(parameter=name, message=message)], status=422)
    return [str(known[code]) for code in codes]


def text_form(record: Recommendation, language: str, writing: TextWriting) -> dict:
    sent = {"form": writing.form, **writing.dict(exclude_unset=True)}
    values = {"version": record.version, "language": language}
    for text in record.texts.current().filter(language=language):
        if text.form == writing.form:
            values |= {"is_original": text.is_original, "is_machine": text.is_machine, "source": text.source}
    return judged(TextForm({**values, **sent}))


def judged(form: BaseForm) -> dict:
    if form.is_valid():
        return form.cleaned_data
    faults = [
        Fault(parameter="body" if name == "__all__" else name, message=str(message))
        for name, messages in form.errors.items()
        for message in messages
    ]
    raise Unanswerable(faults, status=422)
