"""Addresses of pages: below the origin that the operator set, or else the one that the browser asked for."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def origin_of(request: HttpRequest) -> str:
    """The part of an address before the path, such as `https://servanda.example.org`.

    The client chooses the Host header; where SERVANDA_ORIGIN is set, no link that we write depends on it.
    """
    return settings.ORIGIN.rstrip("/") or f"{request.scheme}://{request.get_host()}"


def way_back(request: HttpRequest) -> str:
    """The page to return to, from the field `next` of the form; the start page if that is on another site."""
    address = request.POST.get("next", "")
    hosts = {request.get_host()}
    is_ours = url_has_allowed_host_and_scheme(address, allowed_hosts=hosts, require_https=request.is_secure())
    return address if is_ours else "/"


def page_name(request: HttpRequest) -> str:
    """The name of the requested URL pattern, the same for every object that it shows."""
    return request.resolver_match.view_name if request.resolver_match else request.path
