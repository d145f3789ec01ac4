"""The graded tests: `unittest` classes, one file a component, run in the grader, away from student code."""
