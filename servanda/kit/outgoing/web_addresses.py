"""Which web addresses Servanda may send requests to: those that the operator set, and those that others named.

The operator may name a machine inside the network. No one else may use us to reach one (SSRF): their addresses must
be in one plain spelling, with a host name that resolves to public machines only.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused

LONGEST = 2_000  # characters
PORTS = {"https": 443, "http": 80}
PORTS_OF_OTHERS = {443, 8443}

# Only one spelling of each address matches. IP addresses do not: their last label is a number.
PLAIN = re.compile(
    r"https://"
    r"(?P<host>(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{0,58}[a-z0-9]))"
    r"(?::(?P<port>[1-9][0-9]{0,4}))?"
    r"(?P<path>[/?][a-z0-9\-._~!$&'()*+,;=:@%/?]*)?",
    re.IGNORECASE | re.ASCII,
)
LONGEST_HOST = 253
# Top-level names for local machines and networks, or reserved so that they never exist on the public internet.
INSIDE = {"corp", "home", "internal", "intranet", "lan", "local", "localdomain", "localhost", "private"} | {
    "alt",
    "arpa",
    "invalid",
    "onion",
    "test",
}

# Global by `is_global`, and yet no web server of anyone else.
NOT_THE_WEB = [
    ip_network(network)
    for network in (
        "192.0.0.0/24",  # for protocols, some answered by the nearest router
        "192.88.99.0/24",  # relays of 6to4
        "168.63.129.16/32",  # the host of a virtual machine at Azure
        "2001::/23",  # for protocols, Teredo among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which holds an IPv4 address
        "3fff::/20",  # documentation
    )
]
GLOBAL_IPV6 = ip_network("2000::/3")  # outside: embedded IPv4 addresses, NAT64, link-local, private, multicast
ISATAP = {0x0000_5EFE, 0x0200_5EFE}  # bits 32 to 63 of an IPv6 address that embeds an IPv4 address


@dataclass(frozen=True)
class WebAddress:
    scheme: str
    host: str
    port: int
    path: str
    named_by_operator: bool

    def may_lead_to(self, number: str) -> bool:
        """Whether we connect to this IP address when the name resolves to it."""
        return self.named_by_operator or is_public(number)


def address_of_operator(url: str) -> WebAddress:
    """An address in the settings, or of a provider that the settings name. Raises `ValueError`."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname or parts.username is not None:
        raise ValueError("the address must be http:// or https:// with a host, and without a user name")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return WebAddress(parts.scheme, parts.hostname, parts.port or PORTS[parts.scheme], path, named_by_operator=True)


def address_of_others(url: str) -> WebAddress:
    """An address that a user or another system named. Raises `Refused` with a sentence for them."""
    match = PLAIN.fullmatch(url) if len(url) <= LONGEST else None
    if match is None or not is_public_name(match["host"].lower()):
        raise Refused(
            _(
                "Enter an address that begins with https:// and the name of a public server, in plain letters and"
                " without a user name."
            )
        )
    port = int(match["port"] or PORTS["https"])
    if port not in PORTS_OF_OTHERS:
        raise Refused(_("Enter an address without a port, or with port 443 or 8443."))
    path = match["path"] or "/"
    path = path if path.startswith("/") else f"/{path}"
    return WebAddress("https", match["host"].lower(), port, path, named_by_operator=False)


def is_public_name(host: str) -> bool:
    return len(host) <= LONGEST_HOST and host.rpartition(".")[2] not in INSIDE


def is_public(number: str) -> bool:
    """Whether an IP address is one of a machine on the public internet."""
    try:
        address = ip_address(number)
    except ValueError:
        return False
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if any(address in network for network in NOT_THE_WEB if network.version == address.version):
        return False
    return isinstance(address, IPv4Address) or is_plain_ipv6(address)


def is_plain_ipv6(address: IPv6Address) -> bool:
    return address in GLOBAL_IPV6 and int(address) >> 32 & 0xFFFF_FFFF not in ISATAP and address.scope_id is None
