"""A zip, a folder or an export → a Submission, read under limits; nothing is unpacked to disk but zips within zips."""
