"""Templates: add, copy, edit, retire, offer again; their sections: add, edit, move, leave out, restore; and follow or
decline a newer shipped version."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from json import dumps, loads
from secrets import token_hex

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.models import User
from servanda.people.versioning import overwriting_conflict, refuse_if_changed
from servanda.reporting.models import ReportTemplate, TemplateSection
from servanda.reporting.models.templates import HEAD, plain
from servanda.trail.models import Event
from servanda.vocab.models import Body
from servanda.vocab.services.editing import filled

MOST_SECTIONS = 60
TEXTS = ("name", "counts", "note", "heading", "guidance")


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateValues:
    """Everything about a template that a person may set, beside its sections."""

    name: LazyI18nString
    kinds: str
    body: Body | None
    word_limit: int | None
    counts: LazyI18nString
    note: LazyI18nString
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionValues:
    heading: LazyI18nString
    guidance: LazyI18nString
    depth: int
    share: int | None
    content: str
    facts: str
    is_counted: bool
    source: str


VALUES = [field.name for field in fields(TemplateValues)]
SECTION_VALUES = [field.name for field in fields(SectionValues)]


@transaction.atomic
def add_report_template(*, values: TemplateValues, by: User) -> ReportTemplate:
    """Add an empty template of this instance. Raises `FieldRefused` without a name."""
    refuse_empty("name", values.name)
    template = ReportTemplate(code=new_code(values.name), is_own=True)
    difference = set_values(template, values, VALUES)
    template.save()
    Event.record("report-template-added", template, by=by, difference=difference)
    return template


@transaction.atomic
def copy_report_template(*, template: ReportTemplate, name: LazyI18nString, by: User) -> ReportTemplate:
    """Copy a template with its sections, to be edited. A copy of a shipped one notices newer versions of it.

    Raises `FieldRefused` without a name.
    """
    refuse_empty("name", name)
    original = template.copied_from if template.is_own else template
    copy = ReportTemplate(code=new_code(name), is_own=True, copied_from=original, order=template.order)
    for field in [*VALUES, "language", "is_draft"]:
        setattr(copy, field, getattr(template, field))
    copy.name = filled(name)
    copy.copied_facts = template.copied_facts if template.is_own else in_text(template)
    copy.save()
    for section in template.sections.all():
        row = TemplateSection(template=copy, key=section.key, place=section.place, is_dropped=section.is_dropped)
        for field in SECTION_VALUES:
            setattr(row, field, getattr(section, field))
        row.save()
    Event.record("report-template-copied", copy, by=by, difference={"copied_from": ["", template.code]})
    return copy


@transaction.atomic
def edit_report_template(*, template: ReportTemplate, values: TemplateValues, seen: int, by: User) -> None:
    """Raises `ChangedMeanwhile` if another user saved the template since the form was opened, and `Refused` (or
    `FieldRefused`) for a shipped template or without a name."""
    locked = lock_own(template)
    refuse_if_changed(locked.version, seen, overwriting_conflict())
    refuse_empty("name", values.name)
    if difference := set_values(locked, values, VALUES):
        save(locked)
        Event.record("report-template-edited", locked, by=by, difference=difference)


@transaction.atomic
def retire_report_template(*, template: ReportTemplate, by: User) -> None:
    """Stop offering the template; reports made from it stay. Raises `Refused` if it is no longer offered already."""
    set_retired(template, is_retired=True)
    Event.record("report-template-retired", template, by=by)


@transaction.atomic
def offer_report_template(*, template: ReportTemplate, by: User) -> None:
    """Offer a template again. Raises `Refused` if it is offered already."""
    set_retired(template, is_retired=False)
    Event.record("report-template-offered", template, by=by)


@transaction.atomic
def add_template_section(*, template: ReportTemplate, values: SectionValues, by: User) -> TemplateSection:
    """Add a section at the end. Raises `Refused` (or `FieldRefused`) for a shipped template, without a heading, or
    if the template has as many sections as it may have."""
    locked = lock_own(template)
    refuse_empty("heading", values.heading)
    if locked.sections.count() >= MOST_SECTIONS:
        raise Refused(_("A template has at most %(most)d sections.") % {"most": MOST_SECTIONS})
    section = TemplateSection(template=locked, key=f"own-{token_hex(4)}", place=next_place(locked))
    set_values(section, values, SECTION_VALUES)
    section.save()
    save(locked)
    Event.record("template-section-added", locked, by=by, difference={"section": ["", str(section)]})
    return section


@transaction.atomic
def edit_template_section(*, section: TemplateSection, values: SectionValues, seen: int, by: User) -> None:
    """Raises `ChangedMeanwhile` if another user saved the template since the form was opened, and `Refused` (or
    `FieldRefused`) for a shipped template or without a heading."""
    locked, section = lock_section(section)
    refuse_if_changed(locked.version, seen, overwriting_conflict())
    refuse_empty("heading", values.heading)
    if difference := set_values(section, values, SECTION_VALUES):
        section.save()
        save(locked)
        Event.record("template-section-edited", locked, by=by, difference=difference)


@transaction.atomic
def move_template_section(*, section: TemplateSection, place: int, by: User) -> None:
    """Move a section to a place among those that are not left out; 1 is the first. A place that does not exist means
    the nearest that does. Raises `Refused` for a shipped template."""
    locked, section = lock_section(section)
    others = [row for row in locked.outline if row.pk != section.pk]
    before = locked.outline.index(section) + 1 if section in locked.outline else 0
    place = max(1, min(place, len(others) + 1))
    if place == before:
        return
    others.insert(place - 1, section)
    renumber(others)
    save(locked)
    difference = {"section": [str(section), str(section)], "place": [before, place]}
    Event.record("template-section-moved", locked, by=by, difference=difference)


@transaction.atomic
def drop_template_section(*, section: TemplateSection, by: User) -> None:
    """Leave a section out; it can be restored. Raises `Refused` for a shipped template."""
    locked, section = lock_section(section)
    set_dropped(section, is_dropped=True)
    save(locked)
    Event.record("template-section-dropped", locked, by=by, difference={"section": [str(section), ""]})


@transaction.atomic
def restore_template_section(*, section: TemplateSection, by: User) -> None:
    """Restore a section that was left out to its place. Raises `Refused` for a shipped template."""
    locked, section = lock_section(section)
    set_dropped(section, is_dropped=False)
    save(locked)
    Event.record("template-section-restored", locked, by=by, difference={"section": ["", str(section)]})


@transaction.atomic
def take_over_template_part(*, template: ReportTemplate, key: str, by: User) -> None:
    """Set one part of a copy, which is a section or the general facts, to what is shipped now.

    Raises `Refused` if the original has not changed there since it was last compared.
    """
    locked, shipped = lock_outdated(template, key)
    if key == HEAD:
        for name in ReportTemplate.FACTS:
            setattr(locked, name, getattr(shipped, name))
    else:
        take_over_section(locked, shipped.sections.filter(key=key).first(), key)
    settle(locked, shipped, [key])
    Event.record("template-part-taken-over", locked, by=by, difference={"section": ["", key]})


@transaction.atomic
def keep_template_parts(*, template: ReportTemplate, by: User) -> None:
    """Keep the copy as it is, and stop showing this newer shipped version. Raises `Refused` if there is none."""
    locked, shipped = lock_outdated(template)
    settle(locked, shipped, locked.changed_facts)
    Event.record("template-parts-kept", locked, by=by)


def take_over_section(template: ReportTemplate, shipped: TemplateSection | None, key: str) -> None:
    section = template.sections.filter(key=key).first()
    if shipped is None:
        if section is not None:
            TemplateSection.objects.filter(pk=section.pk).update(is_dropped=True)
        return
    section = section or TemplateSection(template=template, key=key, place=next_place(template))
    for name in TemplateSection.FACTS:
        setattr(section, name, getattr(shipped, name))
    section.is_dropped = False
    section.save()


def settle(template: ReportTemplate, original: ReportTemplate, keys: list[str]) -> None:
    """From now on, these parts are compared with what is shipped now."""
    now, known = loads(in_text(original)), loads(template.copied_facts or "{}")
    for key in keys:
        known.pop(key, None)
        known |= {key: now[key]} if key in now else {}
    template.copied_facts = dumps(known)
    save(template)


def in_text(template: ReportTemplate) -> str:
    return dumps(template.facts)


def lock_own(template: ReportTemplate) -> ReportTemplate:
    rows = ReportTemplate.objects.select_for_update(of=("self",)).select_related("copied_from")
    locked = rows.get(pk=template.pk)
    if not locked.is_own:
        raise Refused(_("This template comes with Servanda and cannot be changed. Copy it and change the copy."))
    return locked


def lock_section(section: TemplateSection) -> tuple[ReportTemplate, TemplateSection]:
    locked = lock_own(section.template)
    return locked, locked.sections.get(pk=section.pk)


def lock_outdated(template: ReportTemplate, key: str = "") -> tuple[ReportTemplate, ReportTemplate]:
    """The locked copy and its original, which has changed since they were last compared.

    Raises `Refused` if another user has already decided on the change.
    """
    locked = lock_own(template)
    changed = locked.changed_facts
    if locked.copied_from is None or not changed or key and key not in changed:
        raise Refused(_("Another user has already decided on this version."))
    return locked, locked.copied_from


def set_retired(template: ReportTemplate, *, is_retired: bool) -> None:
    locked = ReportTemplate.objects.select_for_update().get(pk=template.pk)
    if locked.is_retired == is_retired:
        raise Refused(_("Another user has just done this."))
    locked.is_retired = is_retired
    save(locked)


def set_dropped(section: TemplateSection, *, is_dropped: bool) -> None:
    if section.is_dropped == is_dropped:
        raise Refused(_("Another user has just done this."))
    section.is_dropped = is_dropped
    section.save(update_fields=["is_dropped"])


def set_values(
    row: ReportTemplate | TemplateSection, values: TemplateValues | SectionValues, names: list[str]
) -> dict[str, list]:
    """Write the values on the row. Returns old and new value of each one that differs."""
    difference = {}
    for name in names:
        value = getattr(values, name)
        value = filled(value) if name in TEXTS else value
        if (plain(getattr(row, name)) or "") != (plain(value) or ""):
            difference[name] = [in_trail(getattr(row, name)), in_trail(value)]
            setattr(row, name, value)
    return difference


def in_trail(value: object) -> str:
    shown = plain(value)
    if isinstance(shown, Mapping):
        return "\n".join(f"{language}: {words}" for language, words in shown.items())
    return "" if shown is None else str(shown)


def save(template: ReportTemplate) -> None:
    template.version += 1
    template.save()


def renumber(sections: list[TemplateSection]) -> None:
    """The order of the sections, in steps that leave room for those that are left out."""
    for place, section in enumerate(sections, start=1):
        if section.place != place:
            section.place = place
            section.save(update_fields=["place"])


def next_place(template: ReportTemplate) -> int:
    return max((section.place for section in template.sections.all()), default=0) + 1


def refuse_empty(field: str, value: LazyI18nString) -> None:
    if not plain(filled(value)):
        raise FieldRefused(field, _("Enter this in at least one language."))


def new_code(name: LazyI18nString) -> str:
    words = plain(filled(name))
    first = next(iter(words.values())) if isinstance(words, dict) else str(words)
    return f"{slugify(first)[:40] or 'template'}-{token_hex(3)}"
