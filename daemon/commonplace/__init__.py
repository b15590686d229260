"""Commonplace: an agent that remembers in the user's own Obsidian vault."""

__version__ = "0.1.0"
