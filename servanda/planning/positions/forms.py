"""Forms for proposals, decisions, and the list of positions."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy

from servanda.kit.pages.forms import DateInput
from servanda.people.models import Institution
from servanda.people.naming import InstitutionByName, listed_name
from servanda.planning.models import PositionProposal
from servanda.planning.positions.bulk import AGREED, AGREED_LABEL, DecidePosition
from servanda.planning.positions.queries import LABELS
from servanda.recommendations.filters.facets import review_title
from servanda.recommendations.models import Stand
from servanda.sources.models import Review

CHOICES = [(stand.value, stand.label) for stand in PositionProposal.STANDS]
WHICH_PART = gettext_lazy("Explain in the comment which part is supported and which is not.")


class StandForm(forms.Form):
    """A position and a comment."""

    stand = forms.ChoiceField(label=gettext_lazy("Position"), choices=CHOICES, widget=forms.RadioSelect)
    comment = forms.CharField(
        label=gettext_lazy("Comment for the State's answer"),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        required=False,
        help_text=gettext_lazy("Required if only part is supported: explain which part."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=2000)

    is_outdated = False

    def bring_up_to_date(self, seen: str) -> None:
        """Keep what was typed, but compare it with the present state when it is sent again."""
        self.data = self.data.copy()
        self.data["seen"] = seen
        self.is_outdated = True

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if cleaned.get("stand") == Stand.PARTLY and not cleaned.get("comment"):
            self.add_error("comment", WHICH_PART)
        return cleaned


class ProposalForm(StandForm):
    institution = InstitutionByName(
        Institution.objects.none(),
        label=gettext_lazy("In the name of"),
        empty_label=None,
        error_messages={
            "invalid_choice": gettext_lazy(
                "You cannot propose a position on behalf of this institution for this record."
            )
        },
    )

    field_order = ["institution", "stand", "comment", "seen"]

    def __init__(self, *args, speaking: Sequence[Institution], **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["institution"]
        field.queryset = Institution.objects.filter(pk__in=[institution.pk for institution in speaking])
        field.initial = speaking[0].pk if speaking else None
        field.widget.choices = [(institution.pk, listed_name(institution)) for institution in speaking]
        if len(speaking) == 1:
            field.widget = forms.HiddenInput()


class SettleForm(StandForm):
    date = forms.DateField(
        label=gettext_lazy("Decided on"),
        widget=DateInput,
        required=False,
        help_text=gettext_lazy("Date from which the position is in force. Leave empty to save a draft."),
    )

    field_order = ["stand", "date", "comment", "seen"]


class DecisionForm(forms.Form):
    """A decision for many records; read by `servanda.desk.positions.decisions`."""

    stand = forms.ChoiceField(
        label=gettext_lazy("Position"), choices=[(AGREED, AGREED_LABEL), *CHOICES], widget=forms.RadioSelect
    )
    date = SettleForm.base_fields["date"]
    comment = forms.CharField(
        label=gettext_lazy("Comment of the State"),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        required=False,
        help_text=gettext_lazy(
            "The same on every record. Leave empty to copy the comments of the proposals (agreed position only)."
        ),
    )

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if cleaned.get("stand") == Stand.PARTLY and not cleaned.get("comment"):
            self.add_error("comment", WHICH_PART)
        return cleaned

    def change(self) -> DecidePosition:
        cleaned = self.cleaned_data
        day = cleaned["date"].isoformat() if cleaned["date"] else ""
        return DecidePosition(stand=cleaned["stand"], date=day, comment=cleaned["comment"])


class ReviewField(forms.ModelChoiceField):
    def label_from_instance(self, review: Review) -> str:
        return str(review_title(str(review.body.name), review.cycle, review.year))


class PositionsFilter(forms.Form):
    """The filters of the list of positions; invalid ones in an address are ignored."""

    review = ReviewField(
        Review.objects.none(), label=gettext_lazy("Review"), required=False, empty_label=gettext_lazy("All reviews")
    )
    state = forms.ChoiceField(label=gettext_lazy("Show"), required=False)

    def __init__(self, data, *, reviews, states: Sequence[str]):
        super().__init__(data)
        self.fields["review"].queryset = reviews
        self.fields["state"].choices = [(state, LABELS[state]) for state in states]
        self.usual = states[0]

    def chosen_state(self) -> str:
        return self.cleaned_data.get("state") or self.usual if self.is_valid() else self.usual
