"""Results in Japanese."""

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
from policy.wording_changes import JAPANESE
from standards.canonical import decimal_text
from standards.component_roles import ROLES
from standards.vocabularies import is_quantity, term_name, unit_of

_PREDICATES = {
    "made_in": "製造国",
    "assembled_in": "最終組立国",
    "developed_in": "開発国",
    "data_stored_in": "データ保存国",
    "administered_from": "運用管理国",
    "incorporated_in": "設立国",
    "headquartered_in": "本社所在国",
    "maker_controlled_from": "支配国",
    "manufacturer": "製造者",
    "maker": "製造者",
    "licensor": "設計の許諾者",
    "supplier": "供給者",
    "owners": "資本・支配関係",
    "components": "部品構成",
    "edition": "効力を有する版",
    "configuration": "構成",
    "cleared": "承認状況",
}
_PARTIES = {
    "maker": "本機の製造者",
    "component_maker": "{role}の製造者",
    "licensor": "設計の許諾者",
    "supplier": "供給者",
}
_GRADES = {
    Grade.CLAIMED: "申告のみ",
    Grade.DOCUMENTED: "書面あり",
    Grade.VERIFIED: "検証済み",
}
_SUPPLIERS = {
    SuppliedBy.MAKER: "製造者",
    SuppliedBy.SUPPLIER: "供給者",
    SuppliedBy.STEWARD: "台帳管理者",
    SuppliedBy.AGENCY: "機関",
    SuppliedBy.AUTHORITY: "中央の所管部局",
}
_LINKS = {
    LinkKind.SHAREHOLDING: "{source}は{target}の{share}を保有しています",
    LinkKind.CONTROL: "{source}は{target}を支配しています",
    LinkKind.LICENSED_DESIGN: "{source}は{target}に設計を許諾しています",
    LinkKind.AFFILIATION: "{source}は{target}と提携関係にあります",
}
_ANSWERS = {
    ("origin", Outcome.FAIL): "不適合です。確認対象に懸念国・地域に由来するものがあります。",
    ("origin", Outcome.PASS): "適合です。確認した事実に懸念国・地域に由来するものはありません。",
    (
        "listed_party",
        Outcome.FAIL,
    ): "不適合です。リストに掲載された者、又はその影響下にある者が関与しています。",
    (
        "listed_party",
        Outcome.PASS,
    ): "適合です。リストに掲載された者、又はその影響下にあると判明している者は関与していません。",
    ("required_measure", Outcome.FAIL): "不適合です。求められる安全対策が備わっていません。",
    ("required_measure", Outcome.PASS): "適合です。求められる安全対策がすべて示されています。",
    ("cleared_build", Outcome.FAIL): "不適合です。この構成は承認されていません。",
    ("cleared_build", Outcome.PASS): "適合です。この構成は承認されています。",
    ("attribute", Outcome.FAIL): "不適合です。満たされていない条件があります。",
    ("attribute", Outcome.PASS): "適合です。すべての条件が満たされています。",
    ("certificate", Outcome.FAIL): "不適合です。必要な認証等が有効ではありません。",
    ("certificate", Outcome.PASS): "適合です。必要な認証等はすべて有効です。",
}
_NOT_APPLICABLE = "対象外です。この構成には条項の確認対象がありません。"
_STATES = {
    "yes": "あり",
    "no": "なし",
    "valid": "有効",
    "lapsed": "失効",
    "not_held": "未取得",
    "not_yet_valid": "発効前",
}
_MISSING = {
    Why.NOT_KNOWN: "{what}が不明です。",
    Why.NO_EVIDENCE: "{what}について証憑がありません。",
    Why.BELOW_GRADE: "{what}の証憑が、条項の求める水準に達していません。",
    Why.EXPIRED: "{what}の証憑の有効期限が切れています。",
    Why.DISPUTED: "{what}について争いがあります。",
    Why.POSSIBLE_ONLY: "{what}が確定していません。",
}
_OFFERS = {
    Why.NOT_KNOWN: "が情報を提供できます。",
    Why.NO_EVIDENCE: "が証憑を提出できます。",
    Why.BELOW_GRADE: "がより確かな証憑を提出できます。",
    Why.EXPIRED: "が新しい証憑を提出できます。",
    Why.DISPUTED: "が争いを解消する証憑を提出できます。",
    Why.POSSIBLE_ONLY: "が確定できます。",
}
_GRADE_NAMES = {grade.name.lower(): label for grade, label in _GRADES.items()}


class Japanese:
    def __init__(self, names: Names) -> None:
        self.names = names

    def answer(self, result: Result) -> str:
        if result.outcome is Outcome.UNKNOWN:
            return f"判定できません。確認できない点が{len(result.trace.missing)}件あります。"
        if result.outcome is Outcome.NOT_APPLICABLE:
            return _NOT_APPLICABLE
        return _ANSWERS[result.trace.criterion, result.outcome]

    def hit(self, hit: Hit, lists: tuple[ListUsed, ...], asked: tuple[str, ...]) -> str:
        over = "経路は次のとおりです。" if hit.path else ""
        family, _ = split_predicate(hit.predicate)
        if family is Family.LISTED and hit.entry is not None:
            relation = "の影響下にあります。" if hit.path else "に該当します。"
            return f"{self._who(hit.subject)}は、{self._entry(hit.entry)}{relation}{over}"
        if family is Family.COUNTRY:
            relation = "に掲載されていません。" if "outside" in asked else "に掲載されています。"
            places = self._values(hit.predicate, hit.values)
            return f"{self._control_or_what(hit)}{places}であり、{self._list(lists[0])}{relation}{over}"
        if family is Family.CLEARED:
            return self._not_cleared(hit, lists)
        return self._failing(hit)

    def _control_or_what(self, hit: Hit) -> str:
        if hit.predicate != "maker_controlled_from":
            return f"{self._what(hit.subject, hit.predicate)}は"
        return f"{self._who(hit.subject)}の{'支配国' if hit.path else '所在国'}は"

    def _not_cleared(self, hit: Hit, lists: tuple[ListUsed, ...]) -> str:
        if hit.entry is not None:
            return f"この構成に当たる{self._entry(hit.entry)}は、当日において有効ではありません。"
        return f"{self._who(hit.subject)}は{self._list(lists[0])}に掲載されていません。"

    def _failing(self, hit: Hit) -> str:
        family, _ = split_predicate(hit.predicate)
        what, values = (
            self._what(hit.subject, hit.predicate),
            self._values(hit.predicate, hit.values),
        )
        if family is Family.MEASURE:
            return f"{what}が備わっていません。"
        if family is Family.ATTRIBUTE:
            return f"{what}は{values}であり、条件を満たしていません。"
        if family is Family.FITTED:
            fitted = hit.values == ("yes",)
            need = "搭載してはなりません" if fitted else "搭載しなければなりません"
            return f"{self._who(hit.subject)}を{need}。"
        return f"{what}は{values}です。"

    def edge(self, edge: Edge) -> str:
        text = _LINKS[edge.kind].format(
            source=self._who(edge.source), target=self._who(edge.target), share=_share(edge)
        )
        disputed = "(争いあり)" if edge.status is LinkStatus.DISPUTED else ""
        return f"{text}{disputed}。{self.source(edge.evidence)}"

    def missing(self, missing: Missing) -> str:
        offer = f"{self._suppliers(missing.supplied_by)}{_OFFERS[missing.why]}"
        links = "経路は次のとおりです。" if missing.path else ""
        return f"{self._gap(missing)}{self.source(missing.evidence)}{offer}{links}"

    def _gap(self, missing: Missing) -> str:
        family, _ = split_predicate(missing.predicate)
        who = self._who(missing.subject)
        if family is Family.EDITION:
            return f"当日において効力を有する{who}の版がありません。"
        if family is Family.FITTED:
            return f"{who}については、搭載の有無を含めて何も分かっていません。"
        if family is Family.LISTED and missing.entry is not None:
            return f"{who}は{self._entry(missing.entry)}の影響下にある可能性がありますが、確定していません。"
        what = self._what(missing.subject, missing.predicate)
        if family in {Family.MEASURE, Family.CERTIFICATE} and missing.why is Why.NOT_KNOWN:
            what += "の有無"
        text = _MISSING[missing.why].format(what=what)
        if missing.entry is not None:
            text += (
                f"名指しされた者は{self._entry(missing.entry)}に該当するか、その影響下にあります。"
            )
        return text

    def used(self, used: Used) -> str:
        return f"{self._stated(used)}{self.source(used.evidence)}"

    def _stated(self, used: Used) -> str:
        family, _ = split_predicate(used.predicate)
        who, values = self._who(used.subject), self._values(used.predicate, used.values)
        if family is Family.OWNERS:
            known = f"判明している{who}の所有者等は{values}です。"
            return known if values else f"{who}の所有者等は判明していません。"
        if family is Family.FITTED:
            return f"{who}は搭載されて{'います' if used.values == ('yes',) else 'いません'}。"
        if family is Family.CLEARED:
            return f"{who}は「{values}」として承認されています。"
        if family is Family.TAKEN_OFF and len(used.values) == 2:
            name, last = used.values[0], _day(date.fromisoformat(used.values[1]))
            return f"{who}は{last}まで「{name}」としてリストに掲載されていましたが、現在は掲載者として扱われません。"
        what = self._what(used.subject, used.predicate)
        if family is Family.MEASURE:
            return f"{what}は{'備わっているとされています' if used.values == ('yes',) else '備わっていません'}。"
        return f"{what}は{values}です。" if values else f"{what}はいません。"

    def source(self, evidence: Evidence | None) -> str:
        if evidence is None:
            return ""
        until = f"、有効期限{_day(evidence.expires)}" if evidence.expires is not None else ""
        return (
            f"出典:「{evidence.title}」({evidence.claimant}、{_day(evidence.dated)}、"
            f"{_GRADES[evidence.grade]}{until})。"
        )

    def list_used(self, used: ListUsed) -> str:
        if used.edition is None:
            return f"{self._list(used)}:効力を有する版はありませんでした。"
        return f"{self._list(used)}。"

    def changes(self, way: WouldChange) -> str:
        verdict = "不適合" if way.to is Outcome.FAIL else "適合"
        example = "例えば、" if way.to is Outcome.FAIL else ""
        conditions = "、かつ、".join(self._change(change, way.to) for change in way.changes)
        return f"{verdict}となる条件:{example}{conditions}。"

    def _change(self, change: Change, to: Outcome) -> str:
        return JAPANESE.template(change, to).format(
            what=self._what(change.subject, change.predicate),
            who=self._who(change.subject),
            values=self._values_of(change),
            grade="".join(_GRADE_NAMES.get(value, "") for value in change.values),
        )

    def _values_of(self, change: Change) -> str:
        _, code = split_predicate(change.predicate)
        if len(change.values) == len(JAPANESE.bounds):
            return JAPANESE.limit(change.values, unit_of(code))
        return self._values(change.predicate, change.values)

    def _who(self, subject: Subject) -> str:
        if subject.of is SubjectKind.LIST:
            return f"リスト「{subject.name_local or subject.name}」"
        if subject.of is SubjectKind.BUILD:
            return f"本機({subject.name})"
        if subject.of is not SubjectKind.VENDOR:
            part = f"({subject.name})" if subject.name else ""
            return f"{self._role(subject.role)}{part}"
        local = f"({subject.name_local})" if subject.name_local else ""
        party = _PARTIES.get(subject.party, "").format(role=self._role(subject.role))
        return f"{party}である{subject.name}{local}" if party else f"{subject.name}{local}"

    def _what(self, subject: Subject, predicate: str) -> str:
        family, code = split_predicate(predicate)
        who, term = self._who(subject), term_name(code, "ja")
        if family is Family.MEASURE:
            return f"{who}の安全対策「{term}」"
        if family is Family.CERTIFICATE:
            return f"{who}の認証等「{term}」"
        if family is Family.ATTRIBUTE:
            return f"{who}の「{term}」"
        if family is Family.FITTED:
            return f"{who}の搭載の有無及び内容"
        return f"{who}の{_PREDICATES.get(code, term)}"

    def _values(self, predicate: str, values: tuple[str, ...]) -> str:
        family, code = split_predicate(predicate)
        if family is Family.COUNTRY and all(len(value) == 2 for value in values):
            return "、".join(self.names.country(value) for value in values)
        if family is Family.ATTRIBUTE and is_quantity(code):
            return _range(values, unit_of(code))
        return "、".join(_STATES.get(value, value) for value in values)

    def _role(self, role: str) -> str:
        return ROLES[role].ja if role in ROLES else term_name(role, "ja")

    def _list(self, used: ListUsed) -> str:
        edition = f"({_day(used.edition)}版)" if used.edition is not None else ""
        return f"リスト「{used.name.ja or used.name.en or used.code}」{edition}"

    def _entry(self, entry: EntryUsed) -> str:
        return f"{self._list(entry.list)}の項目「{entry.name}」"

    @staticmethod
    def _suppliers(suppliers: tuple[SuppliedBy, ...]) -> str:
        return "又は".join(_SUPPLIERS[each] for each in suppliers)


def _share(edge: Edge) -> str:
    if not share_known(edge):
        return "割合不明の持分"
    low, high = decimal_text(edge.low), decimal_text(edge.high)
    return f"{low}%" if low == high else f"{low}%以上{high}%以下"


def _range(values: tuple[str, ...], unit: str) -> str:
    """One value when it is exact, else its two ends, of which an empty one is open."""
    if len(values) < 2:
        return f"{''.join(values)} {unit}".strip()
    low, high = (f"{value} {unit}".strip() if value else "" for value in values)
    return "".join((f"{low}以上" if low else "", f"{high}以下" if high else ""))


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
