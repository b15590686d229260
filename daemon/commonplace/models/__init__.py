"""Text in, text out: what writes the agent's words."""
