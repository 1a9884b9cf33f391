"""National code, priority, term, articles and territory come with a spreadsheet, and go with its undo."""

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from servanda.intake.columns.kinds import SheetContext, SheetRow
from servanda.intake.models import MappedValue
from servanda.kit.refusal import Refused
from servanda.language.words.search_query import parse
from servanda.people.access import Role
from servanda.recommendations.editing import services as editing
from servanda.recommendations.filters.audiences import audience_of, everybody
from servanda.recommendations.filters.facets import desk_facets, public_facets
from servanda.recommendations.imports import pipeline
from servanda.recommendations.imports.sheet_facts import NationalFacts, proposed
from servanda.recommendations.models import FieldChange, Recommendation
from servanda.recommendations.register.exports import export_of
from servanda.recommendations.search import fulltext
from tests import make
from tests.judging_make import applied, sheet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabulary")]

MORE = {
    "national code": "Code national",
    "priority": "Priorité",
    "term": "Terme",
    "articles": "Articles",
    "territory": "Région",
}
SCHOOLS = {"Id": "1", "Text": "Build schools in all regions."}
FORESTS = {"Id": "2", "Text": "Protect the forests of the north."}


def facts(text: str) -> tuple:
    return Recommendation.objects.filter(texts__text=text).values_list(*Recommendation.NATIONAL).distinct().get()


def outcomes(cells: list) -> list[tuple]:
    return [(number, column, outcome) for number, column, outcome, _message in cells]


def edit(record: Recommendation, by, **changes) -> None:
    record.refresh_from_db()
    editing.edit_recommendation(
        recommendation=record,
        version=record.version,
        kind=record.kind,
        symbol="",
        paragraph=record.paragraph,
        date=record.date,
        language=record.language,
        decide_by=None,
        confidentiality=record.confidentiality,
        restricted_to=[],
        also_concerns=[],
        recommending=[],
        by=by,
        **changes,
    )


@pytest.mark.database
def test_facts_of_the_national_list_become_facts_of_the_record():
    row = {"Code national": "R22", "Priorité": "Haute", "Terme": "court terme", "Articles": "CRC 28; CRC 29"}
    cells = applied(sheet(SCHOOLS | row | {"Région": "Northern province"}, FORESTS, more=MORE))
    assert [outcome for _number, _column, outcome, _message in cells] == ["imported"] * 5
    assert facts(SCHOOLS["Text"]) == ("R22", "high", "short", "CRC 28; CRC 29", "Northern province")
    assert facts(FORESTS["Text"]) == ("", "", "", "", "")


def test_a_record_is_found_by_its_national_code():
    applied(sheet(SCHOOLS | {"Code national": "R22"}, FORESTS | {"Code national": "R23"}, more=MORE))
    found = Recommendation.objects.filter(pk__in=fulltext.matching(parse("R22", ["en"])))
    assert [record.national_code for record in found] == ["R22"]


@pytest.mark.database
def test_an_import_replaces_what_an_import_has_brought_and_undo_restores_it():
    applied(sheet(SCHOOLS | {"Priorité": "haute"}, more=MORE))
    second = sheet(SCHOOLS | {"Priorité": "faible", "Terme": "long terme"}, more=MORE)
    assert outcomes(applied(second)) == [(1, "priority", "imported"), (1, "term", "imported")]
    assert facts(SCHOOLS["Text"])[1:3] == ("low", "long")
    pipeline.undo_batch(batch=second, by=make.user(Role.COORDINATOR))
    assert facts(SCHOOLS["Text"])[1:3] == ("high", "")
    assert not FieldChange.objects.filter(batch=second).exists()
    applied(second)
    assert facts(SCHOOLS["Text"])[1:3] == ("low", "long")


def test_what_a_person_has_set_is_not_replaced():
    applied(sheet(SCHOOLS | {"Priorité": "haute"}, more=MORE))
    edit(Recommendation.objects.get(), make.user(Role.COORDINATOR), priority="medium")
    cells = applied(sheet(SCHOOLS | {"Priorité": "faible"}, more=MORE))
    assert outcomes(cells) == [(1, "priority", "left-out")]
    assert "to “Medium”" in cells[0][3]
    assert facts(SCHOOLS["Text"])[1] == "medium"


def test_what_a_person_has_removed_does_not_come_back():
    applied(sheet(SCHOOLS | {"Priorité": "haute"}, more=MORE))
    edit(Recommendation.objects.get(), make.user(Role.COORDINATOR), priority="")
    assert outcomes(applied(sheet(SCHOOLS | {"Priorité": "haute"}, more=MORE))) == [(1, "priority", "left-out")]


def test_an_import_whose_facts_were_changed_by_hand_is_not_undone():
    record = make.recommendation("Build schools in all regions.")
    batch = sheet({"Code": record.code, "Text": "Build schools in all regions.", "Priorité": "haute"}, more=MORE)
    applied(batch)
    record.refresh_from_db()
    assert record.priority == "high"
    edit(record, make.user(Role.COORDINATOR), priority="low")
    with pytest.raises(Refused, match=record.code):
        pipeline.undo_batch(batch=batch, by=make.user(Role.COORDINATOR))


def test_the_same_again_is_unchanged_and_two_rows_of_one_record_do_not_contradict():
    applied(sheet(SCHOOLS | {"Priorité": "haute"}, more=MORE))
    place = {"Symbol": "CRC/C/SVN/CO/3-4", "Paragraph": "12"}
    cells = applied(
        sheet(
            SCHOOLS | {"Priorité": "haute"},
            FORESTS | place | {"Priorité": "haute"},
            FORESTS | place | {"Priorité": "basse", "From": "Slovenia"},
            more=MORE,
        )
    )
    assert outcomes(cells) == [(1, "priority", "unchanged"), (2, "priority", "imported"), (3, "priority", "left-out")]
    assert facts(FORESTS["Text"])[1] == "high"


def test_what_a_value_means_is_the_senders_own_choice():
    batch = sheet(SCHOOLS | {"Priorité": "B"}, FORESTS | {"Priorité": "1"}, more=MORE)
    cells = applied(batch)
    assert outcomes(cells) == [(1, "priority", "left-out"), (2, "priority", "imported")]
    assert "“B” is not known" in cells[0][3]
    MappedValue.objects.create(mapping=batch.mapping, column="priority", printed="B", folded="b", meaning="medium")
    applied(sheet(SCHOOLS | {"Priorité": "B"}, more=MORE))
    assert facts(SCHOOLS["Text"])[1] == "medium"


@pytest.mark.parametrize(
    ("column", "printed", "code"),
    [
        *(("priority", word, "high") for word in ("High", "Priorité élevée", "1", "Alta", "أولوية عالية")),
        *(("priority", word, "low") for word in ("faible", "3", "baixa", "منخفضة")),
        *(
            ("term", word, "short")
            for word in ("court terme", "Corto plazo", "curto prazo", "قصير المدى", "المدى القصير")
        ),
        *(("term", word, "") for word in ("", "2025", "court ou moyen terme")),
    ],
)
def test_words_for_priority_and_term_are_understood(column, printed, code):
    assert proposed(column, printed, ()) == code


def test_the_number_of_queries_does_not_grow_with_the_rows():
    records = [make.recommendation(f"Text {number}.").pk for number in range(12)]

    def judged(some: list[int]) -> int:
        rows = [
            SheetRow(number, "", {"priority": "high", "territory": "North"}, pk) for number, pk in enumerate(some)
        ]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            NationalFacts().judge(rows, SheetContext(batch=None, on=None))
        return len(queries)

    assert judged(records[:2]) == judged(records) == 2


def test_priority_and_term_are_told_inside_and_the_rest_to_everybody(client):
    record = make.recommendation(
        national_code="R22", priority="high", horizon="short", articles="CRC 28", territory="North"
    )
    table = export_of(QueryDict(), everybody(), public_facets()).table()
    row = dict(zip(table[0], next(table[1]), strict=True))
    assert (row["national_code"], row["articles"], row["territory"]) == ("R22", "CRC 28", "North")
    assert not {"priority", "term"} & row.keys()
    page = client.get(record.get_absolute_url()).content.decode()
    assert "R22" in page
    assert "CRC 28" in page
    assert "Short term" not in page

    coordinator = make.signed_in(client, Role.COORDINATOR)
    table = export_of(QueryDict(), audience_of(coordinator), desk_facets(coordinator)).table()
    row = dict(zip(table[0], next(table[1]), strict=True))
    assert (row["priority"], row["term"]) == ("high", "short")
    assert "Short term" in client.get(reverse("desk:record", args=[record.code])).content.decode()


def test_the_list_is_narrowed_by_priority_term_and_territory(client):
    make.recommendation(priority="high", horizon="short", territory="North")
    make.recommendation()
    make.signed_in(client, Role.COORDINATOR)
    for query in ("priority=high", "term=short", "territory=North"):
        page = client.get(reverse("desk:register"), QueryDict(query))
        assert page.context["listing"].page.paginator.count == 1, query
    assert "priority" not in {facet.key for facet in public_facets()}
    assert "territory" in {facet.key for facet in public_facets()}


def test_national_facts_are_edited_on_the_page_of_the_record(client):
    record = make.recommendation(national_code="R22", priority="high")
    make.signed_in(client, Role.COORDINATOR)
    address = reverse("desk:edit_recommendation", args=[record.code])
    form = client.get(address).context["form"]
    shown = {name: "" if (value := form[name].value()) is None else value for name in form.fields}
    assert (shown["national_code"], shown["priority"]) == ("R22", "high")
    answer = client.post(address, shown | {"priority": "low", "horizon": "long", "territory": "  North  "})
    assert answer.status_code == 302, answer.context["form"].errors
    record.refresh_from_db()
    assert [getattr(record, name) for name in Recommendation.NATIONAL] == ["R22", "low", "long", "", "North"]
    assert record.history.first().priority == "low"


def test_who_reads_only_one_body_inside_is_not_told_priorities_of_the_others(client):
    make.recommendation(priority="high", horizon="short")
    ministry = make.institution("mfa")
    person = make.user(Role.PUBLIC)
    make.appointment(person, ministry, bodies="CRC")
    assert not {"priority", "term"} & {facet.key for facet in desk_facets(person)}
    table = export_of(QueryDict(), audience_of(person), desk_facets(person)).table()
    row = dict(zip(table[0], next(table[1]), strict=True))
    assert (row["priority"], row["term"]) == ("", "")
