"""What the embedded reader is made of: question types, typed mentions, sentence features, the scoring model."""
