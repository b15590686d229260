"""Memories in one file of JSON lines, each with its questions and updates, as mem-agent's authors publish them."""
