"""Readers of published list files: bytes in, entries out, or every problem at once."""
