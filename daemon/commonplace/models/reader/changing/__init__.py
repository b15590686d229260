"""From a message to a draft of the notes, and the block that writes it."""
