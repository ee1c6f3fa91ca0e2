from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "becontree.foundations.places"
    label = "places"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from becontree.foundations.people import wards
        from becontree.foundations.places.queries import wards as of_today

        wards.register(lambda: list(of_today().order_by("name").values_list("code", "name")))
