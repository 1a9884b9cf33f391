"""Password validators besides length and the list of common ones: against repetition, and against words that
strangers find on the pages of this system. They apply when a password is chosen, never at a log-in."""

import re
from collections.abc import Iterator
from itertools import pairwise

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.people.models import Instance, Institution, User

FEWEST_CHARACTERS = 5  # different ones
LONGEST_BLOCK = 0.5  # share of the whole, of a block that is repeated
IN_ORDER = 0.6  # share of neighbouring pairs, on the keyboard or in the alphabet
OWN_CHARACTERS = 8  # that must remain without the words of this system
SHORTEST_WORD = 4
KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "azertyuiop", "qsdfghjklm")
NEIGHBOURS = {pair for row in KEYBOARD for pair in pairwise(row)}
NEIGHBOURS |= {(second, first) for first, second in NEIGHBOURS}
WORD = re.compile(r"[^\W\d_]+")


class NotRepeated:
    """Refuses aaaaaaaaaaaa, 121212121212, 123456789012 and the like."""

    def validate(self, password: str, user: User | None = None) -> None:
        plain = password.casefold()
        if len(set(plain)) < FEWEST_CHARACTERS or is_one_block(plain) or is_in_order(plain):
            sentence = _("Enter a password that is not a sequence or a repetition, such as “abcabcabcabc”.")
            raise ValidationError(sentence, code="password_repeated")

    def get_help_text(self) -> str:
        return _("Your password cannot be a sequence or a repetition.")


def is_one_block(plain: str) -> bool:
    """Whether it repeats one block; the last repetition may be cut."""
    most = int(len(plain) * LONGEST_BLOCK)
    return any(all(plain[at] == plain[at % size] for at in range(size, len(plain))) for size in range(1, most + 1))


def is_in_order(plain: str) -> bool:
    pairs = list(pairwise(plain))
    steps = sum(abs(ord(second) - ord(first)) <= 1 or (first, second) in NEIGHBOURS for first, second in pairs)
    return bool(pairs) and steps / len(pairs) > IN_ORDER


class NotCommonWithTail(CommonPasswordValidator):
    """Refuses a common password with digits or signs around it, such as Password2026!."""

    def validate(self, password: str, user: User | None = None) -> None:
        if password.strip("0123456789!?.,;:-_*#+$%&/()= ").casefold() in self.passwords:
            sentence = _("Enter a password that is not a common word with digits or symbols added.")
            raise ValidationError(sentence, code="password_common_with_tail")

    def get_help_text(self) -> str:
        return _("Your password cannot be a common word with digits or symbols added.")


class NotFromHere:
    """Refuses passwords made of names of the person, their institutions, the mechanism and this software."""

    def validate(self, password: str, user: User | None = None) -> None:
        rest = password.casefold()
        for word in sorted(set(words_of_this_place(user)), key=len, reverse=True):
            rest = rest.replace(word, "")
        if len(rest) < min(OWN_CHARACTERS, len(password)):
            sentence = _(
                "Enter a password that does not consist of your name or the name of your institution or of this "
                "system."
            )
            raise ValidationError(sentence, code="password_from_here")

    def get_help_text(self) -> str:
        return _("Choose a password that is not your name, or the name of your institution or of this system.")


def words_of_this_place(user: User | None) -> Iterator[str]:
    instance = Instance.current()
    texts = ["servanda", *texts_of(instance.name), instance.contact, str(timezone.localdate().year)]
    if user is not None:
        texts += [user.name, user.email]
    if user is not None and user.pk:
        for place in Institution.objects.filter(appointments__person=user.pk):
            texts += [place.code, *texts_of(place.name)]
    for text in texts:
        yield from (word for word in WORD.findall(text.casefold()) if len(word) >= SHORTEST_WORD)


def texts_of(name: object) -> list[str]:
    """A name in all its languages."""
    data = getattr(name, "data", name)
    return [str(text) for text in data.values()] if isinstance(data, dict) else [str(data or "")]
