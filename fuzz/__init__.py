"""Coverage-guided fuzzing of the readers that are the project's own."""
