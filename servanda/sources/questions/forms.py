"""The form of a question."""

from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from servanda.kit.pages.forms import SeenForm, TickList
from servanda.people.institutions.forms import InstitutionsField
from servanda.people.models import Institution, User
from servanda.people.naming import InstitutionByName
from servanda.sources.models import Question
from servanda.sources.questions.services import LONGEST_TEXT, QuestionValues


class QuestionForm(forms.ModelForm, SeenForm):
    institutions = InstitutionsField(
        Institution.objects.none(),
        label=_("Institutions"),
        required=False,
        widget=TickList,
        help_text=_(
            "They are to answer this question, and see it. One that is removed is notified if it still had to answer."
        ),
    )

    class Meta:
        model = Question
        fields = ["number", "text", "articles", "heading", "asked_by", "confidentiality", "lead", "share"]
        field_classes = {"lead": InstitutionByName}
        widgets = {
            "number": forms.TextInput(attrs={"dir": "ltr"}),
            "text": forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
            "articles": forms.TextInput(attrs={"dir": "ltr"}),
            "heading": forms.TextInput(attrs={"dir": "auto"}),
        }
        help_texts = {
            "articles": _("For example: 2, 3, 26."),
            "lead": _("This institution also answers, and can see the question."),
            "share": _(
                "Percentage of the words of the reply, at most 100 for all questions of the document. Leave empty to"
                " divide the rest equally."
            ),
        }

    field_order = ["number", "text", "articles", "heading", "asked_by", "institutions", "lead", "share"]

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        named = Institution.objects.filter(questions=self.instance)
        visible = Q(pk__in=Institution.objects.visible_to(user).filter(active_to=None).order_by().values("pk"))
        self.fields["institutions"].queryset = Institution.objects.filter(visible | Q(pk__in=named.values("pk")))
        self.fields["lead"].queryset = Institution.objects.filter(visible | Q(pk=self.instance.lead_id))
        self.fields["text"].validators.append(MaxLengthValidator(LONGEST_TEXT))
        if self.instance.language:
            self.fields["text"].widget.attrs["lang"] = self.instance.language
        self.initial |= {"institutions": [institution.pk for institution in named], "seen": self.instance.version}

    def values(self) -> QuestionValues:
        return QuestionValues(**{name: self.cleaned_data[name] for name in self.Meta.fields})
