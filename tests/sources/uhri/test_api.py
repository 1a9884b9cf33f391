"""UHRI's interface: ids for labels, and up to six languages in one record."""

import json
from collections import Counter
from datetime import date

import pytest

from servanda.sources.candidates import Kind, Label, Stand, Unreadable
from servanda.sources.uhri import api as uhri_api
from tests.paths import SOURCES
from tests.sources import make_fixtures


def test_a_real_recommendation_keeps_its_ids_for_later():
    found = next(uhri_api.read(SOURCES / "uhri_api.jsonl"))
    record = json.loads(found.raw)
    assert found.external == {"uhri": record["annotationId"]}
    assert (found.countries, found.body) == (record["countryIds"], record["bodyId"])
    assert found.recommending == record["uprRecommendingCountryIds"]
    assert (found.paragraph, found.order, list(found.texts), found.original) == ("140.7", 1, ["en"], "")
    assert (found.published, found.listed) == (date(2025, 3, 24), None)
    assert found.kind == Kind.OTHER
    for scheme, identity in (
        ("uhri-theme-id", record["themesIds"][0]),
        ("uhri-group-id", record["affectedPersonIds"][0]),
        ("sdg-id", record["sdgsIds"][-1]),
        ("upr-session-id", record["uprSessionIds"][0]),
        ("upr-cycle-id", record["uprCycle"]),
        ("upr-position-id", record["uprPositionIds"][0]),
        ("annotation-type-id", record["annotationType"]),
    ):
        assert Label(scheme, identity) in found.labels
    assert found.problems == []


def test_a_list_and_lines_of_records_are_the_same(tmp_path):
    lines = (SOURCES / "uhri_api.jsonl").read_text(encoding="utf-8").splitlines()
    path = tmp_path / "records.json"
    path.write_text(f"[{','.join(lines)}]", encoding="utf-8")
    assert list(uhri_api.read(path)) == list(uhri_api.read(SOURCES / "uhri_api.jsonl"))


def test_the_number_that_most_languages_print_counts_and_the_others_are_named(tmp_path):
    record = make_fixtures.api_record(make_fixtures.truth(4)[0], 4, 1)
    made_up = {
        "en": "138.259 Continue",
        "fr": "Poursuivre",
        "es": "138.259 Seguir",
        "ar": "259-138 مواصلة حماية حقوق",
    }
    path = tmp_path / "record.jsonl"
    path.write_text(json.dumps(record | made_up), encoding="utf-8")
    (found,) = uhri_api.read(path)
    assert found.paragraph == "138.259"
    assert found.texts == {"en": "Continue", "fr": "Poursuivre", "es": "Seguir", "ar": "مواصلة حماية حقوق"}
    assert [(problem.field, problem.fatal) for problem in found.problems] == [("ar", False)]
    assert "259.138" in found.problems[0].message


def test_words_where_ids_are_expected_are_read_as_words(tmp_path):
    record = make_fixtures.api_record(make_fixtures.truth(4)[0], 4, 1)
    words = {"annotationType": "- Recommendations", "uprSessionIds": ["36th Session"], "uprCycle": "3rd cycle"}
    path = tmp_path / "record.jsonl"
    path.write_text(json.dumps(record | words | {"uprPositionIds": ["Noted"]}), encoding="utf-8")
    (found,) = uhri_api.read(path)
    assert (found.kind, found.session, found.cycle) == (Kind.RECOMMENDATION, 36, 3)
    assert found.position.stand == Stand.NOTED


def test_truncated_lines_say_where_they_break(tmp_path):
    whole = (SOURCES / "uhri_api.jsonl").read_bytes()
    path = tmp_path / "records.jsonl"
    path.write_bytes(whole[: len(whole) // 2])
    complete = path.read_bytes().count(b"\n")
    with pytest.raises(Unreadable, match=f"ends unexpectedly after record {complete}"):
        list(uhri_api.read(path))


def test_659_real_records_have_six_languages_each(shared_data):
    found = list(uhri_api.read(shared_data / "recs/uhri_818_six_languages/raw_api_records.jsonl"))
    assert len(found) == 659
    assert Counter(language for candidate in found for language in candidate.texts) == dict.fromkeys(
        ("en", "fr", "es", "ar", "ru", "zh"), 659
    )
    assert sum(bool(candidate.paragraph) for candidate in found) >= 647
    assert max(len(candidate.recommending) for candidate in found) == 17
    assert not any("&nbsp;" in text or "<" in text for candidate in found for text in candidate.texts.values())
    assert not any(problem.fatal for candidate in found for problem in candidate.problems)
