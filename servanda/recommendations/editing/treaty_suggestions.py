"""Records whose text asks to ratify a treaty: suggested, and linked only when a person chooses them."""

from functools import reduce
from operator import or_

from django.db.models import Q

from servanda.language.words.search_query import parse
from servanda.people.models import Instance, User
from servanda.recommendations.models import Recommendation, RecordInstrument, TextVersion
from servanda.recommendations.search.fulltext import matching
from servanda.sources.treaties.names import names_of, treaties_asked
from servanda.vocab.models import Instrument

MOST = 50
MOST_READ = 500


def records_asking(instrument: Instrument, user: User) -> list[int]:
    """Keys of visible records, not linked yet, of which a text names the treaty with words of consent."""
    linked = RecordInstrument.objects.current().filter(instrument=instrument).values("recommendation")
    visible = Recommendation.objects.opened_to(user).exclude(pk__in=linked)
    languages = Instance.current().language_codes()
    queries = [parse(f'"{name}"', languages) for name in sorted(names_of(instrument))]
    named = reduce(or_, (Q(pk__in=matching(query)) for query in queries if query), Q(pk__in=[]))
    near = visible.filter(named).order_by("pk").values_list("pk", flat=True)[:MOST_READ]
    known = {name: other.code for other in Instrument.objects.select_related("parent") for name in names_of(other)}
    found = {}
    texts = TextVersion.objects.current().filter(recommendation__in=list(near))
    for pk, text in texts.order_by("recommendation", "pk").values_list("recommendation", "text"):
        if instrument.code in treaties_asked(text, known):
            found[pk] = True
    return list(found)[:MOST]
