"""The user's rules about what may be said, held outside the model: what they name, and what is taken out of a text."""
