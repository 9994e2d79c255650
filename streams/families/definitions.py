"""What the families add up to, by the family's name."""

from importlib import import_module
from importlib.util import find_spec

from tidemark.streams.contracts.reducer import AdditiveReducer, EntityReducer

from . import NAMES

_REDUCERS = {
    name: import_module(module).REDUCER
    for name in NAMES
    if find_spec(module := f"{__package__}.{name}.reducer") is not None
}

ADDITIVE_REDUCERS: dict[str, AdditiveReducer] = {
    name: reducer for name, reducer in _REDUCERS.items() if isinstance(reducer, AdditiveReducer)
}

ENTITY_REDUCERS: dict[str, EntityReducer] = {
    name: reducer for name, reducer in _REDUCERS.items() if isinstance(reducer, EntityReducer)
}
