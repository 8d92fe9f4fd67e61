"""What a merge of two vendors may change of purchases."""

from audit.operations import Sql

# The supplier of a line may follow the redirect of a merged vendor in any state of its purchase: that is no edit
# and makes nobody a contributor. Dossiers keep the supplier they named, so that a decision under way looks again.
FOLLOW_MERGES = Sql(
    """
    drop trigger procurement_line_edit on procurement_line;
    create function procurement_follows_merge(was bigint, is_now bigint) returns boolean language sql stable
    as $$ select exists (select 1 from registry_vendor v where v.id = was and v.merged_into_id = is_now) $$;
    create trigger procurement_line_edit before insert or delete on procurement_line
      for each row execute function procurement_edit_line();
    create trigger procurement_line_edit_later before update on procurement_line for each row
      when (to_jsonb(new) - 'supplier_id' is distinct from to_jsonb(old) - 'supplier_id'
            or not procurement_follows_merge(old.supplier_id, new.supplier_id))
      execute function procurement_edit_line();
    """,
    """
    drop trigger procurement_line_edit_later on procurement_line;
    drop trigger procurement_line_edit on procurement_line;
    drop function procurement_follows_merge(bigint, bigint);
    create trigger procurement_line_edit before insert or update or delete on procurement_line
      for each row execute function procurement_edit_line();
    """,
)
