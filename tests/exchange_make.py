"""Parcels of another mechanism, honest and hostile, and a peer that is trusted."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO

from django.utils import timezone
from joserfc import jws
from joserfc.jwk import OKPKey

from servanda.exchange.decisions.services import start_decision
from servanda.exchange.models import Peer, Received, SharedPage, Sharing
from servanda.exchange.parcels import services as parcels
from servanda.exchange.sharing import keys
from servanda.exchange.sharing.keys import fingerprint_of
from servanda.people.models import User

SITE = "https://neighbour.example"


def record(code: str = "A-1", site: str = SITE, **changed) -> dict:
    made = {
        "id": f"{site}/exchange/recommendation/{code}",
        "type": "Recommendation",
        "code": code,
        "kind": "recommendation",
        "body": "UPR",
        "texts": [{"language": "en", "text": f"Ratify the Convention of {code}."}],
    }
    return made | changed


def gone(code: str = "A-1", site: str = SITE) -> dict:
    return {"id": f"{site}/exchange/recommendation/{code}", "type": "Tombstone"}


def signature(content: bytes, key: OKPKey) -> bytes:
    whole = jws.serialize_compact({"alg": "Ed25519"}, content, key, algorithms=["Ed25519"])
    start, _payload, end = whole.split(".")
    return f"{start}..{end}".encode()


@dataclass
class Sender:
    """A system elsewhere, with a key of its own and a feed that grows."""

    key: OKPKey = field(default_factory=lambda: OKPKey.generate_key("Ed25519"))
    site: str = SITE
    sequence: int = 0
    items: list[dict] = field(default_factory=list)
    replaced: list[dict] = field(default_factory=list)

    @property
    def public(self) -> str:
        return self.key.as_dict(private=False)["x"]

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(self.public)

    def tell(self, kind: str, value: object, at: datetime | None = None) -> "Sender":
        self.sequence += 1
        moment = (at or timezone.now()).isoformat()
        self.items.append({"type": kind, "sequence": self.sequence, "published": moment, "object": value})
        return self

    def replace_key(self) -> None:
        former, self.key = self.key, OKPKey.generate_key("Ed25519")
        content = json.dumps({"key": {"x": self.public}})
        public = former.as_dict(private=False)["x"]
        signed = signature(content.encode(), former).decode()
        self.replaced.append({"content": content, "signature": signed, "public": public})

    def parcel(
        self,
        *,
        items: Sequence[dict] | None = None,
        on: datetime | None = None,
        change: Callable[[dict[str, bytes]], None] | None = None,
        **index,
    ) -> bytes:
        """The ZIP; `change` may alter its parts after they were signed, `index` its index before."""
        files = self.files([self.items if items is None else items], on=on, **index)
        parts = files | {f"{name}.jws": signature(content, self.key) for name, content in files.items()}
        if change:
            change(parts)
        return zipped(parts)

    def files(self, pages: Sequence[Sequence[dict]], /, *, on: datetime | None = None, **index) -> dict[str, bytes]:
        """The index and the pages with these items, without signatures."""
        contents = {}
        for number, items in enumerate(pages, 1):
            page = {"type": "OrderedCollectionPage", "orderedItems": items}
            contents[f"pages/{number:05d}.json"] = json.dumps(page).encode()
        head = {"type": "OrderedCollection", "origin": self.site, "published": (on or timezone.now()).isoformat()}
        head |= {"sequence": self.sequence, "key": {"x": self.public}, "replaced": self.replaced}
        head |= {
            "pages": [
                {"name": name, "sha256": hashlib.sha256(content).hexdigest()} for name, content in contents.items()
            ]
        }
        return {"feed.json": json.dumps(head | index).encode()} | contents


def zipped(parts: dict[str, bytes]) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def peer(sender: Sender, by: User | None = None, **fields) -> Peer:
    """The sender, trusted for recommendations."""
    usual = {"name": "Neighbour", "origin": sender.site, "fingerprint": sender.fingerprint, "kinds": "recommendation"}
    return Peer.objects.create(**usual | {"added_by": by} | fields)


def received(by: User) -> Received:
    """One object of a peer that was accepted, another that waits for review, and a feed of our own online."""
    put_online()
    sender = Sender().tell("Create", record()).tell("Create", record("A-2"))
    trusted = peer(sender, by)
    receive(sender.parcel(), by)
    row = Received.objects.filter(code="A-1")
    State = Received.State  # noqa: N806 -- a class
    start_decision(peer=trusted, rows=row, former=State.WAITING, state=State.ACCEPTED, by=by)
    return row.get()


def put_online() -> None:
    """An empty feed with its one page and a key."""
    keys.signing_key(on=timezone.now())
    Sharing.objects.create(pk=1, kinds="recommendation", is_online=True)
    SharedPage.objects.create(number=1, first=1, last=1, sha256="0" * 64)


def receive(content: bytes, by: User):
    return parcels.receive_parcel(file=BytesIO(content), name="parcel.zip", by=by)


def practice(code: str = "5b1f0e3c-7a11-4a5e-9d0a-3f0c8a526f3e", site: str = SITE, **changed) -> dict:
    text = {"language": "en", "title": "A deputy for each focal point", "problem": "Answers came late."}
    text |= {"steps": ["Ask for a deputy."], "result": "Answers came in time."}
    made = {"id": f"{site}/exchange/practice/{code}", "type": "Practice", "code": code, "texts": [text]}
    return made | {"mechanism": "Neighbours"} | changed


def profile(code: str = "7d4f0a61-2b7c-4f0e-8f51-0c9a3c1d2e41", site: str = SITE, **changed) -> dict:
    made = {
        "id": f"{site}/exchange/profile/{code}",
        "type": "Profile",
        "code": code,
        "name": "Office",
        "country": "HRV",
    }
    return made | changed


def assistance(kind: str = "Request", code: str = "1c0f6a52-8f3e-4b5e-9d0a-5b1f0e3c7a12", **changed) -> dict:
    made = {"id": f"{SITE}/exchange/{kind.lower()}/{code}", "type": kind, "code": code, "country": "HRV"}
    made |= {"mechanism": "Office", "title": "Clusters", "text": "How to cluster.", "forms": ["advice"]}
    return made | {"languages": ["en"]} | changed
