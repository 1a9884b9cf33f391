"""What the program writes to its log while a test listens."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager


class Ear(logging.Handler):
    """Hears every line that any part of the program writes, however unimportant."""

    def __init__(self, words: Iterable[str]):
        super().__init__(logging.DEBUG)
        self.words, self.heard = [word.lower() for word in words], []
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        line = self.format(record)
        lower = line.lower()
        self.heard += [f"{word}: {line[:300]}" for word in self.words if word in lower]


@contextmanager
def listening(words: Iterable[str]) -> Iterator[Ear]:
    ear, root = Ear(words), logging.getLogger()
    listened = [root, logging.getLogger("django.request")]  # other walks silence the second
    levels = [logger.level for logger in listened]
    root.addHandler(ear)
    for logger in listened:
        logger.setLevel(logging.DEBUG)
    try:
        yield ear
    finally:
        for logger, level in zip(listened, levels, strict=True):
            logger.setLevel(level)
        root.removeHandler(ear)
