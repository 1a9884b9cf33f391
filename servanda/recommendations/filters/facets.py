"""The facets of the register: each knows its values, their conditions, and how they are counted.

An address carries keys of facets and of their values, never the name of a field. Labels that the machine suggests
do not count until a person has accepted them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from django.conf.locale import LANG_INFO
from django.db.models import Exists, OuterRef, Q, TextChoices
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.kit.templatetags.pages import language_name
from servanda.people.access import Can, can, scopes
from servanda.people.models import Instance, User
from servanda.recommendations.filters.audiences import audience_of, everybody
from servanda.recommendations.filters.facet_options import Names, read_names
from servanda.recommendations.filters.parameters import taxonomy_key
from servanda.recommendations.models import Recommendation, RecommendingState, Stand, Tagging, TextVersion
from servanda.vocab.models import Body, ShortName

WITHOUT = "-"
MISSING = "missing"
LONGEST_SPOKEN_CODE = 5
YEARS = range(1946, 2101)
Stored = int | str | bool | None
Tally = Mapping[str, Mapping[Stored, int]]  # what was counted by -> value -> records


@dataclass(frozen=True, slots=True)
class Option:
    label: object
    stored: tuple[Stored, ...]
    name: object = ""  # of a term, which its label may show behind a number


BY_YEAR = {str(year): Option(str(year), (year,)) for year in reversed(YEARS)}
name_of_language = lazy(language_name, str)
BY_LANGUAGE = {code: Option(name_of_language(code), (code,)) for code in ["zh", *LANG_INFO]}
# Of all that `own_facets` may offer, without the taxonomies.
OWN_KEYS = frozenset(
    {
        *("body", "review", "year", "stand", "kind", "territory", "language", "recommending", "country"),
        *("published", "confidentiality", "priority", "term", MISSING, "batch"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """One column of the record."""

    key: str
    title: object
    options: Mapping[str, Option]
    without: str
    column: str
    in_order: bool = False  # shown in the order of the options, not by number of records
    within: Q | None = None  # the records that can have a value; `columns_of` leaves out the others too

    def stored(self, keys: Iterable[str]) -> list[Stored]:
        return [value for key in keys if key != WITHOUT for value in self.options[key].stored]

    def stored_ids(self, keys: Iterable[str]) -> list[int]:
        return [int(value) for value in self.stored(keys) if value is not None]

    def condition(self, keys: Iterable[str]) -> Q:
        chosen = Q((f"{self.column}__in", self.stored(keys)))
        found = chosen | self.is_empty() if WITHOUT in keys else chosen
        return found if self.within is None else found & self.within

    def allowed(self, keys: Iterable[str]) -> set[Stored]:
        """The stored values that meet `condition`."""
        return {*self.stored(keys), *((None, "") if WITHOUT in keys else ())}

    def is_empty(self) -> Q:
        is_null = Recommendation._meta.get_field(self.column).null
        return Q((self.column, None if is_null else ""))

    def counts(self, tally: Tally) -> Counter[str]:
        counted = tally.get(self.column, {})
        numbers = Counter({WITHOUT: counted.get(None, 0) + counted.get("", 0)})
        for key, option in self.options.items():
            numbers[key] = sum(counted.get(value, 0) for value in option.stored)
        return numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryFacet(Facet):
    """The States concerned: the first is a column of the record, the others are rows beside it."""

    def condition(self, keys: Iterable[str]) -> Q:
        also = Recommendation.also_concerns.through.objects.filter(country__in=self.stored_ids(keys))
        return Facet.condition(self, keys) | Q(pk__in=also.values("recommendation_id"))

    def counts(self, tally: Tally) -> Counter[str]:
        numbers = Facet.counts(self, tally)
        for key, option in self.options.items():
            numbers[key] += sum(tally.get("also", {}).get(value, 0) for value in option.stored)
        return numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class StateFacet(Facet):
    """The States that made a recommendation: any number for one record."""

    column: str = "recommending"

    def condition(self, keys: Iterable[str]) -> Q:
        rows = RecommendingState.objects.current()
        chosen = Q(pk__in=rows.filter(country__in=self.stored_ids(keys)).values("recommendation_id"))
        return chosen | Q(~Exists(rows.filter(recommendation=OuterRef("pk")))) if WITHOUT in keys else chosen

    def counts(self, tally: Tally) -> Counter[str]:
        counted = tally.get("recommending", {})
        numbers = Counter({key: counted.get(option.stored[0], 0) for key, option in self.options.items()})
        numbers[WITHOUT] = tally["total"][0] - counted.get(0, 0)
        return numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelFacet(Facet):
    """The terms of one taxonomy; a term stands for itself and for all that is under it."""

    column: str = "labels"
    taxonomy: int
    above: Mapping[int, tuple[int, ...]]  # term -> itself and the terms over it

    def condition(self, keys: Iterable[str]) -> Q:
        chosen = Q(pk__in=assigned_labels().filter(term__in=self.stored_ids(keys)).values("recommendation_id"))
        if WITHOUT not in keys:
            return chosen
        labels = assigned_labels().filter(term__taxonomy=self.taxonomy, term__is_artefact=False)
        return chosen | Q(~Exists(labels.filter(recommendation=OuterRef("pk"))))

    def counts(self, tally: Tally) -> Counter[str]:
        counted = tally.get("labels", {})
        numbers = Counter({key: counted.get(option.stored[0], 0) for key, option in self.options.items()})
        numbers[WITHOUT] = tally["total"][0] - counted.get(-self.taxonomy, 0)
        return numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingTextFacet(Facet):
    """The languages of the records in which a record has no full text; shown only while one is chosen."""

    key: str = MISSING
    column: str = "texts"

    def condition(self, keys: Iterable[str]) -> Q:
        return without_text_in(keys)

    def counts(self, tally: Tally) -> Counter[str]:
        if (with_text := tally.get("texts")) is None:
            return Counter()
        return Counter({key: tally["total"][0] - with_text.get(key, 0) for key in self.options})


def full_texts():
    return TextVersion.objects.current().filter(form=TextVersion.Form.FULL)


def without_text_in(languages: Iterable[str]) -> Q:
    """At least one of these languages is missing."""
    texts = full_texts().filter(recommendation=OuterRef("pk"))
    missing = Q(pk__in=[])
    for language in languages:
        missing |= ~Exists(texts.filter(language=language))
    return missing


def languages_of_records() -> list[str]:
    return list(dict.fromkeys(Instance.current().language_codes()))


def assigned_labels():
    """Labels that a source or a person gave, and that count now."""
    return Tagging.objects.current().filter(origin__in=[Tagging.Origin.SOURCE, Tagging.Origin.PERSON])


def public_facets() -> list[Facet]:
    """What everyone may narrow the published register by."""
    return own_facets(None, read_names(everybody()))


def desk_facets(user: User) -> list[Facet]:
    """What this person may narrow the register by: publication, confidentiality and import for those inside."""
    return own_facets(user, read_names(audience_of(user), imports=can(user, Can.IMPORT)))


def own_facets(user: User | None, names: Names, labels: Sequence[LabelFacet] | None = None) -> list[Facet]:
    """The facets of the register itself, for everyone or for one person; `labels` if they have been made already."""
    facets = _for_everybody(names, label_facets(names) if labels is None else labels)
    if user is None:
        return facets
    if can(user, Can.READ_INTERNAL):
        facets += _inside()
    if opens_all(user):
        facets += _priorities()
    if can(user, Can.EDIT_REGISTER):
        facets.append(_missing())
    if can(user, Can.IMPORT):
        facets.append(_batch(names))
    return facets


def _for_everybody(names: Names, labels: Sequence[LabelFacet]) -> list[Facet]:
    countries = names.countries
    concerned = {country for _pk, _body, country, *_rest in names.reviews}
    return [
        *_bodies_and_reviews(names.bodies, names.reviews),
        _year(),
        *labels,
        *_choices(),
        *_territories(names.territories),
        _language(),
        StateFacet(
            key="recommending",
            title=gettext_lazy("Recommending State"),
            options={code: Option(name, (pk,)) for pk, code, name in countries},
            without=_("No State named"),
        ),
        *_concerned([row for row in countries if row[0] in concerned]),
    ]


def opens_all(user: User) -> bool:
    """Whether a person may read the internal side of every record that they see."""
    everywhere = any(not scope.bodies for scope in scopes(user, Can.READ_INTERNAL))
    return everywhere or can(user, Can.READ_EVERYTHING)


def _bodies_and_reviews(bodies: Mapping[int, tuple[str, object, ShortName]], reviews: Sequence[tuple]) -> list[Facet]:
    stored: dict[str, list[int]] = {}
    titles: dict[str, object] = {}
    for pk, body, _country, cycle, year in reviews:
        code, _name, short = bodies[body]
        key = f"{code}-{cycle or year}"
        if key not in stored:
            stored[key], titles[key] = [], review_title(short, cycle, year)
        stored[key].append(pk)
    by_body = {code: Option(name, (pk,)) for pk, (code, name, _short) in bodies.items()}
    by_review = {key: Option(titles[key], tuple(pks)) for key, pks in stored.items()}
    return [
        Facet(key="body", title=gettext_lazy("Body"), options=by_body, without="", column="body"),
        Facet(key="review", title=gettext_lazy("Review"), options=by_review, without=_("No review"), column="review"),
    ]


def review_title(body: object, cycle: int, year: int) -> object:
    """In the language of the page at the time that it is shown, if the name of the body is lazy."""
    if cycle:
        return format_lazy(gettext_lazy("{body}, cycle {cycle}"), body=body, cycle=cycle)
    return format_lazy("{body} {year}", body=body, year=year) if year else body


def _year() -> Facet:
    title = gettext_lazy("Year")
    return Facet(key="year", title=title, options=BY_YEAR, without=_("No year"), column="year", in_order=True)


def _language() -> Facet:
    title = gettext_lazy("Language of the original")
    return Facet(key="language", title=title, options=BY_LANGUAGE, without=_("Not known"), column="language")


def _choices() -> list[Facet]:
    return [
        Facet(
            key="stand",
            title=gettext_lazy("Position of the State"),
            options=_of_choices(Stand),
            without=_("No position recorded"),
            column="stand",
            in_order=True,
            within=Q(body__in=Body.objects.with_positions().order_by().values("pk")),
        ),
        _one_of("kind", gettext_lazy("Kind"), Recommendation.Kind),
    ]


def _one_of(key: str, title: object, choices: type[TextChoices], *, column: str = "", without: str = "") -> Facet:
    options = _of_choices(choices)
    return Facet(key=key, title=title, options=options, without=without, column=column or key, in_order=True)


def _territories(names: Sequence[str]) -> list[Facet]:
    if not names:
        return []
    options = {name: Option(name, (name,)) for name in names}
    title = gettext_lazy("Territory")
    return [Facet(key="territory", title=title, options=options, without=_("No territory named"), column="territory")]


def _of_choices(choices) -> dict[str, Option]:
    return {value: Option(label, (value,)) for value, label in choices.choices}


def _concerned(countries: Sequence[tuple]) -> list[Facet]:
    if len(countries) < 2:
        return []
    options = {code: Option(name, (pk,)) for pk, code, name in countries}
    title = gettext_lazy("State concerned")
    return [CountryFacet(key="country", title=title, options=options, without=_("No State named"), column="country")]


def _inside() -> list[Facet]:
    published = {"yes": Option(_("Published"), (True,)), "no": Option(_("Not published"), (False,))}
    return [
        Facet(
            key="published",
            title=gettext_lazy("Publication"),
            options=published,
            without="",
            column="is_published",
            in_order=True,
        ),
        Facet(
            key="confidentiality",
            title=gettext_lazy("Confidentiality"),
            options=_of_choices(Recommendation.Confidentiality),
            without="",
            column="confidentiality",
            in_order=True,
        ),
    ]


def _priorities() -> list[Facet]:
    horizons, without = Recommendation.Horizon, _("No time frame set")
    return [
        _one_of("priority", gettext_lazy("Priority"), Recommendation.Priority, without=_("No priority set")),
        _one_of("term", gettext_lazy("Time frame"), horizons, column="horizon", without=without),
    ]


def _missing() -> Facet:
    languages = {code: Option(language_name(code), (code,)) for code in languages_of_records()}
    return MissingTextFacet(title=gettext_lazy("No text in"), options=languages, without="", in_order=True)


def _batch(names: Names) -> Facet:
    batches = {key: Option(name, (pk,)) for pk, key, name in names.imports}
    title = gettext_lazy("Import")
    return Facet(key="batch", title=title, options=batches, without=_("Entered manually"), column="added_by")


def label_facets(names: Names) -> list[LabelFacet]:
    return [label_facet(list(some)) for _taxonomy, some in groupby(names.terms, key=itemgetter(0))]


def label_facet(terms: Sequence[tuple]) -> LabelFacet:
    """The facet of one taxonomy; each row is the taxonomy and then the term."""
    taxonomy, taxonomy_code, title, *_rest = terms[0]
    rows = [term[3:] for term in terms]
    parents = {pk: parent for pk, parent, _code, _label in rows}
    above = {pk: lineage(pk, parents) for pk in parents}
    under: dict[int, list[int]] = {pk: [pk] for pk in parents}
    for pk, line in above.items():
        for over in line[1:]:
            under[over].append(pk)
    return LabelFacet(
        key=taxonomy_key(taxonomy_code),
        title=title,
        options={code: Option(term_title(code, label), tuple(under[pk]), label) for pk, _parent, code, label in rows},
        without=_("Without"),
        taxonomy=taxonomy,
        above=above,
    )


def lineage(pk: int, parents: Mapping[int, int | None]) -> tuple[int, ...]:
    """A term and those above it; a circle, which can only be a mistake, is left where it closes."""
    line = [pk]
    while (over := parents[line[-1]]) and over in parents and over not in line:
        line.append(over)
    return tuple(line)


def term_title(code: str, label: object) -> object:
    """A short code is shown in front of the label: 16.2, A12."""
    return format_lazy("{} {}", code, label) if len(code) <= LONGEST_SPOKEN_CODE else label
