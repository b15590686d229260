"""The commands, a file a subject; each imports what it needs when it runs, so that all start fast."""
