"""Security measures that an aircraft with its ground side can have.

The set joins what press and guidelines say that Japanese agencies have to ask for since 2020
(no leak of flight records and images, no takeover, care with later rewriting of software) with
the control list of the US memorandum M-26-02 on unmanned aircraft. Which of them are required,
and for which work, is decided by each version of a policy, never here.
"""

from standards.terms import Term, Vocabulary

MEASURES = Vocabulary(
    "security measure",
    Term("encryption_at_rest", "Encryption of stored data", "保存データの暗号化"),
    Term("encryption_of_links", "Encryption of radio and network links", "通信の暗号化"),
    Term("access_control", "Access control of users", "利用者の認証及びアクセス制御"),
    Term("takeover_protection", "Protection against takeover in flight", "飛行中の乗っ取り防止"),
    Term("update_control", "Control of updates", "ソフトウェア更新の管理"),
    Term("data_location", "Data kept where the agency decides", "データの保存場所の管理"),
    Term(
        "transmission_control",
        "No transmission that the operator does not want",
        "運用者の意図しない送信の防止",
    ),
    Term("offline_operation", "Operation without a network", "ネットワークに接続しない運用"),
    Term("data_deletion", "Deletion of data after a mission", "業務終了後のデータ消去"),
    Term("remote_wipe", "Deletion of data from a distance", "遠隔からのデータ消去"),
    Term("event_logging", "Records of access and operation", "アクセス及び操作の記録"),
    Term("vulnerability_handling", "Handling of reported weaknesses", "脆弱性への対応"),
)
