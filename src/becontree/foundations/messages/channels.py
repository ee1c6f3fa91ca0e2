"""How a letter leaves the house: one port, and its adapters.

`email` goes over SMTP (BECONTREE_EMAIL_URL). `print` needs nothing sent: an officer prints the page. `sms` is declared
so that rooms can name it; an adapter (GOV.UK Notify) registers itself here when there is one.
"""

from __future__ import annotations

import smtplib
from typing import Any, Final, Protocol

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from becontree.foundations.messages import leaving
from becontree.foundations.messages.models import Message


class Undeliverable(Exception):
    """The letter can never arrive there: trying again would be of no use."""


class Later(Exception):
    """Something is in the way just now: try again."""


class Channel(Protocol):
    """A way out. One object carries one batch of letters."""

    def open(self) -> None: ...

    def send(self, message: Message) -> None:
        """Hand the letter over. Raises Undeliverable or Later."""

    def close(self) -> None: ...


class Email:
    """E-mail through Django's backend, one connection a batch."""

    def __init__(self) -> None:
        self._connection: Any = None

    def open(self) -> None:
        self._connection = get_connection()

    def send(self, message: Message) -> None:
        if settings.DEMO and not settings.EMAIL_URL:
            return  # the example borough writes to nobody; its letters are read on the desk
        try:
            self._connection.open()
            self._connection.send_messages([envelope(message)])
        except smtplib.SMTPRecipientsRefused as refused:
            code = min((code for code, _ in refused.recipients.values()), default=550)
            raise (Undeliverable if code >= 500 else Later)(
                f"The mail server refused the address ({code})."
            ) from refused
        except (smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as refused:
            permanent = refused.smtp_code >= 500 and isinstance(refused, smtplib.SMTPDataError)
            self.close()
            raise (Undeliverable if permanent else Later)(
                f"The mail server refused the letter ({refused.smtp_code})."
            ) from refused
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise Later(f"The mail server cannot be reached ({type(error).__name__}).") from error

    def close(self) -> None:
        try:
            self._connection.close()
        except (OSError, smtplib.SMTPException):
            self._connection = get_connection()


def envelope(message: Message) -> EmailMessage:
    """The letter as an e-mail. Its Message-ID never changes: a letter sent twice can be told from two letters."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip("> ") or "localhost"
    headers = {"Message-ID": f"<{message.pk}@{domain}>", "Auto-Submitted": "auto-generated"}
    body = message.body
    if message.purpose == Message.Purpose.NEWS:
        link = leaving.link(message)
        headers["List-Unsubscribe"] = f"<{link}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        body += f"\n--\nNo more news? One click: {link}\n"
    return EmailMessage(message.subject, body, settings.DEFAULT_FROM_EMAIL, [message.address], headers=headers)


# Channels that the outbox sends by itself. `print` is not among them: a person takes those.
CHANNELS: Final[dict[str, type[Channel]]] = {Message.Channel.EMAIL: Email}


def available(channel: str) -> bool:
    return channel == Message.Channel.PRINT or channel in CHANNELS
