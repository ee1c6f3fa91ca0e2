from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VoicesConfig(AppConfig):
    name = "becontree.citizenship.voices"
    label = "voices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from becontree.citizenship.voices import permissions, shred, wishes
        from becontree.citizenship.voices.models import Response, Voice
        from becontree.foundations.access import rules, words
        from becontree.foundations.forgetting import kinds
        from becontree.foundations.people import shredders
        from becontree.foundations.policy import settings
        from becontree.foundations.policy.settings import Setting

        shredders.register(
            "voices",
            name=_("Voices"),
            export=shred.export,
            erase=shred.erase,
            keeps=_("That somebody spoke is still counted; the words are gone."),
            did=shred.did,
        )
        kinds.register(wishes.KIND)
        words.told(Voice, _("something that you said"))
        words.told(Response, _("a form that you filled in"))
        rules.register(Voice, "own", permissions.own_voices, subject="response__person")
        rules.register(Response, "own", permissions.own_responses, subject="person")
        rules.register(Voice, "moderation", permissions.moderated_voices, subject="response__person")
        settings.register(
            Setting(
                "voices.read_days",
                "Working days to read what people say",
                "We read every voice within so many working days.",
                "whole",
                2,
                unit="working days",
                least=1,
                most=20,
            )
        )
        settings.register(
            Setting(
                "voices.most_at_once",
                "Forms from one address in ten minutes",
                "More than so many forms from one internet address in ten minutes have to wait. A library or a school "
                "has one address for everybody in it, so it is generous.",
                "whole",
                120,
                unit="forms",
                least=20,
                most=5_000,
            )
        )
        settings.register(
            Setting(
                "voices.most_said_at_once",
                "Voices outside a round from one address in ten minutes",
                "More than so many voices outside a round from one internet address in ten minutes have to wait. "
                "People at a hub share an address and write for a minute or more each: thirty in ten minutes is three "
                "people who write without a pause.",
                "whole",
                30,
                unit="voices",
                least=10,
                most=5_000,
            )
        )
        settings.register(
            Setting(
                "voices.draft_days",
                "Days that a file waits to be taken in",
                "A file of answers that somebody has brought and not taken in goes after so many days, with all "
                "that it holds. So does a pile in which nothing was typed. The rule of the day on which it was "
                "begun holds.",
                "whole",
                2,
                unit="days",
                least=1,
                most=30,
            )
        )
        settings.register(
            Setting(
                "voices.appeal_days",
                "Working days to decide an appeal",
                "If your words were not published and you ask us to look again, we answer within so many working days.",
                "whole",
                10,
                unit="working days",
                least=1,
                most=40,
            )
        )
