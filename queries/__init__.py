"""The only way out: questions as files, every metric defined once.

`run(name, reader, **params)` answers a query file, `metric(reader, id, day_from, day_to, by, shops)` a metric of metrics.toml.
"""

from queries.catalog import Query, UnknownQuery, load_queries, run
from queries.measure import metric
from queries.metrics import METRICS, Metric, UnknownDimension, UnknownMetric, metric_sources

__all__ = [
    "METRICS",
    "Metric",
    "Query",
    "UnknownDimension",
    "UnknownMetric",
    "UnknownQuery",
    "load_queries",
    "metric",
    "metric_sources",
    "run",
]
