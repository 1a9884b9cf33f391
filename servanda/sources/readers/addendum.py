from collections.abc import Iterator


def answers(body, cover, name) -> Iterator:
    return iter(())
