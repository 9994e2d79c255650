"""The variables that a page's queries may use."""

from collections.abc import Mapping
from typing import get_args

from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models.common import DataSourceRef
from grafana_foundation_sdk.models.dashboard import VariableModel, VariableOption, VariableRefresh

from tidemark.streams.families.payment import Scheme

from .naming import PLACES, list_names
from .page import Variable

DATASOURCE = DataSourceRef(type_val="prometheus", uid="${datasource}")
PERIODS = {"today": "今日 Today", "month": "本月 This month", "year": "今年 This year", "plan": "规划期 Plan"}

_ANY = ".+"
_ALL = VariableOption(text="All", value="$__all")
_LABELS = {"period": "时段 Period", "place": "地点 Place", "port": "口岸 Port", "scheme": "卡组织 Scheme"}


def build_datasource() -> build.DatasourceVariable:
    """The variable that selects the Prometheus."""
    return build.DatasourceVariable("datasource").label("Data source").type("prometheus")


def build_variable(name: Variable) -> Builder[VariableModel]:
    """The variable in Grafana's model."""
    if name in ("job", "instance"):
        return _build_query_variable(name)
    if name == "period":
        return _build_custom_variable(name, PERIODS).current(
            VariableOption(text=PERIODS["year"], value="year")
        )
    return (
        _build_custom_variable(name, _list_choices(name))
        .multi(True)
        .include_all(True)
        .all_value(_ANY)
        .current(_ALL)
    )


def _list_choices(name: str) -> Mapping[str, str]:
    if name == "scheme":
        return {code: list_names("scheme").get(code, code) for code in get_args(Scheme)}
    kinds = PLACES if name == "place" else (name,)
    return {id_: label for kind in kinds for id_, label in list_names(kind).items()}


def _build_custom_variable(name: str, choices: Mapping[str, str]) -> build.CustomVariable:
    listed = ", ".join(f"{label} : {value}" for value, label in choices.items())
    return build.CustomVariable(name).label(_LABELS[name]).values(listed)


def _build_query_variable(name: str) -> build.QueryVariable:
    """A variable of `job` or `instance`, with the values of the scraped targets."""
    filtered = 'up{job=~"$job"}' if name == "instance" else "up"
    return (
        build.QueryVariable(name)
        .label(name.title())
        .datasource(DATASOURCE)
        .query(f"label_values({filtered}, {name})")
        .refresh(VariableRefresh.ON_TIME_RANGE_CHANGED)
        .multi(True)
        .include_all(True)
        .all_value(_ANY)
        .current(_ALL)
    )
