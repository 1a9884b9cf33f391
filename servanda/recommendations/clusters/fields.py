"""A cluster chosen in a form, by those who see clusters.

There may be hundreds: twenty are offered, the nearest first, and words bring others, without a script.
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
    """What came with the form: the chosen cluster, the words, and the words for which clusters were offered."""

    key: str = ""
    words: str = ""
    asked: str = ""


class ClusterChoice(forms.Widget):
    offer: Offer | None = None
    use_fieldset = True

    def use_required_attribute(self, initial: object) -> bool:
        """Words of its name do as well as a choice, and the form may hold other deeds: no browser stops either."""
        return False

    def value_from_datadict(self, data: Mapping[str, Any], files: object, name: str) -> ClusterInput:
        sent = (data.get(f"{name}{what}", "") for what in ("", "_words", "_asked"))
        return ClusterInput(*(clean_label(text)[:LONGEST] for text in sent))

    def render(
        self, name: str, value: ClusterInput | object, attrs: dict | None = None, renderer: object = None
    ) -> SafeString:
        said = value if isinstance(value, ClusterInput) else ClusterInput(key=str(value or ""))
        offer = self.offer
        offered = [] if offer is None else offer.with_words(said.words) if said.words else offer.first()
        if offer and said.key not in {str(one.key) for one in offered} and (chosen := offer.chosen(said.key)):
            offered = [*offer.read([chosen.pk]), *offered]
        attrs = attrs or {}
        page = {"name": name, "said": said, "offered": offered, "attrs": flatatt(attrs), "id": attrs.get("id", name)}
        page["is_searched"] = bool(said.words) or (offer is not None and offer.has_more())
        return render_to_string("recommendations/clusters/_choice.html", page)


class ClusterField(forms.Field):
    """By the key of the cluster; a form takes it away from everybody else with `offer_clusters`."""

    widget = ClusterChoice

    def __init__(self, **options: Any) -> None:
        help_text = gettext_lazy(
            "Every record of the cluster that is not restricted, also one that joins it later. Others are not told"
            " which cluster it is."
        )
        super().__init__(**{"required": False, "help_text": help_text, **options})

    def clean(self, value: ClusterInput) -> Cluster | None:
        offer = self.widget.offer
        if offer is None:
            return None
        if value.words and value.words != value.asked:
            return self.only_one_named(offer, value.words)
        if value.key:
            if chosen := offer.chosen(value.key):
                return chosen
            raise forms.ValidationError(_("Choose one of the clusters that are offered."))
        if value.words:
            raise forms.ValidationError(_("Choose one of the clusters found, or other words."))
        if self.required:
            raise forms.ValidationError(self.error_messages["required"])
        return None

    def only_one_named(self, offer: Offer, words: str) -> Cluster:
        """Nobody has to choose what they typed to the letter, if it is the only one of that name."""
        found = offer.with_words(words)
        same = [one for one in found if tokens(one.name, "") == tokens(words, "")]
        if len(same) == 1:
            return same[0]
        raise forms.ValidationError(
            _("Choose one of the clusters found, or other words.")
            if found
            else _("No cluster has these words in its name. Try others, or the reference of a record in it.")
        )


def offer_clusters(
    form: forms.Form, user: User, *, near: QuerySet[Recommendation] | None = None, without: Cluster | None = None
) -> None:
    """A cluster may have a name made of words of any record: only those who may read every record choose one."""
    field = form.fields["cluster"]
    if isinstance(field.widget, ClusterChoice) and can(user, Can.READ_EVERYTHING):
        field.widget.offer = Offer(user, near, without.pk if without else 0)
    else:
        del form.fields["cluster"]


def named_before(form: forms.Form, name: str) -> QuerySet[Recommendation] | None:
    """The records with whose references a field begins."""
    codes = clean_label(str(form.initial.get(name) or "")).replace(",", " ").split()
    return Recommendation.objects.filter(code__in=codes) if codes else None
