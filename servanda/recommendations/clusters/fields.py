"""A form field for choosing a cluster, for people who may see clusters.

There may be hundreds: twenty are offered, the nearest first, and words find others, without a script.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.language.words.tokens import tokens
from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.recommendations.clusters.choices import Offer
from servanda.recommendations.models import Cluster, Recommendation
from servanda.sources.printed.texts import clean_label

LONGEST = 200  # characters of a name


@dataclass(frozen=True, slots=True)
class ClusterInput:
    """The submitted values: the chosen cluster, the words, and the words for which clusters were offered."""

    key: str = ""
    words: str = ""
    asked: str = ""


class ClusterChoice(forms.Widget):
    offer: Offer | None = None
    use_fieldset = True

    def use_required_attribute(self, initial: object) -> bool:
        """Always False: the form is also valid without a choice, for example with a search term."""
        return False

    def value_from_datadict(self, data: Mapping[str, Any], files: object, name: str) -> ClusterInput:
        sent = (data.get(f"{name}{suffix}", "") for suffix in ("", "_words", "_asked"))
        return ClusterInput(*(clean_label(text)[:LONGEST] for text in sent))

    def render(
        self, name: str, value: ClusterInput | object, attrs: dict | None = None, renderer: object = None
    ) -> SafeString:
        entered = value if isinstance(value, ClusterInput) else ClusterInput(key=str(value or ""))
        offer = self.offer
        offered = [] if offer is None else offer.with_words(entered.words) if entered.words else offer.first()
        if (
            offer
            and entered.key not in {str(cluster.key) for cluster in offered}
            and (chosen := offer.chosen(entered.key))
        ):
            offered = [*offer.read([chosen.pk]), *offered]
        attrs = attrs or {}
        page = {
            "name": name,
            "entered": entered,
            "offered": offered,
            "attrs": flatatt(attrs),
            "id": attrs.get("id", name),
        }
        page["is_searched"] = bool(entered.words) or (offer is not None and offer.has_more())
        return render_to_string("recommendations/clusters/_choice.html", page)


class ClusterField(forms.Field):
    """A cluster, by its key; `offer_clusters` removes the field for people who may not see clusters."""

    widget = ClusterChoice

    def __init__(self, **options: Any) -> None:
        help_text = gettext_lazy(
            "Covers all records of the cluster that are not restricted, including records added later. Other "
            "users cannot see which cluster it is."
        )
        super().__init__(**{"required": False, "help_text": help_text, **options})

    def clean(self, value: ClusterInput) -> Cluster | None:
        offer = self.widget.offer
        if offer is None:
            return None
        if value.words and value.words != value.asked:
            return self.only_match(offer, value.words)
        if value.key:
            if chosen := offer.chosen(value.key):
                return chosen
            raise forms.ValidationError(_("Select one of the clusters in the list."))
        if value.words:
            raise forms.ValidationError(_("Select one of the clusters found, or enter other words."))
        if self.required:
            raise forms.ValidationError(self.error_messages["required"])
        return None

    def only_match(self, offer: Offer, name: str) -> Cluster:
        """The only cluster with exactly this name, which then need not be chosen. Raises `ValidationError`."""
        offered = offer.with_words(name)
        exact = [cluster for cluster in offered if tokens(cluster.name, "") == tokens(name, "")]
        if len(exact) == 1:
            return exact[0]
        raise forms.ValidationError(
            _("Select one of the clusters found, or enter other words.")
            if offered
            else _("No cluster found. Enter other words of its name, or the reference of one of its records.")
        )


def offer_clusters(
    form: forms.Form, user: User, *, near: QuerySet[Recommendation] | None = None, without: Cluster | None = None
) -> None:
    """Prepare the field. Names of clusters may contain words of any record, so only people who may read every record
    can choose one; for others the field is removed."""
    field = form.fields["cluster"]
    if isinstance(field.widget, ClusterChoice) and can(user, Can.READ_EVERYTHING):
        field.widget.offer = Offer(user, near, without.pk if without else 0)
    else:
        del form.fields["cluster"]


def initial_records(form: forms.Form, name: str) -> QuerySet[Recommendation] | None:
    """The records whose references are the initial value of a field."""
    codes = clean_label(str(form.initial.get(name) or "")).replace(",", " ").split()
    return Recommendation.objects.filter(code__in=codes) if codes else None
