"""Forms of training: a course, a session, and who attended."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.kit.pages.forms import DateInput, TickList, field_of
from servanda.network.assistance.forms import LanguagesField
from servanda.network.models import Course, CourseRegistration, CourseSession
from servanda.network.practices.forms import area
from servanda.network.practices.queries import capacities
from servanda.network.profiles.forms import LINE, Seen
from servanda.network.training.services import COURSE_FACTS, SESSION_FACTS, CourseValues, SessionValues
from servanda.recommendations.editing.forms import LanguageField


class CourseForm(Seen):
    title = field_of(Course, "title", widget=forms.TextInput(attrs=LINE))
    text = area(gettext_lazy("Content"), required=True)
    provider = field_of(Course, "provider", widget=forms.TextInput(attrs=LINE))
    level = field_of(Course, "level")
    form = field_of(Course, "form")
    languages = LanguagesField(
        label=gettext_lazy("Languages"), max_length=100, help_text=gettext_lazy("Codes, for example: en, fr, ar.")
    )
    capacity = forms.ChoiceField(
        label=gettext_lazy("Capacity"),
        required=False,
        help_text=gettext_lazy(
            "The course is suggested to mechanisms whose self-assessment shows a gap in this capacity."
        ),
    )
    materials = area(
        gettext_lazy("Materials"), rows=3, help_text=gettext_lazy("What the materials are and where they are kept.")
    )
    link = forms.URLField(
        label=gettext_lazy("Address of the materials"), max_length=500, required=False, assume_scheme="https"
    )

    def __init__(self, *args: Any, course: Course | None = None, **kwargs: Any) -> None:
        if course:
            facts = {name: getattr(course, name) for name in COURSE_FACTS}
            kwargs["initial"] = facts | {"languages": ", ".join(course.language_codes), "seen": course.version}
        super().__init__(*args, **kwargs)
        choices = [("", _("Any")), *((code, str(label)) for code, label in capacities().items())]
        self.fields["capacity"].choices = choices  # type: ignore[attr-defined]  # -- a field of choices

    def values(self) -> CourseValues:
        return CourseValues(**{name: self.cleaned_data[name] for name in COURSE_FACTS})


class SessionForm(Seen):
    start = field_of(CourseSession, "start", widget=DateInput())
    end = field_of(CourseSession, "end", widget=DateInput())
    place = field_of(
        CourseSession,
        "place",
        widget=forms.TextInput(attrs=LINE),
        help_text=gettext_lazy("A town and building, or the address of an online meeting."),
    )
    language = LanguageField(required=False)
    places = field_of(CourseSession, "places", help_text=gettext_lazy("If left empty, there is no limit."))
    closes_on = field_of(
        CourseSession,
        "closes_on",
        widget=DateInput(),
        help_text=gettext_lazy("The last date for registration. Leave empty to allow registration until the end."),
    )

    def __init__(self, *args: Any, session: CourseSession | None = None, **kwargs: Any) -> None:
        if session:
            facts = {name: getattr(session, name) for name in SESSION_FACTS}
            kwargs["initial"] = facts | {"seen": session.version}
        super().__init__(*args, **kwargs)

    def values(self) -> SessionValues:
        return SessionValues(**{name: self.cleaned_data[name] for name in SESSION_FACTS})


class AttendanceForm(forms.Form):
    attended = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Attended"), required=False, coerce=int, widget=TickList
    )

    def __init__(
        self, *args: Any, registered: list[CourseRegistration], names: Mapping[int, str], **kwargs: Any
    ) -> None:
        kwargs["initial"] = {"attended": [row.pk for row in registered if row.attended]}
        super().__init__(*args, **kwargs)
        choices = [(row.pk, names[row.pk]) for row in registered]
        self.fields["attended"].choices = choices  # type: ignore[attr-defined]  # -- a field of choices


class GuestForm(forms.Form):
    """A person without an account."""

    name = field_of(CourseRegistration, "name", required=True, widget=forms.TextInput(attrs=LINE))
    institution = field_of(CourseRegistration, "institution", required=True, widget=forms.TextInput(attrs=LINE))
