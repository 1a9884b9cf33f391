"""Forms with which a spreadsheet is sent and applied; a kind may have further fields."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from servanda.intake.models import Batch, StagedRow

if TYPE_CHECKING:
    from servanda.intake.sheets.kinds import SheetKind


class SheetForm(forms.Form):
    file = forms.FileField()

    def __init__(self, *args: Any, kind: "SheetKind", **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["file"].label, self.fields["file"].help_text = str(kind.file_label), str(kind.file_help)


class ApplyForm(forms.Form):
    accept_refused = forms.BooleanField(label=_("Leave out refused rows and apply the rest"), required=False)

    def __init__(self, *args: Any, batch: Batch, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not batch.rows.filter(verdict=StagedRow.Verdict.REFUSED).exists():
            del self.fields["accept_refused"]
