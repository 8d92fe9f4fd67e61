"""Benchmarks on a seeded fleet: `python3 run.py bench [section …]`, described in docs/performance.md."""
