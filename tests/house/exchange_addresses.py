"""Addresses of the exchange between instances, for the one table."""

from functools import partial

from servanda.exchange.models import Decision, SigningKey
from servanda.people.access import Can
from tests.house.addressing import DO, EVERYBODY, FORM, LOOK, MEMBERS, Address
from tests.house.scene import Scene


def of_peer(scene: Scene) -> list:
    return [scene.received.peer.key]


public = partial(Address, LOOK, EVERYBODY)
trust = partial(Address, who=Can.IMPORT)

EXCHANGE: dict[str, Address] = {
    "exchange:formats": public(),
    "exchange:check_file": Address(FORM, EVERYBODY),
    "exchange:kind_schema": public(lambda _scene: ["recommendation"]),
    "exchange:published_file": public(lambda _scene: ["recommendation"]),
    "exchange:published_object": public(lambda scene: ["recommendation", scene.record.code]),
    "exchange:uhri_export": public(lambda _scene: ["json"]),
    "exchange:feed": public(),
    "exchange:feed_page": public(lambda _scene: [1]),
    "exchange:member_feed": Address(LOOK, MEMBERS),
    "exchange:member_feed_page": Address(LOOK, MEMBERS, lambda _scene: [1]),
    "exchange:edit_sharing": Address(FORM, Can.EDIT_INSTANCE),
    "exchange_keys": public(),
    "exchange:peers": trust(LOOK),
    "exchange:add_peer": trust(FORM),
    "exchange:receive_parcel": trust(FORM),
    "exchange:receive_unsigned": trust(FORM, arguments=of_peer),
    "exchange:prepare_parcel": trust(DO),
    "exchange:parcel_file": trust(LOOK),
    "exchange:members_parcel_file": trust(LOOK),
    "exchange:replace_key": trust(FORM),
    "exchange:revoke_key": trust(
        FORM, arguments=lambda scene: [scene.record and SigningKey.objects.current().get().fingerprint]
    ),
    "exchange:peer": trust(LOOK, arguments=of_peer),
    "exchange:edit_peer": trust(FORM, arguments=of_peer),
    "exchange:delete_peer": trust(FORM, arguments=of_peer),
    "exchange:stop_peer": trust(DO, arguments=of_peer),
    "exchange:resume_peer": trust(DO, arguments=of_peer),
    "exchange:pull_feed": trust(DO, arguments=of_peer),
    "exchange:decide_received": trust(DO, arguments=of_peer),
    "exchange:undo_decision": trust(DO, arguments=lambda _scene: [Decision.objects.get().pk]),
    "exchange:peer_progress": trust(LOOK, arguments=of_peer),
    "exchange:parcel_progress": trust(LOOK),
    "exchange:directory": Address(LOOK, Can.READ_INTERNAL),
    "exchange:search_registers": Address(LOOK, Can.READ_INTERNAL),
    "exchange:compare_peers": Address(LOOK, Can.READ_INTERNAL),
    "exchange:accepted": Address(LOOK, Can.READ_INTERNAL),
    "exchange:original": Address(LOOK, Can.READ_INTERNAL),
    "exchange:received": Address(LOOK, Can.READ_INTERNAL, lambda scene: [scene.received.pk]),
}
