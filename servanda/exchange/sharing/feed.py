"""What this instance shares: a feed of changes to its published objects, whose pages are signed, and its ZIP."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from itertools import batched
from tempfile import TemporaryFile
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _

from servanda.exchange.format.checking import origin_of
from servanda.exchange.format.kinds import CONTEXT, KINDS, objects_of
from servanda.exchange.models import SharedObject, SigningKey
from servanda.exchange.sharing.keys import public_jwk, sign, signing_key, statement
from servanda.kit.refusal import Refused
from servanda.trail.models import Event

ON_A_PAGE = 200
INDEX = "feed.json"
ACTIVITIES = ["https://www.w3.org/ns/activitystreams", CONTEXT]
Activity = SharedObject.Activity


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def refuse_site(site: str) -> None:
    """Raises `Refused` where the address of this instance cannot be the beginning of permanent addresses."""
    if origin_of(site) != site:
        raise Refused(_("Set SERVANDA_ORIGIN to the https address of this system first: all ids begin with it."))


def refresh_shared(*, site: str, on: datetime) -> int:
    """Compare what is published now with what was shared, and add a change for each difference. Returns how many.

    Raises `Refused` as `refuse_site` does.
    """
    refuse_site(site)
    published = {shape["id"]: (kind, as_json(shape)) for kind in KINDS for shape in objects_of(KINDS[kind], site)}
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
    return len(rows)


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


def write_parcel(*, site: str, on: datetime) -> IO[bytes]:
    """The whole feed as a ZIP, ready to be read: an index and pages, each with a signature beside it."""
    key = signing_key(on=on)
    file = TemporaryFile()  # noqa: SIM115 -- the response that sends it closes it
    pages: list[dict[str, str]] = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, content in enumerate(pages_of(site), 1):
            name = f"pages/{number:05d}.json"
            add_signed(archive, name, content, key)
            pages.append({"name": name, "sha256": hashlib.sha256(content).hexdigest()})
        add_signed(archive, INDEX, index_of(site, on, key, pages), key)
    file.seek(0)
    return file


def add_signed(archive: zipfile.ZipFile, name: str, content: bytes, key: SigningKey) -> None:
    archive.writestr(name, content)
    archive.writestr(f"{name}.jws", sign(content, key))


def index_of(site: str, on: datetime, key: SigningKey, pages: list[dict[str, str]]) -> bytes:
    newest = SharedObject.objects.order_by("-sequence").first()
    former = SigningKey.objects.trusted().exclude(replaced_at=None)
    index = {
        "@context": ACTIVITIES,
        "id": f"{site}/exchange/feed",
        "type": "OrderedCollection",
        "totalItems": SharedObject.objects.count(),
        "origin": site,
        "published": on.isoformat(timespec="seconds"),
        "sequence": newest.sequence if newest else 0,
        "key": public_jwk(key),
        "replaced": [statement(row, key) for row in former],
        "pages": pages,
    }
    return json.dumps(index, ensure_ascii=False, indent=1).encode()


def pages_of(site: str) -> Iterator[bytes]:
    rows = SharedObject.objects.order_by("sequence").iterator(chunk_size=ON_A_PAGE)
    for number, some in enumerate(batched(rows, ON_A_PAGE), 1):
        items = ",\n".join(item_of(row, site) for row in some)
        head = {"@context": ACTIVITIES, "id": f"{site}/exchange/feed/{number}", "type": "OrderedCollectionPage"}
        head |= {"partOf": f"{site}/exchange/feed"}
        yield f'{json.dumps(head)[:-1]}, "orderedItems": [\n{items}\n]}}\n'.encode()


def item_of(row: SharedObject, site: str) -> str:
    """One activity. The object is inserted as it was stored, so that a page has the same bytes each time."""
    head = {"type": row.activity, "actor": site, "sequence": row.sequence, "published": row.at.isoformat()}
    gone = {"id": row.object_id, "type": "Tombstone", "formerType": KINDS[row.kind].type if row.kind in KINDS else ""}
    return f'{json.dumps(head)[:-1]}, "object": {row.content or as_json(gone)}}}'
