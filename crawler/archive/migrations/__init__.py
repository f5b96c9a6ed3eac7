"""The migrations: one file per schema, in order, never changed once released."""
