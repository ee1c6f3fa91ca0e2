"""One click and no more news (RFC 8058). The link needs no sign-in, holds no address, and works for ever."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

from becontree.foundations.kit.errors import Invalid
from becontree.foundations.messages.models import LeftAddress, Message, Preference
from becontree.foundations.people.models import Person

SALT = "becontree.messages.leave"


def digest(address: str) -> str:
    """A keyed hash of an address: tells whether it has left, not what it is."""
    return salted_hmac(SALT, address.strip().lower(), algorithm="sha256").hexdigest()


def token(message: Message) -> str:
    who = f"p:{message.person_id}" if message.person_id else f"a:{digest(message.address)}"
    return signing.dumps(who, salt=SALT, compress=False)


def link(message: Message) -> str:
    return settings.SITE_URL.rstrip("/") + reverse("messages:leave", args=[token(message)])


def check(text: str) -> tuple[str, str]:
    """("p", party id) or ("a", digest) of a token. Raises Invalid for one that is not ours."""
    try:
        kind, _, who = str(signing.loads(text, salt=SALT)).partition(":")
    except signing.BadSignature as error:
        raise Invalid(
            "messages.token", gettext("This link is broken. Copy the whole of it from the letter.")
        ) from error
    return kind, who


def leave(text: str, *, now: datetime, how: str = "one-click") -> None:
    """No more news for whom the token names. Idempotent. Raises Invalid for a token that is not ours."""
    kind, who = check(text)
    with transaction.atomic():
        if kind == "a":
            LeftAddress.objects.get_or_create(digest=who, defaults={"left_at": now})
        else:
            person = Person.objects.filter(pk=who, erased_at__isnull=True).first()
            if person is not None:
                wish(person=person, wanted=False, now=now, how=how)


def wish(*, person: Person, wanted: bool, now: datetime, how: str = "page") -> None:
    """Write down whether the person wants news."""
    Preference.objects.update_or_create(
        person=person, purpose=Message.Purpose.NEWS, defaults={"wanted": wanted, "changed_at": now, "how": how}
    )


def wants_news(to: Person | str) -> bool:
    """Whether news may go there."""
    if isinstance(to, Person):
        return not Preference.objects.filter(person=to, purpose=Message.Purpose.NEWS, wanted=False).exists()
    return not LeftAddress.objects.filter(digest=digest(to)).exists()
