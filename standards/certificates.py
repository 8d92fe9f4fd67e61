"""Papers that an aircraft has to hold to be flown, as Japanese law names them.

Registration, type and airworthiness certificates and Remote ID stand in the Civil Aeronautics
Act (航空法) as amended for 2022; the licence of the radio station in the Radio Act (電波法).
A certificate says nothing about origin.
"""

from standards.terms import Term, Vocabulary

CERTIFICATES = Vocabulary(
    "certificate",
    Term("registration", "Registration of the aircraft", "機体登録"),
    Term("remote_id", "Remote ID", "リモートID"),
    Term("type_certificate", "Type certificate", "型式認証"),
    Term("airworthiness_certificate", "Airworthiness certificate", "機体認証"),
    Term("radio_licence", "Licence of the radio station", "無線局免許"),
)
