"""The one-machine runner: worker processes, resume, progress."""
