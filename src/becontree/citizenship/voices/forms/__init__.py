"""What a speaker, a clerk, a moderator and the owner of a round fill in."""

from becontree.citizenship.voices.forms.desk import AnswerForm, DecideForm, EnterForm, HoldForm
from becontree.citizenship.voices.forms.resident import AboutYouForm, AppealForm, FindForm, RespondForm, SayForm

__all__ = [
    "AboutYouForm",
    "AnswerForm",
    "AppealForm",
    "DecideForm",
    "EnterForm",
    "FindForm",
    "HoldForm",
    "RespondForm",
    "SayForm",
]
