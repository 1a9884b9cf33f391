"""What awaits those who decide on other mechanisms, as numbers on the start page."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from servanda.exchange.models import Peer, PeerQuerySet, Received, ReceivedQuerySet
from servanda.kit.pages.desk_numbers import DeskNumber, shown_on_desk
from servanda.people.access import Can, can
from servanda.people.models import User


def imports(user: User) -> bool:
    return can(user, Can.IMPORT)


def troubled_peers(user: User) -> PeerQuerySet:
    return Peer.objects.visible_to(user).with_problem()


def received_objects(user: User) -> ReceivedQuerySet:
    return Received.objects.visible_to(user).waiting()


shown_on_desk(
    DeskNumber(
        "peers_troubled",
        _("Peers that were stopped or cannot be fetched"),
        _("No peer has a problem."),
        imports,
        troubled_peers,
        lambda: f"{reverse('exchange:peers')}?show=problems",
    )
)
shown_on_desk(
    DeskNumber(
        "received",
        _("Received objects to review"),
        _("No received objects to review."),
        imports,
        received_objects,
        lambda: f"{reverse('exchange:peers')}?show=review",
    )
)
