"""The key that signs is made once, replaced with a statement of the former one, and revoked with a reason."""

import json

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from servanda.exchange.models import SigningKey
from servanda.exchange.sharing import keys
from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.trail.models import Event
from tests import make

pytestmark = pytest.mark.django_db


def signing_key() -> SigningKey:
    return keys.signing_key(on=timezone.now())


def test_the_key_is_made_at_first_need_and_once():
    assert signing_key() == signing_key()
    assert Event.objects.filter(action="exchange-key-made").count() == 1


def test_the_private_part_is_encrypted_in_the_database():
    key = signing_key()
    secret = keys.private_key(key).as_dict(private=True)["d"]
    assert secret not in key.private


def test_a_fingerprint_is_forty_digits_of_the_key():
    key = signing_key()
    assert key.fingerprint.isdecimal()
    assert len(key.fingerprint) == 40
    assert key.fingerprint == keys.fingerprint_of(key.public)
    assert len(keys.grouped(key.fingerprint).split(" ")) == 8


@pytest.mark.parametrize("public", ["", "abc", "!" * 43, "A" * 44, "ü"])
def test_what_is_no_key_has_no_fingerprint(public):
    with pytest.raises(keys.BadSignature):
        keys.fingerprint_of(public)


def test_a_page_of_many_objects_is_verified():
    page = b"x" * 2_000_000
    key = signing_key()
    keys.verify(page, keys.sign(page, key), key.public)
    with pytest.raises(keys.BadSignature):
        keys.verify(page + b"x", keys.sign(page, key), key.public)


@pytest.mark.parametrize(
    "changed",
    [
        {"alg": "EdDSA"},
        {"alg": "none"},
        {"b64": False, "crit": ["b64"]},
        {"crit": []},
    ],
)
def test_a_head_that_changes_what_was_signed_is_refused(changed):
    key = signing_key()
    head = keys.encoded(json.dumps({"alg": "Ed25519"} | changed).encode())
    whole = f"{head}.{keys.encoded(b'content')}".encode()
    made = keys.private_key(key).private_key.sign(whole)
    with pytest.raises(keys.BadSignature):
        keys.verify(b"content", f"{head}..{keys.encoded(made)}".encode(), key.public)


@pytest.mark.parametrize("signature", [b"", b"..", b"a..b", b"[" * 20_000 + b"..", "ü..ü".encode(), b"W10..AAAA"])
def test_what_is_no_signature_is_refused(signature):
    with pytest.raises(keys.BadSignature):
        keys.verify(b"content", signature, signing_key().public)


def test_a_signature_is_of_exactly_these_bytes():
    key = signing_key()
    signature = keys.sign(b"content", key)
    keys.verify(b"content", signature, key.public)
    for content, changed in ((b"content ", signature), (b"content", signature[:-4] + b"AAAA"), (b"content", b"a.b")):
        with pytest.raises(keys.BadSignature):
            keys.verify(content, changed, key.public)


@pytest.mark.parametrize("algorithm", ["none", "HS256", "EdDSA"])
def test_another_algorithm_is_no_signature(algorithm):
    """A parcel must not choose how it is verified."""
    key = signing_key()
    signature = keys.sign(b"content", key).decode()
    head = keys.encoded(f'{{"alg": "{algorithm}"}}'.encode())
    forged = f"{head}..{signature.rpartition('.')[2]}".encode()
    with pytest.raises(keys.BadSignature):
        keys.verify(b"content", forged, key.public)


def test_a_new_key_signs_and_the_former_states_it():
    by = make.user(Role.COORDINATOR)
    former = signing_key()
    new = keys.replace_key(by=by)
    assert signing_key() == new != former
    statement = keys.statement(SigningKey.objects.get(pk=former.pk), new)
    keys.verify(statement["content"].encode(), statement["signature"].encode(), former.public)
    assert new.public in statement["content"]


def test_there_is_nothing_to_replace_before_the_first_parcel():
    with pytest.raises(Refused, match="made with the first parcel"):
        keys.replace_key(by=make.user(Role.COORDINATOR))


def test_a_revoked_key_never_signs_again():
    by = make.user(Role.COORDINATOR)
    key = signing_key()
    keys.revoke_key(key=key, reason="The laptop was stolen.", by=by)
    assert signing_key() != key
    with pytest.raises(Refused, match="already revoked"):
        keys.revoke_key(key=key, reason="Again.", by=by)


def test_a_key_that_cannot_be_read_any_more_can_be_revoked(settings):
    key = signing_key()
    settings.SECRET_KEY = "another secret key of at least fifty characters, as after a restore"
    with pytest.raises(Refused, match="cannot be read"):
        keys.sign(b"content", key)
    keys.revoke_key(key=key, reason="Restored without the key.", by=make.user(Role.COORDINATOR))
    keys.sign(b"content", signing_key())


@pytest.mark.database
def test_one_key_signs_at_a_time():
    signing_key()
    with pytest.raises(IntegrityError), transaction.atomic():
        keys.make_key(timezone.now())
