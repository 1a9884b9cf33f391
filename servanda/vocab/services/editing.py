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
from servanda.trail.models import Event
from servanda.vocab.models import Body, Country, CountryAlias, Taxonomy, Term
from servanda.vocab.services.loading import plain, shipped, value_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class TableRow:
    """One line of a table of terms that somebody pasted: a code, the code above it, a label for each language."""

    line: int
    code: str
    parent: str
    label: dict[str, str]


@transaction.atomic
def add_taxonomy(*, code: str, name: LazyI18nString, is_facet: bool, version: str, source: str, by: User) -> Taxonomy:
    """A list of labels of the country's own, offered beside those that come with the product."""
    taxonomy = Taxonomy.objects.create(
        code=code, name=filled(name), is_facet=is_facet, version=version, source=source, is_own=True
    )
    Event.record("taxonomy-added", taxonomy, by=by)
    return taxonomy


@transaction.atomic
def edit_taxonomy(
    *, taxonomy: Taxonomy, name: LazyI18nString, is_facet: bool, version: str, source: str, seen: str, by: User
) -> Taxonomy:
    """Name it otherwise; from then on a new version of the product leaves its description alone."""
    kept = held(taxonomy, seen)
    difference = change(kept, {"name": filled(name), "is_facet": is_facet, "version": version, "source": source})
    if difference:
        Event.record("taxonomy-edited", kept, by=by, difference=difference)
    return kept


@transaction.atomic
def delete_taxonomy(*, taxonomy: Taxonomy, by: User) -> None:
    if taxonomy.code in shipped("taxonomies"):
        raise Refused(_("This taxonomy comes with Servanda. You can keep it out of the filters instead."))
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
    """Say it in other words or languages; from then on a new version of the product leaves the term alone."""
    kept = held(term, seen)
    difference = change(kept, {"parent": parent, "label": filled(label), "synonyms": one_a_line(synonyms)})
    put_in_order(kept.taxonomy)
    if difference:
        Event.record("term-edited", kept, by=by, difference=difference)
    return kept


@transaction.atomic
def delete_term(*, term: Term, by: User) -> None:
    if term.taxonomy.code in shipped("taxonomies"):
        raise Refused(_("This term comes with Servanda and stays. You can change its words."))
    Event.record("term-deleted", term, by=by)
    sentence = ngettext_lazy(
        "This term is in use: %(count)d record or term names it. Take it off first.",
        "This term is in use: %(count)d records or terms name it. Take it off them first.",
        "count",
    )
    delete_unless_used(term, sentence)


@transaction.atomic
def add_terms(*, taxonomy: Taxonomy, rows: Iterable[TableRow], by: User) -> Counter:
    """Bring the terms of a pasted table in; a code that is there already gets the labels of the table."""
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
    done = Counter(verdict for _row, verdict in verdicts)
    Event.record("terms-pasted", taxonomy, by=by, difference={"new": done["new"], "changed": done["changed"]})
    return done


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
    kind: str,
    system: str,
    symbol_pattern: str,
    aliases: str,
    assesses: bool,
    by: User,
) -> Body:
    """A mechanism that the product does not know: its recommendations can be imported from then on."""
    fields = {"kind": kind, "system": system, "symbol_pattern": symbol_pattern, "aliases": one_a_line(aliases)}
    body = Body.objects.create(code=code, name=filled(name), assesses=assesses, is_own=True, **fields)
    Event.record("body-added", body, by=by)
    return body


@transaction.atomic
def edit_body(
    *,
    body: Body,
    name: LazyI18nString,
    kind: str,
    system: str,
    symbol_pattern: str,
    aliases: str,
    assesses: bool,
    seen: str,
    by: User,
) -> Body:
    """Describe it otherwise; from then on a new version of the product leaves the description alone."""
    kept = held(body, seen)
    new = {"name": filled(name), "kind": kind, "system": system, "symbol_pattern": symbol_pattern}
    difference = change(kept, {**new, "aliases": one_a_line(aliases), "assesses": assesses})
    if difference:
        Event.record("body-edited", kept, by=by, difference=difference)
    return kept


@transaction.atomic
def add_name_of_body(*, body: Body, name: str, by: User) -> Body:
    """A way of writing a body that files use; from then on a new version of the product leaves the body alone."""
    body = Body.objects.select_for_update().get(pk=body.pk)
    difference = change(body, {"aliases": one_a_line(f"{body.aliases}\n{name}")})
    if difference:
        Event.record("body-edited", body, by=by, difference=difference)
    return body


@transaction.atomic
def delete_body(*, body: Body, by: User) -> None:
    if body.code in shipped("bodies"):
        raise Refused(_("This body comes with Servanda and stays. You can change how it is described."))
    Event.record("body-deleted", body, by=by)
    sentence = ngettext_lazy(
        "This body is in use: %(count)d review or record names it, so it must stay.",
        "This body is in use: %(count)d reviews or records name it, so it must stay.",
        "count",
    )
    delete_unless_used(body, sentence)


@transaction.atomic
def add_spelling(*, country: Country, name: str, by: User) -> CountryAlias:
    """A way of writing a State that files use; the next import knows it."""
    spelling = CountryAlias.objects.create(country=country, name=name)
    Event.record("spelling-added", country, by=by, difference={"spelling": ["", name]})
    return spelling


def mark_of(thing: models.Model) -> str:
    """What a form was opened on; the place in a list is left out, because others move it."""
    fields = [field.attname for field in thing._meta.concrete_fields if field.name != "order"]
    words = {name: value_of(thing, name) for name in fields}
    return hashlib.md5(json.dumps(words, sort_keys=True).encode(), usedforsecurity=False).hexdigest()


def held[Kept: models.Model](thing: Kept, seen: str) -> Kept:
    """The row as it is now, locked; the second of two people who edit it is told."""
    kept = type(thing)._default_manager.select_for_update().get(pk=thing.pk)
    if mark_of(kept) != seen:
        raise Refused(
            _("Somebody else changed this while you were writing. Your words are below; saving replaces theirs.")
        )
    return kept


def change(kept: Taxonomy | Term | Body, new: dict) -> dict[str, list]:
    """Write what differs and remember that it is the country's own now; says what was there and what is now."""
    difference = {
        name: [value_of(kept, name), plain(value)]
        for name, value in new.items()
        if value_of(kept, name) != plain(value)
    }
    if difference:
        for name, value in new.items():
            setattr(kept, name, value)
        kept.is_own = True
        kept.save(update_fields=[*new, "is_own"])
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
        raise Refused(_("The terms of this taxonomy come with Servanda. Add a taxonomy of your own for other terms."))


def delete_unless_used(thing: models.Model, sentence: "StrOrPromise") -> None:
    try:
        thing.delete()
    except models.ProtectedError as error:
        raise Refused(sentence % {"count": len(error.protected_objects)}) from error


def next_order(taxonomy: Taxonomy) -> int:
    return (taxonomy.terms.aggregate(last=models.Max("order"))["last"] or 0) + 1


def put_in_order(taxonomy: Taxonomy) -> None:
    """Terms of a country's own stand right below the term that they are part of, so that a page can show a tree."""
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
