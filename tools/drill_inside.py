"""Steps of the drill, done inside an instance.

`python -m tools.drill_inside` reads a step and its values from each line, as JSON, and writes its state after the
step, or else what went wrong.
"""

import json
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import Any

import django

from servanda.kit.server.memory import loading

with loading():
    django.setup()

from django.core.management import call_command  # noqa: E402 -- models need django.setup()
from django.db import connections  # noqa: E402 -- as above
from django.utils import timezone  # noqa: E402 -- as above
from django_tasks_db.models import DBTaskResult  # noqa: E402 -- as above

from servanda.exchange.decisions import services as decisions  # noqa: E402 -- as above
from servanda.exchange.feeds import tasks as feed_tasks  # noqa: E402 -- as above
from servanda.exchange.format.kinds import KINDS  # noqa: E402 -- as above
from servanda.exchange.models import Peer, Received, SharedObject, SigningKey  # noqa: E402 -- as above
from servanda.exchange.peers import services as peers  # noqa: E402 -- as above
from servanda.exchange.sharing import keys, refreshing_tasks  # noqa: E402 -- as above
from servanda.exchange.sharing import services as sharing  # noqa: E402 -- as above
from servanda.network.assistance import services as assistance  # noqa: E402 -- as above
from servanda.network.models import (  # noqa: E402 -- as above
    Assistance,
    CooperationEvaluation,
    MechanismProfile,
    Practice,
    ReceivedEndorsement,
    ReceivedEvaluation,
)
from servanda.network.releases.services import share_entry  # noqa: E402 -- as above
from servanda.people.access import Role  # noqa: E402 -- as above
from servanda.people.models import User  # noqa: E402 -- as above
from servanda.recommendations.models import Recommendation  # noqa: E402 -- as above
from tests import make, network_make  # noqa: E402 -- as above

SECONDS = 120  # for what the worker does
ADDRESS = "administrator@drill.example"


def person() -> User:
    return User.objects.filter(email=ADDRESS).first() or make.user(Role.ADMINISTRATOR, email=ADDRESS)


def publish(first: int, count: int) -> dict:
    for number in range(first, first + count):
        make.recommendation(f"Ratify the convention number {number}.", paragraph=f"7.{number}")
    return refresh()


def unpublish(count: int) -> dict:
    chosen = list(Recommendation.objects.order_by("pk").values_list("pk", flat=True)[:count])
    Recommendation.objects.filter(pk__in=chosen).update(is_published=False)
    return refresh()


def offer_help() -> dict:
    """A profile, and a request, for everyone; an offer for members only."""
    profile = network_make.profile("Birch Office", is_own=True, is_published=True)
    for kind, audience in (("request", "everyone"), ("offer", "members")):
        entry = network_make.assistance(kind, profile)
        share_entry(entry=entry, audience=audience, by=person())
    return refresh()


def write_practice() -> dict:
    network_make.practice("A deputy for each focal point", state="published")
    return refresh()


def endorse_practice() -> dict:
    own = network_make.profile("Alder Office", is_own=True, is_published=True)
    network_make.endorsement(Practice.objects.get(state=Practice.State.RECEIVED), own)
    return refresh()


def evaluate_help(side: str) -> dict:
    """Alder has helped Birch on its request: one of them records the help, and evaluates it for everyone."""
    request, by = Assistance.objects.get(kind=Assistance.Kind.REQUEST), person()
    provider = MechanismProfile.objects.get(name__startswith="Alder Office")
    helped = assistance.introduce(request=request, provider=provider, offer=None, by=by)
    today = timezone.localdate()
    values = assistance.CooperationValues(state="done", result="Six clusters.", start=today, end=today)
    assistance.follow_cooperation(cooperation=helped, values=values, seen=helped.version, by=by)
    words = {"rating": 4, "text": f"Quick, said the {side}."}
    share_evaluation(assistance.evaluate_cooperation(cooperation=helped, side=side, by=by, **words), "everyone")
    return refresh()


def withdraw_evaluation() -> dict:
    share_evaluation(CooperationEvaluation.objects.get(), "")
    return refresh()


def share_evaluation(evaluation: CooperationEvaluation, audience: str) -> None:
    share_entry(entry=evaluation, audience=audience, by=person())


def set_membership(name: str, *, is_member: bool, reads_members: bool) -> dict:
    edit(Peer.objects.get(name=name), is_member=is_member, reads_members=reads_members)
    return refresh()


def edit(peer: Peer, **changed: Any) -> None:
    own = {"name": peer.name, "origin": peer.origin, "fingerprint": peer.fingerprint, "kinds": peer.kind_codes}
    values = peers.PeerValues(**own | changed, is_pulled=True)
    peers.edit_peer(peer=peer, values=values, by=person())
    Peer.objects.filter(pk=peer.pk).update(next_pull_at=None)


def go_online() -> dict:
    sharing.edit_sharing(values=sharing.SharingValues(list(KINDS), is_online=True), by=person())
    return refresh()


def refresh() -> dict:
    refreshing_tasks.refresh_own.enqueue()
    return settle()


def add_peer(name: str, origin: str, fingerprint: str) -> dict:
    values = peers.PeerValues(name, origin, fingerprint, list(KINDS), is_pulled=True)
    added = peers.add_peer(values=values, by=person())
    Peer.objects.filter(pk=added.pk).update(next_pull_at=None)  # the drill decides when its feed is fetched
    return state()


def pull(name: str) -> dict:
    feed_tasks.pull_feed.enqueue(Peer.objects.get(name=name).pk)
    return settle()


def accept(name: str) -> dict:
    peer = Peer.objects.get(name=name)
    rows = Received.objects.filter(peer=peer).waiting()
    decisions.decide_received(peer=peer, rows=rows, state=Received.State.ACCEPTED, by=person())
    return state()


def resume(name: str) -> dict:
    peers.resume_peer(peer=Peer.objects.get(name=name), by=person())
    return pull(name)


def replace_key() -> dict:
    keys.replace_key(by=person())
    return state()


def revoke_key() -> dict:
    keys.revoke_key(key=SigningKey.objects.current().get(), reason="A drill.", by=person())
    return state()


def confirm_key(name: str, fingerprint: str) -> dict:
    edit(Peer.objects.get(name=name), fingerprint=fingerprint)
    return state()


def accept_restore() -> dict:
    call_command("accept_restore", reason="A drill.", stdout=sys.stderr)
    return state()


def settle() -> dict:
    """Wait until the worker has done everything."""
    until = time.monotonic() + SECONDS
    while DBTaskResult.objects.filter(status__in=["READY", "RUNNING"]).exists():
        if time.monotonic() > until:
            raise TimeoutError("the worker does not get on")
        time.sleep(0.2)
    return state()


def state() -> dict[str, Any]:
    own = SigningKey.objects.current().first()
    return {
        "fingerprint": own.fingerprint if own else "",
        "endorsements": ReceivedEndorsement.objects.exclude(origin="").count(),
        "evaluations": list(ReceivedEvaluation.objects.values_list("side", flat=True)),
        "shared": SharedObject.objects.exclude(activity="Delete").count(),
        "peers": {
            peer.name: {
                "active": peer.is_active,
                "problem": peer.problem or peer.pull_problem,
                "sequence": peer.sequence,
                "fingerprint": peer.fingerprint,
                "objects": Received.objects.filter(peer=peer, state__in=["waiting", "accepted"])
                .values("object_id")
                .distinct()
                .count(),
                "accepted": Received.objects.filter(peer=peer).accepted().count(),
            }
            for peer in Peer.objects.all()
        },
    }


STEPS: dict[str, Callable[..., dict]] = {
    step.__name__: step
    for step in (
        *(publish, unpublish, go_online, refresh, add_peer, pull, accept, resume, replace_key, revoke_key),
        *(confirm_key, offer_help, set_membership, accept_restore, write_practice, endorse_practice),
        *(evaluate_help, withdraw_evaluation),
    )
} | {"state": state}


def answer(step: str, values: dict[str, Any]) -> tuple[dict | None, str]:
    """The state after the step, and what went wrong. Nothing else is written where the answers are expected."""
    try:
        with redirect_stdout(sys.stderr):
            return STEPS[step](**values), ""
    except Exception:  # noqa: BLE001 -- told to whoever asked
        return None, traceback.format_exc()
    finally:
        connections.close_all()


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(*json.loads(line))) + "\n")
        sys.stdout.flush()
