"""The history of an institution, in sentences."""

from datetime import date
from itertools import pairwise

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from servanda.people.models import Institution
from servanda.people.naming import shown_names

ENTRIES = 50
PLAIN = ["code", "branch", "level", "parent_id", "email", "phone", "address", "active_from", "active_to"]


def changes_of(institution: Institution, *, to) -> list[dict]:
    """Entries for the timeline, newest first: when, what, and who."""
    rows = institution.history.select_related("history_user").order_by("-history_date", "-history_id")
    rows = list(rows[: ENTRIES + 1])
    names = shown_names([row.history_user for row in rows], to=to)
    parents = {row.parent_id for row in rows}
    above = {parent.pk: str(parent) for parent in Institution.objects.filter(pk__in=parents)}
    entries = [
        {"at": new.history_date, "text": text, "note": names.get(new.history_user_id, "")}
        for new, old in pairwise(rows)
        if (text := " ".join(sentences(old, new, above)))
    ]
    if rows and rows[-1].history_type == "+":
        first = rows[-1]
        entries.append({"at": first.history_date, "text": _("Added."), "note": names.get(first.history_user_id, "")})
    return entries[:ENTRIES]


def sentences(old, new, above: dict[int, str]) -> list[str]:
    parts = [
        in_a_sentence(label_of(name), words(old, name, above), words(new, name, above))
        for name in PLAIN
        if getattr(old, name) != getattr(new, name)
    ]
    before, after = by_language(old.name), by_language(new.name)
    for language in sorted(before.keys() | after.keys()):
        was, now = before.get(language, ""), after.get(language, "")
        if was != now:
            parts.insert(0, in_a_sentence(name_label(language), was, now))
    return parts


def in_a_sentence(label: str, was: str, now: str) -> str:
    facts = {"field": label, "was": was, "now": now}
    if not was:
        return _("%(field)s: set to “%(now)s”.") % facts
    if not now:
        return _("%(field)s: “%(was)s” removed.") % facts
    return _("%(field)s: changed from “%(was)s” to “%(now)s”.") % facts


def label_of(name: str) -> str:
    label = str(getattr(Institution, name.removesuffix("_id")).field.verbose_name)
    return label[:1].upper() + label[1:]


def name_label(language: str) -> str:
    if not language:
        return label_of("name")
    known = dict(settings.LANGUAGES).get(language)
    return _("Name (%(language)s)") % {"language": known or name_of_language(language)}


def name_of_language(code: str) -> str:
    try:
        return _(get_language_info(code)["name"])
    except KeyError:
        return code


def by_language(name: LazyI18nString | str) -> dict[str, str]:
    data = name.data if isinstance(name, LazyI18nString) else name
    return {code: text for code, text in data.items() if text} if isinstance(data, dict) else {"": str(data)}


def words(row, name: str, above: dict[int, str]) -> str:
    value = getattr(row, name)
    if name == "branch":
        return str(dict(Institution.Branch.choices).get(value, value))
    if name == "level":
        return str(dict(Institution.Level.choices).get(value, value))
    if name == "parent_id":
        return above.get(value, "")
    return date_format(value, "DATE_FORMAT") if isinstance(value, date) else str(value or "")
