"""Tables that stay in a data base or a cluster: connected, typed and counted there."""
