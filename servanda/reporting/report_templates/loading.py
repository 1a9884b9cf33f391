"""Loading the templates that come with the product."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from i18nfield.strings import LazyI18nString

from servanda.reporting.models import ReportTemplate, TemplateSection
from servanda.reporting.models.templates import plain
from servanda.vocab.models import Body

DATA = Path(__file__).resolve().parents[1] / "data"
TEXTS = ("name", "counts", "note", "heading", "guidance")


@cache
def shipped_files() -> dict[str, dict]:
    """The templates of the product as written, by code."""
    files = sorted(DATA.glob("*.yaml"))
    return {file.stem: yaml.safe_load(file.read_text(encoding="utf-8")) for file in files}


@transaction.atomic
def load_report_templates() -> int:
    """Bring the shipped templates up to the files of this version. Returns how many were added or changed.

    Copies and templates of this instance stay as they are, and so does whether a shipped one is offered.
    """
    bodies = {body.code: body for body in Body.objects.all()}
    return sum(load_template(code, written, bodies) for code, written in shipped_files().items())


def load_template(code: str, written: Mapping[str, Any], bodies: Mapping[str, Body]) -> bool:
    fields = {
        "name": text(written["name"]),
        "kinds": " ".join(written["kinds"]),
        "body": bodies.get(written.get("body", "")),
        "word_limit": written.get("word_limit"),
        "counts": text(written.get("counts")),
        "note": text(written.get("note")),
        "source": written["source"],
        "language": written.get("language", ""),
        "is_draft": written.get("is_draft", False),
        "order": written["order"],
    }
    template = ReportTemplate.objects.filter(code=code).first() or ReportTemplate(code=code)
    is_changed = store(template, fields)
    keys = []
    for place, section in enumerate(written["sections"], start=1):
        keys.append(section["key"])
        known = TemplateSection.objects.filter(template=template, key=section["key"]).first()
        row = known or TemplateSection(template=template, key=section["key"])
        is_changed |= store(row, section_fields(section) | {"place": place, "is_dropped": False})
    gone, _rows = TemplateSection.objects.filter(template=template).exclude(key__in=keys).delete()
    return is_changed or gone > 0


def section_fields(written: Mapping[str, Any]) -> dict[str, object]:
    return {
        "depth": written.get("depth", 1),
        "heading": text(written["heading"]),
        "guidance": text(written.get("guidance")),
        "share": written.get("share"),
        "content": written.get("content", TemplateSection.Content.TEXT),
        "facts": " ".join(written.get("facts", [])),
        "is_counted": written.get("is_counted", True),
        "source": written.get("source", ""),
    }


def text(by_language: Mapping[str, str] | None) -> LazyI18nString:
    return LazyI18nString({language: words.strip() for language, words in (by_language or {}).items()})


def store(row: ReportTemplate | TemplateSection, fields: Mapping[str, object]) -> bool:
    """Save the row if it is new or differs, and return whether it did."""
    is_new = row.pk is None
    if not is_new and all(plain(getattr(row, name)) == plain(value) for name, value in fields.items()):
        return False
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    return True
