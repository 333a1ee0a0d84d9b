"""The ports on one machine: a folder, an SQLite job table, an event log."""
