"""The background networks: which there are, and how one is run."""
