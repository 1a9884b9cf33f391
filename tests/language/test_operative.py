"""The points of judgments, and lists behind "RECOMMENDS THAT THE STATE:"."""

from servanda.language.operative import operative_units
from servanda.language.units import Block


def points(*texts: str, of_court: bool = False):
    units = operative_units([Block(text) for text in texts], of_court=of_court)
    return [(unit.number, unit.kind.value, unit.text) for unit in units]


def test_what_a_commission_recommends_without_numbers():
    assert points(
        "La Comisión concluye que el Estado es responsable.",
        "En su Informe, la CIDH recomendó al Estado de Testlandia:",
        "Investigar los hechos.",
        "Reparar a las víctimas.",
        "PUBLICACIÓN",
        "La Comisión decide publicar este informe.",
    ) == [("", "recommendation", "Investigar los hechos."), ("", "recommendation", "Reparar a las víctimas.")]


def test_numbers_of_the_report_behind_the_list_end_it():
    found = points(
        "THE COMMISSION REITERATES THAT THE STATE:",
        "1. Provide a remedy;",
        "2. Review its laws.",
        "98. The Commission also reiterates its request.",
    )
    assert [number for number, _kind, _text in found] == ["1", "2"]


def test_what_a_court_finds_is_no_demand_and_what_it_orders_is_one():
    assert points(
        "LA CORTE",
        "DECLARA,",
        "Por unanimidad, que:",
        "1. El Estado es responsable por la violación.",
        "Y DISPONE:",
        "Por unanimidad, que:",
        "2. Esta Sentencia constituye una forma de reparación.",
        "3. El Estado pagará las cantidades fijadas.",
        "4. La Corte supervisará el cumplimiento.",
        of_court=True,
    ) == [
        ("1", "information", "El Estado es responsable por la violación."),
        ("2", "information", "Esta Sentencia constituye una forma de reparación."),
        ("3", "recommendation", "El Estado pagará las cantidades fijadas."),
        ("4", "information", "La Corte supervisará el cumplimiento."),
    ]


def test_a_number_drawn_a_line_too_late_goes_before_its_point():
    assert points("DISPONE", "El Estado pagará las cantidades de esta", "12.", "Sentencia.", of_court=True) == [
        ("12", "recommendation", "El Estado pagará las cantidades de esta Sentencia.")
    ]


def test_roman_points_and_titles_between_them():
    assert points(
        "OPERATIVE PART",
        "145. For these reasons,",
        "THE COURT,",
        "i. Holds that it has jurisdiction.",
        "On reparations",
        "ii. Orders the Respondent State to pay damages.",
        of_court=True,
    ) == [
        ("i", "information", "Holds that it has jurisdiction."),
        ("ii", "recommendation", "Orders the Respondent State to pay damages."),
    ]


def test_a_text_without_an_operative_part_has_no_points():
    assert points("The Commission met in May.", "It adopted its report.") == []
