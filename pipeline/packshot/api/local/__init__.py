"""The API's backend on one machine: an output folder, SQLite, worker processes, and its own security."""
