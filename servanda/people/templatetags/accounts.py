from django import template
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from servanda.people.demonstration import PASSWORD
from servanda.people.models import Instance, User
from servanda.people.second_factor import rules as second_factor

register = template.Library()


@register.simple_tag
def demonstration_accounts() -> dict:
    """The accounts that visitors of a demonstration can try; none elsewhere. Invited people have their own password,
    and accounts that only fill pages have none."""
    if not Instance.current().is_demonstration:
        return {}
    people = User.objects.filter(is_demonstration=True, is_active=True, invitations=None)
    people = people.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return {"people": people, "password": PASSWORD}


@register.simple_tag(takes_context=True)
def second_factor_needed(context) -> bool:
    return second_factor.is_needed(context["user"])
