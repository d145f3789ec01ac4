"""A zip, a folder or an export → a Submission, read under limits and never unpacked to disk."""
