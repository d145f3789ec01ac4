"""The graded tests: `unittest` classes, one file per component, run in the grader, away from student code."""
