from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.people.appointments.services import has_focal_point
from servanda.people.models import Institution
from servanda.people.naming import listed_name
from servanda.planning.assignments.bulk import AssignInstitution
from servanda.planning.models import Assignment
from servanda.recommendations.editing.forms import DateInput, TickList


def label_of(institution: Institution) -> str:
    """Its name as in all lists, with a note if it was annotated as vacant."""
    if vars(institution).get("is_vacant"):
        return _("%(institution)s (no focal point)") % {"institution": institution}
    return listed_name(institution)


class InstitutionChoice(forms.ModelChoiceField):
    label_from_instance = staticmethod(label_of)


class InstitutionChoices(forms.ModelMultipleChoiceField):
    label_from_instance = staticmethod(label_of)


class TermsForm(forms.Form):
    """The terms of an assignment, for one record or for many."""

    since = forms.DateField(label=gettext_lazy("Since"), widget=DateInput)
    due_on = forms.DateField(
        label=gettext_lazy("Due"),
        widget=DateInput,
        required=False,
        help_text=gettext_lazy("Deadline for the reply. Optional."),
    )
    note = forms.CharField(
        label=gettext_lazy("Expected follow-up"),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        required=False,
        help_text=gettext_lazy("All logged-in users who can open this record can read it."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["since"].initial = timezone.localdate
        today = timezone.localdate()
        institutions = Institution.objects.active(on=today).annotate(is_vacant=~has_focal_point(on=today))
        for name in ("lead", "supporting", "institution"):
            if name in self.fields:
                self.fields[name].queryset = institutions

    @property
    def offers_vacant(self) -> bool:
        """Whether one of the institutions on offer has no focal point."""
        fields = [self.fields[name] for name in ("lead", "institution") if name in self.fields]
        return any(vars(institution)["is_vacant"] for field in fields for institution in field.queryset)

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        since, due_on = cleaned.get("since"), cleaned.get("due_on")
        if since and due_on and due_on < since:
            self.add_error("due_on", _("Enter a due date that is not before the start of the assignment."))
        return cleaned


class AssignForm(TermsForm):
    lead = InstitutionChoice(
        Institution.objects.none(),
        label=gettext_lazy("Lead"),
        required=False,
        empty_label=gettext_lazy("Leave as it is"),
        help_text=gettext_lazy(
            "There is one lead institution. Choosing another ends the assignment of the current one."
        ),
    )
    supporting = InstitutionChoices(
        Institution.objects.none(), label=gettext_lazy("Supporting"), required=False, widget=TickList
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=2000)

    field_order = ["lead", "supporting", "since", "due_on", "note", "seen"]
    is_outdated = False

    def bring_up_to_date(self, seen: str) -> None:
        """Keep what was typed, but compare it with the present state when it is sent again."""
        self.data = self.data.copy()
        self.data["seen"] = seen
        self.is_outdated = True

    def clean(self) -> dict:
        cleaned = super().clean()
        lead, supporting = cleaned.get("lead"), list(cleaned.get("supporting") or [])
        if not self.errors and not lead and not supporting:
            self.add_error("lead", _("Choose a lead institution or at least one supporting institution."))
        if lead in supporting:
            self.add_error(
                "supporting",
                _(
                    "An institution cannot be both lead and supporting institution. Remove it from one of the two "
                    "fields."
                ),
            )
        return cleaned


class OrderForm(TermsForm):
    institution = InstitutionChoice(Institution.objects.none(), label=gettext_lazy("Institution"))
    part = forms.ChoiceField(label=gettext_lazy("Role"), choices=Assignment.Part.choices)

    field_order = ["institution", "part", "since", "due_on", "note"]

    def change(self) -> AssignInstitution:
        cleaned = self.cleaned_data
        return AssignInstitution(
            institution=cleaned["institution"].pk,
            part=cleaned["part"],
            since=cleaned["since"].isoformat(),
            due_on=cleaned["due_on"].isoformat() if cleaned["due_on"] else "",
            note=cleaned["note"],
        )
