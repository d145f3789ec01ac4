"""One law a question. Students receive only the laws that their instructor opens."""
