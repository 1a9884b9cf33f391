"""The texts of a recommendation: each language, and the version in plain language."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.recommendations.editing.indexing import reindex
from servanda.recommendations.editing.versioning import lock, save_version
from servanda.recommendations.models import FILE_SOURCES, Recommendation, TextVersion, source_family
from servanda.sources.printed.texts import clean


@transaction.atomic
def write_text(
    *,
    recommendation: Recommendation,
    version: int,
    language: str,
    form: str,
    text: str,
    is_original: bool,
    is_machine: bool,
    is_reviewed: bool,
    source: str,
    by: User,
) -> TextVersion:
    """Add a text in a language, or replace the current one, which is kept as ended.

    The text is a person's, and no file replaces it, even where `source` still names the file that it came from.

    Raises `ChangedMeanwhile` where the record was saved since this version was opened.
    """
    record = lock(recommendation, version=version)
    present = TextVersion.objects.current().filter(recommendation=record, language=language, form=form)
    old_text = "\n".join(present.values_list("text", flat=True))
    present.update(ended_at=timezone.now())
    if is_original:
        record.language = language
        TextVersion.objects.current().filter(recommendation=record, is_original=True).update(is_original=False)
    new_text = TextVersion.objects.create(
        recommendation=record,
        language=language,
        form=form,
        text=clean(text),
        is_original=is_original,
        is_machine=is_machine,
        source="" if source_family(source) in FILE_SOURCES else source,
        reviewed_by=by if is_reviewed else None,
    )
    save_version(record, "text-written", by=by, difference={f"text {language} {form}": [old_text, new_text.text]})
    reindex([record.pk])
    return new_text


@transaction.atomic
def end_text(*, text: TextVersion, reason: str, by: User) -> None:
    """Remove a text; it stays in the history, and the trail records the reason.

    Raises `Refused` for the only text of a record, or one that was already removed.
    """
    record = lock(text.recommendation)
    present = TextVersion.objects.current().filter(recommendation=record)
    if text.form == TextVersion.Form.FULL and present.filter(form=TextVersion.Form.FULL).count() == 1:
        raise Refused(_("This is the only text of the recommendation. Add another text before you remove it."))
    if not present.filter(pk=text.pk).update(ended_at=timezone.now()):
        raise Refused(_("This text has already been removed."))
    gone = {f"text {text.language} {text.form}": [text.text, ""]}
    save_version(record, "text-ended", by=by, difference={**gone, "reason": ["", reason]})
    reindex([record.pk])
