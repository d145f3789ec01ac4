"""A zip, a folder or an export → a Submission, read under limits; only zips within zips touch the disk."""
