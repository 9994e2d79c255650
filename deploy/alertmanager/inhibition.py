"""Which alerts are silent while others speak."""

from typing import Any

from tidemark.deploy.prometheus.condition import Severity
from tidemark.deploy.prometheus.feeds import FEED_STALE
from tidemark.deploy.prometheus.tidemark import EXPORTER_DOWN, EXPORTER_STALE, LEDGER_STALLED

IDENTITY = (
    "alertname",
    "place",
    "port",
    "indicator",
    "rail",
    "scheme",
    "family",
    "reason",
    "partition",
)
"""The labels that tell an alert's subject. Not `window`: which one holds the sample may change."""

_BLIND = (LEDGER_STALLED, EXPORTER_DOWN, EXPORTER_STALE)
_BUSINESS = ['layer="business"']


def inhibit_rules() -> list[dict[str, Any]]:
    """Stale or blind, and business alerts say nothing; the graver alert speaks for the lesser."""
    blind = "|".join(condition.name for condition in _BLIND)
    return [
        {
            "source_matchers": [f'alertname="{FEED_STALE.name}"'],
            "target_matchers": _BUSINESS,
            "equal": ["family"],
        },
        {
            "source_matchers": [f'alertname=~"{blind}"', f'severity="{Severity.CRITICAL}"'],
            "target_matchers": _BUSINESS,
        },
        _graver(Severity.CRITICAL, (Severity.WARNING, Severity.INFO)),
        _graver(Severity.WARNING, (Severity.INFO,)),
    ]


def _graver(severity: Severity, lesser: tuple[Severity, ...]) -> dict[str, Any]:
    return {
        "source_matchers": [f'severity="{severity}"'],
        "target_matchers": [f'severity=~"{"|".join(lesser)}"'],
        "equal": [*IDENTITY],
    }
