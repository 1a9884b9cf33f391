"""Forms to map the columns of a sheet and the values in them."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from servanda.intake.columns.kinds import CREATE
from servanda.intake.columns.kinds import columns as sheet_columns
from servanda.intake.columns.lists import kind_of_list, list_of
from servanda.intake.models import SenderMapping
from servanda.people.models import Instance
from servanda.recommendations.imports.mapping import (
    BODY,
    CONSTANTS,
    SheetView,
    ValuesOf,
    list_fields,
    mappable_fields,
    sender_name,
)
from servanda.recommendations.imports.sheet_names import OtherSheet, SheetChoice
from servanda.sources.sheets.reader import NAMING

ENCODINGS = [
    ("", _("as detected")),
    ("utf-8", "UTF-8"),
    ("utf-16", "UTF-16"),
    ("cp1252", _("Windows 1252 (Western European)")),
    ("cp1250", _("Windows 1250 (Central European)")),
    ("cp1251", _("Windows 1251 (Cyrillic)")),
    ("cp1256", _("Windows 1256 (Arabic)")),
    ("mac_roman", _("Macintosh (Western European)")),
]


OTHERS_SHOWN = _("The columns have changed since you opened this page. Check them and save again.")


def digest_of(shown: Iterable[str]) -> str:
    """A digest of the headers, so that a form from another tab is not applied to different columns."""
    return hashlib.md5("\n".join(shown).encode(), usedforsecurity=False).hexdigest()


def chosen_encoding(posted: Mapping[str, str]) -> str:
    encoding = posted.get("encoding", "")
    return encoding if encoding in dict(ENCODINGS) else ""


@dataclass(slots=True)
class SheetTick:
    """A further sheet with its checkbox, and the body and cycle for rows that name none."""

    sheet: OtherSheet
    tick: forms.BoundField
    body: forms.BoundField
    cycle: forms.BoundField


@dataclass(slots=True)
class ColumnChoice:
    """One column of the sheet with its choice."""

    header: str
    examples: list[str]
    field: forms.BoundField


class ColumnsForm(forms.Form):
    """The field of each column of a sheet, and default values for empty cells."""

    sender = forms.CharField(
        label=_("Sender"),
        max_length=120,
        help_text=_(
            "The institution that the file comes from. Its ids, columns and value meanings are saved under "
            "this name for its next file."
        ),
        widget=forms.TextInput(attrs={"list": "senders", "autocomplete": "off"}),
    )
    separator = forms.CharField(
        label=_("Separator of lists"),
        max_length=4,
        required=False,
        initial=";",
        strip=False,
        help_text=_(
            "The character that separates several entries in one cell. A line break always separates entries."
        ),
    )
    encoding = forms.ChoiceField(label=_("Encoding of the file"), required=False, choices=ENCODINGS)
    columns_shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, sheet: SheetView, **kwargs):
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        self.fields["sender"].initial = sheet.sender
        self.fields["separator"].initial = sheet.separator
        self.fields["encoding"].initial = sheet.encoding
        self.shown = digest_of([*sheet.headers, *(other.name for other in sheet.others)])
        self.fields["columns_shown"].initial = self.shown
        self.senders = SenderMapping.objects.senders().values_list("sender", flat=True)
        groups = self.groups()
        self.labels = {name: label for _group, fields in groups for name, label in fields}
        field_of = {header: BODY[0] if name in BODY else name for name, header in sheet.suggestion.items()}
        for number, header in enumerate(sheet.headers):
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=header,
                choices=[("", _("Not imported")), *groups],
                required=False,
                initial=field_of.get(header, ""),
            )
        for name in CONSTANTS:
            self.fields[f"constant_{name}"] = forms.CharField(
                label=self.labels[name], required=False, max_length=200, initial=self._constant(name)
            )

        for number, other in enumerate(sheet.others):
            self._offer(number, other)

    def groups(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The fields on offer for columns."""
        return mappable_fields()

    def is_list(self) -> bool:
        """Whether the sheet lists objects of its own, according to the chosen columns."""
        return bool(list_of(str(choice.field.value()) for choice in self.columns()))

    def _offer(self, number: int, other: OtherSheet) -> None:
        """Add the fields for a further sheet: a checkbox, body and cycle."""
        if not other.has_columns:
            return
        self.fields[f"sheet_{number}"] = forms.BooleanField(label=other.name, required=False, initial=other.is_chosen)
        for name, value, most in (("body", other.body, 200), ("cycle", other.cycle, 20)):
            label = _("%(field)s, sheet “%(sheet)s”") % {"field": self.labels[name], "sheet": other.name}
            self.fields[f"sheet_{number}_{name}"] = forms.CharField(
                label=label,
                required=False,
                max_length=most,
                initial=value,
                widget=forms.TextInput(attrs={"aria-label": label}),
            )

    def others(self) -> list[SheetTick]:
        return [
            SheetTick(other, *(self[name] for name in names))
            for number, other in enumerate(self.sheet.others)
            if (names := [f"sheet_{number}", f"sheet_{number}_body", f"sheet_{number}_cycle"])[0] in self.fields
        ]

    def without_columns(self) -> list[str]:
        return [other.name for other in self.sheet.others if not other.has_columns]

    def beyond(self) -> int:
        """The number of sheets beyond those on offer."""
        return len(self.sheet.other_sheets) - len(self.sheet.others)

    def further(self) -> list[SheetChoice]:
        """The further sheets that were chosen."""
        return [
            SheetChoice(other.name, *(self.cleaned_data[f"sheet_{number}_{name}"] for name in ("body", "cycle")))
            for number, other in enumerate(self.sheet.others)
            if self.cleaned_data.get(f"sheet_{number}")
        ]

    def _constant(self, name: str) -> str:
        """The default of a field. Sheets without a State are about this State, unless another is chosen."""
        if name == "country" and "country" not in self.sheet.suggestion and not self.sheet.known_as:
            return Instance.current().state_code
        return self.sheet.constants.get(name, "")

    def columns(self) -> list[ColumnChoice]:
        examples = self.sheet.examples()
        return [
            ColumnChoice(header, [cell for cell in examples[number] if cell.strip()], self[f"column_{number}"])
            for number, header in enumerate(self.sheet.headers)
        ]

    def constants(self) -> Iterator[forms.BoundField]:
        return (self[f"constant_{name}"] for name in CONSTANTS)

    def chosen(self) -> dict[str, list[str]]:
        """By field: the headers chosen for it."""
        headers: dict[str, list[str]] = {}
        for number, header in enumerate(self.sheet.headers):
            if name := self.cleaned_data.get(f"column_{number}"):
                headers.setdefault(name, []).append(header)
        return headers

    def not_imported(self) -> list[str]:
        return [choice.header for choice in self.columns() if not choice.field.value()]

    def mapping(self) -> dict:
        columns = {}
        for name, headers in self.chosen().items():
            columns |= dict(zip(BODY if name == BODY[0] else (name,), headers, strict=False))
        constants = {name: value for name in CONSTANTS if (value := self.cleaned_data[f"constant_{name}"])}
        chosen = {
            name: self.cleaned_data[name] for name in ("sender", "separator", "encoding") if name in self.fields
        }
        return chosen | {"columns": columns, "constants": constants}

    def clean_sender(self) -> str:
        if not (name := sender_name(self.cleaned_data["sender"])):
            raise forms.ValidationError(_("Enter the name of the sender."))
        return name

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("columns_shown") not in ("", self.shown):
            self.add_error(None, OTHERS_SHOWN)
        chosen = self.chosen()
        self.refuse_without_text(chosen)
        for name, headers in chosen.items():
            if len(headers) > (len(BODY) if name == BODY[0] else 1):
                sentence = _("%(field)s is chosen for several columns: %(columns)s. Choose it for one column only.")
                values = {"field": self.labels[name], "columns": ", ".join(headers)}
                self.add_error(f"column_{self.sheet.headers.index(headers[-1])}", sentence % values)
        return cleaned

    def refuse_without_text(self, chosen: Mapping[str, list[str]]) -> None:
        if not any(map(is_text, chosen)):
            self.add_error(None, _("Choose the column that holds the text of the recommendation."))


def is_text(name: str) -> bool:
    return name == "text" or name.startswith("text ")


class SheetColumnsForm(ColumnsForm):
    """The columns of a further sheet: recommendations, or additions to those of the first sheet."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("sender", "separator", "encoding"):
            del self.fields[name]

    def mapping(self) -> dict:
        mapping = {name: value for name, value in super().mapping().items() if name in ("columns", "constants")}
        return mapping if any(map(is_text, mapping["columns"])) else mapping | {"constants": {}}

    def refuse_without_text(self, chosen: Mapping[str, list[str]]) -> None:
        """Raises an error unless rows without a text identify their recommendation, which they do not change, or list
        objects of their own."""
        if listed := list_of(chosen):
            self.refuse_in_list(listed, chosen)
            return
        if any(map(is_text, chosen)):
            return
        if not any(name in chosen for name in NAMING):
            sentence = _(
                "Choose the column that holds the text of the recommendation, or the column that identifies a "
                "recommendation of the first sheet by its id, reference or paragraph."
            )
            self.add_error(None, sentence)
            return
        added = sheet_columns()
        others = [self.labels[name] for name in chosen if name not in NAMING and name not in added]
        if others:
            sentence = _("Without a text, a sheet only adds follow-up. Choose “Not imported” for: %(fields)s.")
            self.add_error(None, sentence % {"fields": ", ".join(others)})

    def groups(self) -> list[tuple[str, list[tuple[str, str]]]]:
        return [*list_fields(), *super().groups()]

    def refuse_in_list(self, listed: str, chosen: Mapping[str, list[str]]) -> None:
        """A list needs a column of names, and must not have columns of recommendations."""
        kind = kind_of_list(listed)
        columns = {column.code for column in kind.columns()}
        if kind.needed not in chosen:
            sentence = _("Choose the column that holds: %(field)s.")
            self.add_error(None, sentence % {"field": self.labels[kind.needed]})
        if others := [self.labels[name] for name in chosen if name not in columns]:
            sentence = _("The sheet is read as “%(things)s”. Choose “Not imported” for: %(fields)s.")
            self.add_error(None, sentence % {"things": kind.label, "fields": ", ".join(others)})


class ValuesForm(forms.Form):
    """The meanings of values in some columns."""

    values_shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, columns: list[ValuesOf], **kwargs):
        super().__init__(*args, **kwargs)
        self.values_of = columns
        self.shown = digest_of(
            f"{column.column.code}:{value.printed}" for column in columns for value in column.values
        )
        for place, column in enumerate(columns):
            for number, value in enumerate(column.values):
                self.fields[f"value_{place}_{number}"] = forms.ChoiceField(
                    label=value.printed,
                    choices=[("", _("Not imported")), *column.choices],
                    required=False,
                    initial=value.meaning,
                )
            if column.column.creates:
                self.fields[f"create_{place}"] = forms.BooleanField(label=column.column.creates, required=False)

    def columns(self) -> list[tuple[ValuesOf, list[tuple[int, forms.BoundField]], forms.BoundField | None]]:
        """Each column with its values, the number of rows of each, and one choice for all values without a
        meaning."""
        return [
            (
                column,
                [(value.count, self[f"value_{place}_{number}"]) for number, value in enumerate(column.values)],
                self[f"create_{place}"] if f"create_{place}" in self.fields else None,
            )
            for place, column in enumerate(self.values_of)
        ]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("values_shown") not in ("", self.shown):
            self.add_error(None, _("The values have changed since you opened this page. Check them and save again."))
        return cleaned

    def _left(self, place: int) -> str:
        return CREATE if self.cleaned_data.get(f"create_{place}") else ""

    def meanings(self) -> dict[tuple[str, str], str]:
        return {
            (column.column.code, value.printed): self.cleaned_data[f"value_{place}_{number}"] or self._left(place)
            for place, column in enumerate(self.values_of)
            for number, value in enumerate(column.values)
        }
