"""The fields of a profile and the checklist of guidance, as read from `data/`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from i18nfield.strings import LazyI18nString

DATA = Path(__file__).resolve().parents[1] / "data"


@dataclass(frozen=True, slots=True)
class ProfileField:
    code: str
    kind: str
    label: LazyI18nString
    options: Mapping[str, LazyI18nString]
    is_computed: bool  # counted for the mechanism of this system
    is_own: bool  # only for the mechanism of this system
    is_counted: bool = False  # counted for the mechanism of this system where it was not entered
    method: LazyI18nString | None = None  # how it is computed
    hint: LazyI18nString | None = None

    def applies(self, *, is_own: bool) -> bool:
        return is_own or not self.is_own

    def is_computed_beside(self, entered: str) -> bool:
        """Whether a computed value is shown: never in place of one that was entered, where one may be."""
        return self.is_computed or (self.is_counted and not entered)

    def is_entered(self, *, is_own: bool) -> bool:
        return self.applies(is_own=is_own) and not (is_own and self.is_computed)


@dataclass(frozen=True, slots=True)
class FieldGroup:
    code: str
    label: LazyI18nString
    fields: tuple[ProfileField, ...]


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One line of guidance, and which values of which field satisfy it."""

    code: str
    label: LazyI18nString
    source: str
    field: str
    any: frozenset[str]
    all: frozenset[str]

    def is_met_by(self, value: str) -> bool:
        """Where no values are named, any does; the number 0 is none, also as an amount of money."""
        number, *_currency = codes = value.split()
        is_any = bool(number.strip("0.,"))
        return is_any and (not self.any or not self.any.isdisjoint(codes)) and self.all <= set(codes)


@cache
def groups() -> dict[str, FieldGroup]:
    return {group["code"]: group_of(group) for group in read("profile_fields")}


@cache
def fields_by_code() -> dict[str, ProfileField]:
    return {field.code: field for group in groups().values() for field in group.fields}


def label_of_field(code: str) -> LazyI18nString | None:
    found = fields_by_code().get(code)
    return found.label if found else None


@cache
def checklist() -> tuple[ChecklistItem, ...]:
    return tuple(item_of(item) for item in read("checklist"))


def read(name: str) -> list[dict]:
    return yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))


def group_of(written: dict) -> FieldGroup:
    fields = tuple(field_of(field) for field in written["fields"])
    return FieldGroup(written["code"], LazyI18nString(written["label"]), fields)


def field_of(written: dict) -> ProfileField:
    return ProfileField(
        code=written["code"],
        kind=written["kind"],
        label=LazyI18nString(written["label"]),
        options={code: LazyI18nString(label) for code, label in written.get("options", {}).items()},
        is_computed=written.get("is_computed", False),
        is_own=written.get("is_own", False),
        is_counted=written.get("is_counted", False),
        method=LazyI18nString(written["method"]) if "method" in written else None,
        hint=LazyI18nString(written["hint"]) if "hint" in written else None,
    )


def item_of(written: dict) -> ChecklistItem:
    return ChecklistItem(
        code=written["code"],
        label=LazyI18nString(written["label"]),
        source=written["source"],
        field=written["field"],
        any=codes(written.get("any", [])),
        all=codes(written.get("all", [])),
    )


def codes(written: Collection[str]) -> frozenset[str]:
    return frozenset(written)
