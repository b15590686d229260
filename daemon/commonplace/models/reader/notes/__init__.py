"""Notes as facts and relations: what their lines, tables, lists and sentences say."""
