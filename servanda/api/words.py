"""What the API publishes of taxonomies, bodies and countries, key by key."""

from i18nfield.strings import LazyI18nString
from ninja import Field, Schema

from servanda.recommendations.filters.parameters import taxonomy_key
from servanda.vocab import models as vocab

ByLanguage = dict[str, str]
NO_LANGUAGE = "und"  # BCP 47: the language is not known


class Taxonomy(Schema):
    taxonomy: str = Field(description="Key of the taxonomy.")
    name: ByLanguage
    version: str
    source: str
    is_filter: bool = Field(description="Whether records can be filtered by it.")


class Term(Schema):
    code: str
    label: ByLanguage
    parent: str | None = Field(description="Code of the term that this one is part of.")
    is_artefact: bool = Field(description="Kept because a source says it, never used as a label.")


class Vocabulary(Taxonomy):
    terms: list[Term]


class Taxonomies(Schema):
    taxonomies: list[Taxonomy]


class Body(Schema):
    code: str
    name: ByLanguage
    kind: str
    system: str = Field(description="`UN`, `OAS`, `AU`, `CoE` …")
    takes_positions: bool = Field(description="Whether a State supports or notes its recommendations.")
    assesses: bool = Field(description="Whether it assesses itself how far its recommendations are implemented.")
    stations: list[str] = Field(description="What its records go through, in order: `received` … `closed`.")


class Bodies(Schema):
    bodies: list[Body]


class Country(Schema):
    code: str = Field(description="ISO 3166-1 alpha-3 where there is one.")
    iso2: str
    name: ByLanguage
    is_state: bool = Field(description="False for others that documents name like a State, as the European Union.")


class Countries(Schema):
    countries: list[Country]


def by_language(text: LazyI18nString) -> ByLanguage:
    data = text.data
    if isinstance(data, dict):
        return {language: text for language, text in sorted(data.items()) if text}
    # I18nCharField reads a text without languages as JSON, so a name such as “1325” arrives as a number.
    return {} if data in ("", None) else {NO_LANGUAGE: str(data)}


def taxonomy(row: vocab.Taxonomy) -> Taxonomy:
    return Taxonomy(
        taxonomy=taxonomy_key(row.code),
        name=by_language(row.name),
        version=row.version,
        source=row.source,
        is_filter=row.is_facet,
    )


def vocabulary(row: vocab.Taxonomy) -> Vocabulary:
    terms = row.terms.select_related("parent").order_by("order", "code")
    return Vocabulary(**taxonomy(row).dict(), terms=[_term(term) for term in terms])


def _term(term: vocab.Term) -> Term:
    return Term(
        code=term.code,
        label=by_language(term.label),
        parent=term.parent.code if term.parent else None,
        is_artefact=term.is_artefact,
    )


def body(row: vocab.Body) -> Body:
    return Body(
        code=row.code,
        name=by_language(row.name),
        kind=row.kind,
        system=row.system,
        takes_positions=row.takes_positions,
        assesses=row.assesses,
        stations=[station.value for station, _words in row.procedure.stations],
    )


def country(row: vocab.Country) -> Country:
    return Country(code=row.code, iso2=row.iso2, name=by_language(row.name), is_state=row.is_state)
