"""What is said about a line, as the API tells it and takes it."""

from rest_framework import serializers

from core.api import Chosen, DayField
from core.representation import FastSerializer
from organizations.models import User
from procurement.api.inputs import Input, text
from procurement.conversation import ConsultedPerson, ConversationEntry, SentFile, WishedDay
from procurement.forms import LONGEST_REASON
from procurement.models import WishOutcome

MOST_ASKED = 20


class SentFileSerializer(FastSerializer[SentFile]):
    """A file that came with a message; its key is what its address has."""

    key = serializers.CharField()
    name = serializers.CharField()
    is_picture = serializers.BooleanField()


class AskedInSerializer(FastSerializer[ConsultedPerson]):
    """Somebody who was asked in, and whether she has answered or left."""

    name = serializers.CharField()
    has_answered = serializers.BooleanField()
    has_left = serializers.BooleanField()


class WishedDaySerializer(FastSerializer[WishedDay]):
    """Another delivery day that is wished for; its outcome is empty while nobody has answered."""

    day = serializers.DateField()
    outcome = serializers.ChoiceField(choices=WishOutcome.choices, allow_blank=True)


class DayWishInput(Input):
    """On which day what is ordered is needed instead, and why."""

    day = DayField()
    reason = text(200)


class DeclinedDayInput(Input):
    """Why the supplier is not asked for the day that is wished for."""

    reason = text(200)


class SaidSerializer(FastSerializer[ConversationEntry]):
    """One thing that somebody said about a line."""

    person = serializers.IntegerField(source="person_id")
    name = serializers.CharField()
    at = serializers.DateTimeField()
    text = serializers.CharField(allow_blank=True)
    is_question = serializers.BooleanField()
    files = SentFileSerializer(many=True)
    asked = AskedInSerializer(many=True)
    wish = WishedDaySerializer(allow_null=True)


class MessageInput(Input):
    """What is written about a line; the same `key` again gives the first message back. `asked` are people asked in."""

    key = serializers.UUIDField(allow_null=True, default=None)
    text = text(LONGEST_REASON)
    asked = serializers.ListField(
        child=Chosen(queryset=User.objects.filter(is_active=True)), max_length=MOST_ASKED, default=list
    )
