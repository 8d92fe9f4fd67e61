"""The roles a component can have in an aircraft, its ground station or its services.

The set is the union of the critical components that the US FY2020 NDAA s.848
and the FCC notice DA 25-1086 name, and of the ground side in use at agencies.
"""

from dataclasses import dataclass
from enum import StrEnum

from standards.terms import Term, Vocabulary


class RoleKind(StrEnum):
    """What a role is made of, which decides the questions of origin that make sense for it."""

    HARDWARE = "hardware"
    SOFTWARE = "software"
    SERVICE = "service"


MEANINGS_OF_KIND: dict[RoleKind, tuple[str, ...]] = {
    RoleKind.HARDWARE: ("made_in",),
    RoleKind.SOFTWARE: ("developed_in",),
    RoleKind.SERVICE: ("data_stored_in", "administered_from"),
}


@dataclass(frozen=True, slots=True)
class ComponentRole(Term):
    kind: RoleKind

    @property
    def meanings(self) -> tuple[str, ...]:
        """Codes of the country meanings (`standards.countries`) asked for by default."""
        return MEANINGS_OF_KIND[self.kind]


ROLES = Vocabulary(
    "component role",
    ComponentRole("flight_controller", "Flight controller", "飛行制御装置", RoleKind.HARDWARE),
    ComponentRole("radio", "Control radio", "操縦用無線装置", RoleKind.HARDWARE),
    ComponentRole(
        "data_transmission", "Data transmission device", "データ伝送装置", RoleKind.HARDWARE
    ),
    ComponentRole("camera", "Camera", "カメラ", RoleKind.HARDWARE),
    ComponentRole("gimbal", "Gimbal", "ジンバル", RoleKind.HARDWARE),
    ComponentRole(
        "gnss_navigation", "Satellite navigation receiver", "衛星測位装置", RoleKind.HARDWARE
    ),
    ComponentRole("sensor", "Sensor", "センサー", RoleKind.HARDWARE),
    ComponentRole(
        "gcs_hardware", "Ground control station hardware", "地上制御局(機器)", RoleKind.HARDWARE
    ),
    ComponentRole(
        "gcs_software",
        "Ground control station software",
        "地上制御局ソフトウェア",
        RoleKind.SOFTWARE,
    ),
    ComponentRole(
        "operating_software", "Operating software", "機体制御ソフトウェア", RoleKind.SOFTWARE
    ),
    ComponentRole("network_service", "Network service", "ネットワークサービス", RoleKind.SERVICE),
    ComponentRole("data_storage", "Data storage", "データ保存先", RoleKind.SERVICE),
    ComponentRole("battery", "Battery", "バッテリー", RoleKind.HARDWARE),
    ComponentRole("bms", "Battery management system", "電池管理装置", RoleKind.HARDWARE),
    ComponentRole("motor", "Motor", "モーター", RoleKind.HARDWARE),
    ComponentRole("esc", "Electronic speed controller", "電子速度調整器", RoleKind.HARDWARE),
    ComponentRole("frame", "Frame", "機体フレーム", RoleKind.HARDWARE),
    ComponentRole("remote_id_module", "Remote ID module", "リモートID機器", RoleKind.HARDWARE),
)
ROLE_CHOICES = ROLES.choices("en")
