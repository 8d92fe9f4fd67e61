"""What would change a result, in words: the templates of both languages, and which of them a change needs."""

from collections.abc import Mapping
from dataclasses import dataclass

from policy.trace import Change, Outcome, Remedy
from policy.wording import Family, split_predicate

Special = Mapping[tuple[str, Remedy], str]


@dataclass(frozen=True, slots=True)
class ChangeWords:
    """Templates over {what} the fact, {who} its subject, {values} and {grade}.

    `plain` stands where no declaration is asked for, `by_paper` where `grade` says of which
    grade it has to be. `other_value` and `control` are pairs: as it would pass, as it would fail.
    `bounds` has the words of at_least, at_most and below, over {value}.
    """

    plain: Mapping[Remedy, str]
    by_paper: Mapping[Remedy, str]
    by_family: Mapping[tuple[Family, Remedy], str]
    special: Special
    other_value: Mapping[Family, tuple[str, str]]
    other: tuple[str, str]
    control: tuple[str, str]
    fit: tuple[str, str]
    bounds: tuple[str, str, str]
    joint: str

    def template(self, change: Change, to: Outcome) -> str:
        family, code = split_predicate(change.predicate)
        place = 0 if to is Outcome.PASS else 1
        if (code, change.remedy) in self.special:
            return self.special[code, change.remedy]
        if change.remedy is Remedy.FIT:
            return self.fit[0 if change.values == ("yes",) else 1]
        if change.remedy is Remedy.OTHER_VALUE:
            controlled = code == "maker_controlled_from"
            pair = self.control if controlled else self.other_value.get(family, self.other)
            return pair[place]
        if (family, change.remedy) in self.by_family and change.values:
            return self.by_family[family, change.remedy]
        by_paper = change.values and change.remedy in self.by_paper
        return (self.by_paper if by_paper else self.plain)[change.remedy]

    def limit(self, values: tuple[str, ...], unit: str) -> str:
        """The bounds of a quantity; empty ones do not bind."""
        pairs = zip(self.bounds, values, strict=True)
        return self.joint.join(
            words.format(value=f"{value} {unit}".strip()) for words, value in pairs if value
        )


ENGLISH = ChangeWords(
    plain={
        Remedy.SUPPLY: "{what} were known and of no concern",
        Remedy.BETTER_EVIDENCE: "{what} were shown by a declaration that has not expired",
        Remedy.RESOLVE_DISPUTE: "the dispute about {what} were settled without concern",
        Remedy.SETTLE_RANGE: "{what} were settled without concern",
        Remedy.SHARE_BELOW: "holders of concern together held less than {values} % of {who}",
        Remedy.END_LINK: "the link of {who} with {values} ended",
        Remedy.OFF_THE_LIST: "{who} were no longer on the list",
        Remedy.ON_THE_LIST: "{who} were on the list",
        Remedy.OTHER_PARTY: "somebody else took the place of {who}",
        Remedy.MEET_LIMIT: "{what} were shown to be {values}",
        Remedy.MISS_LIMIT: "{what} were not {values}",
        Remedy.FIT_OF_CONCERN: "{who} were fitted and of concern",
    },
    by_paper={
        Remedy.SUPPLY: "{what} were shown by a {grade} declaration to be of no concern",
        Remedy.BETTER_EVIDENCE: "{what} were shown by a {grade} declaration that has not expired",
        Remedy.RESOLVE_DISPUTE: (
            "the dispute about {what} were settled without concern by a {grade} declaration"
        ),
    },
    by_family={
        (Family.MEASURE, Remedy.SUPPLY): "{what} were shown by a {grade} declaration",
        (
            Family.CERTIFICATE,
            Remedy.SUPPLY,
        ): "{what} were shown by a {grade} declaration to be valid",
    },
    special={
        ("owners", Remedy.SUPPLY): "it were known who owns {who}, and none of them were of concern",
        ("listed", Remedy.SETTLE_RANGE): "it were settled that the list does not reach {who}",
        ("maker_controlled_from", Remedy.SETTLE_RANGE): (
            "it were settled that {who} is not controlled from a place of concern"
        ),
        ("configuration", Remedy.SUPPLY): "it were known which configuration {who} has",
        ("edition", Remedy.SUPPLY): "an edition of {who} that raises no concern were in force",
        ("fitted", Remedy.SUPPLY): "{who} were known not to be fitted, or to be of no concern",
        ("licensor", Remedy.ON_THE_LIST): "{what} were on the list",
        ("cleared", Remedy.ON_THE_LIST): "a valid entry of the list cleared {who}",
        ("cleared", Remedy.OFF_THE_LIST): "no valid entry of the list cleared {who}",
    },
    other_value={
        Family.COUNTRY: (
            "{what} were shown not to be {values}",
            "{what} were a place of concern",
        ),
        Family.MEASURE: ("{what} were shown", "{what} were absent"),
        Family.ATTRIBUTE: ("{what} met the limit", "{what} missed the limit"),
        Family.CERTIFICATE: ("{what} were shown to be valid", "{what} were not valid"),
    },
    other=("{what} were of no concern", "{what} were of concern"),
    control=(
        "{who} were controlled from no place of concern",
        "{who} were controlled from a place of concern",
    ),
    fit=("{who} were fitted", "{who} were not fitted"),
    bounds=("at least {value}", "at most {value}", "below {value}"),
    joint=" and ",
)

JAPANESE = ChangeWords(
    plain={
        Remedy.SUPPLY: "{what}が判明し、懸念がないこと",
        Remedy.BETTER_EVIDENCE: "{what}が有効期限内の証憑で示されること",
        Remedy.RESOLVE_DISPUTE: "{what}に関する争いが懸念なく解消されること",
        Remedy.SETTLE_RANGE: "{what}が懸念なく確定すること",
        Remedy.SHARE_BELOW: "懸念のある者が保有する{who}の持分が合計{values}%未満になること",
        Remedy.END_LINK: "{who}と{values}との関係が終了すること",
        Remedy.OFF_THE_LIST: "{who}がリストから外れること",
        Remedy.ON_THE_LIST: "{who}がリストに掲載されること",
        Remedy.OTHER_PARTY: "{who}が別の者に代わること",
        Remedy.MEET_LIMIT: "{what}が{values}であると示されること",
        Remedy.MISS_LIMIT: "{what}が{values}でないこと",
        Remedy.FIT_OF_CONCERN: "{who}が搭載され、懸念のあるものであること",
    },
    by_paper={
        Remedy.SUPPLY: "{what}に懸念がないことが証憑({grade})で示されること",
        Remedy.BETTER_EVIDENCE: "{what}が有効期限内の証憑({grade})で示されること",
        Remedy.RESOLVE_DISPUTE: "{what}に関する争いが証憑({grade})により懸念なく解消されること",
    },
    by_family={
        (Family.MEASURE, Remedy.SUPPLY): "{what}が証憑({grade})で示されること",
        (Family.CERTIFICATE, Remedy.SUPPLY): "{what}が有効であることが証憑({grade})で示されること",
    },
    special={
        ("owners", Remedy.SUPPLY): "{who}を所有する者が判明し、そのいずれにも懸念がないこと",
        ("listed", Remedy.SETTLE_RANGE): "{who}がリスト掲載者の影響下にないことが確定すること",
        ("maker_controlled_from", Remedy.SETTLE_RANGE): (
            "{who}が懸念国・地域から支配されていないことが確定すること"
        ),
        ("configuration", Remedy.SUPPLY): "{who}の構成が判明すること",
        ("edition", Remedy.SUPPLY): "{who}について、懸念を生じない版が効力を有すること",
        ("fitted", Remedy.SUPPLY): "{who}が搭載されていないこと、又は懸念がないことが判明すること",
        ("licensor", Remedy.ON_THE_LIST): "{what}がリストに掲載されること",
        ("cleared", Remedy.ON_THE_LIST): "{who}がリストの有効な項目により承認されること",
        ("cleared", Remedy.OFF_THE_LIST): "{who}を承認する有効な項目がリストになくなること",
    },
    other_value={
        Family.COUNTRY: (
            "{what}が{values}ではないと示されること",
            "{what}が懸念国・地域であること",
        ),
        Family.MEASURE: ("{what}が示されること", "{what}が備わっていないこと"),
        Family.ATTRIBUTE: ("{what}が条件を満たすこと", "{what}が条件を満たさないこと"),
        Family.CERTIFICATE: ("{what}が有効であると示されること", "{what}が有効でないこと"),
    },
    other=("{what}に懸念がないこと", "{what}に懸念があること"),
    control=(
        "{who}が懸念国・地域から支配されていないこと",
        "{who}が懸念国・地域から支配されること",
    ),
    fit=("{who}が搭載されること", "{who}が搭載されないこと"),
    bounds=("{value}以上", "{value}以下", "{value}未満"),
    joint="かつ",
)
