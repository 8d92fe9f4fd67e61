"""`POST /api/v1/check/`: what the rules say of a build for a use, without storing anything."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import override
from django_countries import countries
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request as HttpRequest
from rest_framework.response import Response

from api.fields import Code, Codes, Day, Related
from api.serializers import AgencyCode, StrictSerializer
from api.views import RegistryView
from compliance.checks import BuildCheck, Request, check_builds
from compliance.rulebooks import LoadedRulebook, load_rulebook
from policy.models import Rule
from policy.scopes import Acquisition
from policy.sentences import Part, lines
from policy.trace import Outcome, Result
from policy.verdicts import Standing
from policy.wording import Names
from registry.models import Build
from standards.missions import MISSIONS

LANGUAGES = ("en", "ja")
SAID = frozenset({Part.ANSWER, Part.HIT, Part.MISSING})


class QuestionSerializer(StrictSerializer):
    """A build, what it is for, and for whom. No missions: not known yet. No day: today."""

    build = Related(queryset=Build.objects.all())
    missions = Codes(child=Code(choices=MISSIONS.choices("en")), required=False)
    kind = Code(choices=[(each.value, each.name) for each in Acquisition])
    agency = AgencyCode()
    on = Day(required=False)


class BothLanguagesSerializer(serializers.Serializer[Any]):
    en = serializers.CharField()
    ja = serializers.CharField()


class ResultSerializer(serializers.Serializer[Any]):
    """One rule: `policy/version/rule`, its clause, what it says and why."""

    rule = serializers.CharField()
    clause = BothLanguagesSerializer()
    citation = serializers.CharField()
    outcome = serializers.ChoiceField([(each.value, each.value) for each in Outcome])
    level = serializers.ChoiceField(Rule.Level.choices)
    trace = serializers.DictField(
        help_text="Facts used, hits with their paths, what is missing, lists and editions."
    )
    sentence = BothLanguagesSerializer(
        help_text="What holds, what made it so, and what is missing: a sentence a line."
    )


class AnswerSerializer(serializers.Serializer[Any]):
    """The standing over all rules in force on the day, and what each of them says."""

    on = serializers.DateField()
    standing = serializers.ChoiceField([(each.value, each.value) for each in Standing])
    deciding = serializers.CharField(allow_null=True)
    until = serializers.DateField(allow_null=True)
    results = ResultSerializer(many=True)


class CheckView(RegistryView):
    stores_nothing = True

    @extend_schema(
        operation_id="check",
        summary="Check a build",
        description="What the rules say of a build for missions of an agency on a day. Stores nothing.",
        request=QuestionSerializer,
        responses={200: AnswerSerializer},
    )
    def post(self, request: HttpRequest) -> Response:
        serializer = QuestionSerializer(data=request.data, context={"request": request})
        serializer.is_valid(raise_exception=True)
        asked = serializer.validated_data
        on = asked.get("on") or timezone.localdate()
        book = load_rulebook()
        checks = check_builds([asked["build"].pk], _case(asked), on, book=book)
        return Response(_answer(checks[asked["build"].pk], book, on))


def _case(asked: Mapping[str, Any]) -> Request:
    return Request(
        kind=Acquisition(asked["kind"]),
        missions=frozenset(asked.get("missions", ())),
        agency_id=asked["agency"].pk,
        agency_kind=asked["agency"].kind,
    )


def _answer(check: BuildCheck, book: LoadedRulebook, on: date) -> dict[str, Any]:
    verdict = check.verdict
    said = zip(*(_in_words(check.results, each) for each in LANGUAGES), strict=True)
    return {
        "on": on,
        "standing": verdict.standing.value,
        "deciding": verdict.deciding,
        "until": verdict.until,
        "results": [
            _result(each, book, {"en": en, "ja": ja})
            for each, (en, ja) in zip(check.results, said, strict=True)
        ],
    }


def _result(result: Result, book: LoadedRulebook, said: Mapping[str, str]) -> dict[str, Any]:
    rule = book.rules.clause_by_key[result.rule].rule
    return {
        "rule": result.rule,
        "clause": {"en": rule.clause.en, "ja": rule.clause.ja},
        "citation": rule.citation,
        "outcome": result.outcome.value,
        "level": rule.level.name.lower(),
        "trace": result.trace.to_json(),
        "sentence": said,
    }


def _in_words(results: Sequence[Result], language: str) -> list[str]:
    """Of each what holds, what made it so and what is missing, a sentence a line; paths and sources stand in the trace."""
    with override(language):
        names = Names(country=_country)
        return [
            "\n".join(each.text for each in lines(result, language, names, SAID))
            for result in results
        ]


def _country(code: str) -> str:
    return str(countries.name(code)) or code
