"""A cluster chosen in a form, by those who see clusters."""

from django import forms
from django.utils.translation import gettext_lazy

from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.recommendations.models import Cluster


class ClusterField(forms.ModelChoiceField):
    """By the key of the cluster; a form takes it away from everybody else with `offer_clusters`."""

    def __init__(self, **options):
        help_text = gettext_lazy(
            "Every record of the cluster that is not restricted, also one that joins it later. Others are not told"
            " which cluster it is."
        )
        super().__init__(
            Cluster.objects.none(),
            **{"required": False, "to_field_name": "key", "help_text": help_text, "empty_label": "–", **options},
        )


def offer_clusters(form: forms.Form, user: User, name: str = "cluster") -> None:
    """A cluster may have a name made of words of any record: only those who may read every record choose one."""
    field = form.fields[name]
    if isinstance(field, ClusterField) and can(user, Can.READ_EVERYTHING):
        field.queryset = Cluster.objects.visible_to(user)
    else:
        del form.fields[name]
