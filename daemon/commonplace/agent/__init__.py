"""One turn of conversation: grammar, sandbox, tools, events."""
