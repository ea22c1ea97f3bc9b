"""Benchmarks, measured side by side in one run: `python -m tests.benchmarks` writes docs/benchmarks.md."""
