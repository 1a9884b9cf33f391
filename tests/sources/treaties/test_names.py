"""Which treaties a text asks to ratify: by the longest name in it, in the languages of the pages."""

import pytest

from servanda.sources.treaties.names import names_of, treaties_asked
from servanda.vocab.models import Instrument

pytestmark = pytest.mark.django_db
CASES = [
    ("Ratify the Optional Protocol to the Convention against Torture (Ghana)", {"OPCAT"}),
    ("Accede to the Convention against Torture", {"CAT"}),
    ("Ratify OP-CEDAW and the Istanbul Convention without delay", {"CEDAW-OP", "ISTANBUL"}),
    ("Ratify the Convention on the Rights of Migrant Workers and Members of their Family", {"ICRMW"}),
    ("Consider signing the ICRMW", {"ICRMW"}),
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
    ("تنفيذ اتفاقية حقوق الطفل", set()),
]


@pytest.fixture
def names(vocabulary):
    return {name: it.code for it in Instrument.objects.select_related("parent") for name in names_of(it)}


@pytest.mark.parametrize(("text", "codes"), CASES)
def test_a_text_asks_for_the_treaties_that_it_names_with_words_of_consent(names, text, codes):
    assert treaties_asked(text, names) == codes
