from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagesConfig(AppConfig):
    name = "becontree.foundations.messages"
    label = "letters"  # django.contrib.messages has the other name
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.models import Q

        from becontree.foundations.access import rules, words
        from becontree.foundations.messages import actions, shred
        from becontree.foundations.messages.models import Message
        from becontree.foundations.people import letters, shredders

        def letters_to_print(user: Any) -> Q | None:
            """Officers print what belongs to no team, or to theirs."""
            if not user.has_role("officer"):
                return None
            return Q(channel=Message.Channel.PRINT, team__in=["", *user.teams])

        letters.bring(actions.send)
        words.told(Message, _("a letter to you"))
        rules.register(Message, "letter", letters_to_print, subject="person")
        rules.register(Message, "own", lambda user: Q(person=user), subject="person")
        shredders.register(
            "messages",
            name=_("Letters"),
            export=shred.export,
            erase=shred.erase,
            keeps=_("That letters were sent, and when. Not what was in them, and not where they went."),
            did=shred.did,
        )
