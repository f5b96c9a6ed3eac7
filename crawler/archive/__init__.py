"""The archive: everything stored, and all of SQL."""
