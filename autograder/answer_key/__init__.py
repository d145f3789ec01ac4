"""The answer key: what the reference and every known bug output for each test case, kept by content hash."""
