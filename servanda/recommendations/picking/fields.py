"""A form field for records, and what pickers of other rows share with it.

It works without a script: a button sends the form, which comes back with what was found.

Forms with such a field inherit from `PicksRecords` and call `offer_records`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.utils import ErrorDict, flatatt
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from servanda.recommendations.models import Recommendation
from servanda.recommendations.picking.queries import Choice, Found, choices_of, find_records
from servanda.recommendations.register.global_search import question

LONGEST_NAME = 40  # characters of the name of a field
MOST_PICKED = 500  # records in one form
MOST_NAMED = 5  # wrong references in one message
SHOWN_FIRST = 10  # the further chosen records are folded
BETWEEN = re.compile(r"[\s,;،؛\0]+")


def codes_in(texts: Iterable[str]) -> list[str]:
    """The references in these texts, each once, in their order."""
    return list(dict.fromkeys(code for text in texts for code in BETWEEN.split(text) if code))


@dataclass(frozen=True, slots=True)
class Picked:
    """What was sent: the references, and the words that are searched for."""

    codes: Sequence[str] = ()
    words: str = ""
    is_searching: bool = False

    def __str__(self) -> str:
        return " ".join(self.codes)


class Picker(forms.Widget):
    """Chosen rows above, a search below them, and a box for references. A subclass says of what."""

    use_fieldset = True
    rows: QuerySet[Any] | None = None  # among which is searched
    address = ""  # where the script searches
    chosen_label: Promise
    search_label: Promise

    def choices(self, codes: Sequence[str]) -> Iterable[Choice]:
        """Those of the rows that have one of these references."""
        raise NotImplementedError

    def find(self, words: str) -> Found:
        raise NotImplementedError

    def further_line(self, number: int) -> str:
        """The line under which the further chosen rows are folded."""
        raise NotImplementedError

    def use_required_attribute(self, initial: object) -> bool:
        return False

    def value_from_datadict(self, data: Mapping[str, Any], files: object, name: str) -> Picked:
        sent = data.getlist(name) if hasattr(data, "getlist") else [data.get(name) or ""]
        words = question(data.get(f"{name}_words", ""))
        is_searching = f"{name}_search" in data or words != question(data.get(f"{name}_asked", ""))
        return Picked(codes_in(sent), words, is_searching)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: object, name: str) -> bool:
        return False

    def render(
        self, name: str, value: Picked | object, attrs: dict | None = None, renderer: object = None
    ) -> SafeString:
        picked = value if isinstance(value, Picked) else Picked(codes_in([str(value or "")]))
        attrs = attrs or {}
        chosen, unknown = self.read(picked.codes)
        found = self.find(picked.words) if self.rows is not None and picked.words else None
        page = {
            "name": name,
            "id": attrs.pop("id", name),
            "attrs": flatatt(attrs),
            "picked": picked,
            "chosen": chosen[:SHOWN_FIRST],
            "further": chosen[SHOWN_FIRST:],
            "further_line": self.further_line(len(chosen) - SHOWN_FIRST),
            "total": len(chosen),
            "unknown": "\n".join(unknown),
            "found": found and found._replace(choices=[hit for hit in found.choices if hit not in chosen]),
            "address": self.address,
            "chosen_label": self.chosen_label,
            "search_label": self.search_label,
        }
        return render_to_string("recommendations/picking/_picker.html", page)

    def read(self, codes: Sequence[str]) -> tuple[list[Choice], list[str]]:
        """What is chosen, and the references of nothing, which stay in the box to be corrected."""
        if self.rows is None or not codes or len(codes) > MOST_PICKED:
            return [], list(codes)
        by_code = {choice.code: choice for choice in self.choices(codes)}
        return [by_code[code] for code in codes if code in by_code], [code for code in codes if code not in by_code]


class RecordPicker(Picker):
    address = "desk:find_records"
    chosen_label = gettext_lazy("Selected records")
    search_label = gettext_lazy("Search records")

    def choices(self, codes: Sequence[str]) -> Iterable[Choice]:
        return choices_of(self.rows.filter(code__in=codes)).values() if self.rows is not None else ()

    def find(self, words: str) -> Found:
        return find_records(words, self.rows) if self.rows is not None else Found("")

    def further_line(self, number: int) -> str:
        sentence = ngettext("%(number)s more record selected", "%(number)s more records selected", number)
        return sentence % {"number": number}


class PickedField(forms.Field):
    """A field with a picker."""

    widget: Any = Picker

    def refuse_number(self, codes: Sequence[str], *, too_many: str, none: str) -> None:
        """Raises `ValidationError` for too many references, and for none where the field is required."""
        if len(codes) > MOST_PICKED:
            raise forms.ValidationError(too_many % {"most": MOST_PICKED})
        if self.required and not codes:
            raise forms.ValidationError(none)


class RecordsField(PickedField):
    """Records by their references, in the order in which they were chosen."""

    widget = RecordPicker

    def clean(self, value: Picked) -> list[Recommendation]:
        """Raises `ValidationError` for references of records that the person cannot see, and for too many."""
        codes, records = value.codes, self.widget.rows
        too_many, none = _("Select at most %(most)s records at once."), _("Select at least one record.")
        self.refuse_number(codes, too_many=too_many, none=none)
        if not codes:
            return []
        found = records.filter(code__in=codes).select_related("body") if records is not None else []
        by_code = {record.code: record for record in found}
        if missing := [code for code in codes if code not in by_code]:
            sentence = _("Not in the register, or not visible to you: %(codes)s. Correct or remove these references.")
            raise forms.ValidationError(sentence % {"codes": shortened(missing)})
        return [by_code[code] for code in codes]


def shortened(codes: Sequence[str]) -> str:
    named = ", ".join(code[:80] for code in codes[:MOST_NAMED])
    return f"{named}…" if len(codes) > MOST_NAMED else named


class PicksRecords(forms.BaseForm):
    """A form with pickers. While one of them searches it is not checked, and keeps all that was typed."""

    @property
    def is_searching(self) -> bool:
        return self.is_bound and any(
            field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name)).is_searching
            for name, field in self.fields.items()
            if isinstance(field, PickedField)
        )

    def full_clean(self) -> None:
        if self.is_searching:
            self._errors, self.cleaned_data = ErrorDict(), {}
        else:
            super().full_clean()

    def is_valid(self) -> bool:
        return not self.is_searching and super().is_valid()


def offer_records(form: forms.BaseForm, records: QuerySet[Recommendation], *, address: str = "") -> None:
    """Let the pickers of the form find these records and no others, on the page and at `address` for the script."""
    for field in form.fields.values():
        if isinstance(field, RecordsField):
            field.widget.rows = records
            field.widget.address = address or field.widget.address
