"""The truth: tables, queries, sessions, migrations, and files by content hash."""
