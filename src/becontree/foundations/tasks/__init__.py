"""What is done later: jobs after commit and on a schedule, retried, and reaped when their worker is gone."""
