"""A Microsoft Teams tenant of our own: what tests and the demo use instead of the real one."""
