"""Kinds of work that aircraft are used for.

Which of them are sensitive is decided by each version of a policy, never here. The codes are
as fine as the four groups of critical work of the Japanese agreement of 14 September 2020
need them, so that a policy can name some of a group and not the others.
"""

from standards.terms import Term, Vocabulary

MISSIONS = Vocabulary(
    "mission",
    Term("defence", "Defence", "防衛"),
    Term("criminal_investigation", "Criminal investigation", "犯罪捜査"),
    Term("guarding", "Guarding of persons and places", "警備・警護"),
    Term("maritime_patrol", "Maritime patrol", "海上の警戒監視"),
    Term(
        "infrastructure_inspection",
        "Inspection of critical infrastructure",
        "重要インフラの点検",
    ),
    Term("facility_inspection", "Inspection of other facilities", "その他の施設の点検"),
    Term(
        "confidential_survey",
        "Survey handling confidential information",
        "秘匿性の高い情報を扱う測量",
    ),
    Term("general_survey", "General survey and mapping", "一般の測量・調査"),
    Term("rescue", "Search and rescue", "捜索・救助"),
    Term("disaster_response", "Disaster response", "災害対応"),
    Term("environment_monitoring", "Environmental monitoring", "環境監視"),
    Term("forestry", "Forestry", "森林管理"),
    Term("agriculture", "Agriculture and fisheries", "農林水産(森林管理を除く)"),
    Term("transport", "Transport of goods", "物資輸送"),
    Term("research", "Research and testing", "研究・試験"),
    Term("training", "Flight training", "操縦訓練"),
    Term("public_relations", "Photography and public relations", "広報・撮影"),
)
