"""Answer the questions about oneself: once for each form that was written on the site, while its round listens."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from becontree.citizenship.voices import equality
from becontree.citizenship.voices.models import Round, ToldApart
from becontree.foundations.kit.errors import Clash


@transaction.atomic
def tell_apart(*, round: Round, mark: str, answers: Mapping[str, str], now: datetime) -> None:
    """Count one form's answers about oneself. `mark` stands for the form (`tokens.mark`) and is kept; nothing joins it
    to the answers. Where nothing was answered nothing is kept, so that somebody may still answer.

    Raises Clash "equality.closed" once the round is closed, as its figures are out then; Clash "equality.twice" for a
    form that has answered; Invalid for an answer that is not offered.
    """
    held = Round.objects.select_for_update(no_key=True).get(pk=round.pk)
    if held.state != Round.State.OPEN:
        raise Clash("equality.closed", _("This round is closed, so we no longer ask about you. What you said counts."))
    if not any(answers.values()):
        return
    if not ToldApart.objects.get_or_create(mark=mark, defaults={"round": held})[1]:
        raise Clash("equality.twice", _("We have your answers about yourself already. They count once."))
    equality.keep(round=held, sheets=[answers], now=now)
