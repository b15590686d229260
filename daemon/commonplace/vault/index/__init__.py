"""What the whole vault holds, kept in a SQLite file that can be thrown away: links, names, facts and words."""
