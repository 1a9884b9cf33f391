"""What the published shape of a record is read from, as one digest: only shapes that may differ are made anew."""

import json
from collections import defaultdict
from functools import cache
from hashlib import sha256

from django.utils import timezone

from servanda.api.resources import with_published
from servanda.api.schemas import Recommendation
from servanda.kit.database.digests import digests_of
from servanda.recommendations import models


def digests_of_recommendations(seed: str) -> dict[str, str]:
    """By code, for all public records; another seed makes all of them differ.

    A shape names other public records by their code; all else comes from what `with_published` reads, from the time
    zone, and from what the caller puts into the seed.
    """
    public = models.Recommendation.objects.public()
    codes = dict(public.order_by().values_list("pk", "code"))
    links: dict[int, list[str]] = defaultdict(list)
    named = models.Link.objects.order_by("pk").values_list("pk", "from_recommendation", "to_recommendation")
    for pk, first, second in named:
        links[first].append(f"{pk} {codes.get(second, '')}")
        links[second].append(f"{pk} {codes.get(first, '')}")
    salt = f"{seed} {timezone.get_current_timezone_name()} {schema()}".encode()
    return {
        codes[pk]: sha256(salt + digest + " ".join(links.get(pk, ())).encode()).hexdigest()
        for pk, digest in digests_of(with_published(public)).items()
        if pk in codes
    }


@cache
def schema() -> str:
    return json.dumps(Recommendation.model_json_schema(), sort_keys=True)
