"""What this instance shares: a feed of changes to its published objects, whose pages are signed, and its ZIP.

There are two: one for everyone, and one for peers that are members, with numbers of its own, so that nothing in the
first depends on what only members read.
"""

import hashlib
import json
import zipfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import batched
from tempfile import TemporaryFile
from typing import IO, Any, NamedTuple

from django.db import transaction
from django.db.models import Count, Max, QuerySet
from django.utils.http import quote_etag

from servanda.exchange.format.kinds import CONTEXT, KINDS, ExchangeKind, code_in, id_of, objects_named, objects_of
from servanda.exchange.models import Audience, Peer, SharedObject, SharedPage, SigningKey
from servanda.exchange.sharing.keys import public_jwk, sign, signing_key, statement
from servanda.exchange.sharing.services import current_sharing, refuse_site
from servanda.jobs.backup import program_version
from servanda.trail.models import Event

ON_A_PAGE = 200
INDEX = "feed.json"
FEED = "exchange/feed"  # its address below the site
ACTIVITIES = ["https://www.w3.org/ns/activitystreams", CONTEXT]
AT_ONCE = 500  # codes that are looked up
Activity = SharedObject.Activity


class Shared(NamedTuple):
    kind: str
    content: str  # the object as JSON
    digest: str = ""  # of the rows that it was read from; empty for kinds without digests


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def path_of(audience: str) -> str:
    """The address of a feed below the site."""
    return FEED if audience == Audience.EVERYONE else f"{FEED}/{audience}"


def refresh_shared(*, site: str, on: datetime) -> int:
    """Compare what is published now with what was shared, and add a change for each difference. Returns how many.

    Raises `Refused` as `refuse_site` does.
    """
    refuse_site(site)
    for_everyone = published(current_sharing().kind_codes, site, on)
    changed = refresh_feed(for_everyone, Audience.EVERYONE, site, on)
    if Peer.objects.members().exists():
        return changed + refresh_feed(for_everyone | further(site, for_everyone), Audience.MEMBERS, site, on)
    return changed


def published(codes: Iterable[str], site: str, on: datetime) -> dict[str, Shared]:
    kinds = [KINDS[code] for code in codes if code in KINDS]
    return {identity: shared for kind in kinds for identity, shared in published_of(kind, site, on)}


def published_of(kind: ExchangeKind, site: str, on: datetime) -> Iterator[tuple[str, Shared]]:
    """Where the rows of a kind have digests, an object is made only if its digest is another one than that of the
    object that was shared. All are made anew after an update of this program, and once a week."""
    if kind.digests is None:
        yield from ((shape["id"], Shared(kind.code, as_json(shape))) for shape in objects_of(kind, site))
        return
    year, week, _day = on.isocalendar()
    digests = kind.digests(f"{site} {program_version()} {year}-{week}")
    former = SharedObject.objects.filter(audience=Audience.EVERYONE, kind=kind.code).exclude(content="")
    contents = {(row.object_id, row.digest): row.content for row in former}
    changed = []
    for code, digest in digests.items():
        identity = id_of(kind, code, site)
        if content := contents.get((identity, digest)):
            yield identity, Shared(kind.code, content, digest)
        else:
            changed.append(code)
    for shape in objects_named(kind, sorted(changed), site):
        yield shape["id"], Shared(kind.code, as_json(shape), digests[shape["code"]])


def further(site: str, for_everyone: Collection[str]) -> dict[str, Shared]:
    """What members read beside the rest: kinds, and single entries, that are for them only. Each says so, so that it
    is not named to others."""
    sharing = current_sharing()
    chosen = dict.fromkeys([*sharing.kind_codes, *sharing.member_kind_codes])
    kinds = [KINDS[code] for code in chosen if code in KINDS]
    only = [kind for kind in kinds if kind.for_members or kind.code in sharing.member_kind_codes]
    return {
        shape["id"]: Shared(kind.code, as_json(shape | {"is_for_members": True}))
        for kind in only
        for shape in objects_of(kind, site, for_members=True)
        if shape["id"] not in for_everyone
    }


def refresh_feed(published: dict[str, Shared], audience: str, site: str, on: datetime) -> int:
    own = SharedObject.objects.filter(audience=audience)
    with transaction.atomic():
        shared = {row.object_id: row for row in own.select_for_update()}
        rows = list(changes(shared, published, site, on))
        own.exclude(object_id__startswith=f"{site}/").delete()  # of a former address
        own.filter(object_id__in=[row.object_id for row in rows if row.pk]).delete()
        for row in rows:
            row.pk, row.audience = None, audience
        SharedObject.objects.bulk_create(rows, batch_size=500)
        keep_digests(shared.values(), published)
        if rows:
            Event.record("exchange-shared", label=str(len(rows)))
        if rows or not SharedPage.objects.filter(audience=audience).exists():
            divide_into_pages(site, audience)
    return len(rows)


def keep_digests(rows: Iterable[SharedObject], published: dict[str, Shared]) -> None:
    """Of objects that were read from other rows than before, and are the same."""
    stale = []
    for row in rows:
        now = published.get(row.object_id)
        if row.pk and now and row.digest != now.digest:
            row.digest = now.digest
            stale.append(row)
    SharedObject.objects.bulk_update(stale, ["digest"], batch_size=500)


def divide_into_pages(site: str, audience: str) -> None:
    """Keep which changes are on each page, with the hash of its bytes, so that no one computes them when asked."""
    SharedPage.objects.filter(audience=audience).delete()
    SharedPage.objects.bulk_create(page.row for page in pages_of(site, audience))


def is_current(rows: Iterable[SharedObject]) -> bool:
    """Whether all of these objects may still be read by those for whom the feed is: something may have been
    unpublished since the feed was prepared."""
    sharing, codes = current_sharing(), defaultdict(list)
    for row in rows:
        if row.content:
            codes[row.audience, row.kind].append(code_in(row.object_id))
    for (audience, kind), named in codes.items():
        for_members = audience == Audience.MEMBERS
        allowed = [*sharing.kind_codes, *(sharing.member_kind_codes if for_members else [])]
        if kind not in allowed or not are_readable(KINDS[kind], named, for_members=for_members):
            return False
    return True


def are_readable(kind: ExchangeKind, codes: Sequence[str], *, for_members: bool) -> bool:
    rows = kind.rows(for_members=for_members).order_by()
    found = sum(rows.filter(**{f"{kind.field}__in": some}).count() for some in batched(codes, AT_ONCE))
    return found == len(codes)


def changes(
    shared: dict[str, SharedObject], published: dict[str, Shared], site: str, on: datetime
) -> Iterator[SharedObject]:
    sequence = max((row.sequence for row in shared.values()), default=0)
    gone = (identity for identity in shared if identity not in published and identity.startswith(f"{site}/"))
    for identity in [*published, *gone]:
        kind, content, digest = published.get(identity, Shared("", ""))
        former = shared.get(identity)
        if former is not None and former.content == content:
            continue
        row = former or SharedObject(object_id=identity, kind=kind)
        is_new = former is None or former.activity == Activity.DELETE
        row.activity = Activity.CREATE if is_new else Activity.UPDATE if content else Activity.DELETE
        row.content, row.digest, row.at = content, digest, on
        sequence += 1
        row.sequence = sequence
        yield row


class Page(NamedTuple):
    content: bytes
    row: SharedPage


def pages_of(site: str, audience: str = Audience.EVERYONE) -> Iterator[Page]:
    rows = SharedObject.objects.filter(audience=audience).order_by("sequence").iterator(chunk_size=ON_A_PAGE)
    for number, some in enumerate(batched(rows, ON_A_PAGE), 1):
        content = page_of(site, number, some, audience)
        row = SharedPage(audience=audience, number=number, first=some[0].sequence, last=some[-1].sequence)
        row.sha256 = hashlib.sha256(content).hexdigest()
        yield Page(content, row)


def page_of(site: str, number: int, rows: Iterable[SharedObject], audience: str = Audience.EVERYONE) -> bytes:
    items = ",\n".join(item_of(row, site) for row in rows)
    head = {"@context": ACTIVITIES, "id": page_address(site, number, audience), "type": "OrderedCollectionPage"}
    head |= {"partOf": f"{site}/{path_of(audience)}"}
    return f'{json.dumps(head)[:-1]}, "orderedItems": [\n{items}\n]}}\n'.encode()


def item_of(row: SharedObject, site: str) -> str:
    """One activity. The object is inserted as it was stored, so that a page has the same bytes each time."""
    head = {"type": row.activity, "actor": site, "sequence": row.sequence, "published": row.at.isoformat()}
    gone = {"id": row.object_id, "type": "Tombstone", "formerType": KINDS[row.kind].type if row.kind in KINDS else ""}
    return f'{json.dumps(head)[:-1]}, "object": {row.content or as_json(gone)}}}'


def write_parcel(*, site: str, on: datetime, audience: str = Audience.EVERYONE) -> IO[bytes]:
    """The whole feed as a ZIP, ready to be read: an index and pages, each with a signature beside it."""
    key = signing_key(on=on)
    file = TemporaryFile()  # noqa: SIM115 -- the response that sends it closes it
    rows: list[SharedPage] = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for content, row in pages_of(site, audience):
            add_signed(archive, page_name(row.number), content, key)
            rows.append(row)
        add_signed(archive, INDEX, index_of(site, key, rows, audience), key)
    file.seek(0)
    return file


def add_signed(archive: zipfile.ZipFile, name: str, content: bytes, key: SigningKey) -> None:
    archive.writestr(name, content)
    archive.writestr(f"{name}.jws", sign(content, key))


def page_name(number: int) -> str:
    return f"pages/{number:05d}.json"


def page_address(site: str, number: int, audience: str) -> str:
    return f"{site}/{path_of(audience)}/{number}"


def index_of(site: str, key: SigningKey, pages: Iterable[SharedPage], audience: str = Audience.EVERYONE) -> bytes:
    """The index, the same bytes until an object or the key changes."""
    own = SharedObject.objects.filter(audience=audience)
    newest = own.order_by("-sequence").first()
    index = {
        "@context": ACTIVITIES,
        "id": f"{site}/{path_of(audience)}",
        "type": "OrderedCollection",
        "totalItems": own.count(),
        "origin": site,
        "published": published_at(key, audience).isoformat(timespec="microseconds"),
        "sequence": newest.sequence if newest else 0,
        "key": public_jwk(key),
        "replaced": [statement(row, key) for row in former_keys()],
        "revoked": revoked_keys(),
        "pages": [
            {
                "name": page_name(page.number),
                "id": page_address(site, page.number, audience),
                "sha256": page.sha256,
                "last": page.last,
            }
            for page in pages
        ],
    }
    if audience != Audience.EVERYONE:
        index["audience"] = audience
    return json.dumps(index, ensure_ascii=False, indent=1).encode()


def published_at(key: SigningKey, audience: str = Audience.EVERYONE) -> datetime:
    """The date of the newest change; without any, that of the key."""
    own = SharedObject.objects.filter(audience=audience)
    return own.aggregate(newest=Max("at"))["newest"] or key.created_at


def former_keys() -> QuerySet[SigningKey]:
    """Those that state which key replaces them."""
    return SigningKey.objects.trusted().exclude(replaced_at=None)


def revoked_keys() -> list[dict[str, str]]:
    rows = SigningKey.objects.revoked().order_by("pk")
    return [{"kid": row.fingerprint, "at": row.revoked_at.isoformat()} if row.revoked_at else {} for row in rows]


def index_tag(site: str, key: SigningKey, audience: str = Audience.EVERYONE) -> str:
    """The ETag of the index, computed without writing it."""
    state = SharedObject.objects.filter(audience=audience).aggregate(Max("sequence"), Count("pk"))
    keys = [key.fingerprint, *former_keys().values_list("fingerprint", flat=True)]
    keys += SigningKey.objects.revoked().order_by("pk").values_list("fingerprint", flat=True)
    parts = [f"{site}/{path_of(audience)}", state["sequence__max"], state["pk__count"], *keys]
    return quote_etag(hashlib.sha256(as_json(parts).encode()).hexdigest())
