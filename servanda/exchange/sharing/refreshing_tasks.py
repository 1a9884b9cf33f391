"""Background work that prepares the feed."""

from django.tasks import task
from django.utils import timezone

from servanda.exchange.sharing.feed import refresh_shared
from servanda.exchange.sharing.keys import signing_key
from servanda.exchange.sharing.services import current_sharing, own_site
from servanda.jobs.declare import retryable


@retryable
@task()
def refresh(site: str) -> None:
    """Prepare the parcel, with the key that signs it: its fingerprint is read out before the parcel is sent."""
    now = timezone.now()
    signing_key(on=now)
    refresh_shared(site=site, on=now)


@retryable
@task()
def refresh_own() -> None:
    """Bring the feed that is online up to date, and make the next key after one was revoked."""
    if current_sharing().is_online:
        now = timezone.now()
        signing_key(on=now)
        refresh_shared(site=own_site(), on=now)
