"""The shape of what is said of plans, actions and their milestones."""

from collections.abc import Sequence
from decimal import Decimal

from django import forms
from django.db import models
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.kit.pages.forms import DateInput, TickList, merge_changes, show_initial_values
from servanda.people.access import Can, can
from servanda.people.models import Institution, User
from servanda.planning.actions.rules import ActionValues, Part, own_institutions
from servanda.planning.actions.services import Step
from servanda.planning.models import Action, ActionInstitution, Milestone, Plan
from servanda.recommendations.clusters.fields import ClusterField, initial_records, offer_clusters
from servanda.recommendations.models import Recommendation

CODES = forms.Textarea(attrs={"rows": 3, "dir": "ltr", "spellcheck": "false"})
CODE = forms.TextInput(attrs={"dir": "ltr", "spellcheck": "false"})
FREE_STEPS = 3
MOST_STEPS = 60
NOT_SAID = ("version", "answers", "cluster")  # of the form, and not of the action itself


def words(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


def field_of(model: type[models.Model], name: str, **options) -> forms.Field:
    return model._meta.get_field(name).formfield(**options)


class ActionForm(forms.Form):
    """What is planned, by whom, until when, for how much; on top what it answers when it is new."""

    title = field_of(Action, "title", widget=forms.TextInput(attrs={"dir": "auto"}))
    description = field_of(
        Action,
        "description",
        widget=words(4),
        help_text=gettext_lazy("What is done, by whom, for whom. A sentence is enough."),
    )
    lead = forms.ModelChoiceField(
        Institution.objects.none(), label=gettext_lazy("Lead"), required=False, empty_label=gettext_lazy("Nobody yet")
    )
    supporting = forms.ModelMultipleChoiceField(
        Institution.objects.none(), label=gettext_lazy("Supporting"), required=False, widget=TickList
    )
    plan = forms.ModelChoiceField(
        Plan.objects.none(), label=gettext_lazy("Plan"), required=False, empty_label=gettext_lazy("No plan")
    )
    parent = forms.CharField(
        label=gettext_lazy("Part of the action"),
        required=False,
        max_length=40,
        widget=CODE,
        help_text=gettext_lazy("The reference of the larger action, for instance A-12. May stay empty."),
    )
    status = field_of(Action, "status")
    start = field_of(Action, "start", widget=DateInput)
    due_on = field_of(Action, "due_on", widget=DateInput)
    budget = field_of(Action, "budget", min_value=Decimal(0))
    funded = field_of(Action, "funded", min_value=Decimal(0))
    currency = field_of(Action, "currency", widget=CODE)
    budget_line = field_of(Action, "budget_line")
    act = field_of(Action, "act", widget=forms.TextInput(attrs={"dir": "auto"}))
    obstacles = field_of(Action, "obstacles", widget=words(3))
    assistance = field_of(Action, "assistance", widget=words(3))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, user: User, action: Action | None = None, **kwargs):
        self.user, self.action = user, action
        parts = list(action.parts.all()) if action else []
        kwargs["initial"] = (initial_of(action, parts) if action else {}) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.fields["plan"].queryset = Plan.objects.visible_to(user)
        self.offer_institutions(parts)
        if action is None:
            del self.fields["version"]
        else:
            show_initial_values(self)
            if action.parent_id and not Action.objects.visible_to(user).filter(pk=action.parent_id).exists():
                del self.fields["parent"]  # it stays what it is, and is not told

    def offer_institutions(self, parts: Sequence[ActionInstitution]) -> None:
        """Those of today, and those that take part already."""
        there = models.Q(pk__in=[one.institution_id for one in parts])
        today = models.Q(pk__in=Institution.objects.active(on=timezone.localdate()).order_by().values("pk"))
        self.fields["supporting"].queryset = Institution.objects.filter(there | today)
        if not can(self.user, Can.EDIT_PLAN):
            own = own_institutions(self.user)
            today &= models.Q(pk__in=own)
            there &= models.Q(pk__in=own)
            self.fields["lead"].required = True
            if self.action is None and len(own) == 1:
                self.fields["lead"].initial = next(iter(own))
        self.fields["lead"].queryset = Institution.objects.filter(there | today)

    def clean_parent(self) -> Action | None:
        if not (code := self.cleaned_data["parent"].strip()):
            return None
        found = Action.objects.visible_to(self.user).filter(code__iexact=code).first()
        if found is None:
            raise forms.ValidationError(_("There is no action with this reference. Copy it from its page."))
        return found

    def said(self) -> ActionValues:
        """In the words of the deeds; the reference and a parent that is not shown stay what they are."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in NOT_SAID}
        if "parent" not in given:
            given["parent"] = self.action.parent if self.action else None
        return ActionValues(**given)

    def rebased(self, now: Action) -> "ActionForm":
        fresh = ActionForm(user=self.user, action=now)
        return ActionForm(merge_changes(self, fresh), user=self.user, action=now)

    def described(self) -> dict[str, str]:
        """What the person wants it to say, as `facts` has it."""
        given = self.cleaned_data
        wanted = {name: "" if given[name] is None else str(given[name]) for name in given}
        lead, supporting = given.get("lead"), given.get("supporting") or []
        return wanted | {
            "plan": given["plan"].code if given.get("plan") else "",
            "parent": given["parent"].code if given.get("parent") else "",
            "lead": lead.code if lead else "",
            "supporting": ", ".join(sorted(one.code for one in supporting)),
        }


def initial_of(action: Action, parts: Sequence[ActionInstitution]) -> dict[str, object]:
    said = {name: getattr(action, name) for name in ActionForm.base_fields if hasattr(action, name)}
    return said | {
        "parent": action.parent.code if action.parent else "",
        "lead": next((one.institution_id for one in parts if one.part == Part.LEAD), None),
        "supporting": [one.institution_id for one in parts if one.part == Part.SUPPORTING],
        "plan": action.plan_id,
    }


class NewActionForm(ActionForm):
    code = field_of(
        Action,
        "code",
        widget=CODE,
        required=False,
        help_text=gettext_lazy("As your own papers or spreadsheets call it. Empty: the next free one."),
    )
    answers = forms.CharField(
        label=gettext_lazy("Recommendations that it answers"),
        widget=CODES,
        required=False,
        help_text=gettext_lazy("Their references, one on each line. They can be added later."),
    )
    cluster = ClusterField(label=gettext_lazy("Cluster that it answers"))
    field_order = ["title", "description", "answers", "cluster", "lead", "supporting", "plan", "code"]

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        offer_clusters(self, user, near=initial_records(self, "answers"))

    def clean_answers(self) -> list[Recommendation]:
        return records_named(self.cleaned_data["answers"], self.user)


def records_named(text: str, user: User) -> list[Recommendation]:
    """The records of these references, as far as their internal side is open to this person."""
    wanted = list(dict.fromkeys(text.replace("\0", "").replace(",", " ").replace(";", " ").split()))
    found = list(Recommendation.objects.opened_to(user).filter(code__in=wanted))
    if missing := [code for code in wanted if code not in {one.code for one in found}]:
        raise forms.ValidationError(_("Not in the register: %(codes)s.") % {"codes": ", ".join(missing)})
    return found


class AnswersForm(forms.Form):
    codes = forms.CharField(
        label=gettext_lazy("References of the records"),
        widget=CODES,
        help_text=gettext_lazy("One on each line."),
        required=False,
    )
    cluster = ClusterField(label=gettext_lazy("Cluster that it answers"))

    def __init__(self, *args, user: User, near: QuerySet[Recommendation], **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)
        offer_clusters(self, user, near=near)
        self.fields["codes"].required = "cluster" not in self.fields

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("codes") and not cleaned.get("cluster"):
            self.add_error("codes", _("Name at least one record, or choose a cluster."))
        return cleaned

    def clean_codes(self) -> list[Recommendation]:
        return records_named(self.cleaned_data["codes"], self.user)


class ChooseActionForm(forms.Form):
    """Which action answers, by its reference: there may be thousands."""

    action = forms.CharField(
        label=gettext_lazy("Reference of the action"),
        max_length=40,
        widget=CODE,
        help_text=gettext_lazy("For instance A-12. You find it in the list of actions."),
    )

    def __init__(self, *args, user: User, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_action(self) -> Action:
        code = self.cleaned_data["action"].replace("\0", "").strip()
        found = Action.objects.visible_to(self.user).filter(code__iexact=code).first()
        if found is None or not Action.objects.editable_by(self.user).filter(pk=found.pk).exists():
            raise forms.ValidationError(_("There is no action with this reference that you may change."))
        return found


class StepForm(forms.Form):
    title = field_of(Milestone, "title", required=False, widget=forms.TextInput(attrs={"dir": "auto"}))
    due_on = field_of(Milestone, "due_on", widget=DateInput)
    reached_on = field_of(Milestone, "reached_on", widget=DateInput)

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if (cleaned.get("due_on") or cleaned.get("reached_on")) and not cleaned.get("title"):
            self.add_error("title", _("Give the milestone a title, or empty its days too."))
        return cleaned


Steps = forms.formset_factory(StepForm, extra=FREE_STEPS, max_num=MOST_STEPS, absolute_max=MOST_STEPS)


class MilestonesForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)


def steps_said(formset: forms.BaseFormSet) -> list[Step]:
    """Rows without a title are left out: that is how one is taken away."""
    return [Step(**row) for row in formset.cleaned_data if row.get("title")]
