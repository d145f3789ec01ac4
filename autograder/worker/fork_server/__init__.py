"""The clean, warm process that forks one worker per submission."""
