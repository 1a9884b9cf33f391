"""The State whose register this is."""

from servanda.people.models import Instance
from servanda.vocab.models import Country


def own_state() -> Country | None:
    """None until *This instance* names it."""
    code = Instance.current().state_code
    return Country.objects.filter(code=code).first() if code else None
