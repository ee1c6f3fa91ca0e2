from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConversationsConfig(AppConfig):
    name = "becontree.citizenship.conversations"
    label = "conversations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from becontree.citizenship.conversations import permissions, shred, wishes
        from becontree.citizenship.conversations.guards import GUARDS
        from becontree.citizenship.conversations.models import Participant, Statement
        from becontree.foundations.access import rules, words
        from becontree.foundations.forgetting import kinds
        from becontree.foundations.kit import triggers
        from becontree.foundations.people import shredders

        triggers.guard(self, GUARDS)
        shredders.register(
            "conversations",
            name=_("Conversations"),
            export=shred.export,
            erase=shred.erase,
            keeps=_("Counts that were published stand; your votes and your words are gone."),
            did=shred.did,
        )
        kinds.register(wishes.KIND)
        words.told(Participant, _("your part in a conversation"))
        words.told(Statement, _("a statement that you added to a conversation"))
        rules.register(Participant, "own", permissions.own_participants, subject="person")
        rules.register(Participant, "moderation", permissions.moderated_participants, subject="person")
        rules.register(Statement, "own", permissions.own_statements, subject="author__person")
        rules.register(Statement, "moderation", permissions.moderated_statements, subject="author__person")
