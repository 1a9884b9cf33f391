"""Forms for actions and their milestones."""

from collections.abc import Sequence
from decimal import Decimal

from django import forms
from django.db import models
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.kit.pages.forms import DateInput, TickList, field_of, merge_changes, show_initial_values
from servanda.people.access import Can, can
from servanda.people.models import Institution, User
from servanda.people.naming import InstitutionByName, InstitutionsByName
from servanda.planning.actions.rules import ActionValues, Part, own_institutions
from servanda.planning.actions.services import Step
from servanda.planning.models import Action, ActionInstitution, Milestone, Plan
from servanda.planning.picking import ActionsField, offer_actions
from servanda.recommendations.clusters.fields import ClusterField, initial_records, offer_clusters
from servanda.recommendations.models import Recommendation
from servanda.recommendations.picking.fields import PicksRecords, RecordsField, offer_records

CODE = forms.TextInput(attrs={"dir": "ltr", "spellcheck": "false"})
FREE_STEPS = 3
MOST_STEPS = 60
NOT_SAID = ("version", "answers", "cluster")  # fields of the form that are not fields of the action


def words(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


class ActionForm(PicksRecords, forms.Form):
    """An action; a new one can name the records that it answers as well."""

    title = field_of(Action, "title", widget=forms.TextInput(attrs={"dir": "auto"}))
    description = field_of(
        Action,
        "description",
        widget=words(4),
        help_text=gettext_lazy("What is done, by whom and for whom. One sentence is enough."),
    )
    lead = InstitutionByName(
        Institution.objects.none(),
        label=gettext_lazy("Lead"),
        required=False,
        empty_label=gettext_lazy("To be determined"),
    )
    supporting = InstitutionsByName(
        Institution.objects.none(), label=gettext_lazy("Supporting"), required=False, widget=TickList
    )
    plan = forms.ModelChoiceField(
        Plan.objects.none(), label=gettext_lazy("Plan"), required=False, empty_label=gettext_lazy("No plan")
    )
    parent = ActionsField(
        label=gettext_lazy("Part of the action"),
        required=False,
        help_text=gettext_lazy("Optional. The larger action to which this one belongs."),
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
        others = Action.objects.visible_to(user)
        offer_actions(self, others.exclude(pk=action.pk) if action else others)
        if action is None:
            del self.fields["version"]
        else:
            show_initial_values(self)
            if action.parent_id and not Action.objects.visible_to(user).filter(pk=action.parent_id).exists():
                del self.fields["parent"]  # hidden from this person, and kept as it is

    def offer_institutions(self, parts: Sequence[ActionInstitution]) -> None:
        """Offer the active institutions, and those that take part already."""
        present = models.Q(pk__in=[part.institution_id for part in parts])
        today = models.Q(pk__in=Institution.objects.active(on=timezone.localdate()).order_by().values("pk"))
        self.fields["supporting"].queryset = Institution.objects.filter(present | today)
        if not can(self.user, Can.EDIT_PLAN):
            own = own_institutions(self.user)
            today &= models.Q(pk__in=own)
            present &= models.Q(pk__in=own)
            self.fields["lead"].required = True
            if self.action is None and len(own) == 1:
                self.fields["lead"].initial = next(iter(own))
        self.fields["lead"].queryset = Institution.objects.filter(present | today)

    def clean_parent(self) -> Action | None:
        if len(parents := self.cleaned_data["parent"]) > 1:
            raise forms.ValidationError(_("Select one action only. An action is part of at most one larger action."))
        return next(iter(parents), None)

    def values(self) -> ActionValues:
        """The values for the service; a parent that is not shown is kept."""
        cleaned = {name: value for name, value in self.cleaned_data.items() if name not in NOT_SAID}
        if "parent" not in cleaned:
            cleaned["parent"] = self.action.parent if self.action else None
        return ActionValues(**cleaned)

    def rebased(self, current: Action) -> "ActionForm":
        fresh = ActionForm(user=self.user, action=current)
        return ActionForm(merge_changes(self, fresh), user=self.user, action=current)

    def described(self) -> dict[str, str]:
        """What was entered, in the format of `facts`."""
        cleaned = self.cleaned_data
        values = {name: "" if cleaned[name] is None else str(cleaned[name]) for name in cleaned}
        lead, supporting = cleaned.get("lead"), cleaned.get("supporting") or []
        return values | {
            "plan": cleaned["plan"].code if cleaned.get("plan") else "",
            "parent": cleaned["parent"].code if cleaned.get("parent") else "",
            "lead": lead.code if lead else "",
            "supporting": ", ".join(sorted(institution.code for institution in supporting)),
        }


def initial_of(action: Action, parts: Sequence[ActionInstitution]) -> dict[str, object]:
    initial = {name: getattr(action, name) for name in ActionForm.base_fields if hasattr(action, name)}
    return initial | {
        "parent": action.parent.code if action.parent else "",
        "lead": next((part.institution_id for part in parts if part.part == Part.LEAD), None),
        "supporting": [part.institution_id for part in parts if part.part == Part.SUPPORTING],
        "plan": action.plan_id,
    }


class NewActionForm(ActionForm):
    code = field_of(
        Action,
        "code",
        widget=CODE,
        required=False,
        help_text=gettext_lazy("Reference used in your own documents. Leave empty to use the next free one."),
    )
    answers = RecordsField(
        label=gettext_lazy("Recommendations addressed"),
        required=False,
        help_text=gettext_lazy("You can add more later."),
    )
    cluster = ClusterField(label=gettext_lazy("Cluster addressed"))
    field_order = ["title", "description", "answers", "cluster", "lead", "supporting", "plan", "code"]

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        offer_clusters(self, user, near=initial_records(self, "answers"))
        offer_records(self, Recommendation.every_kind.opened_to(user))


class AnswersForm(PicksRecords, forms.Form):
    codes = RecordsField(label=gettext_lazy("Records"), required=False)
    cluster = ClusterField(label=gettext_lazy("Cluster addressed"))

    def __init__(self, *args, user: User, near: QuerySet[Recommendation], **kwargs):
        super().__init__(*args, **kwargs)
        offer_clusters(self, user, near=near)
        offer_records(self, Recommendation.every_kind.opened_to(user))
        self.fields["codes"].required = "cluster" not in self.fields

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("codes") and not cleaned.get("cluster"):
            self.add_error("codes", _("Select at least one record, or choose a cluster."))
        return cleaned


class ChooseActionForm(forms.Form):
    """Choose an action by its reference, as there may be thousands."""

    action = forms.CharField(
        label=gettext_lazy("Reference of the action"),
        max_length=40,
        widget=CODE,
        help_text=gettext_lazy("For example A-12. See the list of actions."),
    )

    def __init__(self, *args, user: User, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_action(self) -> Action:
        code = self.cleaned_data["action"].replace("\0", "").strip()
        action = Action.objects.visible_to(self.user).filter(code__iexact=code).first()
        if action is None or not Action.objects.editable_by(self.user).filter(pk=action.pk).exists():
            raise forms.ValidationError(_("No action that you can change has this reference. Check the reference."))
        return action


class StepForm(forms.Form):
    title = field_of(Milestone, "title", required=False, widget=forms.TextInput(attrs={"dir": "auto"}))
    due_on = field_of(Milestone, "due_on", widget=DateInput)
    reached_on = field_of(Milestone, "reached_on", widget=DateInput)

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if (cleaned.get("due_on") or cleaned.get("reached_on")) and not cleaned.get("title"):
            self.add_error("title", _("Enter a title for the milestone, or clear its dates."))
        return cleaned


Steps = forms.formset_factory(StepForm, extra=FREE_STEPS, max_num=MOST_STEPS, absolute_max=MOST_STEPS)


class MilestonesForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)


def milestones_of(formset: forms.BaseFormSet) -> list[Step]:
    """The milestones of the formset; a row without a title is removed."""
    return [Step(**row) for row in formset.cleaned_data if row.get("title")]
