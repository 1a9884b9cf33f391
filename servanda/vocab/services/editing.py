"""A country's own words: taxonomies, terms, bodies and spellings."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy
from i18nfield.strings import LazyI18nString

from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.people.versioning import overwriting_conflict
from servanda.trail.models import Event
from servanda.vocab.models import Body, Country, CountryAlias, Instrument, Taxonomy, Term
from servanda.vocab.services.loading import plain, shipped, value_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class TableRow:
    """One line of a table of terms that a person pasted: a code, the code above it, a label for each language."""

    line: int
    code: str
    parent: str
    label: dict[str, str]


@transaction.atomic
def add_taxonomy(*, code: str, name: LazyI18nString, is_facet: bool, version: str, source: str, by: User) -> Taxonomy:
    """Add a taxonomy of the country's own, offered beside those that come with the product."""
    taxonomy = Taxonomy.objects.create(
        code=code, name=filled(name), is_facet=is_facet, version=version, source=source, is_own=True
    )
    Event.record("taxonomy-added", taxonomy, by=by)
    return taxonomy


@transaction.atomic
def edit_taxonomy(
    *, taxonomy: Taxonomy, name: LazyI18nString, is_facet: bool, version: str, source: str, seen: str, by: User
) -> Taxonomy:
    """From then on, new versions of the product leave the description alone.

    Raises `Refused` if a person changed the taxonomy since the form was opened.
    """
    locked = lock_unchanged(taxonomy, seen)
    difference = change(locked, {"name": filled(name), "is_facet": is_facet, "version": version, "source": source})
    if difference:
        Event.record("taxonomy-edited", locked, by=by, difference=difference)
    return locked


@transaction.atomic
def delete_taxonomy(*, taxonomy: Taxonomy, by: User) -> None:
    if taxonomy.code in shipped("taxonomies"):
        raise Refused(
            _("This taxonomy comes with Servanda and cannot be deleted. You can remove it from the filters instead.")
        )
    if taxonomy.terms.exists():
        raise Refused(_("This taxonomy still has terms. Delete the terms first."))
    Event.record("taxonomy-deleted", taxonomy, by=by)
    taxonomy.delete()


@transaction.atomic
def add_term(
    *, taxonomy: Taxonomy, code: str, parent: Term | None, label: LazyI18nString, synonyms: str, by: User
) -> Term:
    refuse_foreign(taxonomy)
    fields = {"parent": parent, "label": filled(label), "synonyms": one_a_line(synonyms)}
    term = Term.objects.create(taxonomy=taxonomy, code=code, order=next_order(taxonomy), is_own=True, **fields)
    put_in_order(taxonomy)
    Event.record("term-added", term, by=by)
    return term


@transaction.atomic
def edit_term(*, term: Term, parent: Term | None, label: LazyI18nString, synonyms: str, seen: str, by: User) -> Term:
    """From then on, new versions of the product leave the term alone.

    Raises `Refused` if a person changed the term since the form was opened.
    """
    locked = lock_unchanged(term, seen)
    difference = change(locked, {"parent": parent, "label": filled(label), "synonyms": one_a_line(synonyms)})
    put_in_order(locked.taxonomy)
    if difference:
        Event.record("term-edited", locked, by=by, difference=difference)
    return locked


@transaction.atomic
def delete_term(*, term: Term, by: User) -> None:
    if term.taxonomy.code in shipped("taxonomies"):
        raise Refused(_("This term comes with Servanda and cannot be deleted. You can change its label."))
    Event.record("term-deleted", term, by=by)
    sentence = ngettext_lazy(
        "This term is used in %(count)d record or term. Remove it from that record or term first.",
        "This term is used in %(count)d records or terms. Remove it from those records or terms first.",
        "count",
    )
    delete_unless_used(term, sentence)


@transaction.atomic
def add_terms(*, taxonomy: Taxonomy, rows: Iterable[TableRow], by: User) -> Counter:
    """Add the terms of a pasted table; an existing code takes the labels of the table. Returns the count by verdict.

    Raises `Refused` for new terms of a taxonomy that comes with Servanda.
    """
    known = {term.code: term for term in taxonomy.terms.select_for_update()}
    verdicts = verdicts_on(taxonomy, rows)
    order = next_order(taxonomy)
    for number, (row, verdict) in enumerate(verdicts):
        if verdict == "new":
            refuse_foreign(taxonomy)
            fields = {"label": row.label, "parent": known.get(row.parent), "order": order + number}
            known[row.code] = Term.objects.create(taxonomy=taxonomy, code=row.code, is_own=True, **fields)
        elif verdict == "changed":
            relabel(known[row.code], row)
    put_in_order(taxonomy)
    counts = Counter(verdict for _row, verdict in verdicts)
    Event.record("terms-pasted", taxonomy, by=by, difference={"new": counts["new"], "changed": counts["changed"]})
    return counts


def relabel(term: Term, row: TableRow) -> None:
    term.label = LazyI18nString(words_of(term.label) | row.label)
    term.is_own = True
    term.save(update_fields=["label", "is_own"])


def verdicts_on(taxonomy: Taxonomy, rows: Iterable[TableRow]) -> list[tuple[TableRow, str]]:
    """What each row of a table would do: "new", "changed" or "unchanged"."""
    labels_by_code = {code: words_of(label) for code, label in taxonomy.terms.values_list("code", "label")}

    def verdict(row: TableRow) -> str:
        if row.code not in labels_by_code:
            return "new"
        known = labels_by_code[row.code]
        return "unchanged" if known | row.label == known else "changed"

    return [(row, verdict(row)) for row in rows]


@transaction.atomic
def add_body(
    *,
    code: str,
    name: LazyI18nString,
    short_name: LazyI18nString,
    kind: str,
    system: str,
    symbol_pattern: str,
    aliases: str,
    assesses: bool,
    by: User,
) -> Body:
    """Add a mechanism that the product does not know, so that its recommendations can be imported."""
    fields = {"kind": kind, "system": system, "symbol_pattern": symbol_pattern, "aliases": one_a_line(aliases)}
    names = {"name": filled(name), "short_name": filled(short_name) or ""}
    body = Body.objects.create(code=code, **names, assesses=assesses, is_own=True, **fields)
    Event.record("body-added", body, by=by)
    return body


@transaction.atomic
def edit_body(
    *,
    body: Body,
    name: LazyI18nString,
    short_name: LazyI18nString,
    kind: str,
    system: str,
    symbol_pattern: str,
    aliases: str,
    assesses: bool,
    seen: str,
    by: User,
) -> Body:
    """From then on, new versions of the product leave the description alone.

    Raises `Refused` if a person changed the body since the form was opened.
    """
    locked = lock_unchanged(body, seen)
    new = {"name": filled(name), "short_name": filled(short_name) or "", "kind": kind, "system": system}
    new["symbol_pattern"] = symbol_pattern
    difference = change(locked, {**new, "aliases": one_a_line(aliases), "assesses": assesses})
    if difference:
        Event.record("body-edited", locked, by=by, difference=difference)
    return locked


@transaction.atomic
def add_instrument(*, code: str, name: LazyI18nString, by: User, **facts: object) -> Instrument:
    """Add a treaty that the product does not know; `facts` are the other fields of the form."""
    instrument = Instrument.objects.create(code=code, name=filled(name), is_own=True, **facts)
    Event.record("instrument-added", instrument, by=by, label=code)
    return instrument


@transaction.atomic
def edit_instrument(
    *, instrument: Instrument, name: LazyI18nString, seen: str, by: User, **facts: object
) -> Instrument:
    """From then on, new versions of the product leave the description alone.

    Raises `Refused` if a person changed the treaty since the form was opened.
    """
    locked = lock_unchanged(instrument, seen)
    difference = change(locked, {"name": filled(name), **facts})
    if difference:
        Event.record("instrument-edited", locked, by=by, label=locked.code, difference=difference)
    return locked


@transaction.atomic
def add_name_of_body(*, body: Body, name: str, by: User) -> Body:
    """Add a name by which files call a body; from then on, new versions of the product leave the body alone."""
    body = Body.objects.select_for_update().get(pk=body.pk)
    difference = change(body, {"aliases": one_a_line(f"{body.aliases}\n{name}")})
    if difference:
        Event.record("body-edited", body, by=by, difference=difference)
    return body


@transaction.atomic
def delete_body(*, body: Body, by: User) -> None:
    if body.code in shipped("bodies"):
        raise Refused(_("This body comes with Servanda and cannot be deleted. You can edit its description."))
    Event.record("body-deleted", body, by=by)
    sentence = ngettext_lazy(
        "This body cannot be deleted: it is used in %(count)d review or record.",
        "This body cannot be deleted: it is used in %(count)d reviews or records.",
        "count",
    )
    delete_unless_used(body, sentence)


@transaction.atomic
def add_spelling(*, country: Country, name: str, by: User) -> CountryAlias:
    """Add a name by which files call a State; the next import knows it."""
    spelling = CountryAlias.objects.create(country=country, name=name)
    Event.record("spelling-added", country, by=by, difference={"spelling": ["", name]})
    return spelling


def mark_of(row: models.Model) -> str:
    """A digest of the row that a form was opened on. `order` is left out: editing other rows changes it."""
    fields = [field.attname for field in row._meta.concrete_fields if field.name != "order"]
    values = {name: value_of(row, name) for name in fields}
    return hashlib.md5(json.dumps(values, sort_keys=True, default=str).encode(), usedforsecurity=False).hexdigest()


def lock_unchanged[Row: models.Model](row: Row, seen: str) -> Row:
    """The row as it is now, locked. Raises `Refused` if a person changed it since the form was opened."""
    locked = type(row)._default_manager.select_for_update().get(pk=row.pk)
    if mark_of(locked) != seen:
        raise Refused(overwriting_conflict())
    return locked


def change(row: Taxonomy | Term | Body | Instrument, new: dict) -> dict[str, list]:
    """Save the fields that differ and mark the row as the country's own. Returns old and new value of each field."""
    difference = {
        name: [value_of(row, name), plain(value)]
        for name, value in new.items()
        if value_of(row, name) != plain(value)
    }
    if difference:
        for name, value in new.items():
            setattr(row, name, value)
        row.is_own = True
        row.save(update_fields=[*new, "is_own"])
    return difference


def words_of(label: LazyI18nString) -> dict[str, str]:
    return label.data if isinstance(label.data, dict) else {"en": str(label)}


def filled(label: LazyI18nString) -> LazyI18nString:
    words = words_of(label).items()
    return LazyI18nString({language: text.strip() for language, text in words if text and text.strip()})


def one_a_line(text: str) -> str:
    return "\n".join(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def refuse_foreign(taxonomy: Taxonomy) -> None:
    if taxonomy.code in shipped("taxonomies"):
        raise Refused(_("The terms of this taxonomy come with Servanda. For other terms, add your own taxonomy."))


def delete_unless_used(row: models.Model, sentence: "StrOrPromise") -> None:
    """Raises `Refused` with the sentence if other rows refer to this one."""
    try:
        row.delete()
    except models.ProtectedError as error:
        raise Refused(sentence % {"count": len(error.protected_objects)}) from error


def next_order(taxonomy: Taxonomy) -> int:
    return (taxonomy.terms.aggregate(last=models.Max("order"))["last"] or 0) + 1


def put_in_order(taxonomy: Taxonomy) -> None:
    """Number the terms of a country's own taxonomy so that each follows its parent and pages can show a tree."""
    if taxonomy.code in shipped("taxonomies"):
        return
    below: dict[int | None, list[Term]] = {}
    for term in taxonomy.terms.order_by("order", "pk"):
        below.setdefault(term.parent_id, []).append(term)

    def walk(parent: int | None) -> Iterator[Term]:
        for term in below.get(parent, []):
            yield term
            yield from walk(term.pk)

    moved = [(term, number) for number, term in enumerate(walk(None), start=1) if term.order != number]
    for term, number in moved:
        term.order = number
    Term.objects.bulk_update([term for term, _number in moved], ["order"], batch_size=500)
