"""The columns of a spreadsheet of aircraft: what people call them, and the words that stand in them.

`HEADINGS` and the word lists are data: add a spelling, and it is read. Headings are compared without
case, width, spaces, punctuation and what stands in brackets.
"""

from collections.abc import Mapping
from types import MappingProxyType

from registry.models import Drone
from standards.missions import MISSIONS
from standards.sheets.cells import plain
from standards.sheets.refusals import CellRefused, Said
from standards.sheets.tables import heading_key

Status, Acquired = Drone.Status, Drone.Acquired

HEADINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "maker": (
            "maker",
            "manufacturer",
            "make",
            "brand",
            "vendor",
            "メーカー",
            "メーカ",
            "メーカー名",
            "製造者",
            "製造者名",
            "製造元",
            "製造会社",
            "製造事業者",
            "製造業者",
            "製造メーカー",
            "ブランド",
        ),
        "model": (
            "model",
            "drone model",
            "model name",
            "aircraft",
            "aircraft model",
            "機種",
            "機種名",
            "型式",
            "型番",
            "形式",
            "製品名",
            "機体名",
            "機体名称",
            "機体の名称",
            "品名",
            "モデル",
            "モデル名",
            "製造者及び機種",
            "メーカー機種",
            "メーカー型式",
            "機体",
            "ドローン名",
        ),
        "serial_number": (
            "serial number",
            "serial no",
            "serial",
            "s/n",
            "sn",
            "製造番号",
            "シリアル番号",
            "シリアルナンバー",
            "シリアル",
            "シリアルno",
            "機体番号",
            "機番",
            "製造no",
            "製番",
        ),
        "serial_missing_because": (
            "why there is no serial number",
            "reason for no serial number",
            "no serial because",
            "製造番号がない理由",
            "製造番号なしの理由",
            "製造番号のない理由",
            "製造番号欠落理由",
        ),
        "asset_tag": (
            "asset tag",
            "tag",
            "registry tag",
            "label",
            "資産タグ",
            "管理タグ",
            "ラベル番号",
            "タグ",
        ),
        "registration_id": (
            "registration id",
            "registration",
            "registration number",
            "registration mark",
            "ju number",
            "登録記号",
            "登録番号",
            "機体登録記号",
            "機体登録番号",
            "無人航空機登録記号",
            "ju番号",
        ),
        "status": ("status", "state", "状態", "状況", "使用状況", "運用状況", "稼働状況", "現況"),
        "missions": (
            "missions",
            "mission",
            "use",
            "purpose",
            "業務区分",
            "業務",
            "用途",
            "使用目的",
            "利用目的",
            "使用用途",
            "活用業務",
            "目的",
        ),
        "custodian_name": (
            "custodian",
            "person in charge",
            "keeper",
            "管理者",
            "管理者名",
            "管理責任者",
            "保管者",
            "物品管理担当",
            "担当者",
            "担当者名",
            "使用者",
            "使用責任者",
        ),
        "place": (
            "place",
            "location",
            "site",
            "office",
            "場所",
            "保管場所",
            "設置場所",
            "配備場所",
            "配備先",
            "配置",
            "配置先",
            "保管先",
            "所在",
            "所在地",
            "部署",
            "配属",
            "事務所",
            "所属",
            "配備部署",
        ),
        "acquired_on": (
            "acquired on",
            "acquired",
            "acquisition date",
            "date of acquisition",
            "purchase date",
            "purchased on",
            "date purchased",
            "取得日",
            "取得年月日",
            "購入日",
            "購入年月日",
            "導入日",
            "導入年月日",
            "納入日",
            "納品日",
            "調達日",
            "調達年月日",
            "配備日",
            "取得時期",
            "購入時期",
        ),
        "acquired_how": (
            "acquired by",
            "acquired how",
            "acquisition",
            "acquisition method",
            "取得方法",
            "取得区分",
            "調達方法",
            "調達区分",
            "取得の方法",
            "導入方法",
            "取得形態",
            "契約形態",
        ),
        "price": (
            "price",
            "unit price",
            "cost",
            "amount",
            "purchase price",
            "価格",
            "単価",
            "金額",
            "購入価格",
            "取得価格",
            "取得価額",
            "取得金額",
            "購入金額",
            "調達価格",
            "契約金額",
            "税込価格",
            "本体価格",
            "価額",
        ),
        "currency": ("currency", "通貨", "通貨単位"),
        "firmware": (
            "firmware",
            "firmware version",
            "fw",
            "ファームウェア",
            "ファームウエア",
            "ファームウェア版",
            "ファームウェアバージョン",
            "fwバージョン",
        ),
        "flight_hours": (
            "flight hours",
            "hours",
            "flight time",
            "total hours",
            "飛行時間",
            "総飛行時間",
            "累計飛行時間",
            "累積飛行時間",
            "飛行時間累計",
        ),
        "note": (
            "note",
            "notes",
            "remarks",
            "comment",
            "comments",
            "備考",
            "摘要",
            "メモ",
            "特記事項",
            "コメント",
        ),
        "quantity": (
            "quantity",
            "qty",
            "count",
            "数量",
            "台数",
            "機数",
            "数",
            "個数",
            "保有数",
            "保有台数",
        ),
    }
)

STATUS_WORDS: Mapping[str, tuple[str, ...]] = {
    Status.IN_SERVICE: (
        "in service",
        "in use",
        "active",
        "operational",
        "運用中",
        "使用中",
        "稼働中",
        "稼働",
        "運用",
        "現用",
        "使用",
        "配備",
        "配備中",
        "可",
        "良",
    ),
    Status.STORED: (
        "stored",
        "in store",
        "storage",
        "spare",
        "reserve",
        "保管",
        "保管中",
        "予備",
        "予備機",
        "倉庫",
        "休止",
        "休止中",
        "未使用",
        "遊休",
    ),
    Status.GROUNDED: (
        "grounded",
        "out of service",
        "suspended",
        "飛行停止",
        "飛行停止中",
        "使用停止",
        "使用停止中",
        "停止中",
        "運用停止",
        "飛行禁止",
        "故障",
        "故障中",
        "修理中",
        "使用不可",
    ),
}
"""The statuses in which an aircraft may be entered; every other follows from what is recorded on its page."""

LATER_WORDS = (
    "lent",
    "lost",
    "transferred",
    "disposed",
    "disposed of",
    "貸出",
    "貸出中",
    "貸与",
    "貸与中",
    "紛失",
    "亡失",
    "滅失",
    "廃棄",
    "廃棄済",
    "廃棄済み",
    "処分",
    "処分済",
    "処分済み",
    "移管",
    "移管済",
    "譲渡",
    "返却",
    "返却済",
)

ACQUIRED_WORDS: Mapping[str, tuple[str, ...]] = {
    Acquired.PURCHASE: (
        "purchase",
        "purchased",
        "bought",
        "buy",
        "購入",
        "買取",
        "買入",
        "買入れ",
        "調達",
        "物品購入",
        "売買",
    ),
    Acquired.LEASE: (
        "lease",
        "leased",
        "rent",
        "rental",
        "リース",
        "賃借",
        "賃貸借",
        "借上",
        "借上げ",
        "レンタル",
        "借入",
    ),
    Acquired.DONATION: ("donation", "donated", "gift", "寄附", "寄付", "寄贈", "無償譲受", "受贈"),
    Acquired.TRANSFER: (
        "transfer",
        "transferred",
        "移管",
        "管理換",
        "管理換え",
        "所管換",
        "所管換え",
        "保管転換",
    ),
    Acquired.OTHER: ("other", "another way", "その他", "自作", "製作"),
    Acquired.UNKNOWN: ("not known",),
}

MISSION_WORDS: Mapping[str, tuple[str, ...]] = {
    "criminal_investigation": ("捜査", "investigation"),
    "guarding": ("警備", "警護", "security", "guarding"),
    "maritime_patrol": (
        "海上警戒監視",
        "海上監視",
        "警戒監視",
        "パトロール",
        "巡視",
        "maritime patrol",
    ),
    "infrastructure_inspection": (
        "インフラ点検",
        "重要インフラ点検",
        "橋梁点検",
        "ダム点検",
        "infrastructure",
    ),
    "facility_inspection": ("施設点検", "設備点検"),
    "confidential_survey": ("秘匿測量",),
    "general_survey": ("測量", "調査", "地図作成", "mapping", "survey"),
    "rescue": (
        "捜索救助",
        "捜索",
        "救助",
        "救難",
        "人命救助",
        "search and rescue",
        "sar",
        "rescue",
    ),
    "disaster_response": ("災害", "災害調査", "被災状況調査", "防災", "災害時", "disaster"),
    "environment_monitoring": ("環境調査", "環境測定", "monitoring"),
    "forestry": ("森林", "林業", "森林調査"),
    "agriculture": ("農業", "農薬散布", "農林水産", "水産"),
    "transport": ("輸送", "運搬", "物流", "transport"),
    "research": ("研究", "試験", "実験", "研究開発"),
    "training": ("訓練", "練習", "教育", "研修", "操縦練習", "飛行訓練"),
    "public_relations": ("広報", "撮影", "空撮", "photography"),
}

NO_SERIAL_WORDS = (
    "なし",
    "無し",
    "無",
    "none",
    "no serial",
    "番号なし",
    "刻印なし",
    "銘板なし",
    "不明",
    "unknown",
    "読取不能",
    "判読不能",
)
"""In the place of a serial number they say that there is none, and are kept as the reason."""

EXAMPLES = Said(
    "maker, model, serial number, status, place, acquired on, price, note",
    "製造者、機種、製造番号、状態、配備場所、取得日、価格、備考",
)


def _keys(words: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {heading_key(word)[0]: name for name, many in words.items() for word in many}


FIELD_OF_HEADING: Mapping[str, str] = MappingProxyType(_keys(HEADINGS))
_STATUS = _keys(STATUS_WORDS) | {heading_key(code)[0]: code for code in STATUS_WORDS}
_LATER = {heading_key(word)[0] for word in LATER_WORDS}
_ACQUIRED = _keys(ACQUIRED_WORDS)
_MISSION = _keys(MISSION_WORDS) | {
    heading_key(word)[0]: term.code for term in MISSIONS for word in (term.code, term.en, term.ja)
}
_NO_SERIAL = {heading_key(word)[0] for word in NO_SERIAL_WORDS}


def says_no_serial(text: str) -> bool:
    return heading_key(text)[0] in _NO_SERIAL


def status_of(text: str) -> str:
    """Raises `CellRefused` for a word that is not known, or a status that only an event leads to."""
    key = heading_key(text)[0]
    if key in _LATER:
        raise CellRefused(
            f"An aircraft is entered as in service, stored or grounded. Enter it so, and record “{plain(text)}”"
            " on its page, with the day and the reason.",
            f"機体は「運用中」「保管」「飛行停止」のいずれかで登録します。登録後、機体のページで"
            f"「{plain(text)}」を日付及び理由とともに記録してください。",
        )
    return _one_of(text, _STATUS, "in service, stored, grounded", "運用中、保管、飛行停止")


def acquired_of(text: str) -> str:
    return _one_of(
        text,
        _ACQUIRED,
        "purchase, lease, donation, transfer, other",
        "購入、リース、寄附、移管、その他",
    )


def mission_of(text: str) -> str:
    return _one_of(
        text,
        _MISSION,
        ", ".join(term.en for term in MISSIONS),
        "、".join(term.ja for term in MISSIONS),
    )


def _one_of(text: str, words: Mapping[str, str], en: str, ja: str) -> str:
    try:
        return words[heading_key(text)[0]]
    except KeyError:
        raise CellRefused(
            f"“{plain(text)}” is none of the words known here. Write one of: {en}.",
            f"「{plain(text)}」は登録されていない語です。次のいずれかを記入してください: {ja}。",
        ) from None
