"""What somebody has seen is for them alone: not for others of their agency, and not for the centre."""

from audit.operations import Sql

OWN = Sql(
    """
    create policy procurement_look_own on procurement_look as restrictive
      using (person_id = (select app_person())) with check (person_id = (select app_person()));
    """,
    "drop policy procurement_look_own on procurement_look;",
)
