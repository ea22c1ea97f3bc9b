"""Packages -> facts -> marts -> a published generation. The only room that writes DuckDB."""
