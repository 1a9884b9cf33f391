"""Points of orders and judgments in forms that verbs in the present do not have."""

import pytest

from servanda.language.documents.operative_parts import operative_units
from servanda.language.documents.units import Block


def kinds_of(rows):
    units = operative_units([Block(row) for row in rows], of_court=True)
    return [(unit.number, unit.kind.value) for unit in units]


@pytest.mark.parametrize(
    "rows",
    [
        [
            "ORDER OF THE", "INTER-AMERICAN COURT OF HUMAN RIGHTS", "HAVING SEEN:", "1. The brief of the State.",
            "DECIDES:", "1. To require the State to keep the guards at the gate.",
            "2. To order the State to report on it by May 3, 2026.",
            "3. To require the representatives to comment on each report of the State.",
        ],
        [
            "RESOLUCIÓN DE LA", "CORTE INTERAMERICANA DE DERECHOS HUMANOS", "VISTO:", "1. El escrito del Estado.",
            "RESUELVE:", "1. Requerir al Estado que mantenga la guardia.", "2. Ordenar al Estado que informe.",
            "3. Disponer que la Secretaría notifique la presente resolución.",
        ],
    ],
    ids=["English", "Spanish"],
)  # fmt: skip
def test_measures_are_ordered_below_the_title_of_an_order(rows):
    assert kinds_of(rows) == [("1", "recommendation"), ("2", "recommendation"), ("3", "information")]


def test_a_court_that_invites_a_party_asks_nothing_of_the_state():
    rows = [
        "THE COURT,",
        "Unanimously:",
        "For these reasons, the Court:",
        "1. Orders the Respondent State to release the Applicant.",
        "2. Invites the Applicants to comment within ten days.",
        "3. Invites the Respondent State to adopt a law within ten days.",
    ]
    assert [kind for _number, kind in kinds_of(rows)] == ["recommendation", "information", "recommendation"]


def test_verbal_nouns_order_in_arabic_and_points_may_have_numbers_in_brackets():
    rows = [
        "لهذه الأسباب:",
        "قررت المحكمة بالإجماع:",
        "(1) رفض الدفع بعدم القبول؛",
        "(2) إلزام الدولة المدعى عليها بإعادة المحاكمة خلال سنة؛ (3) أمر الدولة المدعى عليها بنشر الحكم؛",
        "(4) رفض ما عدا ذلك من طلبات.",
    ]
    assert kinds_of(rows) == [
        ("(1)", "information"),
        ("(2)", "recommendation"),
        ("(3)", "recommendation"),
        ("(4)", "information"),
    ]
