"""What a filter keeps out of a reply: kinds of facts, names, what is told of somebody's health."""
