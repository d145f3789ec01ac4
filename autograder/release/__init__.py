"""What leaves the house, and how it is made: students' files out of the solutions, sample submissions."""
