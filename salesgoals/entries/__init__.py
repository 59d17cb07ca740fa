"""The engine room of the goal ledger: rows, the chain of entries, the database, the checks."""
