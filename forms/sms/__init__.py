"""Questions as text messages, and replies as answers."""
