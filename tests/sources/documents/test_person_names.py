"""Names of persons in the proposed titles of letters."""

import pytest

from servanda.sources.documents.person_names import without_names


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("the detention of Ms. Ana Novak on 12 January 2025", "the detention of […] on 12 January 2025"),
        ("the detention of Ms. A.B. in Ostovar", "the detention of […] in Ostovar"),
        ("attacks on Mr. Jean de la Cruz, a lawyer", "attacks on […], a lawyer"),
        ("the arrest of Messrs. Omar Al-Sayed and Ivan Petrov, journalists", "the arrest of […], journalists"),
        ("the arrest of Ms. Ana Novak, Mr. Li Wei and Ms. Eva Horvat", "the arrest of […]"),
        ("Mr. Ahmed bin Khalid and his family", "[…] and his family"),
        ("la détention de M. Jean Dupont et de Mme Awa Diallo", "la détention de […] et de […]"),
        ("la détention de Mme Awa Diallo, avocate", "la détention de […], avocate"),
        ("la detención del Sr. José María de la Fuente en 2024", "la detención del […] en 2024"),
        ("la detención de las Sras. Ana Gil y Eva Ruiz", "la detención de las […]"),
        ("احتجاز السيدة ليلى أحمد في 12 كانون الثاني", "احتجاز […] في 12 كانون الثاني"),
        ("احتجاز السيد علي حسن والسيدة منى سالم بسبب عملهما", "احتجاز […] بسبب عملهما"),
        (
            "the draft Act on Asylum and the Ministry of Justice",
            "the draft Act on Asylum and the Ministry of Justice",
        ),
        ("Mrs Novak’s forced eviction", "[…] forced eviction"),
        (
            "the situation of prisoners in the Dr. Franc Munda hospital",
            "the situation of prisoners in the […] hospital",
        ),
        ("the detention of Ms. Živa Čuk, a lawyer", "the detention of […], a lawyer"),
        ("the killing of Mr. Şahin Öz and Ms. Łucja Đorđević", "the killing of […]"),
        ("concerning Messrs. Novak, Kovač and Horvat, who were arrested", "concerning […], who were arrested"),
        ("the detention of the journalist Ana Novak in May", "the detention of the journalist […] in May"),
        ("the arrest of Ana Novak and Živa Čuk, journalists", "the arrest of […], journalists"),
        ("the lawyers Ana Novak and Bor Kos", "the lawyers […]"),
        ("threats against several people, including Ana Novak", "threats against several people, including […]"),
        ("the torture of prisoners in Ljubljana", "the torture of prisoners in Ljubljana"),
        ("the arrest of Mr. van der Berg and Ms. bint Saud", "the arrest of […]"),
        ("the arrest of Mr. Ngũgĩ wa Thiong’o", "the arrest of […]"),
        ("the arrest of Prof. Dr. Ana Novak", "the arrest of […]"),
        ("la detención de la Sra. doña María Pérez", "la detención de la […]"),
        ("задержание г-на Ивана Иванова в мае", "задержание […] в мае"),
        ("Ana Novak, a journalist", "[…], a journalist"),
        ("the Human Rights Defenders Act, the Criminal Code", "the Human Rights Defenders Act, the Criminal Code"),
        ("une enquête sur le centre Médical", "une enquête sur le centre Médical"),
    ],
)
def test_names_behind_a_form_of_address_are_left_out(text, shown):
    assert without_names(text) == shown


@pytest.mark.timeout(10)
@pytest.mark.parametrize("words", ["A. ", "Ana ", "Ana y ", "A.B. ", "de "])
def test_many_words_like_names_take_no_time(words):
    text = words * 2000
    assert without_names(text) == text
