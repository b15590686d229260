"""The daemon: guard, sessions, the Agent Client Protocol over a WebSocket."""
