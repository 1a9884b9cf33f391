from servanda.recommendations.search import checks


def test_a_missing_encoder_is_said_and_stops_nothing(monkeypatch):
    assert checks.check_encoder(None) == []
    monkeypatch.setattr(checks, "find_spec", lambda name: None)
    [warning] = checks.check_encoder(None)
    assert "The package that encodes the meaning of texts is missing." in warning.msg
    assert not warning.is_serious()
