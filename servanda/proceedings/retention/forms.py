"""Forms for retention periods, and for the erasure of what was selected."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.kit.pages.forms import field_of
from servanda.proceedings.models import Proceeding
from servanda.proceedings.models.retention import LONGEST
from servanda.proceedings.retention.erasing import Selected
from servanda.proceedings.retention.obligation_files import SelectedFiles
from servanda.proceedings.retention.periods import known_periods, labels_of_periods
from servanda.sources.models import Obligation

SEEN = "seen-"


class RetentionForm(forms.Form):
    """The years of each kind; an empty field keeps the personal data for ever."""

    def __init__(self, *args: Any, present: Mapping[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        number = {"required": False, "min_value": 1, "max_value": LONGEST}
        for code, label in labels_of_periods().items():
            years = present.get(code)
            self.fields[code] = forms.IntegerField(label=label, initial=years, **number)
            hidden = forms.IntegerField(initial=years, widget=forms.HiddenInput, **number)
            self.fields[f"{SEEN}{code}"] = hidden

    def periods(self) -> dict[str, int | None]:
        return {kind: self.cleaned_data[kind] for kind in known_periods()}

    def seen(self) -> dict[str, int | None]:
        return {kind: self.cleaned_data[f"{SEEN}{kind}"] for kind in known_periods()}


class ErasePersonalDataForm(forms.Form):
    """The subject of each entry as it remains, and the number of entries, typed to confirm."""

    number = forms.IntegerField(
        label=gettext_lazy("To confirm, enter the number of entries"),
        min_value=1,
        widget=forms.NumberInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, rows: Sequence[Proceeding], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for row in rows:
            label = _("Subject of %(reference)s, as it remains") % {"reference": row.reference}
            self.fields[str(row.key)] = field_of(Proceeding, "title", label=label, initial=row.title)
            shown = f"{row.version} {row.person_count} {row.file_count}"
            hidden = forms.RegexField(r"^\d{1,9} \d{1,9} \d{1,9}$", initial=shown, widget=forms.HiddenInput)
            self.fields[f"{SEEN}{row.key}"] = hidden
        self.order_fields([name for name in self.fields if name != "number"])

    def clean_number(self) -> int:
        return confirmed(self.cleaned_data["number"], self.rows)

    def selected(self) -> list[Selected]:
        return [self.selected_row(row) for row in self.rows]

    def selected_row(self, row: Proceeding) -> Selected:
        version, persons, files = map(int, self.cleaned_data[f"{SEEN}{row.key}"].split())
        title = self.cleaned_data[str(row.key)]
        return Selected(key=row.key, version=version, persons=persons, files=files, title=title)


class EraseFilesForm(forms.Form):
    """The obligations as they were shown, and their number, typed to confirm."""

    number = forms.IntegerField(
        label=gettext_lazy("To confirm, enter the number of entries"),
        min_value=1,
        widget=forms.NumberInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, rows: Sequence[Obligation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for row in rows:
            shown = f"{row.version} {row.file_count}"
            hidden = forms.RegexField(r"^\d{1,9} \d{1,9}$", initial=shown, widget=forms.HiddenInput)
            self.fields[f"{SEEN}{row.code}"] = hidden

    def clean_number(self) -> int:
        return confirmed(self.cleaned_data["number"], self.rows)

    def selected(self) -> list[SelectedFiles]:
        pairs = [(row.code, self.cleaned_data[f"{SEEN}{row.code}"].split()) for row in self.rows]
        return [SelectedFiles(code=code, version=int(seen), files=int(files)) for code, (seen, files) in pairs]


def confirmed(number: int, rows: Sequence[object]) -> int:
    if number != len(rows):
        raise forms.ValidationError(_("Enter the number of entries on this page."))
    return number
