"""From a question to a sentence, and the notes that it stands in."""
