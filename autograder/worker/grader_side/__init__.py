"""The grader's side of the wall: it starts workers, sends them cases and checks what comes back."""
