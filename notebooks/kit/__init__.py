"""What the notebooks are run with: the course found, open gaps named, public tests, images, live curves."""
