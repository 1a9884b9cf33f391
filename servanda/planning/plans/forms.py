"""The form for plans."""

from django import forms
from django.utils.translation import gettext_lazy
from i18nfield.forms import I18nFormField, I18nTextInput

from servanda.kit.pages.forms import DateInput, field_of
from servanda.people.institutions.forms import languages_of
from servanda.planning.actions.forms import CODE, words
from servanda.planning.models import Plan
from servanda.planning.plans.services import PlanValues, mark


class PlanForm(forms.Form):
    kind = field_of(Plan, "kind")
    start = field_of(Plan, "start", widget=DateInput)
    end = field_of(Plan, "end", widget=DateInput)
    description = field_of(Plan, "description", widget=words(4))
    is_published = field_of(
        Plan, "is_published", help_text=gettext_lazy("The name of the plan is shown with its published actions.")
    )
    code = field_of(
        Plan,
        "code",
        widget=CODE,
        help_text=gettext_lazy("Short, for example nhrap-2026. It cannot be changed later."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args, plan: Plan | None = None, **kwargs):
        self.plan = plan
        if plan:
            names = ("name", "kind", "start", "end", "description", "is_published")
            kwargs["initial"] = {name: getattr(plan, name) for name in names} | {"seen": mark(plan)}
        super().__init__(*args, **kwargs)
        self.fields["name"] = I18nFormField(
            label=gettext_lazy("Name"),
            widget=I18nTextInput,
            locales=languages_of(plan.name if plan else None),
            max_length=200,
            help_text=gettext_lazy("In at least one language."),
        )
        del self.fields["code" if plan else "seen"]
        self.order_fields(["code", "name", "kind"])

    def values(self) -> PlanValues:
        cleaned = {name: value for name, value in self.cleaned_data.items() if name not in ("seen", "code")}
        return PlanValues(code=self.plan.code if self.plan else self.cleaned_data["code"], **cleaned)

    def bring_up_to_date(self, current: Plan) -> None:
        """Keep what was typed, but compare it with the present state when it is sent again."""
        self.data = self.data.copy()
        self.data["seen"] = mark(current)
