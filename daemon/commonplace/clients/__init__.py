"""Everything that talks to the daemon over its socket."""
