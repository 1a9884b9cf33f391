"""Loading the words that come with the product."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

from django.db import models, transaction

from servanda.vocab.models import (
    Body,
    Confirmation,
    Country,
    CountryAlias,
    Crosswalk,
    Instrument,
    ObligationRule,
    Taxonomy,
    Term,
    UprSession,
)

DATA = Path(__file__).resolve().parents[1] / "data"
LANGUAGE = re.compile(r"[a-z]{2}")  # how the column of a language is headed
SHORT = "short_"  # before the language, in the columns of short names


@transaction.atomic
def load_vocabulary() -> Counter:
    """Bring countries, bodies, sessions, taxonomies, terms, treaties and rules up to the files of this version.

    What an administrator added or took over (`is_own`) stays as it is, and so do the words that a speaker
    confirmed. Says how many rows of each were added or changed; a second call changes nothing.
    """
    done: Counter = Counter()
    countries = Rows(done, Country.objects.all(), "code")
    for row in rows_stood_by("countries"):
        countries.keep(row["code"], **country_fields(row))
    load_aliases(done)
    bodies = Rows(done, Body.objects.all(), "code")
    for row in rows_stood_by("bodies"):
        bodies.keep(row["code"], **body_fields(row))
    sessions = Rows(done, UprSession.objects.all(), "number")
    for row in rows_of("upr_sessions"):
        sessions.keep(int(row["number"]), cycle=int(row["cycle"]), uhri_id=row["uhri_id"])
    taxonomies = Rows(done, Taxonomy.objects.all(), "code")
    for row in rows_stood_by("taxonomies"):
        fields = {"order": int(row["order"]), "is_facet": row["is_facet"] == "1", "source": row["source"]}
        load_terms(done, taxonomies.keep(row["code"], name=labels(row), **fields))
    load_crosswalks(done)
    load_instruments(done)
    load_rules(done)
    return done


def rows_of(name: str) -> Iterator[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def rows_stood_by(name: str) -> Iterator[dict[str, str]]:
    """The rows of a file, with the words that a person confirmed in place of newer ones."""
    confirmed: dict[str, dict[str, str]] = {}
    for code, language, words in Confirmation.objects.filter(file=name).values_list("code", "language", "words"):
        confirmed.setdefault(code, {})[language] = words
    for row in rows_of(name):
        yield row | confirmed.get(row["code"], {})


def labels(row: dict[str, str]) -> dict[str, str]:
    return {head: words for head, words in row.items() if words and LANGUAGE.fullmatch(head)}


def country_fields(row: dict[str, str]) -> dict:
    fields = {"iso2": row["iso2"], "is_state": row["is_state"] == "1", "uhri_id": row["uhri_id"]}
    return {"name": labels(row), **fields}


def body_fields(row: dict[str, str]) -> dict:
    same = ("kind", "system", "symbol_pattern", "uhri_id")
    fields = {"order": int(row["order"]), "aliases": row["aliases"].replace("|", "\n")}
    fields["assesses"] = row["assesses"] == "1"  # empty where it is not confirmed
    names = {"name": labels(row), "short_name": short_names(row)}
    return {**names, **fields, **{name: row[name] for name in same}}


def short_names(row: dict[str, str]) -> dict[str, str] | str:
    """By language; empty where the code is the short name in all languages."""
    columns = (head for head in row if head.startswith(SHORT))
    return labels({head.removeprefix(SHORT): row[head] for head in columns}) or ""


class Rows[Kept: models.Model]:
    """What is stored of one kind: read once, and found by the fields that tell one row from another."""

    def __init__(self, done: Counter, stored: models.QuerySet[Kept], *key: str) -> None:
        self.done, self.model, self.key = done, stored.model, key
        self.known = {tuple(getattr(thing, name) for name in key): thing for thing in stored}

    def keep(self, *values: object, **fields: object) -> Kept:
        """Write a row only where it differs, so that a second load is silent."""
        thing = self.known.get(values)
        if thing is None:
            self.done[f"{self.model._meta.verbose_name_plural} +"] += 1
            of_key = dict(zip(self.key, values, strict=True))
            thing = self.known[values] = self.model._default_manager.create(**of_key, **fields)
        elif not getattr(thing, "is_own", False) and any(value_of(thing, name) != fields[name] for name in fields):
            for name, value in fields.items():
                setattr(thing, name, value)
            thing.save()
            self.done[f"{self.model._meta.verbose_name_plural} ~"] += 1
        return thing


def value_of(thing: models.Model, name: str) -> object:
    return plain(getattr(thing, name))


def plain(value: object) -> object:
    """A text of several languages as the dictionary that it is; anything else as it is."""
    return getattr(value, "data", value)


def load_aliases(done: Counter) -> None:
    known = set(CountryAlias.objects.values_list("name", flat=True))
    countries = dict(Country.objects.values_list("code", "pk"))
    new = {name: countries[code] for code, name in shipped_spellings() if name not in known}
    CountryAlias.objects.bulk_create(CountryAlias(name=name, country_id=country) for name, country in new.items())
    done["spellings +"] += len(new)


def shipped_spellings() -> Iterator[tuple[str, str]]:
    """Codes of countries with the spellings that come with the product, those of the United Nations first."""
    for row in rows_of("countries"):
        yield from ((row["code"], name) for name in row["aliases"].split("|") if name)
    for row in rows_of("spellings"):
        yield row["code"], row["name"]


def load_terms(done: Counter, taxonomy: Taxonomy) -> None:
    known = {term.code: term for term in Term.objects.filter(taxonomy=taxonomy)}
    for term_row in rows_stood_by(f"terms-{taxonomy.code}"):
        wanted = term_fields(term_row, known)
        term = known.get(term_row["code"])
        if term is None:
            known[term_row["code"]] = Term.objects.create(taxonomy=taxonomy, code=term_row["code"], **wanted)
            done["terms +"] += 1
        elif not term.is_own and any(value_of(term, name) != value for name, value in wanted.items()):
            Term.objects.filter(pk=term.pk).update(**wanted)
            done["terms ~"] += 1


def load_crosswalks(done: Counter) -> None:
    terms = {
        (term.taxonomy.code, term.code): term
        for term in Term.objects.filter(taxonomy__code__in=shipped("taxonomies")).select_related("taxonomy")
    }
    crosswalks = Rows(done, Crosswalk.objects.all(), "from_term_id", "to_term_id")
    for row in rows_of("crosswalks"):
        ends = terms[row["from_taxonomy"], row["from_code"]], terms[row["to_taxonomy"], row["to_code"]]
        crosswalks.keep(*(end.pk for end in ends), relation=row["relation"], source=row["source"])


def load_instruments(done: Counter) -> None:
    """Treaties come before their protocols in the file."""
    bodies = {body.code: body for body in Body.objects.all()}
    known: dict[str, Instrument] = {}
    treaties = Rows(done, Instrument.objects.select_related("body", "parent"), "code")
    for row in rows_stood_by("instruments"):
        same = ("kind", "system", "procedures", "source")
        fields = {"name": labels(row), **{name: row[name] for name in same}, "order": int(row["order"])}
        fields |= {"body": bodies.get(row["body"]), "parent": known.get(row["parent"])}
        fields |= {
            "is_core": row["is_core"] == "1",
            **{name: day(row[name]) for name in ("adopted_on", "in_force_on")},
        }
        known[row["code"]] = treaties.keep(row["code"], **fields)


def load_rules(done: Counter) -> None:
    bodies = {body.code: body for body in Body.objects.all()}
    instruments = {instrument.code: instrument for instrument in Instrument.objects.all()}
    texts = {row["code"]: labels(row) for row in rows_stood_by("rule_texts")}
    rules = Rows(done, ObligationRule.objects.select_related("body", "instrument"), "code")
    for row in rows_of("obligation_rules"):
        fields = rule_fields(row) | {name: texts.get(row[name], {}) for name in ("counts", "clock", "note")}
        fields |= {"body": bodies.get(row["body"]), "instrument": instruments.get(row["instrument"])}
        rules.keep(row["code"], **fields)


def rule_fields(row: dict[str, str]) -> dict:
    same = ("kind", "trigger", "unit", "certainty", "force", "source")
    numbers = ("offset", "every", "word_limit")
    return {
        **{name: row[name] for name in same},
        **{name: int(row[name]) if row[name] else None for name in numbers},
        "is_limit_advisable": row["is_limit_advisable"] == "1",
        "is_to_verify": row["is_to_verify"] == "1",
        "verified_on": day(row["verified_on"]),
        "order": int(row["order"]),
    }


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def term_fields(row: dict[str, str], known: dict[str, Term]) -> dict:
    return {
        "label": labels(row),
        "parent": known[row["parent"]] if row["parent"] else None,
        "order": int(row["order"]),
        "is_artefact": row["is_artefact"] == "1",
        "synonyms": row["synonyms"].replace("|", "\n"),
        "external_id": row["external_id"],
    }


@cache
def shipped(name: str) -> frozenset[str]:
    """The codes that a file of the product has; what it has not is the country's own."""
    return frozenset(row["code"] for row in rows_of(name))
