"""Conditions of how alerts reach people."""

from tidemark.streams.contracts.text import Text

from .condition import Condition, Judged, Texts
from .limits import HOUR_S, MINUTE_S, both, critical, info
from .own import UP, own
from .promql import grown
from .units import COUNT, SECONDS

LETTERS = "tidemark_notifier_dead_letters_total"
WAITING = "tidemark_notifier_oldest_waiting_seconds"

NOTIFICATIONS_UNDELIVERED = own(
    name="NotificationsUndelivered",
    value=WAITING,
    comparison=">",
    limits=both(10 * MINUTE_S, HOUR_S),
    unit=SECONDS,
    either=(
        Judged(
            value=f"sum without (channel) {grown(LETTERS, 60)}",
            comparison=">",
            limits=critical(0),
            unit=COUNT,
        ),
    ),
    guards=(UP,),
    texts=Texts(
        summary=Text("告警通知未送达", "Notifications are not delivered"),
        description=Text(
            "最早一条已等待 {value}（限 {limit}），或近一小时有通知多次重试后放弃。",
            "The oldest waits {value} (limit {limit}), or some were given up in the last hour.",
        ),
        action=Text(
            "检查通知渠道的地址、密钥和网络；先用电话通知值班人员。",
            "Check the channels' addresses, keys and network; meanwhile call whoever is on duty.",
        ),
    ),
)


WATCHDOG = own(
    name="Watchdog",
    value="vector(1)",
    comparison=">",
    limits=info(0),
    unit=COUNT,
    texts=Texts(
        summary=Text("告警链路心跳", "The alerts' heartbeat"),
        description=Text(
            "本告警始终触发；一旦收不到，说明告警链路中断。",
            "This always fires; when it stops arriving, alerts reach nobody.",
        ),
        action=Text(
            "无需处理；若中断，依次检查 Prometheus、Alertmanager、notifier。",
            "Nothing; should it stop, check Prometheus, Alertmanager and the notifier in turn.",
        ),
    ),
)


CONDITIONS: tuple[Condition, ...] = (
    NOTIFICATIONS_UNDELIVERED,
    WATCHDOG,
)
