"""By when a review is due, as the database reckons it: in working days, with the clock standing while evidence is asked for.

The day is stored with the purchase by the trigger that moves it, so that a list of what is overdue is one
comparison (docs/adr/0019-due-days-are-stored.md). The days on which nobody works are those of
standards/working_days.py, laid down in a table.
"""

from audit.operations import Sql
from standards.working_days import FIRST_YEAR, LAST_YEAR, closed_weekdays


def closed_days() -> Sql:
    """The table of weekdays on which administrative bodies do not work, filled anew."""
    days = [day for year in range(FIRST_YEAR, LAST_YEAR + 1) for day in closed_weekdays(year)]
    values = ", ".join(f"('{day.isoformat()}')" for day in days)
    return Sql(
        f"delete from procurement_closed_day; insert into procurement_closed_day (day) values {values};"  # noqa: S608  # days of a calendar
    )


CALENDAR = Sql(
    """
    create table procurement_closed_day (day date primary key);
    revoke insert, update, delete on procurement_closed_day from {app}, {central};

    create function procurement_works(day date) returns boolean language sql stable as $$
      select extract(isodow from day) < 6 and not exists (select 1 from procurement_closed_day c where c.day = $1) $$;

    -- The working day that comes so many working days after this day.
    create function procurement_working_day_after(day date, count int) returns date language sql stable as $$
      select d::date from generate_series(day + 1, day + 2 * count + 30, interval '1 day') d
      where procurement_works(d::date) order by d offset count - 1 limit 1 $$;

    -- How many working days follow the first day up to and with the second.
    create function procurement_working_days_between(a date, b date) returns int language sql stable as $$
      select count(*)::int from generate_series(a + 1, b, interval '1 day') d where procurement_works(d::date) $$;

    create function procurement_day(at timestamptz) returns date language sql stable
    as $$ select (at at time zone '{timezone}')::date $$;
    """,
    """
    drop function procurement_day(timestamptz); drop function procurement_working_days_between(date, date);
    drop function procurement_working_day_after(date, int); drop function procurement_works(date);
    drop table procurement_closed_day;
    """,
)

TERMS = Sql(
    """
    revoke insert, update, delete on procurement_reviewterm from {app}, {central};
    insert into procurement_reviewterm (code, working_days) values
      ('agency_review', 5), ('security_review', 10), ('consultation', 20), ('emergency', 10), ('claim', 5);
    """,
    "delete from procurement_reviewterm;",
)

DUE = Sql(
    """
    create function procurement_term(of text) returns int language sql stable
    as $$ select r.working_days::int from procurement_reviewterm r where r.code = of $$;

    -- `p` as it was, moved by `t` at this moment. While evidence was asked for the clock stood. Of an emergency order the
    -- whole review, up to its first approval, is due so many working days after the order, whatever way it goes.
    create function procurement_due_on(p procurement_purchase, t procurement_transition, at timestamptz)
    returns date language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    declare today date := procurement_day(at); kept date := p.due_on; stood int;
    begin
      if p.evidence_asked_at is not null and (t.action = 'give_evidence' or t.to_status <> p.status) then
        stood := procurement_working_days_between(procurement_day(p.evidence_asked_at), today);
        if stood > 0 then kept := procurement_working_day_after(kept, stood); end if;
      end if;
      if t.to_status = p.status then
        return kept;
      end if;
      if t.action = 'order_first' then
        return procurement_working_day_after(today, procurement_term('emergency'));
      end if;
      if p.ordered_first_at is not null and t.to_status in ('draft', 'agency_review', 'security_review', 'consultation')
         and not exists (select 1 from procurement_move m where m.purchase_id = p.id and m.to_status = 'approved') then
        return kept;
      end if;
      if t.to_status not in ('agency_review', 'security_review', 'consultation') then
        return null;
      end if;
      return procurement_working_day_after(today, procurement_term(t.to_status));
    end $$;
    """,
    """
    drop function procurement_due_on(procurement_purchase, procurement_transition, timestamptz);
    drop function procurement_term(text);
    """,
)

# What is under way when this comes: reckoned from when it came into its state and how long the clock stood since.
FILL = Sql(
    """
    create policy duties_fill on procurement_purchase to {owner} using (true) with check (true);
    create policy duties_fill on procurement_move to {owner} using (true);
    update procurement_purchase p set
      round_began = (select min(m.at) from procurement_move m where m.purchase_id = p.id and m.round = p.round)
      where p.round > 0;
    update procurement_purchase p set due_on = case
      when p.ordered_first_at is not null and not exists
        (select 1 from procurement_move m where m.purchase_id = p.id and m.to_status = 'approved')
        then procurement_working_day_after(procurement_day(p.ordered_first_at), procurement_term('emergency'))
      when p.status <> 'emergency' and p.status <> 'draft'
        then procurement_working_day_after(procurement_day(p.since + p.clock_stood * interval '1 second'),
          procurement_term(p.status)) end
      where p.status in ('draft', 'emergency', 'agency_review', 'security_review', 'consultation');
    drop policy duties_fill on procurement_move;
    drop policy duties_fill on procurement_purchase;
    """
)
