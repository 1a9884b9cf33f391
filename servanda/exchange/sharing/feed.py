"""What this instance shares: a feed of changes to its published objects, whose pages are signed, and its ZIP."""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import batched
from tempfile import TemporaryFile
from typing import IO, Any, NamedTuple

from django.db import transaction
from django.db.models import Count, Max, QuerySet
from django.utils.http import quote_etag

from servanda.exchange.format.kinds import CONTEXT, KINDS, objects_of
from servanda.exchange.models import SharedObject, SharedPage, SigningKey
from servanda.exchange.sharing.keys import public_jwk, sign, signing_key, statement
from servanda.exchange.sharing.services import current_sharing, refuse_site
from servanda.trail.models import Event

ON_A_PAGE = 200
INDEX = "feed.json"
FEED = "exchange/feed"  # its address below the site
ACTIVITIES = ["https://www.w3.org/ns/activitystreams", CONTEXT]
Activity = SharedObject.Activity


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def refresh_shared(*, site: str, on: datetime) -> int:
    """Compare what is published now with what was shared, and add a change for each difference. Returns how many.

    Raises `Refused` as `refuse_site` does.
    """
    refuse_site(site)
    kinds = [kind for kind in KINDS.values() if kind.code in current_sharing().kind_codes]
    published = {shape["id"]: (kind.code, as_json(shape)) for kind in kinds for shape in objects_of(kind, site)}
    with transaction.atomic():
        shared = {row.object_id: row for row in SharedObject.objects.select_for_update()}
        rows = list(changes(shared, published, site, on))
        SharedObject.objects.exclude(object_id__startswith=f"{site}/").delete()  # of a former address
        SharedObject.objects.filter(object_id__in=[row.object_id for row in rows if row.pk]).delete()
        for row in rows:
            row.pk = None
        SharedObject.objects.bulk_create(rows, batch_size=500)
        if rows:
            Event.record("exchange-shared", label=str(len(rows)))
        if rows or not SharedPage.objects.exists():
            divide_into_pages(site)
    return len(rows)


def divide_into_pages(site: str) -> None:
    """Keep which changes are on each page, with the hash of its bytes, so that nobody computes them when asked."""
    SharedPage.objects.all().delete()
    SharedPage.objects.bulk_create(page.row for page in pages_of(site))


def changes(
    shared: dict[str, SharedObject], published: dict[str, tuple[str, str]], site: str, on: datetime
) -> Iterator[SharedObject]:
    sequence = max((row.sequence for row in shared.values()), default=0)
    gone = (identity for identity in shared if identity not in published and identity.startswith(f"{site}/"))
    for identity in [*published, *gone]:
        kind, content = published.get(identity, ("", ""))
        former = shared.get(identity)
        if former is not None and former.content == content:
            continue
        row = former or SharedObject(object_id=identity, kind=kind)
        is_new = former is None or former.activity == Activity.DELETE
        row.activity = Activity.CREATE if is_new else Activity.UPDATE if content else Activity.DELETE
        row.content, row.at = content, on
        sequence += 1
        row.sequence = sequence
        yield row


class Page(NamedTuple):
    content: bytes
    row: SharedPage


def pages_of(site: str) -> Iterator[Page]:
    rows = SharedObject.objects.order_by("sequence").iterator(chunk_size=ON_A_PAGE)
    for number, some in enumerate(batched(rows, ON_A_PAGE), 1):
        content = page_of(site, number, some)
        digest = hashlib.sha256(content).hexdigest()
        yield Page(content, SharedPage(number=number, first=some[0].sequence, last=some[-1].sequence, sha256=digest))


def page_of(site: str, number: int, rows: Iterable[SharedObject]) -> bytes:
    items = ",\n".join(item_of(row, site) for row in rows)
    head = {"@context": ACTIVITIES, "id": page_address(site, number), "type": "OrderedCollectionPage"}
    head |= {"partOf": f"{site}/{FEED}"}
    return f'{json.dumps(head)[:-1]}, "orderedItems": [\n{items}\n]}}\n'.encode()


def item_of(row: SharedObject, site: str) -> str:
    """One activity. The object is inserted as it was stored, so that a page has the same bytes each time."""
    head = {"type": row.activity, "actor": site, "sequence": row.sequence, "published": row.at.isoformat()}
    gone = {"id": row.object_id, "type": "Tombstone", "formerType": KINDS[row.kind].type if row.kind in KINDS else ""}
    return f'{json.dumps(head)[:-1]}, "object": {row.content or as_json(gone)}}}'


def write_parcel(*, site: str, on: datetime) -> IO[bytes]:
    """The whole feed as a ZIP, ready to be read: an index and pages, each with a signature beside it."""
    key = signing_key(on=on)
    file = TemporaryFile()  # noqa: SIM115 -- the response that sends it closes it
    rows: list[SharedPage] = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for content, row in pages_of(site):
            add_signed(archive, page_name(row.number), content, key)
            rows.append(row)
        add_signed(archive, INDEX, index_of(site, key, rows), key)
    file.seek(0)
    return file


def add_signed(archive: zipfile.ZipFile, name: str, content: bytes, key: SigningKey) -> None:
    archive.writestr(name, content)
    archive.writestr(f"{name}.jws", sign(content, key))


def page_name(number: int) -> str:
    return f"pages/{number:05d}.json"


def page_address(site: str, number: int) -> str:
    return f"{site}/{FEED}/{number}"


def index_of(site: str, key: SigningKey, pages: Iterable[SharedPage]) -> bytes:
    """The index, the same bytes until an object or the key changes."""
    newest = SharedObject.objects.order_by("-sequence").first()
    index = {
        "@context": ACTIVITIES,
        "id": f"{site}/{FEED}",
        "type": "OrderedCollection",
        "totalItems": SharedObject.objects.count(),
        "origin": site,
        "published": published_at(key).isoformat(timespec="microseconds"),
        "sequence": newest.sequence if newest else 0,
        "key": public_jwk(key),
        "replaced": [statement(row, key) for row in former_keys()],
        "pages": [
            {
                "name": page_name(page.number),
                "id": page_address(site, page.number),
                "sha256": page.sha256,
                "last": page.last,
            }
            for page in pages
        ],
    }
    return json.dumps(index, ensure_ascii=False, indent=1).encode()


def published_at(key: SigningKey) -> datetime:
    """The date of the newest change; without any, that of the key."""
    return SharedObject.objects.aggregate(newest=Max("at"))["newest"] or key.created_at


def former_keys() -> QuerySet[SigningKey]:
    """Those that state which key replaces them."""
    return SigningKey.objects.trusted().exclude(replaced_at=None)


def index_tag(site: str, key: SigningKey) -> str:
    """The ETag of the index, computed without writing it."""
    state = SharedObject.objects.aggregate(Max("sequence"), Count("pk"))
    keys = [key.fingerprint, *former_keys().values_list("fingerprint", flat=True)]
    parts = [site, state["sequence__max"], state["pk__count"], *keys]
    return quote_etag(hashlib.sha256(as_json(parts).encode()).hexdigest())
