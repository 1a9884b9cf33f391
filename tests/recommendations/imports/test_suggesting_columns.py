"""What the columns of lists that no one has seen before are proposed to hold."""

import pytest

from servanda.recommendations.imports.mapping import mappable_fields
from servanda.recommendations.imports.suggesting_columns import suggest_mapping
from servanda.sources.sheets.column_names import NAMES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabulary")]


def proposed(columns: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """Header -> field."""
    found = suggest_mapping(list(columns), list(zip(*columns.values(), strict=True)))
    return {header: field for field, header in found.items()}


def test_a_portuguese_list_is_understood():
    assert proposed(
        {
            "N.º": ("1", "2"),
            "Mecanismo": ("CEDAW", "CRC"),
            "Recomendação": ("Criar escolas.", "Formar juízes."),
            "Documento": ("CEDAW/C/SVN/CO/7", "CRC/C/SVN/CO/5"),
            "Parágrafo": ("18 a)", "31"),
            "Data": ("31-12-2025", "01-03-2024"),
            "Entidade responsável": ("Ministério da Justiça", "Min. Trabalho"),
            "Outras entidades": ("Ministério da Saúde", ""),
            "Prazo": ("dez/2025", "2º semestre de 2026"),
            "Situação": ("Em andamento", "Concluído parcialmente"),
            "% de execução": ("0,3", "30%"),
            "Ponto de situação em": ("15-09-2025", "dez/2025"),
        }
    ) == {
        "N.º": "external sheet",
        "Mecanismo": "body",
        "Recomendação": "text",
        "Documento": "symbol",
        "Parágrafo": "paragraph",
        "Data": "date",
        "Entidade responsável": "lead",
        "Outras entidades": "supporting",
        "Prazo": "due",
        "Situação": "status",
        "% de execução": "percentage",
        "Ponto de situação em": "status date",
    }


def test_a_term_in_words_stays_a_term():
    assert proposed({"Recomendação": ("Criar escolas.",), "Prazo": ("curto prazo",)})["Prazo"] == "term"


def test_a_number_of_rows_gives_way_to_the_column_of_paragraphs():
    found = proposed(
        {"الرقم": ("١", "٢"), "نص التوصية": ("a", "b"), "الفقرة": ("١٢", "٤٥"), "رقم الوثيقة": ("A", "B")}
    )
    assert (found["الرقم"], found["الفقرة"], found["رقم الوثيقة"]) == ("external sheet", "paragraph", "symbol")


def test_a_number_of_recommendations_is_no_paragraph_where_it_repeats_over_merged_rows():
    found = proposed(
        {"Nº": ("1", "1", "2", "2"), "Recomendación": ("a", "a", "b", "b"), "Párr.": ("21", "21", "4", "4")}
    )
    assert (found["Nº"], found["Párr."]) == ("external sheet", "paragraph")


def test_numbers_of_rows_behind_letters_are_ids_and_numbers_of_paragraphs_are_not():
    assert proposed({"No.": ("C1", "C2", "C3"), "Recommendation": ("a", "b", "c")})["No."] == "external sheet"
    assert proposed({"No.": ("A1", "B1", "C1"), "Recommendation": ("a", "b", "c")})["No."] == "paragraph"


def test_values_tell_what_headers_do_not():
    found = proposed(
        {
            "Recommandation": ("Créer des écoles.", "Former les juges."),
            "Qui": ("CEDAW", "CRC"),
            "Origine": ("Pérou, Chili et Espagne", "Sénégal"),
            "Avis": ("Acceptée", "Prise note"),
            "Où": ("CEDAW/C/SVN/CO/7", "CRC/C/SVN/CO/5"),
            "Phase": ("En attente", "En cours"),
        }
    )
    assert found == {
        "Recommandation": "text",
        "Qui": "body",
        "Origine": "recommending",
        "Avis": "position",
        "Où": "symbol",
        "Phase": "status",
    }


def test_the_unit_of_a_header_makes_no_difference():
    assert (
        proposed({"Recomendación": ("Crear escuelas.",), "Presupuesto (EUR)": ("40000",)})["Presupuesto (EUR)"]
        == "budget"
    )


def test_every_field_that_a_header_can_name_is_offered_on_the_page():
    offered = {name for _group, fields in mappable_fields() for name, _label in fields}
    assert set(NAMES) - offered == set()


def test_the_names_below_a_merged_title_are_recognised():
    assert proposed(
        {
            "No.": ("1", "2", ""),
            "Recommendation: Para": ("120.1", "120.2", "120.3"),
            "Recommendation: Text of recommendation": ("Build schools.", "Train judges.", "Plant trees."),
            "Accepted? (Y/N)": ("Y", "N", "Y"),
        }
    ) == {
        "No.": "external sheet",
        "Recommendation: Para": "paragraph",
        "Recommendation: Text of recommendation": "text",
        "Accepted? (Y/N)": "position",
    }


@pytest.mark.parametrize(
    "header", ["Accepted / Noted", "Supported", "Acceptée", "¿Aceptada?", "Aceite (S/N)", "مقبولة؟"]
)
def test_a_column_named_accepted_holds_positions(header):
    assert proposed({"Recommendation": ("Build schools.",), header: ("N",)})[header] == "position"


def test_of_two_columns_of_paragraphs_the_one_with_numbers_of_paragraphs_is_proposed():
    found = proposed({"N°": ("R-1", "R-2"), "Texte": ("a", "b"), "Recommandation: Par.": ("120.1", "120.2")})
    assert (found["N°"], found["Recommandation: Par."]) == ("external sheet", "paragraph")


def test_a_column_of_numbers_that_repeat_gives_way_to_one_named_paragraph():
    found = proposed(
        {"No.": ("1", "1", "4"), "Texte": ("a", "b", "c"), "Recommandation: Par.": ("120.1", "120.2", "120.3")}
    )
    assert found["Recommandation: Par."] == "paragraph"
    assert "No." not in found
