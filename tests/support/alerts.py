"""Alerts as Alertmanager sends them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from tidemark.services.notifier.webhook import Alert, Status

START = datetime(2026, 3, 14, 12, 15, tzinfo=UTC)
NEVER = datetime(1, 1, 1, tzinfo=UTC)


def alert(fingerprint: str = "a1", status: Status = "firing", **labels: str) -> Alert:
    """An alert about a slow port; labels replace or add to its own."""
    defaults = {
        "alertname": "RefundVerificationSlow",
        "severity": "critical",
        "audience": "port",
        "family": "refund",
        "port": "port.huanggang",
    }
    annotations = {
        "summary_zh": "口岸退税验核缓慢",
        "summary_en": "Slow refund verification",
        "description_zh": "95% 的验核在 11分 20秒 内完成（限 10分）。",
        "description_en": "95 % of verifications took up to 11m 20s (limit 10m).",
        "action_zh": "联系口岸海关，核实人工查验比例和在岗窗口数。",
        "action_en": "Ask customs at the port about manual checks and open desks.",
        "value": "11m 20s",
        "limit": "10m",
        "unit": "s",
        "runbook_url": "http://127.0.0.1:8081/runbooks/RefundVerificationSlow",
        "dashboard_url": "http://127.0.0.1:3000/d/tax-refund",
    }
    end = NEVER if status == "firing" else START + timedelta(hours=2, minutes=5)
    return Alert(status, fingerprint, START, end, defaults | labels, annotations)


def webhook(*alerts: Alert) -> dict[str, Any]:
    """The request in which Alertmanager sends them."""
    documents: list[Any] = msgspec.to_builtins(alerts)
    group = {
        "receiver": "notifier",
        "groupKey": "{}",
        "groupLabels": {},
        "externalURL": "http://127.0.0.1:9093",
    }
    return {"version": "4", "status": "firing", "alerts": documents, "truncatedAlerts": 0, **group}
