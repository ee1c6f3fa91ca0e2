from django.apps import AppConfig


class HubsConfig(AppConfig):
    name = "becontree.citizenship.hubs"
    label = "hubs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from becontree.citizenship.hubs import permissions, shred
        from becontree.citizenship.hubs.models import Volunteer
        from becontree.foundations.access import rules
        from becontree.foundations.people import shredders

        shredders.register("hubs", export=shred.export, erase=shred.erase, keeps="Nothing.")
        rules.purpose("hub", "to find helpers for a hub")
        rules.register(Volunteer, "own", permissions.own_offers, subject="person")
        rules.register(Volunteer, "hub", permissions.offers_to_my_hubs, subject="person")
