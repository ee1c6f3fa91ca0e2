from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "becontree.foundations.messages"
    label = "letters"  # django.contrib.messages has the other name
    default_auto_field = "django.db.models.BigAutoField"
