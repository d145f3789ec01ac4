"""The grader's side of the sandbox: it starts workers, sends them cases and checks what comes back."""
