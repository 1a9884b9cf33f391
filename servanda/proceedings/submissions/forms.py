"""The form that starts the next submission: its deadline, and what it answers."""

from django import forms
from django.utils.translation import gettext_lazy

from servanda.kit.pages.forms import DateInput
from servanda.proceedings.contents.forms import field_of
from servanda.proceedings.models import Proceeding
from servanda.proceedings.replies.forms import PartsChecked, VersionedForm


class NextSubmissionForm(VersionedForm):
    answers_to = field_of(
        Proceeding,
        "answers_to",
        required=True,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=gettext_lazy(
            "For example: request for an action report of 3 March. Do not name persons: the institutions named below "
            "can read this."
        ),
    )
    due_on = field_of(
        Proceeding,
        "due_on",
        widget=DateInput,
        help_text=gettext_lazy("As the document asks. Leave it empty if no deadline is set yet."),
    )
    parts_checked = PartsChecked()
