"""Whole plans: files and workbooks that people write -> a tree of nodes -> a sealed package; and the checker."""
