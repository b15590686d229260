"""The notes on disk. Knows nothing of agents or models."""
