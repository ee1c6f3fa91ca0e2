"""Taking a security key away: the last second factor of somebody who works here stays."""

from __future__ import annotations

from typing import Any

from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.http import HttpResponse

from becontree.foundations.kit.gates import gate
from becontree.foundations.people.signin import SecondFactorAdapter


class RemoveKey(RemoveWebAuthnView):
    """Take a security key away, unless it is the last second factor of somebody who works here."""

    def form_valid(self, form: Any) -> HttpResponse:
        adapter = SecondFactorAdapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            form.add_error(None, adapter.validation_error("cannot_delete_authenticator"))
            return self.form_invalid(form)
        answer: HttpResponse = super().form_valid(form)
        return answer


remove_key = gate("signed-in")(RemoveKey.as_view())
