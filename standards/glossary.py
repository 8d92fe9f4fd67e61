"""The words of the registry, as its pages, its code and its interface use them."""

from dataclasses import dataclass
from typing import Final

from standards.terms import Term, Vocabulary


@dataclass(frozen=True, slots=True)
class Word(Term):
    """A word with what it means; `see` names words that it is best read with."""

    means_en: str
    means_ja: str
    see: tuple[str, ...] = ()

    def meaning(self, language: str) -> str:
        """In the language that `label` would answer in."""
        return self.means_ja if self.label(language) == self.ja else self.means_en


WORDS: Final = Vocabulary(
    "word of the glossary",
    Word(
        "agency",
        "Agency",
        "機関",
        "A body of the government. Agencies form a tree, and a role at one covers all below it.",
        "国や自治体の組織です。木構造をなし、ある機関での役割はその下の機関にも及びます。",
    ),
    Word(
        "vendor",
        "Vendor",
        "事業者",
        "Any company or body that makes, assembles, designs, supplies or owns. These are roles of one vendor,"
        " not kinds of vendors.",
        "製造、組立て、設計、供給、所有などに関わる会社や団体です。製造者や供給者は役割であり、別の種類の事業者ではありません。",
        ("ownership-link",),
    ),
    Word(
        "ownership-link",
        "Ownership link",
        "資本・支配関係",
        "That one vendor holds shares of another, controls it, licenses a design to it or is affiliated with it. It"
        " has dates, a source, and a share that may be a range. Sources that contradict each other stand side by side.",
        "ある事業者が他の事業者の株式を持つ、支配する、設計を許諾する、又は関連会社であることを表します。"
        "日付と出典、幅で示されることもある持分を伴います。食い違う出典は並べて残します。",
        ("vendor",),
    ),
    Word(
        "model",
        "Drone model",
        "機種",
        "What a maker sells under one name.",
        "製造者が一つの名称で販売する型です。",
        ("build",),
    ),
    Word(
        "build",
        "Build",
        "構成",
        "One configuration of a model: a bundle, a lot or a line of firmware, with components and origins of its own."
        " Rules judge builds, because two aircraft of one model may differ in all that matters.",
        "機種の一つの仕様です。セット、製造ロット、ファームウェア系列などの違いごとに、部品と原産地を持ちます。"
        "同じ機種でも中身が異なり得るため、条項は構成ごとに判定します。",
        ("model", "component"),
    ),
    Word(
        "component",
        "Component",
        "部品",
        "A part of a build with a role, such as flight controller or radio, its maker, and the places where it is made"
        " and developed and where its data lie.",
        "構成の一部です。飛行制御装置や無線装置などの役目、製造者、製造地、開発地、データの保存地を記録します。",
        ("build",),
    ),
    Word(
        "drone",
        "Drone",
        "無人航空機",
        "One aircraft, with its serial number, agency, build, status and missions. It is never deleted.",
        "個々の機体です。製造番号、機関、構成、状態、業務区分を持ち、削除されることはありません。",
        ("build", "standing"),
    ),
    Word(
        "mission",
        "Mission",
        "業務区分",
        "The kind of work that an aircraft is used for. The policies in force say which missions are sensitive.",
        "機体を使う業務の種類です。どの業務区分を機微とするかは、施行中の方針が定めます。",
        ("policy",),
    ),
    Word(
        "declaration",
        "Declaration",
        "証憑",
        "The paper behind a fact: who says so, when, until when it is good, and how well it was checked.",
        "事実の裏付けとなる書面です。誰が、いつ、いつまで有効として述べ、どこまで確認されたかを示します。",
        ("grade",),
    ),
    Word(
        "grade",
        "Grade of evidence",
        "裏付けの程度",
        "Claimed: somebody says so. Documented: a steward has checked it against a paper. Verified: it was tested or"
        " confirmed independently. A rule names the least grade that it accepts.",
        "「申告のみ」は述べられただけのもの、「書面あり」は台帳管理者が書面と照合したもの、「確認済み」は独立に試験又は確認されたものです。"
        "条項は、受け入れる最低の程度を定めます。",
        ("declaration", "steward"),
    ),
    Word(
        "steward",
        "Steward",
        "台帳管理者",
        "Keeps the catalogue of vendors, models and builds, and checks what others propose; never a claim of their own.",
        "事業者、機種、構成の台帳を管理し、他の人の申告を確認します。自分の申告を自分で確認することはできません。",
        ("grade",),
    ),
    Word(
        "policy",
        "Policy",
        "方針",
        "What the government demands of its drones, under one name.",
        "政府が無人航空機に求める事柄を、一つの名称でまとめたものです。",
        ("version", "rule"),
    ),
    Word(
        "version",
        "Version",
        "版",
        "One dated text of a policy. It is never changed once published, and two officers are needed to publish it.",
        "日付を持つ方針の本文です。公開後は変更されず、公開には二人の担当者が必要です。",
        ("policy",),
    ),
    Word(
        "rule",
        "Rule",
        "条項",
        "One clause of a version that can be evaluated: what it looks at, whom it concerns, and what follows.",
        "判定できる形にした版の一項目です。何を見て、誰に適用し、結果として何が起こるかを定めます。",
        ("result", "level"),
    ),
    Word(
        "level",
        "Level",
        "効果",
        "What a finding leads to. Inform: it is said. Consult: the central authority is asked. Block: it is not approved"
        " without a waiver.",
        "該当したときの扱いです。「情報提供」は知らせるだけ、「要協議」は中央の担当に意見を求め、「取得不可」は適用除外なしには承認されません。",
        ("rule", "waiver"),
    ),
    Word(
        "list",
        "List",
        "リスト",
        "Places, vendors or cleared builds that rules refer to. A list has dated editions that never change; an edition"
        " has entries.",
        "条項が参照する国・地域、事業者、又は認められた構成の一覧です。日付を持つ不変の版があり、版は項目から成ります。",
        ("rule",),
    ),
    Word(
        "result",
        "Result",
        "判定",
        "What one rule says of one build: pass, fail, unknown or not applicable, with the facts, the path and the sources"
        " that led to it. Unknown means that evidence is missing; it is neither a pass nor a fail.",
        "一つの条項が一つの構成について出した結論です。適合、不適合、不明、対象外のいずれかで、根拠となる事実、経路、出典を伴います。"
        "「不明」は証拠が足りないことを意味し、適合でも不適合でもありません。",
        ("rule", "standing"),
    ),
    Word(
        "standing",
        "Standing",
        "適合状況",
        "What an aircraft may do on a day, the worst first: ground now, phase out by a day, training only, undetermined,"
        " waived until a day, clear.",
        "ある日にその機体をどう扱えるかです。厳しい順に、使用停止、期限付き使用、訓練限定、未確定、適用除外、適合となります。",
        ("result", "waiver"),
    ),
    Word(
        "purchase",
        "Purchase",
        "調達案件",
        "A request to buy, lease, borrow or be given aircraft, parts or services for them, or to have them flown by a"
        " contractor.",
        "機体、部品、役務の購入、賃借、借受け、受贈、又は受託者による飛行を求める案件です。",
        ("dossier", "review"),
    ),
    Word(
        "offer",
        "Offer",
        "応札",
        "What a supplier offers for an approved specification. Here the build becomes known, and is reviewed.",
        "承認された仕様に対する供給者の提案です。ここで構成が決まり、審査を受けます。",
        ("purchase", "build"),
    ),
    Word(
        "review",
        "Review",
        "審査",
        "The stages that a purchase passes before it may be ordered. Nobody decides on a purchase that they had a hand in.",
        "発注の前に案件が通る段階です。自分が関わった案件について決定することは誰にもできません。",
        ("purchase", "round"),
    ),
    Word(
        "round",
        "Round",
        "回",
        "One passage through review. Each return, offer or recheck begins another, and one person decides once in a round.",
        "審査の一巡です。差戻し、応札、再確認のたびに新しい回が始まり、一人は一回につき一度だけ決定できます。",
        ("review",),
    ),
    Word(
        "dossier",
        "Dossier",
        "審査調書",
        "The frozen document that a reviewer decides on: the request, facts, results and waivers of that moment, under one"
        " digest. When anything in it no longer holds, it is reviewed again.",
        "審査者が決定の対象とする固定された文書です。その時点の案件、事実、判定、適用除外を一つのダイジェストで束ねます。"
        "内容が成り立たなくなれば、再び審査されます。",
        ("review", "digest"),
    ),
    Word(
        "digest",
        "Digest",
        "ダイジェスト",
        "A short number computed from a document. Two documents with the same digest are the same.",
        "文書から計算される短い値です。ダイジェストが同じ文書は同一の文書です。",
        ("dossier",),
    ),
    Word(
        "waiver",
        "Waiver",
        "適用除外",
        "A narrow, dated exception from rules, decided by two people. It ends by itself, and what the result would be"
        " without it stays visible.",
        "条項からの、範囲と期間を限った例外です。二人が決定し、期限が来れば自動的に終わります。適用除外がない場合の判定も常に表示されます。",
        ("rule", "standing"),
    ),
    Word(
        "grounding",
        "Grounding",
        "飛行停止",
        "That an aircraft is not flown for now, because of its condition or an advisory on its build or firmware.",
        "機体の状態や、構成・ファームウェアに関する注意喚起により、当面飛行させないことです。",
        ("standing",),
    ),
)
