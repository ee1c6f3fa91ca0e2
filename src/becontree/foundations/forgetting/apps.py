from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ForgettingConfig(AppConfig):
    name = "becontree.foundations.forgetting"
    label = "forgetting"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from becontree.foundations.access import rules, words
        from becontree.foundations.forgetting import bank, kinds, letters, permissions, shred
        from becontree.foundations.forgetting.models import Wish
        from becontree.foundations.people import shredders

        rules.purpose(permissions.PURPOSE, _("to deal with a request to be forgotten"))
        words.told(Wish, _("your request to be forgotten"))
        rules.register(Wish, permissions.PURPOSE, permissions.wishes)
        kinds.register(letters.KIND)  # rooms below this one do not know it
        kinds.register(bank.KIND)
        shredders.register(
            "forgetting",
            name=_("Requests to be forgotten"),
            export=shred.export,
            erase=shred.erase,
            keeps=_("That somebody asked us, when, and how it ended. Not who you are, and not where we answered."),
            did=shred.did,
        )
