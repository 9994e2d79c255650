"""Recording rules that tell money as a bureau does: in 万元 and in 亿元."""

from tidemark.services.exporter.money import UNITS, money, recorded


def money_rules() -> list[dict[str, str]]:
    """`tidemark:<base>_wan_yuan` and `tidemark:<base>_yi_yuan` of each `tidemark_<base>_yuan`."""
    return [
        {"record": recorded(name, unit), "expr": f"{name} / {yuan}"}
        for name in money()
        for unit, yuan in UNITS.items()
    ]
