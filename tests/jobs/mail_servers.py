"""Mail servers that fail in the ways in which mail servers fail."""

import smtplib

from django.core.mail.backends.locmem import EmailBackend


class BreaksOff(EmailBackend):
    """Takes the mail, and the connection breaks before it has said so."""

    def send_messages(self, messages):
        super().send_messages(messages)
        raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")


class SaysNo(EmailBackend):
    def send_messages(self, messages):
        raise smtplib.SMTPDataError(451, b"try again later")


class IsDown(EmailBackend):
    def open(self):
        raise ConnectionRefusedError(111, "Connection refused")


class LosesItsWorker(EmailBackend):
    """The process ends while the mail is on its way."""

    def send_messages(self, messages):
        super().send_messages(messages)
        raise KeyboardInterrupt


def mailers(server: type[EmailBackend]) -> dict:
    return {"default": {"BACKEND": f"{server.__module__}.{server.__qualname__}"}}
