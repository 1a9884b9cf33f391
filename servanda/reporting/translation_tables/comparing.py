"""What a table that came back changes in a translation as it is now."""

from dataclasses import dataclass, field

from servanda.reporting.models import ReturnedTranslation, SectionTranslation
from servanda.reporting.models.translation_tables import changed_text
from servanda.reporting.translations.aligning import aligned

HEADING = -1  # the place of the heading, or of the title, among the paragraphs


@dataclass(frozen=True, slots=True)
class Change:
    """A paragraph with its translation now and the one that came back."""

    place: int
    source: str
    translated_from: str
    present: str
    proposed: str
    is_conflict: bool  # the translation was changed here since it was sent

    @property
    def is_outdated(self) -> bool:
        """Whether the source was changed since it was sent."""
        return self.translated_from != self.source

    @property
    def needs_look(self) -> bool:
        return self.is_conflict or self.is_outdated


@dataclass(frozen=True, slots=True)
class Compared:
    returned: ReturnedTranslation
    translation: SectionTranslation | None  # None: the title of the report
    changes: list[Change] = field(default_factory=list)
    lost: list[tuple[str, str]] = field(default_factory=list)  # of paragraphs that were deleted: source, translation


def compared(returned: ReturnedTranslation, translation: SectionTranslation | None) -> Compared:
    """The changes in the order of the paragraphs; what came back as it is now is none."""
    shown = Compared(returned, translation)
    if change := change_of_heading(returned, translation):
        shown.changes.append(change)
    if translation is None:
        return shown
    text, proposed = translation.section.text, returned.proposed
    present = aligned(text, translation.segments)
    before = aligned(text, [(source, target) for source, target, _after in returned.rows])
    placed = aligned(text, proposed)
    for now, sent, row in zip(present, before, placed, strict=True):
        if row.target.strip() and row.target.strip() != now.target.strip():
            is_conflict = bool(now.target.strip()) and now.target.strip() != sent.target.strip()
            shown.changes.append(
                Change(row.place, row.source, row.translated_from, now.target, row.target, is_conflict)
            )
    kept = "\n".join(row.target for row in placed)
    shown.lost.extend((source, target) for source, target in proposed if target and target not in kept)
    return shown


def change_of_heading(returned: ReturnedTranslation, translation: SectionTranslation | None) -> Change | None:
    source, before, _after = returned.heading
    now = translation.heading if translation else returned.table.into.title
    proposed = " ".join(changed_text(returned.heading).split())
    if not proposed or proposed == now:
        return None
    return Change(HEADING, returned.name, source, now, proposed, bool(now) and now != before)
