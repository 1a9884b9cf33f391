from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from urllib.parse import urlencode

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.kit.pages.forms import DateInput, SeenForm, TickList, entered_date, refuse_future, refuse_past
from servanda.kit.pages.markdown import with_examples_lazy
from servanda.kit.templatetags.pages import language_name
from servanda.people.models import Instance, Institution, User
from servanda.people.naming import listed_name
from servanda.proceedings.kinds import kinds
from servanda.proceedings.models import Proceeding
from servanda.recommendations.models import Cluster, Recommendation, SavedView
from servanda.reporting.models import Report, ReportSection, ReportTemplate, WordTemplate
from servanda.reporting.reports.fact_drafts import DraftChoice, drafted_sources
from servanda.reporting.reports.scope import is_of_cases
from servanda.reporting.reports.services import VALUES, ReportValues
from servanda.reporting.reports.uses import UsedFact
from servanda.sources.models import Obligation, Review
from servanda.sources.obligations.forms import UN_LANGUAGES
from servanda.vocab.models import Body, ObligationKind

LABELS = {field.name: capfirst(field.verbose_name) for field in Report._meta.fields}
SECTION_LABELS = {field.name: capfirst(field.verbose_name) for field in ReportSection._meta.fields}
KEEP = "keep"


class ReportForm(SeenForm):
    """A report. Template and language cannot be changed later: its sections are made from them."""

    title = forms.CharField(label=LABELS["title"], max_length=300, widget=forms.TextInput(attrs={"dir": "auto"}))
    obligation = forms.ModelChoiceField(Obligation.objects.none(), label=LABELS["obligation"], required=False)
    template = forms.ModelChoiceField(
        ReportTemplate.objects.none(),
        label=LABELS["template"],
        help_text=gettext_lazy("Its sections are copied to the report."),
    )
    language = forms.ChoiceField(label=LABELS["language"])
    word_limit = forms.IntegerField(
        label=LABELS["word_limit"],
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text=gettext_lazy(
            "Leave empty to use the limit of the obligation or, if it has none, that of its rule or of the template."
        ),
    )
    start = forms.DateField(label=LABELS["start"], required=False, widget=DateInput)
    end = forms.DateField(label=LABELS["end"], required=False, widget=DateInput)
    facts_on = forms.DateField(
        label=LABELS["facts_on"],
        required=False,
        widget=DateInput,
        help_text=gettext_lazy("Only facts known on this date are offered. Leave empty to offer those known today."),
    )
    review = forms.ModelChoiceField(
        Review.objects.none(),
        label=LABELS["review"],
        required=False,
        help_text=gettext_lazy("Offers only facts on records of this review."),
    )
    cluster = forms.ModelChoiceField(Cluster.objects.none(), label=LABELS["cluster"], required=False)
    case = forms.ModelChoiceField(
        Proceeding.objects.none(),
        label=LABELS["case"],
        required=False,
        help_text=gettext_lazy("The measures that were ordered in it, and in the cases of its group."),
    )
    view = forms.ChoiceField(
        label=gettext_lazy("Saved list"),
        required=False,
        help_text=gettext_lazy(
            "The records of one of your saved lists of the register, or the measures that a body ordered in cases."
        ),
    )
    word_template = forms.ModelChoiceField(
        WordTemplate.objects.none(),
        label=LABELS["word_template"],
        required=False,
        empty_label=gettext_lazy("Form of the United Nations"),
        help_text=gettext_lazy("Layout of the Word file. Administrators add Word templates."),
    )

    def __init__(
        self,
        *args,
        user: User,
        report: Report | None = None,
        obligation: Obligation | None = None,
        case: Proceeding | None = None,
        **kwargs,
    ):
        self.report = report
        kwargs["initial"] = initial_of_case(case) if case else initial_of(report, obligation)
        super().__init__(*args, **kwargs)
        visible = Obligation.objects.visible_to(user).reported_on()
        chosen = report.obligation_id if report else None
        self.fields["obligation"].queryset = (visible.unfinished() | visible.filter(pk=chosen)).select_related("body")
        self.fields["obligation"].label_from_instance = obligation_in_words
        self.fields["template"].queryset = ReportTemplate.objects.in_use()
        self.fields["review"].queryset = Review.objects.select_related("body", "country").order_by("-year", "-cycle")
        self.fields["cluster"].queryset = Cluster.objects.filter(dissolved_at=None).order_by("name")
        self.fields["case"].queryset = cases_for(user, report)
        self.fields["language"].choices = languages()
        self.fields["word_template"].queryset = word_templates_for(report)
        self.views = {str(view.pk): view for view in SavedView.objects.filter(owner=user)}
        self.measures = bodies_with_measures(user)
        self.fields["view"].choices = view_choices(self.views.values(), self.measures, report)
        for name in ("template", "language") if report else ("seen",):
            del self.fields[name]

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        refuse_future(self, "facts_on", on=timezone.localdate())
        return cleaned

    def values(self) -> ReportValues:
        cleaned = self.cleaned_data
        values = {name: cleaned.get(name) for name in VALUES}
        if self.report:
            values |= {"template": self.report.template, "language": self.report.language}
        view = self.views.get(cleaned["view"])
        query = self.report.query if self.report and cleaned["view"] == KEEP else ""
        if cleaned["view"] in self.measures:
            query = urlencode({"kind": Recommendation.Kind.MEASURE, "body": self.measures[cleaned["view"]].code})
            query = f"?{query}"
        return ReportValues(**values | {"query": view.query if view else query})


def initial_of(report: Report | None, obligation: Obligation | None) -> dict[str, object]:
    if report:
        same = ("title", "word_limit", "start", "end", "facts_on", "obligation", "review", "cluster", "case")
        same += ("word_template",)
        view = KEEP if report.query else ""
        return {name: getattr(report, name) for name in same} | {"seen": report.version, "view": view}
    if obligation is None:
        return {}
    title = obligation.title or f"{obligation.body.short}: {obligation.get_kind_display()}"
    start = {"obligation": obligation, "title": title, "template": usual_template(obligation)}
    return start | {"review": obligation.review_id, "language": obligation.language}


def usual_template(obligation: Obligation) -> ReportTemplate | None:
    """One of the body before one of any body. None for other obligations: what is due may be anything."""
    if obligation.kind == ObligationKind.OTHER:
        return None
    offered = [template for template in ReportTemplate.objects.in_use() if obligation.kind in template.kind_codes]
    of_body = [template for template in offered if template.body_id == obligation.body_id]
    return next(iter(of_body or [template for template in offered if template.body_id is None]), None)


def initial_of_case(case: Proceeding) -> dict[str, object]:
    """The template for what is due in the case; without one, the person chooses. The title has no reference: people
    who write a section or are asked for information read it, and need not see the case."""
    due = case.obligation.kind if case.obligation else ""
    offered = [template for template in ReportTemplate.objects.in_use() if is_of_cases(template)]
    template = next((template for template in offered if due in template.kind_codes), None)
    return {"case": case, "title": str(template or "")[:300], "template": template}


def cases_for(user: User, report: Report | None) -> QuerySet[Proceeding]:
    """The cases that the person sees; and the one that the report has."""
    codes = [kind.code for kind in kinds().values() if kind.is_case]
    rows = Proceeding.objects.visible_to(user).filter(kind__in=codes).order_by().values("pk")
    chosen = report.case_id if report else None
    return Proceeding.objects.filter(Q(pk__in=rows) | Q(pk=chosen)).order_by("reference")


def word_templates_for(report: Report | None) -> QuerySet[WordTemplate]:
    """Those offered, of its language where it is known; and the one that the report has."""
    rows = WordTemplate.objects.offered()
    if report is None:
        return rows
    rows = rows.filter(language__in=["", report.language])
    return rows | WordTemplate.objects.filter(pk=report.word_template_id)


def view_choices(
    views: Iterable[SavedView], measures: Mapping[str, Body], report: Report | None
) -> list[tuple[str, object]]:
    kept = [(KEEP, gettext_lazy("Keep the present filter"))] if report and report.query else []
    ordered = [(key, _("Measures ordered by: %(body)s") % {"body": body.short}) for key, body in measures.items()]
    return [("", "–"), *kept, *ordered, *((str(view.pk), view.name) for view in views)]


def bodies_with_measures(user: User) -> dict[str, Body]:
    """By the value of their choice, the bodies of which the person sees a measure."""
    visible = Recommendation.every_kind.visible_to(user).filter(kind=Recommendation.Kind.MEASURE)
    bodies = Body.objects.filter(pk__in=visible.order_by().values("body"))
    return {f"measures-{body.code}": body for body in bodies}


def obligation_in_words(obligation: Obligation) -> str:
    kind = obligation.title or obligation.get_kind_display()
    return f"{obligation.body.short}: {kind} ({obligation.code})"


class AssignmentForm(SeenForm):
    """One row for each section: the institution that writes it, and until when."""

    def __init__(self, *args, report: Report, sections: list[ReportSection], **kwargs):
        super().__init__(*args, initial={"seen": report.version}, **kwargs)
        self.sections = sections
        self.due_on = report.obligation.due_on if report.obligation else None
        self.institutions = {str(place.pk): place for place in offered_institutions(sections)}
        choices = [("", "–"), *((key, listed_name(place)) for key, place in self.institutions.items())]
        for section in sections:
            self.fields[f"institution-{section.pk}"] = forms.ChoiceField(
                label=SECTION_LABELS["institution"],
                required=False,
                choices=choices,
                initial=str(section.institution_id or ""),
            )
            self.fields[f"due_on-{section.pk}"] = forms.DateField(
                label=SECTION_LABELS["due_on"], required=False, initial=section.due_on, widget=DateInput
            )

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        names = [f"due_on-{section.pk}" for section in self.sections]
        refuse_past(self, *names, on=timezone.localdate())
        for name in names:
            if self.due_on and (day := entered_date(self, name)) and day > self.due_on:
                sentence = _("The deadline of the report is %(day)s. Enter a date up to then.")
                self.add_error(name, sentence % {"day": date_format(self.due_on, "DATE_FORMAT")})
        return cleaned

    def rows(self) -> list[tuple[ReportSection, object, object]]:
        return [(row, self[f"institution-{row.pk}"], self[f"due_on-{row.pk}"]) for row in self.sections]

    def owners(self) -> dict[int, tuple[Institution | None, date | None]]:
        cleaned = self.cleaned_data
        return {
            row.pk: (self.institutions.get(cleaned[f"institution-{row.pk}"]), cleaned[f"due_on-{row.pk}"])
            for row in self.sections
        }


def offered_institutions(sections: Iterable[ReportSection]) -> QuerySet[Institution]:
    """The active institutions, and those that are chosen already."""
    active = Institution.objects.active(on=timezone.localdate()).order_by().values("pk")
    chosen = [section.institution_id for section in sections if section.institution_id]
    return Institution.objects.filter(Q(pk__in=active) | Q(pk__in=chosen))


def languages() -> list[tuple[str, str]]:
    """Those of the instance first, then those of the United Nations."""
    codes = dict.fromkeys([*Instance.current().language_codes(), *UN_LANGUAGES])
    return [(code, language_name(code)) for code in codes]


class DraftForm(forms.Form):
    """The kinds of facts in a draft; each section draws on some kinds only."""

    kinds = forms.MultipleChoiceField(label=gettext_lazy("Kinds of facts"), widget=TickList)
    is_of_any_time = forms.BooleanField(
        label=gettext_lazy("Also facts outside the period of the report"), required=False
    )

    again = forms.MultipleChoiceField(
        label=gettext_lazy("Facts that other sections use"),
        required=False,
        widget=TickList,
        help_text=gettext_lazy("They are left out of the draft. Select those that this section is to have too."),
    )

    def __init__(self, *args, section: ReportSection, used: Sequence[UsedFact], **kwargs):
        sources = drafted_sources(section)
        super().__init__(*args, initial={"kinds": [source.code for source in sources]}, **kwargs)
        self.fields["kinds"].choices = [(source.code, source.label) for source in sources]
        self.fields["again"].choices = [(row.key, str(row)) for row in used]
        if not used:
            del self.fields["again"]
        if not (section.report.start or section.report.end):
            del self.fields["is_of_any_time"]

    def choice(self) -> DraftChoice:
        """The chosen kinds; by default all, limited to the period of the report."""
        if not self.is_bound:
            return DraftChoice()
        cleaned = self.cleaned_data
        kinds, again = tuple(cleaned["kinds"]), tuple(cleaned.get("again", ()))
        return DraftChoice(kinds, not cleaned.get("is_of_any_time"), again)


class SectionForm(SeenForm):
    is_outdated = False  # another user saved the section since the form was opened

    # Without a greatest length, at which browsers cut what is pasted without a word; the service refuses it.
    text = forms.CharField(
        label=SECTION_LABELS["text"],
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "dir": "auto"}),
        help_text=with_examples_lazy(
            gettext_lazy(
                "Markdown: `**bold**`, `*italic*`, `## heading`, `- list`, `> quotation`, `[link](address)`."
                " `[](#key)` prints the heading of the section with this key, `[#](#key)` the number of its first"
                " paragraph."
            )
        ),
    )

    def __init__(self, *args, section: ReportSection, **kwargs):
        super().__init__(*args, initial={"text": section.text, "seen": section.version}, **kwargs)
        self.fields["text"].widget.attrs["lang"] = section.report.language
