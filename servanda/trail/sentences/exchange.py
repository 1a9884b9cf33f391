"""Sentences about exchange with other mechanisms."""

from django.utils.translation import gettext_lazy

SENTENCES = {
    "exchange-key-made": gettext_lazy("The signing key %(what)s was created."),
    "exchange-key-replaced": gettext_lazy("%(who)s replaced the signing key; the new one is %(what)s."),
    "exchange-key-revoked": gettext_lazy("%(who)s revoked the signing key %(what)s."),
    "exchange-shared": gettext_lazy("The feed of published objects was updated; changes: %(what)s."),
    "exchange-sharing-changed": gettext_lazy("%(who)s changed what is shared with other mechanisms."),
    "parcel-downloaded": gettext_lazy("%(who)s downloaded the parcel of published objects."),
    "peer-added": gettext_lazy("%(who)s added the peer %(what)s."),
    "peer-changed": gettext_lazy("%(who)s changed the peer %(what)s."),
    "peer-deleted": gettext_lazy("%(who)s deleted the peer %(what)s, of which nothing was received."),
    "peer-stopped": gettext_lazy("Parcels of the peer %(what)s were stopped."),
    "peer-resumed": gettext_lazy("%(who)s resumed the peer %(what)s."),
    "peer-key-replaced": gettext_lazy("The key of the peer %(what)s was replaced, as its former key stated."),
    "peer-key-revoked": gettext_lazy(
        "The peer %(what)s revoked a key. Objects signed with it since then were returned to review."
    ),
    "parcel-received": gettext_lazy("%(who)s received a parcel of the peer %(what)s."),
    "unsigned-file-received": gettext_lazy("%(who)s received a file without a signature for the peer %(what)s."),
    "feed-received": gettext_lazy("New objects in the feed of the peer %(what)s were received."),
    "feed-refused": gettext_lazy("The feed of the peer %(what)s could not be received."),
    "received-accepted": gettext_lazy("%(who)s accepted objects of the peer %(what)s."),
    "received-accepted-by-rule": gettext_lazy("The rule for %(what)s accepted objects that arrived."),
    "received-declined": gettext_lazy("%(who)s declined objects of the peer %(what)s."),
    "received-waiting": gettext_lazy("%(who)s returned objects of the peer %(what)s to review."),
}
