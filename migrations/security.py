"""What every table migration does besides making its tables: row-level security, grants and the clock of `updated_at`."""

from collections.abc import Sequence

APP, ROUTER = "regulars_app", "regulars_router"
CURRENT_TENANT = "nullif(current_setting('app.current_tenant', true), '')::uuid"


def isolate(table: str, key: str = "tenant_id") -> Sequence[str]:
    """The statements that let the app role see and write rows of the current business only."""
    return (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY of_tenant ON {table} TO {APP} USING ({key} = {CURRENT_TENANT}) WITH CHECK ({key} = {CURRENT_TENANT})",
        f"GRANT SELECT, INSERT, UPDATE ON {table} TO {APP}",
    )


def append_only(table: str) -> Sequence[str]:
    """The statements that refuse any change of a written row to the app role."""
    return (f"REVOKE UPDATE, DELETE ON {table} FROM {APP}",)


def keep_updated_at(table: str) -> Sequence[str]:
    """The trigger that stamps a changed row."""
    stamp = "FOR EACH ROW EXECUTE FUNCTION update_updated_at_column()"
    return (f"CREATE TRIGGER {table}_updated_at BEFORE UPDATE ON {table} {stamp}",)
