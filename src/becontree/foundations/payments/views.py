"""Pages on the way to paying, and the door for providers' messages."""

from __future__ import annotations

import logging
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from becontree.foundations.access.gates import gate
from becontree.foundations.kit.errors import Invalid
from becontree.foundations.payments import actions, limits, queries
from becontree.foundations.payments.actions.inbox import LARGEST
from becontree.foundations.payments.models import Instruction
from becontree.foundations.payments.port import SignatureRefused
from becontree.foundations.payments.purposes import purpose
from becontree.foundations.payments.reference import shown

log = logging.getLogger(__name__)


@never_cache
@require_GET
@gate("everyone")
def go(request: HttpRequest, instruction: UUID) -> HttpResponse:
    """On to the provider's page. The random id in the address is the giver's ticket; the page names nobody."""
    row = get_object_or_404(Instruction, pk=instruction)
    if row.state != "new":
        return redirect(row.return_url)
    if not row.hosted_url:
        actions.deliver_for(subject=row.pk, now=request.now)  # type: ignore[attr-defined]
        row.refresh_from_db()
    if row.hosted_url:
        return redirect(row.hosted_url)
    return render(request, "payments/wait.html", {"instruction": row, "title": purpose(row.purpose).title(row.purpose)})


@never_cache
@require_GET
@gate("everyone")
def bank(request: HttpRequest, reference: str) -> HttpResponse:
    """How to pay by bank transfer: our account, the amount, and the reference to write on it."""
    row = Instruction.objects.filter(reference=reference.upper(), provider="bankfile").first()
    if row is None:
        raise Http404("There is no such reference.")
    today = request.today  # type: ignore[attr-defined]
    return render(
        request,
        "payments/bank.html",
        {
            "instruction": row,
            "title": purpose(row.purpose).title(row.purpose),
            "reference": shown(row.reference),
            "account": limits.bank_details(today),
            "days": limits.transfer_days(today),
            "settled": queries.is_settled(row),
        },
    )


@csrf_exempt
@require_POST
@gate("everyone")
def hook(request: HttpRequest, provider: str) -> HttpResponse:
    """A provider's message. Signed over the raw bytes or refused; kept, and looked into later."""
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        return HttpResponse(status=413)
    try:
        actions.receive(provider=provider, raw=request.body, headers=request.headers, now=request.now)  # type: ignore[attr-defined]
    except Invalid:
        raise Http404("There is no such provider.") from None
    except SignatureRefused as refused:
        log.warning("A message to %s was refused: %s", provider, refused)
        return HttpResponseBadRequest("refused", content_type="text/plain")
    return HttpResponse("kept", content_type="text/plain")
