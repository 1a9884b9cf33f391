from servanda.exchange.models.peers import Peer, PeerCount, PeerQuerySet
from servanda.exchange.models.received import Decision, Parcel, Received, ReceivedQuerySet
from servanda.exchange.models.shared import Audience, SharedObject, SharedPage, Sharing
from servanda.exchange.models.signing_keys import SigningKey

__all__ = [
    "Audience",
    "Decision",
    "Parcel",
    "Peer",
    "PeerCount",
    "PeerQuerySet",
    "Received",
    "ReceivedQuerySet",
    "SharedObject",
    "SharedPage",
    "Sharing",
    "SigningKey",
]
