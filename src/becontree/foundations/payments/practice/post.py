"""The pretend provider's postman: takes each signed message to the inbox, in this process or over HTTP.

In this process the message goes through the same door, with the same bytes and the same signature. With
PRACTICE_HOOK_URL set (BECONTREE_PRACTICE_HOOK_URL) it is posted to that address instead, as a real provider would.
"""

from __future__ import annotations

import logging
import urllib.error
import urllib.request
from datetime import datetime
from typing import Final

from django.conf import settings

from becontree.foundations.payments.actions.inbox import process_inbox, receive
from becontree.foundations.payments.port import SignatureRefused
from becontree.foundations.payments.practice import remote

log = logging.getLogger(__name__)
SECONDS: Final = 15


def send_due(*, now: datetime, limit: int = 100) -> int:
    """Send what should have been sent by now. A message that is not taken is sent again next time."""
    sent = 0
    address = str(getattr(settings, "PRACTICE_HOOK_URL", ""))
    for message in list(remote.due_messages(now=now, limit=limit)):
        if _over_http(address, message) if address else _through_the_door(message, now):
            remote.delivered(message.event)
            sent += 1
    return sent


def send_and_read(*, now: datetime) -> int:
    """Send what is due and look into it at once: what a quick provider and a quick worker come to."""
    return send_due(now=now) + process_inbox(now=now)


def _through_the_door(message: remote.Message, now: datetime) -> bool:
    try:
        receive(provider="practice", raw=message.raw, headers=message.headers, now=now)
    except SignatureRefused:
        log.exception("The inbox refused a practice message.")
        return False
    return True


def _over_http(address: str, message: remote.Message) -> bool:
    if not address.startswith(("http://", "https://")):
        return False
    headers = {"Content-Type": "application/json", **message.headers}
    request = urllib.request.Request(address, data=message.raw, headers=headers, method="POST")  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
            return bool(200 <= answer.status < 300)
    except (urllib.error.URLError, TimeoutError) as error:
        log.warning("A practice message was not taken: %s", error)
        return False
