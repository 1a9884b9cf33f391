"""Every part of a page on one page, for people who build pages; served in development only."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from servanda.recommendations.models import Recommendation, Stand, Tagging


class ExampleForm(forms.Form):
    name = forms.CharField(help_text="As on the letterhead.")
    country = forms.ChoiceField(choices=[("SVN", "Slovenia"), ("PER", "Peru")])
    comment = forms.CharField(widget=forms.Textarea, required=False)
    publish = forms.BooleanField(required=False, help_text="Everybody sees it at once.")
    kinds = forms.MultipleChoiceField(choices=[("a", "One"), ("b", "Two")], widget=forms.CheckboxSelectMultiple)
    file = forms.FileField(help_text="JSON, XLSX, DOCX, PDF or CSV.", required=False)


def parts(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    facet = {
        "label": "Body",
        "is_open": True,
        "options": [
            {"label": "Universal Periodic Review", "count": 632, "url": "?body=UPR", "is_chosen": True},
            {
                "label": "Committee on the Elimination of Discrimination against Women",
                "count": 41,
                "url": "?body=CEDAW",
            },
        ],
        "more": [{"label": "Without", "count": 3, "url": "?body=-"}],
    }
    page = {
        "form": ExampleForm({}),
        "facet": facet,
        "stands": Stand,
        "confidentialities": Recommendation.Confidentiality,
        "origins": Tagging.Origin,
        "entries": [
            {"at": now, "text": "Ana Primer imported list.docx.", "note": "254 new"},
            {"at": now, "text": "Log-in."},
        ],
        "changes": [
            {"label": "Text", "old": "Ratify the Convention", "new": "Ratify the Convention and its Protocol"}
        ],
        "steps": ["Send", "Map", "Preview", "Apply"],
        "rows": [{"label": "Supported", "count": 180, "href": "?stand=supported"}, {"label": "Noted", "count": 31}],
        "columns": ["Position", "Recommendations"],
        "arabic": "٣٠- توصي اللجنة الدولة الطرف بأن تسحب تحفظاتها على الاتفاقية.",
        "facts": ["UPR 4", "A/HRC/59/15"],
    }
    return render(request, "desk/parts.html", page)
