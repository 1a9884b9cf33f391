"""Limits on posts from one network address, without storing the address: only a hash is kept for less than an hour,
keyed with the secret of the installation and a daily salt."""

import secrets
from datetime import date, datetime
from ipaddress import IPv6Address, ip_address, ip_network

from allauth.core.internal.httpkit import get_client_ip
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from servanda.people.models import AddressSalt, VisitorPost
from servanda.people.requests.throttling import wait_for_others

MOST_OF_AN_ADDRESS = 20  # posts within VisitorPost.KEPT
IPV6_PREFIX = 64  # the network of one household or office


def network_of(address: str) -> str:
    """The address, or the first half of an IPv6 address: devices choose the second half themselves."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ip_network((int(parsed), IPV6_PREFIX), strict=False))
    return str(parsed)


def address_key(request: HttpRequest, purpose: str = "") -> str:
    """Today's hash of the visitor's network address; headers of proxies are used only as configured. Posts of each
    purpose are counted apart."""
    return key_on(purpose + network_of(get_client_ip(request) or ""), timezone.now().date())


def key_on(network: str, day: date) -> str:
    row, _is_new = AddressSalt.objects.get_or_create(day=day, defaults={"salt": secrets.token_hex(32)})
    return salted_hmac("servanda.people.visitors", f"{row.salt} {network}", algorithm="sha256").hexdigest()


@transaction.atomic
def count_post(address: str, *, on: datetime) -> bool:
    """Count a post from this address; False if the limit is reached."""
    wait_for_others(address)
    lately = VisitorPost.objects.filter(address=address, at__gt=on - VisitorPost.KEPT)
    if lately.count() >= MOST_OF_AN_ADDRESS:
        return False
    VisitorPost.objects.create(address=address, at=on)
    return True


def forget_visitors(*, on: datetime) -> int:
    """Delete posts that no longer count, and the salts of past days."""
    posts, _by_model = VisitorPost.objects.filter(at__lte=on - VisitorPost.KEPT).delete()
    salts, _by_model = AddressSalt.objects.filter(day__lt=on.date()).delete()
    return posts + salts
