"""What several files of tests need."""
