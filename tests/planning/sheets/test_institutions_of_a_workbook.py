"""A sheet of institutions in the workbook of recommendations: one import, one judgment, one undo."""

import json
from collections import Counter
from io import StringIO

import pytest
from django.core.management import call_command
from i18nfield.strings import LazyI18nString

from servanda.intake.models import Batch
from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.institutions.services import edit_institution
from servanda.people.models import Instance, Institution, User
from servanda.people.versioning import version_of
from servanda.planning.models import Assignment
from servanda.planning.sheets.listed_headers import suggest_institutions
from servanda.recommendations.imports import further_sheets, mapping, pipeline
from servanda.recommendations.imports.sheet_names import SheetChoice
from servanda.recommendations.models import Recommendation
from tests import make
from tests.importing_make import receive
from tests.once import built_once
from tests.sheets_make import workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabulary")]
HEAD = ["N°", "Recommandation", "Mécanisme", "Pays", "Chef de file", "Appui"]
COLUMNS = {
    "external sheet": "N°", "text": "Recommandation", "body": "Mécanisme", "country": "Pays",
    "lead": "Chef de file", "supporting": "Appui",
}  # fmt: skip
ROWS = [
    HEAD,
    ["1", "Construire des écoles dans la vallée du nord.", "CRC", "SVN", "MJ", "ANE; MdS"],
    ["2", "Protéger les forêts du nord contre le feu.", "CRC", "SVN", "Ministère de la Justice (MJ)", ""],
]
LIST = ["Nom", "Sigle", "Type", "Tutelle", "Nom (ar)", "Courriel", "Point focal", "Observations"]
JUSTICE = ["Ministère de la Justice", "MJ", "Ministère", "", "وزارة العدل", "mj@example.org", "Anne Inventée", "x"]
AGENCY = ["Agence nationale des écoles", "ANE", "Agence", "MJ", "", "", "", ""]
HEALTH = ["Ministère de la Santé (MdS)", "", "", "", "", "", "", ""]
SUGGESTED = {
    "institution name": "Nom",
    "institution code": "Sigle",
    "institution kind": "Type",
    "institution parent": "Tutelle",
    "institution name ar": "Nom (ar)",
    "institution e-mail": "Courriel",
    "institution person": "Point focal",
}


@built_once
def coordinator(loaded_once) -> User:
    Instance.objects.update_or_create(pk=1, defaults={"state_code": "SVN", "languages": "en,fr,ar"})
    return make.user(Role.COORDINATOR)


def chosen(*institutions, by: User, rows=ROWS, name="Institutions", head=LIST) -> Batch:
    batch = receive(workbook({"Suivi": rows, name: [head, *institutions]}), "suivi.xlsx", by=by)
    mapping.save_mapping(batch=batch, sender="Ministère", columns=COLUMNS, constants={}, by=by)
    further_sheets.choose_further_sheets(batch=batch, choices=[SheetChoice(name)], by=by)
    if further := further_sheets.next_unmapped(batch):
        columns = further_sheets.look_into_further(further).suggestion
        further_sheets.save_sheet_columns(further=further, columns=columns, constants={}, by=by)
    return batch


def previewed(batch: Batch) -> Counter:
    batch.refresh_from_db()
    pipeline.preview_batch(batch)
    assert batch.state == Batch.State.PREVIEWED, batch.message
    return Counter(batch.rows.values_list("verdict", flat=True))


def applied(batch: Batch, *, accept_refused: bool = False) -> Batch:
    expected = previewed(batch)
    pipeline.claim(batch, accept_refused=accept_refused)
    verdicts = pipeline.apply_batch(batch)
    batch.refresh_from_db()
    assert batch.state == Batch.State.APPLIED, batch.message
    assert {verdict.value: count for verdict, count in verdicts.items()} == expected
    return batch


def cell(batch: Batch, place: int, column: str) -> tuple[str, str]:
    return batch.cells.values_list("outcome", "message").get(number=place, column=column)


def parts() -> list[tuple[str, str, str]]:
    found = Assignment.objects.current().filter(recommendation__in=Recommendation.objects.live())
    return sorted(found.values_list("recommendation__sources__external_id", "part", "institution__code"))


def state() -> dict[str, list]:
    return {
        "institutions": list(Institution.objects.order_by("pk").values()),
        "assignments": list(Assignment.objects.values()),
        "records": list(Recommendation.objects.live().values("code")),
    }


@pytest.mark.database
def test_institutions_are_created_with_the_import_and_their_abbreviations_are_understood(coordinator):
    before = state()
    batch = chosen(JUSTICE, AGENCY, HEALTH, by=coordinator)
    assert previewed(batch) == {"new": 5}
    assert state() == before
    assert cell(batch, 1, "lead") == ("imported", "")
    assert cell(batch, 1, "supporting") == ("imported", "")
    applied(batch)
    justice = Institution.objects.get(code="MJ")
    assert justice.name.data == {"fr": "Ministère de la Justice", "ar": "وزارة العدل"}
    assert (justice.email, justice.branch) == ("mj@example.org", "executive")
    assert Institution.objects.get(code="ANE").parent == justice
    assert str(Institution.objects.get(code="MdS").name) == "Ministère de la Santé"
    assert parts() == [
        ("1", "lead", "MJ"), ("1", "supporting", "ANE"), ("1", "supporting", "MdS"), ("2", "lead", "MJ"),
    ]  # fmt: skip
    pipeline.undo_batch(batch=batch, by=coordinator)
    assert state() == before
    applied(batch)
    assert len(parts()) == 4


def test_every_cell_of_the_sheet_has_a_destiny_and_people_are_named_with_the_page_where_they_are(coordinator):
    batch = chosen(JUSTICE, AGENCY, HEALTH, by=coordinator)
    previewed(batch)
    explained = Counter(batch.cells.filter(column__startswith="institution").values_list("number", "column"))
    assert explained.total() == 11
    assert set(explained.values()) == {1}
    outcome, message = cell(batch, 3, "institution person")
    assert (outcome, "“People”, “Spreadsheet”" in message) == ("left-out", True)
    assert not User.objects.filter(name__contains="Anne").exists()
    assert not batch.rows.filter(summary__contains="Anne").exists()
    assert batch.rows.get(number=3).summary == "Ministère de la Justice"


def test_the_columns_are_proposed_and_kept_for_the_sender(coordinator):
    batch = receive(workbook({"Suivi": ROWS, "Institutions": [LIST, JUSTICE, AGENCY]}), "suivi.xlsx", by=coordinator)
    offered = {other.name: (other.lists, other.is_chosen) for other in mapping.view_sheet(batch).others}
    assert offered == {"Institutions": ("Institutions", True)}
    batch = chosen(JUSTICE, AGENCY, HEALTH, by=coordinator)
    found = further_sheets.look_into_further(batch.further_sheets.get())
    assert found.suggestion == SUGGESTED
    again = chosen(JUSTICE, by=coordinator)
    assert further_sheets.next_unmapped(again) is None


@pytest.mark.parametrize(
    ("sheet", "headers", "rows", "expected"),
    [
        ("Sheet2", ["Institution", "Acronym", "Part of"], [["Ministry of Justice", "MoJ", ""]],
         {"institution name": "Institution", "institution code": "Acronym", "institution parent": "Part of"}),
        ("Instituciones", ["Nombre", "Siglas", "Nombre en inglés"], [["Fiscalía", "FG", "Office of the Prosecutor"]],
         {"institution name": "Nombre", "institution code": "Siglas", "institution name en": "Nombre en inglés"}),
        ("Folha2", ["Entidade", "Sigla", "Tutela"], [["Ministério da Justiça", "MJ", ""]],
         {"institution name": "Entidade", "institution code": "Sigla", "institution parent": "Tutela"}),
        ("المؤسسات", ["الاسم", "الرمز", "الاسم بالفرنسية"], [["وزارة العدل", "MJ", "Ministère de la Justice"]],
         {"institution name": "الاسم", "institution code": "الرمز", "institution name fr": "الاسم بالفرنسية"}),
        ("Annexe", ["Colonne 1", "Abrév.", "Nature"], [["Ministère de la Justice", "MJ", "Ministère"]],
         {"institution name": "Colonne 1", "institution code": "Abrév.", "institution kind": "Nature"}),
        ("institutions", ["code", "name", "name:es", "part of", "e-mail"],
         [["moj", "Ministry", "Ministerio", "", ""]],
         {"institution code": "code", "institution name": "name", "institution name es": "name:es",
          "institution parent": "part of", "institution e-mail": "e-mail"}),
    ],
)  # fmt: skip
def test_a_sheet_of_institutions_is_recognised_in_five_languages(sheet, headers, rows, expected):
    values = {header: [row[place] for row in rows if row[place]] for place, header in enumerate(headers)}
    assert suggest_institutions(sheet, values) == expected


@pytest.mark.parametrize(
    ("headers", "rows"),
    [
        (["Rec. no.", "Action", "Institution", "Status"], [["1", "Build a school", "Ministry of Works", "done"]]),
        (["Id", "Recommendation", "Institution"], [["1", "Build a school in the valley.", "Ministry of Works"]]),
        (["N°", "Nom", "Valeur"], [["1", "Écoles", "12"]]),
    ],
)
def test_sheets_of_other_things_are_not_taken_for_institutions(headers, rows):
    values = {header: [row[place] for row in rows] for place, header in enumerate(headers)}
    assert suggest_institutions("Feuille 2", values) == {}


def test_names_that_the_sheet_lists_are_not_asked_about(coordinator):
    batch = chosen(JUSTICE, AGENCY, by=coordinator)
    asked = {found.column.code: [value.printed for value in found.values] for found in mapping.values_of(batch)}
    assert asked == {"supporting": ["MdS"], "institution kind": ["Ministère", "Agence"]}


@pytest.mark.database
def test_an_institution_of_the_register_is_matched_filled_where_empty_and_never_renamed(coordinator):
    name = LazyI18nString({"en": "Ministry of Justice", "fr": "Ministère de la Justice"})
    make.institution("justice", name=name, email="old@example.org")
    before = state()
    other = ["Ministère de la Justice", "MJ", "Ministère", "", "وزارة العدل", "new@example.org", "", ""]
    batch = chosen(other, AGENCY, HEALTH, by=coordinator)
    assert previewed(batch) == {"new": 4, "changed": 1}
    assert cell(batch, 3, "institution name") == ("unchanged", "")
    assert cell(batch, 3, "institution name ar") == ("imported", "Empty in the register until now.")
    assert cell(batch, 3, "institution e-mail") == (
        "left-out", "The register has “old@example.org”. Change it in the register.",
    )  # fmt: skip
    assert cell(batch, 3, "institution code")[0] == "left-out"
    remarks = batch.remarks.filter(is_fatal=False, field="institutions").values_list("message", flat=True)
    assert "The register has “old@example.org”. Change it in the register." in remarks
    applied(batch)
    justice = Institution.objects.get(code="justice")
    assert justice.name.data == {**name.data, "ar": "وزارة العدل"}
    assert justice.email == "old@example.org"
    assert ("1", "lead", "justice") in parts()
    pipeline.undo_batch(batch=batch, by=coordinator)
    assert state() == before


def test_the_same_workbook_again_changes_nothing(coordinator):
    applied(chosen(JUSTICE, AGENCY, HEALTH, by=coordinator))
    before = state()
    batch = chosen(JUSTICE, AGENCY, HEALTH, by=coordinator)
    assert previewed(batch) == {"unchanged": 5}
    assert not batch.cells.filter(outcome="imported").exists()
    applied(batch)
    assert state() == before


def test_a_row_that_contradicts_the_register_is_refused_and_says_why(coordinator):
    make.institution("MJ", name=LazyI18nString({"fr": "Ministère de la Jeunesse"}))
    before = state()
    batch = chosen(JUSTICE, AGENCY, HEALTH, by=coordinator)
    assert previewed(batch) == {"new": 4, "refused": 1}
    sentence = "In the register, “MJ” is the abbreviation of Ministère de la Jeunesse."
    assert batch.rows.get(verdict="refused").reason.startswith(sentence)
    with pytest.raises(Refused, match="1 row is refused"):
        pipeline.start_applying(batch=batch, by=coordinator, accept_refused=False, publish=True)
    applied(batch, accept_refused=True)
    assert Institution.objects.count() == 3
    pipeline.undo_batch(batch=batch, by=coordinator)
    assert state() == before


def test_a_second_row_about_one_institution_and_a_second_use_of_an_abbreviation_are_told(coordinator):
    twice = ["Ministère de la justice", "MJ", "Ministère", "", "", "other@example.org", "", ""]
    taken = ["Ministère de la Jeunesse", "MJ", "", "", "", "", "", ""]
    batch = chosen(JUSTICE, twice, taken, AGENCY, HEALTH, by=coordinator)
    assert previewed(batch) == {"new": 5, "unchanged": 1, "refused": 1}
    assert batch.rows.get(verdict="unchanged").reason == "The same institution as sheet “Institutions”, row 2."
    assert cell(batch, 4, "institution e-mail")[0] == "left-out"
    assert "abbreviation in sheet “Institutions”, row 2 too" in batch.rows.get(verdict="refused").reason


def test_undo_is_refused_as_a_whole_once_a_new_institution_is_used_elsewhere(coordinator):
    batch = applied(chosen(JUSTICE, AGENCY, HEALTH, by=coordinator))
    other = make.recommendation("Another text.")
    assignment = make.assignment(other, Institution.objects.get(code="ANE"))
    before = state()
    with pytest.raises(Refused, match="used elsewhere: Agence nationale des écoles"):
        pipeline.undo_batch(batch=batch, by=coordinator)
    assert state() == before
    assignment.delete()
    pipeline.undo_batch(batch=batch, by=coordinator)
    assert not Institution.objects.exists()


def test_undo_is_refused_once_a_new_institution_was_edited(coordinator):
    batch = applied(chosen(JUSTICE, by=coordinator))
    mine = Institution.objects.get(code="MJ")
    edit_institution(
        institution=mine, seen=version_of(mine), by=coordinator, code="MJ", name=mine.name, branch="judiciary",
        level=mine.level, parent=None, email="", phone="", address="", active_from=None,
    )  # fmt: skip
    with pytest.raises(Refused, match="Institutions of this import were edited: وزارة العدل"):
        pipeline.undo_batch(batch=batch, by=coordinator)


def test_whoever_may_not_manage_people_is_told_in_the_preview(coordinator):
    batch = chosen(JUSTICE, by=make.user(Role.FOCAL_POINT))
    assert previewed(batch) == {"new": 2, "refused": 1}
    assert "You do not have permission to create institutions. Ask" in batch.rows.get(verdict="refused").reason
    assert cell(batch, 1, "lead")[0] == "left-out"


def test_what_cannot_be_right_is_left_out_with_the_reason(coordinator):
    odd = ["Agence des routes", "و.ع", "Club", "Ministère absent", "", "not an address", "", ""]
    circle = ["Agence des ponts", "AP", "", "AP", "", "", "", ""]
    batch = chosen(odd, circle, JUSTICE, AGENCY, HEALTH, by=coordinator)
    assert previewed(batch)["new"] == 7
    messages = {column: cell(batch, 3, f"institution {column}")[1] for column in ("code", "kind", "parent", "e-mail")}
    assert messages == {
        "code": "The abbreviation in the register is “agence-des-routes”.",
        "kind": "The meaning of “Club” is not known. Choose it on the page of values.",
        "parent": "No institution is called “Ministère absent”, in the file or in the register.",
        "e-mail": "“not an address” is not an e-mail address.",
    }
    assert cell(batch, 4, "institution parent") == ("left-out", "An institution cannot be part of itself.")
    applied(batch)


def test_more_rows_need_no_more_queries(coordinator, django_assert_max_num_queries):
    many = [[f"Agence numéro {number}", f"AG{number}", "Agence", "MJ", "", "", "", ""] for number in range(60)]
    batch = chosen(JUSTICE, *many, AGENCY, HEALTH, by=coordinator)
    batch.refresh_from_db()
    with django_assert_max_num_queries(120):
        pipeline.preview_batch(batch)


def test_a_sheet_of_too_many_institutions_is_refused_with_a_sentence(coordinator):
    many = [[f"Agence {number}", f"AG{number}"] for number in range(1001)]
    batch = chosen(*many, by=coordinator, head=["Nom", "Sigle"])
    pipeline.preview_batch(batch)
    assert batch.message == "The sheet “Institutions” has more than 1000 rows. Split it."
    with pytest.raises(Refused, match="more than 1000 rows"):
        mapping.values_of(batch)


def run(name: str, *arguments) -> str:
    out = StringIO()
    call_command(name, *arguments, stdout=out, stderr=out)
    return out.getvalue()


def test_the_command_reads_the_sheet_of_institutions_too(coordinator, tmp_path):
    path, columns = tmp_path / "suivi.xlsx", tmp_path / "columns.json"
    path.write_bytes(workbook({"Suivi": ROWS, "Institutions": [LIST, JUSTICE, AGENCY, HEALTH]}))
    columns.write_text(json.dumps({"columns": COLUMNS}))
    run("sender_mapping", "save", "Ministère", columns)
    proposed = run("sender_mapping", "propose", path, "--sheet", "Institutions")
    proposed = json.loads(proposed[: proposed.rindex("}") + 1])
    assert proposed["columns"] == SUGGESTED
    columns.write_text(json.dumps(proposed))
    run("sender_mapping", "save", "Ministère", columns, "--sheet", "Institutions")
    command = ("import_file", path, "--mapping", "Ministère", "--sheet", "Suivi", "--sheet", "Institutions")
    tried = run(*command, "--dry-run")
    assert tried.splitlines()[0] == "5 new"
    assert "Person: not imported with this sheet: Not imported 1 People are not imported" in tried
    assert run(*command).splitlines()[0] == "5 new"
    assert len(parts()) == 4


def test_a_name_in_one_language_that_contradicts_the_register_is_a_remark_and_not_applied(coordinator):
    names = {"fr": "Ministère de la Justice", "ar": "وزارة العدل والحريات"}
    make.institution("MJ", name=LazyI18nString(names), email="mj@example.org")
    batch = chosen(JUSTICE, by=coordinator)
    assert previewed(batch)["unchanged"] == 1
    sentence = "The name in the register is “وزارة العدل والحريات”. Change it on the page of the institution."
    assert batch.remarks.get(field="institutions").message == sentence
    assert batch.rows.get(verdict="unchanged").reason.endswith(sentence)
    applied(batch)
    assert Institution.objects.get().name.data == names


def test_a_name_with_a_typing_error_beside_one_of_the_register_is_a_remark(coordinator):
    make.institution("justice", name=LazyI18nString({"fr": "Ministère de la Justice et des Libertés"}))
    batch = chosen(["Ministère de la Justise et des Libertés", "", "", "", "", "", "", ""], by=coordinator)
    assert previewed(batch)["new"] == 3
    message = batch.remarks.get(field="institutions").message
    assert message.startswith("The name resembles Ministère de la Justice et des Libertés in the register.")
