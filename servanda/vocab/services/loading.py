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
    for row in rows_stood_by("countries"):
        keep(done, Country, {"code": row["code"]}, country_fields(row))
    load_aliases(done)
    for row in rows_stood_by("bodies"):
        keep(done, Body, {"code": row["code"]}, body_fields(row))
    for row in rows_of("upr_sessions"):
        keep(
            done, UprSession, {"number": int(row["number"])}, {"cycle": int(row["cycle"]), "uhri_id": row["uhri_id"]}
        )
    for row in rows_stood_by("taxonomies"):
        load_taxonomy(done, row)
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


def keep[Kept: models.Model](done: Counter, model: type[Kept], key: dict, fields: dict) -> Kept:
    """Write a row only where it differs, so that a second load is silent."""
    thing = model._default_manager.filter(**key).first()
    if thing is None:
        done[f"{model._meta.verbose_name_plural} +"] += 1
        return model._default_manager.create(**key, **fields)
    if not getattr(thing, "is_own", False) and any(value_of(thing, name) != value for name, value in fields.items()):
        for name, value in fields.items():
            setattr(thing, name, value)
        thing.save()
        done[f"{model._meta.verbose_name_plural} ~"] += 1
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


def load_taxonomy(done: Counter, row: dict[str, str]) -> None:
    fields = {"order": int(row["order"]), "is_facet": row["is_facet"] == "1", "source": row["source"]}
    taxonomy = keep(done, Taxonomy, {"code": row["code"]}, {"name": labels(row), **fields})
    known = {term.code: term for term in Term.objects.filter(taxonomy=taxonomy)}
    for term_row in rows_stood_by(f"terms-{row['code']}"):
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
    for row in rows_of("crosswalks"):
        ends = {
            "from_term": terms[row["from_taxonomy"], row["from_code"]],
            "to_term": terms[row["to_taxonomy"], row["to_code"]],
        }
        keep(done, Crosswalk, ends, {"relation": row["relation"], "source": row["source"]})


def load_instruments(done: Counter) -> None:
    """Treaties come before their protocols in the file."""
    bodies = {body.code: body for body in Body.objects.all()}
    known: dict[str, Instrument] = {}
    for row in rows_stood_by("instruments"):
        same = ("kind", "system", "procedures", "source")
        fields = {"name": labels(row), **{name: row[name] for name in same}, "order": int(row["order"])}
        fields |= {"body": bodies.get(row["body"]), "parent": known.get(row["parent"])}
        fields |= {
            "is_core": row["is_core"] == "1",
            **{name: day(row[name]) for name in ("adopted_on", "in_force_on")},
        }
        known[row["code"]] = keep(done, Instrument, {"code": row["code"]}, fields)


def load_rules(done: Counter) -> None:
    bodies = {body.code: body for body in Body.objects.all()}
    instruments = {instrument.code: instrument for instrument in Instrument.objects.all()}
    texts = {row["code"]: labels(row) for row in rows_stood_by("rule_texts")}
    for row in rows_of("obligation_rules"):
        fields = rule_fields(row) | {name: texts.get(row[name], {}) for name in ("counts", "clock", "note")}
        fields |= {"body": bodies.get(row["body"]), "instrument": instruments.get(row["instrument"])}
        keep(done, ObligationRule, {"code": row["code"]}, fields)


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
