"""Results in English."""

from datetime import date

from policy.facts import Evidence, Grade, LinkKind, LinkStatus
from policy.trace import (
    Change,
    Edge,
    EntryUsed,
    Hit,
    ListUsed,
    Missing,
    Outcome,
    Result,
    Subject,
    SubjectKind,
    SuppliedBy,
    Used,
    Why,
    WouldChange,
)
from policy.wording import Family, Names, share_known, split_predicate
from policy.wording_changes import ENGLISH
from standards.canonical import decimal_text
from standards.component_roles import ROLES
from standards.vocabularies import is_quantity, term_name, unit_of

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_PREDICATES = {
    "made_in": "place of manufacture",
    "assembled_in": "place of final assembly",
    "developed_in": "place of development",
    "data_stored_in": "place of data storage",
    "administered_from": "place of administration",
    "incorporated_in": "country of incorporation",
    "headquartered_in": "country of headquarters",
    "maker_controlled_from": "place of control",
    "manufacturer": "maker",
    "licensor": "licensor of the design",
    "owners": "ownership",
    "components": "list of components",
    "edition": "edition in force",
    "cleared": "clearance",
}
_PARTIES = {
    "maker": "maker of this aircraft",
    "component_maker": "maker of the {role}",
    "licensor": "licensor of the design",
    "supplier": "supplier",
}
_GRADES = {
    Grade.CLAIMED: "claimed",
    Grade.DOCUMENTED: "documented",
    Grade.VERIFIED: "verified",
}
_SUPPLIERS = {
    SuppliedBy.MAKER: "the maker",
    SuppliedBy.SUPPLIER: "the supplier",
    SuppliedBy.STEWARD: "a steward of the registry",
    SuppliedBy.AGENCY: "the agency",
    SuppliedBy.AUTHORITY: "the central authority",
}
_LINKS = {
    LinkKind.SHAREHOLDING: "{source} holds {share} of {target}",
    LinkKind.CONTROL: "{source} controls {target}",
    LinkKind.LICENSED_DESIGN: "{source} licenses its design to {target}",
    LinkKind.AFFILIATION: "{source} is affiliated with {target}",
}
_ANSWERS = {
    ("origin", Outcome.FAIL): "Fails: something asked about comes from a place of concern.",
    ("origin", Outcome.PASS): "Passes: no fact looked at names a place of concern.",
    ("listed_party", Outcome.FAIL): "Fails: a party is on the list, or is reached from it.",
    (
        "listed_party",
        Outcome.PASS,
    ): "Passes: no party is on the list or known to be reached from it.",
    ("required_measure", Outcome.FAIL): "Fails: a required security measure is absent.",
    ("required_measure", Outcome.PASS): "Passes: every required security measure is shown.",
    ("cleared_build", Outcome.FAIL): "Fails: this build is not cleared.",
    ("cleared_build", Outcome.PASS): "Passes: this build is cleared.",
    ("attribute", Outcome.FAIL): "Fails: a limit is not met.",
    ("attribute", Outcome.PASS): "Passes: every limit is met.",
    ("certificate", Outcome.FAIL): "Fails: a required certificate is not valid.",
    ("certificate", Outcome.PASS): "Passes: every required certificate is valid.",
}
_NOT_APPLICABLE = "Does not apply: the build has nothing that this rule asks about."
_OWN_WORDS = frozenset({"a", "entry", "list", "the", "whether"})
_STATES = {"lapsed": "no longer valid", "not_held": "not held", "not_yet_valid": "not yet valid"}
_MISSING = {
    Why.NOT_KNOWN: "{What} is not known",
    Why.NO_EVIDENCE: "{What} rests on no declaration",
    Why.BELOW_GRADE: "{What} rests on evidence below the grade that the rule asks for",
    Why.EXPIRED: "The declaration that {what} rests on has expired",
    Why.DISPUTED: "{What} is disputed",
    Why.POSSIBLE_ONLY: "{What} is not settled",
}
_OFFERS = {
    Why.NOT_KNOWN: "can supply it",
    Why.NO_EVIDENCE: "can supply a declaration",
    Why.BELOW_GRADE: "can supply better evidence",
    Why.EXPIRED: "can supply a new declaration",
    Why.DISPUTED: "can supply evidence that settles it",
    Why.POSSIBLE_ONLY: "can settle it",
}
_GRADE_NAMES = {grade.name.lower(): label for grade, label in _GRADES.items()}


class English:
    def __init__(self, names: Names) -> None:
        self.names = names

    def answer(self, result: Result) -> str:
        number = len(result.trace.missing)
        if result.outcome is Outcome.UNKNOWN:
            return (
                f"Undetermined: {number} {'point is' if number == 1 else 'points are'} not clear."
            )
        if result.outcome is Outcome.NOT_APPLICABLE:
            return _NOT_APPLICABLE
        return _ANSWERS[result.trace.criterion, result.outcome]

    def hit(self, hit: Hit, lists: tuple[ListUsed, ...], asked: tuple[str, ...]) -> str:
        over = ", over these links:" if hit.path else "."
        family, _ = split_predicate(hit.predicate)
        if family is Family.LISTED and hit.entry is not None:
            verb = "is reached from" if hit.path else "is"
            return _sentence(f"{self._who(hit.subject)} {verb} {self._entry(hit.entry)}{over}")
        if family is Family.COUNTRY:
            relation = "not on" if "outside" in asked else "on"
            places = self._values(hit.predicate, hit.values)
            standing = f"which is {relation} {self._list(lists[0])}"
            return _sentence(f"{self._control_or_what(hit)} {places}, {standing}{over}")
        if family is Family.CLEARED:
            return _sentence(self._not_cleared(hit, lists))
        return _sentence(self._failing(hit))

    def _control_or_what(self, hit: Hit) -> str:
        if hit.predicate != "maker_controlled_from":
            return f"{self._what(hit.subject, hit.predicate)} is"
        return f"{self._who(hit.subject)} is {'controlled from' if hit.path else 'domiciled in'}"

    def _not_cleared(self, hit: Hit, lists: tuple[ListUsed, ...]) -> str:
        if hit.entry is not None:
            return f"{self._entry(hit.entry)}, which is this build, is not valid on the day."
        return f"{self._who(hit.subject)} is not on {self._list(lists[0])}."

    def _failing(self, hit: Hit) -> str:
        family, _ = split_predicate(hit.predicate)
        what, values = (
            self._what(hit.subject, hit.predicate),
            self._values(hit.predicate, hit.values),
        )
        if family is Family.MEASURE:
            return f"{what} is absent."
        if family is Family.ATTRIBUTE:
            return f"{what} is {values}, which does not meet the limit."
        if family is Family.FITTED:
            needed = "must not be" if hit.values == ("yes",) else "must be"
            return f"{self._who(hit.subject)} {needed} fitted."
        return f"{what} is {values}."

    def edge(self, edge: Edge) -> str:
        text = _LINKS[edge.kind].format(
            source=self._who(edge.source), target=self._who(edge.target), share=_share(edge)
        )
        disputed = " (disputed)" if edge.status is LinkStatus.DISPUTED else ""
        source = f" {self.source(edge.evidence)}" if edge.evidence is not None else ""
        return _sentence(f"{text}{disputed}.{source}")

    def missing(self, missing: Missing) -> str:
        offer = f"{self._suppliers(missing.supplied_by)} {_OFFERS[missing.why]}."
        links = " The links are:" if missing.path else ""
        evidence = f" {self.source(missing.evidence)}" if missing.evidence is not None else ""
        return _sentence(f"{self._gap(missing)}.{evidence} {_capital(offer)}{links}")

    def _gap(self, missing: Missing) -> str:
        family, _ = split_predicate(missing.predicate)
        if family is Family.EDITION:
            return f"No edition of {self._who(missing.subject)} is in force on the day"
        if family is Family.FITTED:
            return (
                f"Nothing is known of {self._who(missing.subject)}, not even whether it is fitted"
            )
        if family is Family.LISTED and missing.entry is not None:
            entry = self._entry(missing.entry)
            return (
                f"{self._who(missing.subject)} may be reached from {entry}, but this is not certain"
            )
        what = self._what(missing.subject, missing.predicate)
        if family in {Family.MEASURE, Family.CERTIFICATE} and missing.why is Why.NOT_KNOWN:
            what = f"whether there is {what}"
        text = _MISSING[missing.why].format(what=what, What=_capital(what))
        if missing.entry is not None:
            text += f"; the one named is, or is reached from, {self._entry(missing.entry)}"
        return text

    def used(self, used: Used) -> str:
        return _sentence(f"{self._stated(used)}. {self.source(used.evidence)}".strip())

    def _stated(self, used: Used) -> str:
        family, _ = split_predicate(used.predicate)
        who, values = self._who(used.subject), self._values(used.predicate, used.values)
        if family is Family.OWNERS:
            return (
                f"Known owners of {who} are {values}" if values else f"No owner of {who} is known"
            )
        if family is Family.FITTED:
            return f"{who} is fitted" if used.values == ("yes",) else f"{who} is not fitted"
        if family is Family.CLEARED:
            return f"{who} is cleared as {values}"
        if family is Family.TAKEN_OFF and len(used.values) == 2:
            name, last = used.values[0], _day(date.fromisoformat(used.values[1]))
            return f"{who} was on the list as {name} through {last}, and counts as listed no more"
        what = self._what(used.subject, used.predicate)
        if family is Family.MEASURE:
            return f"{what} is {'claimed' if used.values == ('yes',) else 'absent'}"
        return f"{what} is {values}" if values else f"There is no {what.removeprefix('the ')}"

    def source(self, evidence: Evidence | None) -> str:
        if evidence is None:
            return ""
        until = f", valid until {_day(evidence.expires)}" if evidence.expires is not None else ""
        return (
            f"Source: “{evidence.title}”, {evidence.claimant}, {_day(evidence.dated)},"
            f" {_GRADES[evidence.grade]}{until}."
        )

    def list_used(self, used: ListUsed) -> str:
        if used.edition is None:
            return _sentence(f"{self._list(used)}: no edition was in force.")
        return _sentence(f"{self._list(used)}.")

    def changes(self, way: WouldChange) -> str:
        what = "; and ".join(self._change(change, way.to) for change in way.changes)
        fails = way.to is Outcome.FAIL
        return _sentence(f"It would {'fail, for example,' if fails else 'pass'} if {what}.")

    def _change(self, change: Change, to: Outcome) -> str:
        return ENGLISH.template(change, to).format(
            what=self._what(change.subject, change.predicate),
            who=self._who(change.subject),
            values=self._values_of(change),
            grade="".join(_GRADE_NAMES.get(value, "") for value in change.values),
        )

    def _values_of(self, change: Change) -> str:
        _, code = split_predicate(change.predicate)
        if len(change.values) == len(ENGLISH.bounds):
            return ENGLISH.limit(change.values, unit_of(code))
        return self._values(change.predicate, change.values)

    def _who(self, subject: Subject) -> str:
        if subject.of is SubjectKind.LIST:
            return f"list “{subject.name}”"
        if subject.of is SubjectKind.BUILD:
            return f"the aircraft ({subject.name})"
        if subject.of is not SubjectKind.VENDOR:
            part = f" ({subject.name})" if subject.name else ""
            return f"the {self._role(subject.role)}{part}"
        local = f" ({subject.name_local})" if subject.name_local else ""
        party = _PARTIES.get(subject.party, "").format(role=self._role(subject.role))
        return f"{subject.name}{local}, {party}," if party else f"{subject.name}{local}"

    def _what(self, subject: Subject, predicate: str) -> str:
        family, code = split_predicate(predicate)
        who, term = self._who(subject), term_name(code, "en")
        if family is Family.MEASURE:
            return f"the security measure “{term}” of {who}"
        if family is Family.CERTIFICATE:
            return f"the certificate “{term}” of {who}"
        if family is Family.ATTRIBUTE:
            point = _small(term) if is_quantity(code) else f"point “{term}”"
            return f"the {point} of {who}"
        if family is Family.FITTED:
            return f"the fitting of {who}"
        return f"the {_PREDICATES.get(code, term)} of {who}"

    def _values(self, predicate: str, values: tuple[str, ...]) -> str:
        family, code = split_predicate(predicate)
        if family is Family.COUNTRY and all(len(value) == 2 for value in values):
            return _listed([self.names.country(value) for value in values])
        if family is Family.ATTRIBUTE and is_quantity(code):
            return f"{_range(*values)} {unit_of(code)}".strip() if values else ""
        return _listed([_STATES.get(value, value) for value in values])

    def _role(self, role: str) -> str:
        return _small(ROLES[role].en if role in ROLES else term_name(role, "en"))

    def _list(self, used: ListUsed) -> str:
        edition = f", edition {_day(used.edition)}" if used.edition is not None else ""
        return f"list “{used.name.en or used.code}”{edition}"

    def _entry(self, entry: EntryUsed) -> str:
        return f"entry “{entry.name}” of {self._list(entry.list)}"

    @staticmethod
    def _suppliers(suppliers: tuple[SuppliedBy, ...]) -> str:
        return " or ".join(_SUPPLIERS[each] for each in suppliers)


def _share(edge: Edge) -> str:
    if not share_known(edge):
        return "an unknown share"
    low, high = decimal_text(edge.low), decimal_text(edge.high)
    return f"{low} %" if low == high else f"between {low} % and {high} %"


def _small(label: str) -> str:
    return label[:1].lower() + label[1:]


def _range(low: str, high: str | None = None) -> str:
    """One value when it is exact; an end that is empty is open."""
    if high is None:
        return low
    if not low:
        return f"at most {high}"
    return f"between {low} and {high}" if high else f"at least {low}"


def _listed(values: list[str]) -> str:
    if len(values) < 2:
        return "".join(values)
    return f"{', '.join(values[:-1])} and {values[-1]}"


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _capital(text: str) -> str:
    """Names keep the letter they begin with: "iFlight"."""
    first, _, _ = text.partition(" ")
    return text[:1].upper() + text[1:] if first in _OWN_WORDS else text


def _sentence(text: str) -> str:
    """Begins with a capital; the comma that closes an apposition gives way to other signs."""
    for sign in ".,;:":
        text = text.replace(f",{sign}", sign)
    return _capital(text)
