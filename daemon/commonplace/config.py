"""What the user has set: the model, the vaults, the limits."""
