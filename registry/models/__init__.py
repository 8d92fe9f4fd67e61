from registry.models.aliases import AgencyAlias, CommonAlias
from registry.models.catalogue import Build, Component, DroneModel
from registry.models.drones import Drone
from registry.models.facts import CatalogueRecord, Declaration
from registry.models.vendors import OwnershipLink, Vendor, VendorName

__all__ = [
    "AgencyAlias",
    "Build",
    "CatalogueRecord",
    "CommonAlias",
    "Component",
    "Declaration",
    "Drone",
    "DroneModel",
    "OwnershipLink",
    "Vendor",
    "VendorName",
]
