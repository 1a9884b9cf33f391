"""Forms for signed assessments, and for replies of the State."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.kit.pages.forms import DateInput, link_field
from servanda.people.models import User
from servanda.progress.assessments.forms import LONGEST_REASON, REASON, GradeField
from servanda.progress.assessments.signing import grades_to_sign, places_to_sign_for
from servanda.progress.assessments.speaking import SpeakingForm
from servanda.progress.evidence.services import MOST_LINKS
from servanda.progress.models import Assessment, Grade
from servanda.recommendations.models import Recommendation


class SignForm(SpeakingForm):
    grade = GradeField(Grade.objects.none(), label=gettext_lazy("Value"))
    date = forms.DateField(label=gettext_lazy("Date"), widget=DateInput)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=REASON,
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("The reason is published with the value. Do not name people who could be harmed."),
    )
    confidence = forms.ChoiceField(
        label=gettext_lazy("Confidence"),
        choices=Assessment.Confidence.choices,
        initial=Assessment.Confidence.MEDIUM,
    )
    links = forms.CharField(
        label=gettext_lazy("Links to reports or data"),
        required=False,
        max_length=2600,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "ltr", "spellcheck": "false"}),
        help_text=gettext_lazy("One link per line, at most five."),
    )

    def __init__(self, *args, recommendation: Recommendation, person: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer_institutions(person, among=places_to_sign_for(person))
        grades = grades_to_sign()
        body = recommendation.body.code
        usable = [grade.pk for grade in grades if grade.scale.is_for(body)]
        self.fields["grade"].queryset = grades.filter(pk__in=usable)
        self.fields["date"].initial = timezone.localdate

    def clean_links(self) -> list[str]:
        links = list(dict.fromkeys(self.cleaned_data["links"].split()))
        if len(links) > MOST_LINKS:
            raise forms.ValidationError(_("Enter at most five links."))
        field = link_field()
        return [field.clean(link) for link in links]


class ReplyForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Reply of the State"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        help_text=gettext_lazy(
            "The reply is published immediately next to the assessment, with today’s date, and cannot be withdrawn."
        ),
    )
