from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HubsConfig(AppConfig):
    name = "becontree.citizenship.hubs"
    label = "hubs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from becontree.citizenship.hubs import permissions, queries, shred, wishes
        from becontree.citizenship.hubs.models import Reminder, Volunteer
        from becontree.foundations.access import rules, words
        from becontree.foundations.forgetting import kinds
        from becontree.foundations.kit import triggers
        from becontree.foundations.people import shredders
        from becontree.foundations.places import guests

        triggers.guard(self, triggers.append_only("hubs_retyping"))
        shredders.register("hubs", name=_("Hubs"), export=shred.export, erase=shred.erase)
        kinds.register(wishes.KIND)
        guests.register("hubs", queries.guests_at)
        rules.purpose("hub", _("to find helpers for a hub"))
        words.told(Volunteer, _("your offer to help in a hub"))
        rules.register(Volunteer, "own", permissions.own_offers, subject="person")
        rules.register(Reminder, "own", permissions.own_offers, subject="person")
        rules.register(Volunteer, "hub", permissions.offers_to_my_hubs, subject="person")
