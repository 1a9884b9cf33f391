"""Which treaties a text asks to ratify: by the longest name in it, in the languages of the pages."""

import csv
from collections.abc import Callable

import pytest

from servanda.sources.treaties.names import names_of, plain, treaties_asked
from servanda.vocab.models import Instrument

pytestmark = pytest.mark.django_db
CASES = [
    ("Ratify the Optional Protocol to the Convention against Torture (Ghana)", {"OPCAT"}),
    ("Accede to the Convention against Torture", {"CAT"}),
    ("Ratify OP-CEDAW and the Istanbul Convention without delay", {"CEDAW-OP", "ISTANBUL"}),
    ("Ratify the Convention on the Rights of Migrant Workers and Members of their Family", {"ICRMW"}),
    ("Consider signing the ICRMW", {"ICRMW"}),
    ("Consider becoming party to CMW and to OP-CAT", {"ICRMW", "OPCAT"}),
    ("Ratify CAT and its Optional Protocol", {"CAT"}),
    (
        "Ratify the Optional Protocol to CAT, the CPED and the Migrant Workers Convention",
        {"OPCAT", "ICPPED", "ICRMW"},
    ),
    ("Ratify the OP-CRC-IC", {"CRC-OP-IC"}),
    ("Accede to ICCPR-OP 2 and ICCPR-OP1", {"ICCPR", "ICCPR-OP1"}),
    ("Withdraw all remaining reservations to CRC and CEDAW", set()),
    ("Ratify the International Convention on the Protection of the Rights of All Migrant Workers", {"ICRMW"}),
    (
        "Ratify the Second Optional Protocol to the International Covenant on Civil and Political Rights",
        {"ICCPR-OP2"},
    ),
    ("Implement the Convention on the Rights of the Child in schools", set()),
    ("Train judges on the International Covenant on Civil and Political Rights", set()),
    ("Ratificar la Convención sobre los Derechos de las Personas con Discapacidad", {"CRPD"}),
    (
        "Adherirse al Segundo Protocolo Facultativo del Pacto Internacional de Derechos Civiles y Políticos",
        {"ICCPR-OP2"},
    ),
    (
        "Ratifier le Protocole facultatif se rapportant au Pacte international relatif aux droits économiques, "
        "sociaux et culturels",
        {"ICESCR-OP"},
    ),
    ("Adhérer à la Convention relative aux droits de l'enfant", {"CRC"}),
    ("Ratificar a Convenção sobre os Direitos das Pessoas com Deficiência e o seu Protocolo", {"CRPD"}),
    ("التصديق على اتفاقية حقوق الطفل", {"CRC"}),
    ("To consider the ratification of the Convention on Migrant Workers and Members of Their Families", {"ICRMW"}),
    ("تنفيذ اتفاقية حقوق الطفل", set()),
]


@pytest.fixture
def names(vocabulary):
    return {name: it.code for it in Instrument.objects.select_related("parent") for name in names_of(it)}


@pytest.mark.parametrize(("text", "codes"), CASES)
def test_a_text_asks_for_the_treaties_that_it_names_with_words_of_consent(names, text, codes):
    assert treaties_asked(text, names) == codes


def recall_and_precision(rows: list[dict[str, str]], suggest: Callable[[str], bool]) -> tuple[float, float]:
    """Against the label of UPR Info for recommendations about treaties, many of which ask for no consent."""
    suggested = [row for row in rows if suggest(row["text"])]
    right = [row for row in suggested if "International instruments" in row["issues"].split(";")]
    labelled = [row for row in rows if "International instruments" in row["issues"].split(";")]
    return len(right) / len(labelled), len(right) / len(suggested)


def test_more_is_found_than_by_the_full_name_alone_and_nearly_nothing_else(names, shared_data):
    path = shared_data / "recs" / "upr_info" / "upr_info_cycle2.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[::8]
    full = [plain(it.name.data["en"]) for it in Instrument.objects.all()]
    by_full_name = recall_and_precision(rows, lambda text: any(name in plain(text) for name in full))
    recall, precision = recall_and_precision(rows, lambda text: bool(treaties_asked(text, names)))
    assert precision >= 0.98
    assert recall >= by_full_name[0] + 0.2
