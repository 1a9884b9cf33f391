"""Exceptions for what the rules forbid, with a sentence that explains why and what to do next."""


class Refused(Exception):
    """Raised by services, caught at the edge (view, command, API) and shown to the person."""

    def __init__(self, message: object):
        super().__init__(str(message))


class FieldRefused(Refused):
    """A refusal that a form shows beside the field it is about."""

    def __init__(self, field: str, message: object):
        super().__init__(message)
        self.field = field


class Unreadable(Exception):
    """The file as a whole cannot be read; the message is for the person who sent it."""
