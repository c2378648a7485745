"""Sign-in pages: how the library is bent to a vault, and its forms, adapter and middleware."""
