"""What a message is before its words are followed: typed, of a kind, in a language, about whom."""
