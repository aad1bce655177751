"""A Slack workspace of our own, in memory: for the demonstration, and for every test that needs Slack."""
