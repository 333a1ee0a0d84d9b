"""The self-contained HTML page and the tables made of finished records."""
