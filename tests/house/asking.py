from django.db import transaction
from django.http import HttpResponse

from tests.house.addresses import ADDRESSES
from tests.house.addressing import PART
from tests.house.answers import body_of
from tests.house.scene import Scene


def ask(client, name: str, there: Scene) -> HttpResponse:
    """One request of the first method that the table allows; afterwards everything is as it was."""
    address = ADDRESSES[name]
    method = "GET" if "GET" in address.methods else "POST"
    with transaction.atomic():
        answer = client.generic(method, address.url(name, there), headers=PART)
        body_of(answer)
        transaction.set_rollback(True)
    return answer
