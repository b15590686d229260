"""Tasks over memories, run and scored."""
