"""Receive a table that came back, and decide on its translations. What is accepted is a draft, never reviewed."""

import hashlib
from collections.abc import Collection

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.files.viruses import refuse_infected
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.models import User
from servanda.people.versioning import refuse_if_changed, unread_conflict
from servanda.reporting.models import (
    ReportTranslation,
    ReturnedTable,
    ReturnedTranslation,
    SectionTranslation,
    SentCopy,
    SentTable,
)
from servanda.reporting.models.translation_tables import TITLE, changed_text
from servanda.reporting.returns.package import Package, opened
from servanda.reporting.returns.reading import copies_of
from servanda.reporting.returns.receiving import refuse_too_much, stored, unreadable_as_refusal
from servanda.reporting.translation_tables.comparing import HEADING, compared
from servanda.reporting.translation_tables.reading import ReadTable, TableReader
from servanda.reporting.translations.aligning import aligned
from servanda.reporting.translations.services import (
    lock_section_translation,
    lock_translation,
    refuse_non_translators,
    store_segments,
    translate_title,
)
from servanda.sources.printed.texts import typed_label, without_unseen
from servanda.trail.models import Event

MOST_REMARKS = 1_000
State = ReturnedTranslation.State


def read_table(*, into: ReportTranslation, file: File, name: str, by: User) -> ReturnedTable:
    """Read a table that came back, as a preview: the translation stays as it is.

    Raises `FieldRefused` with the cause if it cannot be read, belongs to another report or language, or was read
    before.
    """
    refuse_non_translators(into, by=by)
    name = without_unseen(name)[:255]
    sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    if earlier := ReturnedTable.objects.filter(into=into, sha256=sha256).first():
        raise FieldRefused("file", _("This file was already read as %(name)s.") % {"name": earlier.name})
    with stored(file) as path, unreadable_as_refusal(path, name):
        refuse_infected(path, name)
        package = opened(path)
        sent = find_table(into, package)
        refuse_too_much(package)
        sources = {number: source for number, (_key, source, _target) in enumerate(sent.rows, 1)}
        found = TableReader(package, sources, sent.printed).read()
    return keep_table(sent, found, name=name, sha256=sha256, by=by)


def find_table(into: ReportTranslation, package: Package) -> SentTable:
    keys = copies_of(package)
    rows = SentTable.objects.filter(key__in=keys).select_related("into__report")
    if sent := rows.filter(into=into).first():
        return sent
    if other := rows.first():
        sentence = _("This table is for another translation: “%(title)s”, %(language)s. Send it there.")
        raise FieldRefused("file", sentence % {"title": other.into.report.title, "language": other.into.language})
    if SentCopy.objects.filter(key__in=keys).exists():
        sentence = _(
            "This is a file of the report itself, not a translation table. Send it under “Returned Word files”."
        )
        raise FieldRefused("file", sentence)
    sentence = _(
        "This file is not a translation table that was made here, or a program removed its hidden marks. Download "
        "the table again, copy the translations to it, and send that file."
    )
    raise FieldRefused("file", sentence)


@transaction.atomic
def keep_table(sent: SentTable, found: ReadTable, *, name: str, sha256: str, by: User) -> ReturnedTable:
    keys = [key for key, _source, _target in sent.rows]
    remarks = [[kind, keys[number - 1] if number else "", text] for kind, number, text in found.remarks]
    table = ReturnedTable.objects.create(
        sent=sent,
        into=sent.into,
        name=name,
        sha256=sha256,
        remarks=remarks[:MOST_REMARKS],
        missing=len(sent.rows) - len(found.targets),
        by=by,
    )
    translations = SectionTranslation.objects.visible_to(by).filter(into=sent.into).select_related("section")
    by_key: dict[str, SectionTranslation | None] = {row.section.key: row for row in translations}
    by_key[TITLE] = None
    rows: dict[str, list[list[str]]] = {}
    for number, (key, source, before) in enumerate(sent.rows, 1):
        rows.setdefault(key, []).append([source, before, found.targets.get(number, before)])
    ReturnedTranslation.objects.bulk_create(
        ReturnedTranslation(table=table, translation=by_key[key], heading=heading, rows=others)
        for key, (heading, *others) in rows.items()
        if key in by_key and any(changed_text(row) for row in (heading, *others))
    )
    difference = {"file": ["", name], "language": ["", sent.into.language]}
    Event.record("translation-table-read", sent.into.report, by=by, difference=difference)
    return table


@transaction.atomic
def accept_returned_translation(
    *, returned: ReturnedTranslation, places: Collection[int], seen: int | None, by: User
) -> None:
    """Write the chosen paragraphs to the translation of the section, as a draft; `HEADING` is that of its heading.

    What was made from a paragraph that has changed since is outdated, until a person confirms that it fits. Raises
    `ChangedMeanwhile` if the translation differs from the version that the person saw, and `Refused` if nothing is
    chosen.
    """
    locked = lock_returned(returned, State.PROPOSED, by=by)
    if locked.translation is None:
        locked.table.into = lock_translation(locked.table.into)
        refuse_if_changed(locked.present_version, seen, unread_conflict())
        write_title(locked, places, by=by)
        return
    translation = lock_section_translation(locked.translation, by=by)
    refuse_if_changed(translation.version, seen, unread_conflict())
    write(locked, translation, places, by=by)


@transaction.atomic
def accept_returned_table(*, table: ReturnedTable, by: User) -> int:
    """Accept everything that is still to be decided and that no one changed here since; returns in how many sections.
    What was changed here is left to be decided. Raises `Refused` if nothing is left."""
    accepted = 0
    for row in table.sections.filter(state=State.PROPOSED).select_related("translation__into"):
        accepted += accept_all(lock_returned(row, State.PROPOSED, by=by), by=by)
    if not accepted:
        raise Refused(_("No section can be accepted without a look at it. Decide on each of them."))
    return accepted


def accept_all(locked: ReturnedTranslation, *, by: User) -> bool:
    """Accept every change of a section, or of the title; False if one of them needs a look."""
    translation = lock_section_translation(locked.translation, by=by) if locked.translation else None
    shown = compared(locked, translation)
    if not shown.changes or any(change.needs_look for change in shown.changes) or shown.lost:
        return False
    places = [change.place for change in shown.changes]
    if translation is None:
        write_title(locked, places, by=by)
    else:
        write(locked, translation, places, by=by)
    return True


def write_title(returned: ReturnedTranslation, places: Collection[int], *, by: User) -> None:
    changes = [change for change in compared(returned, None).changes if change.place in places]
    if not changes:
        raise Refused(_("Select at least one paragraph, or refuse the section."))
    returned.replaced = [returned.table.into.title, []]
    returned.written_version = translate_title(into=returned.table.into, title=changes[0].proposed, by=by).version
    decide(returned, State.ACCEPTED, by=by)


def undo_title(returned: ReturnedTranslation, *, by: User) -> None:
    into = lock_translation(returned.table.into)
    if into.title != typed_label(changed_text(returned.heading))[:300]:
        raise Refused(_("The title was changed since. Edit it under “Translations” instead."))
    translate_title(into=into, title=returned.replaced[0], by=by)


def write(
    returned: ReturnedTranslation, translation: SectionTranslation, places: Collection[int], *, by: User
) -> None:
    changes = [change for change in compared(returned, translation).changes if change.place in places]
    if not changes:
        raise Refused(_("Select at least one paragraph, or refuse the section."))
    returned.replaced = [translation.heading, translation.segments]
    rows, heading = aligned(translation.section.text, translation.segments), translation.heading
    for change in changes:
        if change.place == HEADING:
            heading = typed_label(change.proposed)[:300]
        else:
            rows[change.place].target, rows[change.place].translated_from = change.proposed, change.translated_from
    written = store_segments(translation, heading, rows, by=by, is_new_version=True)
    returned.written_version = written.version
    decide(returned, State.ACCEPTED, by=by)


@transaction.atomic
def refuse_returned_translation(*, returned: ReturnedTranslation, by: User) -> None:
    """Leave the translation as it is."""
    locked = lock_returned(returned, State.PROPOSED, by=by)
    decide(locked, State.REFUSED, by=by)


@transaction.atomic
def undo_returned_translation(*, returned: ReturnedTranslation, by: User) -> None:
    """Take back a decision. Raises `Refused` if the translation was changed since it was accepted."""
    locked = lock_returned(returned, State.ACCEPTED, State.REFUSED, by=by)
    if locked.state == State.ACCEPTED and (accepted := locked.translation):
        translation = lock_section_translation(accepted, by=by)
        if translation.version != locked.written_version:
            raise Refused(_("The translation was changed since. Restore an earlier version of it instead."))
        heading, segments = locked.replaced
        rows = aligned(translation.section.text, segments)
        store_segments(translation, heading, rows, by=by, is_new_version=True)
    elif locked.state == State.ACCEPTED:
        undo_title(locked, by=by)
    locked.replaced, locked.written_version = [], None
    decide(locked, State.PROPOSED, by=None)


def lock_returned(returned: ReturnedTranslation, *states: str, by: User) -> ReturnedTranslation:
    """Raises `Refused` for those who do not translate the report, and if it was decided meanwhile."""
    rows = ReturnedTranslation.objects.select_for_update(of=("self",))
    locked = rows.select_related("table__into__report", "translation__into", "translation__section").get(
        pk=returned.pk
    )
    refuse_non_translators(locked.table.into, by=by)
    if locked.state not in states:
        raise Refused(_("Another user has just done this."))
    return locked


def decide(returned: ReturnedTranslation, state: str, *, by: User | None) -> None:
    before, returned.state = returned.state, state
    returned.decided_by, returned.decided_at = by, timezone.now() if by else None
    returned.save()
    difference = {"state": [before, state], "language": ["", returned.table.into.language]}
    decided = returned.translation.section if returned.translation else returned.table.into.report
    Event.record("returned-translation-decided", decided, by=by, difference=difference)
