"""The form that links a question with records."""

from django.utils.translation import gettext_lazy as _

from servanda.desk.parts.forms import SuggestedRecordsForm


class QuestionLinksForm(SuggestedRecordsForm):
    """The linked records, those that are searched for, and those with a similar text."""

    suggested_label = _("Suggested by similar texts")
    suggested_help = _("Computed suggestions. Select the records that the question is about.")
