"""Where the name of a mandate ends in a sentence, and which sentences name the mandates."""

import pytest

from servanda.sources.documents.letters.heads import mandates_of

FOOD, WATER = "Special Rapporteur on the right to food", "Independent Expert on debt"


@pytest.mark.parametrize(
    ("rows", "mandates"),
    [
        (["Excellency,", f"As {FOOD} I am troubled by news of the closed well."], [FOOD]),
        (["Excellency,", f"As {FOOD}, I write about the closed well."], [FOOD]),
        (["Excellency,", f"The {FOOD} and the {WATER} write to you about the well."], [FOOD, WATER]),
        ([f"From the {FOOD} to the Minister for Water", "Excellency,", "The well is closed."], [FOOD]),
        ([f"From the {FOOD} to His Excellency the Minister", "Excellency,", "The well is closed."], [FOOD]),
        (
            ["Excellency,", f"This letter is sent to you jointly by the {FOOD} and by the {WATER}."],
            [FOOD, WATER],
        ),
        (
            ["Madame,", "Le Rapporteur spécial sur le droit à l’alimentation vous écrit à propos du puits."],
            ["Rapporteur spécial sur le droit à l’alimentation"],
        ),
        (
            ["Du Rapporteur spécial sur le droit à l’alimentation au Ministre de l’eau", "Monsieur,", "Le puits."],
            ["Rapporteur spécial sur le droit à l’alimentation"],
        ),
        (
            [
                "Monsieur le Ministre,",
                "La présente vous est envoyée conjointement par la Rapporteuse spéciale sur le droit à "
                "l’alimentation et par l’Expert indépendant sur la dette.",
            ],
            ["Rapporteuse spéciale sur le droit à l’alimentation", "Expert indépendant sur la dette"],
        ),
        (
            ["De la Relatora Especial sobre el derecho al agua a la señora Ministra de Salud", "Señora:", "El pozo."],
            ["Relatora Especial sobre el derecho al agua"],
        ),
        (
            ["Excelencia:", "El Relator Especial sobre el derecho al agua le escribe por el pozo."],
            ["Relator Especial sobre el derecho al agua"],
        ),
        (
            [
                "Excelencia:",
                "Esta carta le es dirigida por el Relator Especial sobre el derecho al agua y por la Experta "
                "independiente sobre la deuda.",
            ],
            ["Relator Especial sobre el derecho al agua", "Experta independiente sobre la deuda"],
        ),
        (
            ["Do Relator Especial sobre o direito à água ao senhor Ministro da Saúde", "Excelência,", "O poço."],
            ["Relator Especial sobre o direito à água"],
        ),
        (
            ["من المقرر الخاص المعني بالحق في الغذاء إلى معالي وزير المياه", "معالي الوزير،", "أُغلق البئر."],
            ["المقرر الخاص المعني بالحق في الغذاء"],
        ),
    ],
)
def test_the_name_of_a_mandate_ends_before_what_its_holder_does(rows, mandates):
    assert mandates_of(rows) == mandates
