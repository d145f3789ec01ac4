"""What the notebooks use: finding the course, naming open gaps, public tests, figures, live curves."""
