"""The formulas of live values, one module per subject.

Those that the catalogue names are in `Live`; a new one is a class and a name there.
"""

from .activity import ActivitiesHeld, TopBrandDebutShare
from .footfall import Visits
from .registry import CapabilityShare, Registered
from .retail import LargeComplexes, RetailSales
from .trade import CircularTurnover, CrossBorderEcommerce, ExportsOfChapters, GoodsTrade, ServiceTrade

Live = (
    Registered
    | CapabilityShare
    | ActivitiesHeld
    | TopBrandDebutShare
    | RetailSales
    | LargeComplexes
    | Visits
    | GoodsTrade
    | CrossBorderEcommerce
    | ExportsOfChapters
    | ServiceTrade
    | CircularTurnover
)
"""What `live` may be in a file of the catalogue, chosen by `formula`."""
