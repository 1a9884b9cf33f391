"""Where the pages are: at the address that the operator set, else as the browser that asks for one sees them."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def origin_of(request: HttpRequest) -> str:
    """What stands before the path in the address of a page, as in `https://servanda.example.org`.

    The Host header is the word of whoever asks; with SERVANDA_ORIGIN no link that we write depends on it.
    """
    return settings.ORIGIN.rstrip("/") or f"{request.scheme}://{request.get_host()}"


def way_back(request: HttpRequest) -> str:
    """The page where something was chosen, as the form says in `next`; the first page if that is on another site."""
    said = request.POST.get("next", "")
    here = {request.get_host()}
    is_ours = url_has_allowed_host_and_scheme(said, allowed_hosts=here, require_https=request.is_secure())
    return said if is_ours else "/"


def page_name(request: HttpRequest) -> str:
    """The name of the address that was asked for, the same for every thing that it shows."""
    return request.resolver_match.view_name if request.resolver_match else request.path
