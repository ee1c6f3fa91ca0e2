"""Signing in: a code by e-mail, no password anywhere; for those who work here, a second factor.

django-allauth does the work; these are the few places where it asks us.
"""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.forms import AddEmailForm, ChangeEmailForm, LoginForm, RequestLoginCodeForm, SignupForm
from allauth.account.utils import get_next_redirect_url
from allauth.core import context, ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from becontree.foundations.people import queries
from becontree.foundations.people.models import Person


class AccountAdapter(DefaultAccountAdapter):
    """Our words and addresses in allauth's flows."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed."),
        "cannot_remove_primary_email": _("This is the address that we write to: make another one that first."),
        "duplicate_email": _("This e-mail address belongs to your account already."),
        "email_taken": _("Somebody has an account with this e-mail address already."),
        "incorrect_code": _("This is not the code in our newest letter. Look again, or ask for a new one."),
        "too_many_login_attempts": _("That was tried too often. Please wait some minutes and try again."),
        "unknown_email": _("There is no account with this e-mail address."),
        "unverified_primary_email": _("Please prove your e-mail address first: we send you a code."),
        "same_as_current": _("That is the address that you have now."),
        "rate_limited": _("That was tried too often. Please wait some minutes and try again."),
    }

    def new_user(self, request: HttpRequest) -> Person:
        return Person(created_at=getattr(request, "now", None), language="en")

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        saved: Any = super().save_user(request, user, form, commit=False)
        saved.email = saved.email.lower() if saved.email else None
        if commit:
            saved.save()
        return saved

    def send_account_already_exists_mail(self, email: str) -> None:
        """Somebody signed up with an address that has an account. Only its owner learns so."""
        request = self.request
        link = request.build_absolute_uri(reverse("account_login")) if request is not None else reverse("account_login")
        self.send_mail("account/email/account_already_exists", email, {"login_url": link})

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Every letter says whose it is, and a link in it leads on to what the person was doing."""
        onward = {name: self._onward(context[name]) for name in ("signup_url", "login_url") if name in context}
        super().send_mail(template_prefix, email, {"council_name": settings.COUNCIL_NAME} | context | onward)

    def _onward(self, link: str) -> str:
        """The link with the page to go on to, where that page is ours: allauth refuses any other."""
        wanted = get_next_redirect_url(self.request) if self.request is not None else None
        return f"{link}?{urlencode({'next': wanted})}" if wanted else link


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors: named after the council, their secrets encrypted in the database."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("You work here and have no other second factor. Set up another one first."),
    }

    def get_totp_issuer(self) -> str:
        return settings.COUNCIL_NAME or super().get_totp_issuer()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": settings.COUNCIL_NAME or entity["name"]}

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whoever works here keeps one second factor: else a mailbox alone would open the desk, or nothing would."""
        if authenticator.type not in queries.FACTORS or not authenticator.user.on_the_desk:
            return True
        others = Authenticator.objects.filter(user=authenticator.user_id, type__in=queries.FACTORS)
        return bool(others.exclude(pk=authenticator.pk).exists())

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()


class _OurEmailWords(forms.Form):
    """The same name for the same thing everywhere: an e-mail address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("email", "login"):
            if name in self.fields:
                self.fields[name].label = gettext("E-mail address")
                self.fields[name].widget.attrs.pop("placeholder", None)


def _few_letters(address: str) -> str:
    """At most three letters a minute to one address, known here or not: allauth itself counts only those it knows."""
    if not ratelimit.consume(context.request, action="letters", key=address.lower()):
        raise get_adapter().validation_error("too_many_login_attempts")
    return address


class SignUp(_OurEmailWords, SignupForm):  # type: ignore[misc]  # both are forms; theirs says it differently
    def clean_email(self) -> str:
        return _few_letters(super().clean_email())


class LogIn(_OurEmailWords, LoginForm):
    def clean_login(self) -> str:
        return _few_letters(super().clean_login())


class AskForCode(_OurEmailWords, RequestLoginCodeForm):
    pass


class AddAddress(_OurEmailWords, AddEmailForm):
    pass


class ChangeAddress(_OurEmailWords, ChangeEmailForm):
    pass


class ActivateForm(ActivateTOTPForm):
    """The label says what to do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = gettext("The 6 digits that the app shows")


def _box() -> MultiFernet:
    """Keys from the installation's secret and its predecessors (SECRET_KEY_FALLBACKS), so that it can be renewed."""
    return MultiFernet([_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str | bytes) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"becontree second factor").derive(
        force_bytes(secret)
    )
    return Fernet(base64.urlsafe_b64encode(derived))
