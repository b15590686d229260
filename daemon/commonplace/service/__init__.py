"""Start at login: one small backend a system, each a pure ``render`` and commands given to an injected runner."""
