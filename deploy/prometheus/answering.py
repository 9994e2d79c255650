"""Conditions of the services that are asked for metrics: whether they answer."""

from tidemark.streams.contracts.text import Text

from .condition import Condition, Texts
from .limits import MINUTE_S, critical
from .own import own
from .units import COUNT


def _down(name: str, job: str, who: Text, effect: Text) -> Condition:
    """The last instance of a job is gone; another that answers keeps it silent."""
    return own(
        name=name,
        value=f'max(up{{job="{job}"}})',
        comparison="<",
        limits=critical(1),
        unit=COUNT,
        hold_s=MINUTE_S,
        texts=Texts(
            summary=Text(f"{who.zh}无应答", f"The {who.en} does not answer"),
            description=Text(
                f"Prometheus 抓取不到任何 {job} 实例。{effect.zh}",
                f"Prometheus reaches no instance of {job}. {effect.en}",
            ),
            action=Text(
                f"查看 {job} 的进程和日志，重新启动。",
                f"Look at the process and log of {job}; start it again.",
            ),
        ),
    )


EXPORTER_DOWN = _down(
    "ExporterDown",
    "exporter",
    Text("指标服务", "exporter"),
    Text("业务告警全部失明。", "No business alert can see anything."),
)


GATEWAY_DOWN = _down(
    "GatewayDown",
    "gateway",
    Text("接入网关", "gateway"),
    Text("来源的数据进不来，各来源会自行保留。", "Nothing comes in; sources hold back what they have."),
)


NOTIFIER_DOWN = _down(
    "NotifierDown",
    "notifier",
    Text("通知服务", "notifier"),
    Text("告警发不到人。", "Alerts reach nobody."),
)


CONDITIONS: tuple[Condition, ...] = (
    EXPORTER_DOWN,
    GATEWAY_DOWN,
    NOTIFIER_DOWN,
)
