"""The two form fields for the reason why an assessed record is no longer public."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.recommendations.editing.publicity import Explanation, is_signed_and_public
from servanda.recommendations.models import Recommendation, Signature
from servanda.sources.printed.texts import clean


def explanation_fields(*, required: bool) -> dict[str, forms.Field]:
    reason = forms.CharField(
        label=gettext_lazy("Public reason"),
        required=required,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=gettext_lazy(
            "An accredited institution has published an assessment. The reason is shown with it at the address "
            "of the record, and the institution is informed."
        ),
        error_messages={"required": gettext_lazy("Enter a public reason.")},
    )
    person = forms.BooleanField(
        label=gettext_lazy("To protect a person"),
        required=False,
        help_text=gettext_lazy(
            "If selected, the text of the record and the reasons for the assessment are not shown. The rating, "
            "its date and the institution are shown."
        ),
    )
    return {"public_reason": reason, "protects_person": person}


def explanation_of(cleaned_data: dict) -> Explanation:
    """The explanation from the cleaned data of a form, which need not have the fields."""
    return Explanation(cleaned_data.get("public_reason", ""), cleaned_data.get("protects_person", False))


def must_explain(record: Recommendation) -> bool:
    return is_signed_and_public(record)


def must_explain_any(records: QuerySet[Recommendation]) -> bool:
    public = Recommendation.every_kind.public().filter(pk__in=records.order_by().values("pk"))
    return Signature.objects.filter(recommendation__in=public.order_by().values("pk")).exists()


class PublicReasonForm(forms.Form):
    """A form that ends publication; it has fields only for records with a signed assessment."""

    def __init__(self, *args: Any, record: Recommendation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if must_explain(record):
            self.fields |= explanation_fields(required=True)

    def explanation(self) -> Explanation:
        return explanation_of(self.cleaned_data)


class WithdrawForm(PublicReasonForm):
    """Asks for an internal reason, or for a public one where that is required, which then serves as both."""

    reason = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "public_reason" in self.fields:
            del self.fields["reason"]

    def reason_given(self) -> str:
        return self.cleaned_data.get("reason") or self.explanation().reason


class SplitForm(PublicReasonForm):
    """Any number of texts, separated by lines with three dashes."""

    texts = forms.CharField(
        label=gettext_lazy("Texts of the new records"),
        widget=forms.Textarea(attrs={"rows": 14, "dir": "auto"}),
        help_text=gettext_lazy(
            "Separate the texts with a line containing only ---. Each text becomes a separate record."
        ),
    )

    def clean_texts(self) -> list[str]:
        lines = self.cleaned_data["texts"].splitlines()
        texts = "\n".join("\f" if line.strip() == "---" else line for line in lines).split("\f")
        texts = [text for text in map(clean, texts) if text]
        if len(texts) < 2:
            raise forms.ValidationError(_("Divide the text at least once, with a line containing only ---."))
        return texts
