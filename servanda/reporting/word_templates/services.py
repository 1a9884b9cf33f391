"""Word templates: add one after it was checked and tried, retire it, offer it again."""

import hashlib
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from zipfile import ZipFile

from django.core.files.base import ContentFile, File
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from servanda.kit.clean_files.apart import cleaned_apart
from servanda.kit.clean_files.parts import NotCleaned, Reason, parsed
from servanda.kit.files.downloads import TYPES
from servanda.kit.files.viruses import refuse_infected
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.reporting.documents.own_template import write_in_template
from servanda.reporting.models import WordTemplate
from servanda.reporting.returns.package import opened
from servanda.reporting.returns.receiving import stored, unreadable_as_refusal
from servanda.reporting.word_templates.sample import sample_document
from servanda.sources.printed.texts import clean_label, typed_label
from servanda.trail.models import Event


def add_word_template(*, name: str, language: str, file: File, by: User) -> WordTemplate:
    """Keep a Word template, without what its authors wrote into its properties, after a sample was made in it.

    Raises `FieldRefused` with what is wrong in the file, and where.
    """
    refuse_others(by)
    if not (name := typed_label(name)):
        raise FieldRefused("name", _("Enter a name."))
    sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    refuse_known(sha256)
    content = examined(file)
    try:
        try_template(content, language)
    except Refused as refusal:
        raise FieldRefused("file", refusal) from refusal
    template = WordTemplate(name=name, language=language, size=len(content), sha256=sha256, added_by=by)
    template.file.save("template.docx", ContentFile(content), save=False)
    try:
        with transaction.atomic():
            template.save()
            Event.record("word-template-added", template, by=by, difference={"sha256": ["", sha256]})
    except BaseException as problem:
        template.file.delete(save=False)
        if isinstance(problem, IntegrityError):
            refuse_known(sha256)
        raise
    return template


def refuse_known(sha256: str) -> None:
    if known := WordTemplate.objects.filter(sha256=sha256).first():
        raise FieldRefused("file", _("This file was already added as “%(name)s”.") % {"name": known})


def examined(file: File) -> bytes:
    """The file rebuilt from the parts that are known to be harmless. Raises `FieldRefused` for any other."""
    name = clean_label(file.name or "")[:255] or "template.docx"
    with stored(file) as path, unreadable_as_refusal(path, name):
        refuse_infected(path, name)
        opened(path)
        try:
            refuse_outside(path)
            return cleaned_apart(path, TYPES["docx"])
        except NotCleaned as problem:
            raise FieldRefused("file", sentence_of(problem.reason)) from problem


def refuse_outside(path: Path) -> None:
    """Raises `FieldRefused` for parts that Word would load from elsewhere; links to the web need a click.

    Raises `NotCleaned` where a list of such parts is damaged.
    """
    with ZipFile(path) as file:
        for part in [part for part in file.namelist() if part.endswith(".rels")]:
            for row in parsed(file.read(part)):
                if row.get("TargetMode") == "External" and not row.get("Type", "").endswith("/hyperlink"):
                    sentence = _("The file loads “%(address)s” from elsewhere. Insert its content into the file.")
                    raise FieldRefused("file", sentence % {"address": clean_label(row.get("Target", ""))[:100]})


def sentence_of(reason: Reason) -> str:
    sentences = {
        Reason.EMBEDDED: _("The file contains other files or programs. Remove them."),
        Reason.PICTURE: _("The file contains pictures of an unsupported type. Insert them as PNG or JPEG."),
        Reason.TOO_LARGE: _("The file is too large or too complex for a template. Remove pictures and text."),
    }
    return sentences.get(reason, _("The file is damaged. Open it in Word, save it again, and send that file."))


def try_template(content: bytes, language: str) -> None:
    """Make a sample in the template. Raises `Refused` with what is wrong in it."""
    status = token_hex(8)
    code = language or translation.get_language() or "en"
    document = sample_document(code, status=status)
    with write_in_template(document, content, at=timezone.now()) as made, ZipFile(BytesIO(made.read())) as file:
        parts = [file.read(part) for part in file.namelist() if part.endswith(".xml")]
    if not any(status.encode() in part for part in parts):
        raise Refused(_("Add the field {{ status }}: without it, a draft would look like the submitted report."))


@transaction.atomic
def retire_word_template(*, template: WordTemplate, by: User) -> None:
    """Stop offering it; reports that have it keep it. Raises `Refused` if it is no longer offered already."""
    set_retired(template, is_retired=True, by=by)
    Event.record("word-template-retired", template, by=by)


@transaction.atomic
def offer_word_template(*, template: WordTemplate, by: User) -> None:
    """Offer it again. Raises `Refused` if it is offered already."""
    set_retired(template, is_retired=False, by=by)
    Event.record("word-template-offered", template, by=by)


def set_retired(template: WordTemplate, *, is_retired: bool, by: User) -> None:
    refuse_others(by)
    locked = WordTemplate.objects.select_for_update().get(pk=template.pk)
    if locked.is_retired == is_retired:
        raise Refused(_("Another user has just done this."))
    locked.is_retired = is_retired
    locked.save(update_fields=["is_retired"])


def refuse_others(by: User) -> None:
    if not can(by, Can.EDIT_INSTANCE):
        raise Refused(_("Only administrators can add and retire Word templates."))
