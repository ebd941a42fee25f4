"""People and the roles they hold: given, asked for, ended."""
