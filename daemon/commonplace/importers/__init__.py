"""Other people's exports into notes: one source a file, listed in ``sources.py``."""
