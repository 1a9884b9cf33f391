"""What a text cites of the committees' general comments and recommendations, in the languages of the documents."""

import pytest

from servanda.language.documents.general_comments import Cited, Kind, cited_in, merge_citations, search_query_for

GC, GR = Kind.COMMENT, Kind.RECOMMENDATION


@pytest.mark.parametrize(
    ("text", "symbol", "cited"),
    [
        (
            "Recalling its general comment No. 24 (2019) on children's rights in the child justice system, the",
            "CRC/C/SVN/CO/5-6",
            [Cited(GC, 24, 2019, "CRC")],
        ),
        (
            "In line with its general recommendations Nos. 19 (1992) and 35 (2017), the Committee recommends",
            "CEDAW/C/SVN/CO/7",
            [Cited(GR, 19, 1992, "CEDAW"), Cited(GR, 35, 2017, "CEDAW")],
        ),
        (
            "Joint general recommendation No. 31 of the Committee on the Elimination of Discrimination against Women"
            " and general comment No. 18 of the Committee on the Rights of the Child (2014)",
            "CCPR/C/SVN/CO/3",
            [Cited(GR, 31, 0, "CEDAW"), Cited(GC, 18, 0, "CRC")],
        ),
        (
            "its general comments No. 14 (2000) on the right to health and No. 22 (2016) on sexual health",
            "E/C.12/SVN/CO/2",
            [Cited(GC, 14, 2000, "CESCR"), Cited(GC, 22, 2016, "CESCR")],
        ),
        ("the Human Rights Committee’s general comment No. 36", "A/HRC/44/1", [Cited(GC, 36, 0, "CCPR")]),
        ("general comment No. 5 (2003), in paragraphs 12 and 14", "CEDAW/C/X", [Cited(GC, 5, 2003, "")]),
        ("su observación general núm. 24 (2019), relativa", "CRC/C/ESP/CO/7", [Cited(GC, 24, 2019, "CRC")]),
        ("l’observation générale n° 13 (2011) du Comité", "CRC/C/FRA/CO/5", [Cited(GC, 13, 2011, "CRC")]),
        (
            "o comentário geral n.º 6 (2018) do Comité dos Direitos das Pessoas com Deficiência",
            "",
            [Cited(GC, 6, 2018, "CRPD")],
        ),
        ("замечанием общего порядка № 35 (2014)", "CCPR/C/RUS/CO/8", [Cited(GC, 35, 2014, "CCPR")]),
        ("إلى تعليقها العام رقم 24 (2019) بشأن حقوق الطفل", "CRC/C/MAR/CO/3", [Cited(GC, 24, 2019, "CRC")]),
        ("توصيتها العامة رقم ٣٥ (٢٠١٧) بشأن العنف", "CEDAW/C/MAR/CO/5", [Cited(GR, 35, 2017, "CEDAW")]),
        ("The Committee has a general comment and 24 recommendations to make.", "CRC/C/SVN/CO/5", []),
        ("The general recommendations of 2017 were carried out.", "CEDAW/C/SVN/CO/7", []),
    ],
)
def test_a_citation_is_read_with_number_year_and_whose_it_is(text, symbol, cited):
    assert cited_in(text, symbol=symbol) == cited


def test_what_is_cited_twice_is_told_once():
    assert len(cited_in("general comment No. 5 (2003). As in general comment No. 5 (2003)", body="CRC")) == 1


def test_one_text_may_tell_the_year_and_another_the_committee():
    told = [Cited(GC, 5, 2003), Cited(GC, 5, 0, "CRC"), Cited(GC, 6, 2005, "CRC"), Cited(GR, 5)]
    assert merge_citations(told) == [Cited(GC, 5, 2003, "CRC"), Cited(GC, 6, 2005, "CRC"), Cited(GR, 5)]


def test_those_of_two_committees_or_of_two_years_stay_two():
    told = [Cited(GC, 5, 2003, "CRC"), Cited(GC, 5, 1994, "CESCR"), Cited(GC, 5, 2017, "CRPD")]
    assert merge_citations(told) == told


def test_the_question_names_the_document_only_where_the_committee_is_known():
    assert '"E/C.12/GC/20"' in search_query_for(Cited(GC, 20, 2009, "CESCR"))
    assert '"CRPD/C/GC/5"' in search_query_for(Cited(GC, 5, 0, "CRPD"))
    assert "/GC/" not in search_query_for(Cited(GC, 5))
