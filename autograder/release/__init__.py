"""What is handed out, and how it is made: students' files out of the solutions, sample submissions."""
