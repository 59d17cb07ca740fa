"""What the company sells and to whom: product lines, products, customer segments, seasons and trends."""

from __future__ import annotations

from dataclasses import dataclass

from .setting import setting

MISSPELT = ("0103", "RO800 Pro", "RO800Pro")  # product, its name, how sellers write it


@dataclass(frozen=True)
class Product:
    """One product; prices in yuan, ``weight`` within its line, ``quantity`` in a usual order line."""

    product_id: str
    name: str
    line: str
    price: int
    cost: int
    weight: float
    quantity: float


PRODUCTS: tuple[Product, ...] = tuple(Product(*row) for row in (
    ("0101", "RO400 净水机", "家用净水机", 1280, 740, 4, 8),
    ("0102", "RO600 净水机", "家用净水机", 1980, 1130, 4, 7),
    ("0103", "RO800 Pro", "家用净水机", 2980, 1690, 1.6, 5),
    ("0104", "台式即热饮水机", "家用净水机", 1480, 890, 2, 6),
    ("0201", "GS200 商用净水机", "商用净水机", 6800, 4150, 4, 2.5),
    ("0202", "GS400 商用净水机", "商用净水机", 12800, 7800, 3, 1.8),
    ("0203", "GS800 商用净水机", "商用净水机", 23800, 14600, 1.5, 1.3),
    ("0204", "餐饮净水套装", "商用净水机", 4980, 3050, 3, 3),
    ("0301", "前置过滤器", "全屋净水系统", 680, 340, 3, 12),
    ("0302", "中央净水机", "全屋净水系统", 8600, 4900, 3, 2),
    ("0303", "全屋净水套装 A", "全屋净水系统", 19800, 11500, 1.2, 1.3),
    ("0401", "SW1 软水机", "软水机", 5200, 2950, 3, 2.5),
    ("0402", "SW3 软水机", "软水机", 8900, 5050, 2, 2),
    ("0403", "软水盐（箱）", "软水机", 260, 150, 3, 20),
    ("0501", "PP棉滤芯", "滤芯耗材", 45, 18, 4, 90),
    ("0502", "RO膜滤芯", "滤芯耗材", 320, 150, 4, 24),
    ("0503", "复合滤芯套装", "滤芯耗材", 480, 215, 4, 18),
    ("0504", "商用滤芯包", "滤芯耗材", 1280, 590, 3, 8),
    ("0601", "壁挂管线机", "管线机", 1180, 690, 3, 8),
    ("0602", "即热管线机", "管线机", 1880, 1080, 3, 6),
    ("0701", "EDI 0.5T 纯水机组", "工业纯水设备", 86000, 57000, 5, 1.0),
    ("0702", "EDI 2T 纯水机组", "工业纯水设备", 218000, 146000, 1, 1.0),
    ("0703", "20T 工业纯水系统", "工业纯水设备", 680000, 470000, 0.06, 1.0),
    ("0801", "安装调试", "安装维保服务", 800, 420, 4, 4),
    ("0802", "年度维保", "安装维保服务", 3600, 1700, 3, 2),
    ("0803", "水质检测", "安装维保服务", 500, 160, 2, 3),
))
PRODUCT = {product.product_id: product for product in PRODUCTS}
LINES = tuple(dict.fromkeys(product.line for product in PRODUCTS))
PRODUCTS_OF = {line: [p for p in PRODUCTS if p.line == line] for line in LINES}

#: how often each line is bought by a segment, in the order of LINES
SEGMENTS: dict[str, tuple[float, ...]] = {
    "经销商": (30, 8, 12, 12, 22, 12, 0, 4),
    "工程商": (10, 14, 22, 14, 12, 14, 3, 11),
    "餐饮连锁": (2, 42, 2, 6, 34, 3, 0, 11),
    "学校医院": (4, 30, 4, 4, 30, 8, 4, 16),
    "企业办公": (8, 24, 2, 4, 30, 18, 1, 13),
    "制造企业": (0, 14, 4, 14, 26, 3, 24, 15),
}
SEGMENT_SHARES = {"经销商": 0.30, "工程商": 0.18, "餐饮连锁": 0.15, "学校医院": 0.13, "企业办公": 0.15,
                  "制造企业": 0.09}
#: growth of the number of orders a year, of segments of which none is known to grow
SEGMENT_GROWTH = {"经销商": 0.0, "工程商": -0.04, "餐饮连锁": 0.04, "学校医院": 0.03, "企业办公": 0.02,
                  "制造企业": 0.01}

FLAT = (1.0,) * 12
SEASONS: dict[str, tuple[float, ...]] = {
    "家用净水机": (0.90, 0.85, 1.00, 1.05, 1.10, 1.20, 0.95, 0.90, 0.95, 0.95, 1.25, 0.95),
    "商用净水机": (0.90, 0.90, 1.05, 1.10, 1.10, 1.05, 1.00, 1.00, 1.05, 0.95, 0.95, 0.95),
    "全屋净水系统": (0.80, 0.80, 1.10, 1.15, 1.15, 1.05, 0.95, 0.95, 1.10, 1.10, 1.00, 0.85),
    "软水机": (0.85, 0.85, 1.05, 1.10, 1.10, 1.05, 0.95, 0.95, 1.10, 1.05, 1.00, 0.90),
    "滤芯耗材": FLAT,
    "管线机": (1.10, 1.00, 1.00, 0.90, 0.90, 0.90, 0.90, 0.95, 1.00, 1.05, 1.15, 1.15),
    "工业纯水设备": (0.80, 0.80, 1.00, 1.00, 1.00, 1.10, 0.95, 0.95, 1.05, 1.00, 1.10, 1.25),
    "安装维保服务": (0.95, 0.90, 1.00, 1.00, 1.05, 1.05, 1.05, 1.05, 1.00, 1.00, 1.00, 0.95),
}


def segment_growth(segment: str) -> float:
    """Return how the number of orders of a segment grows a year."""
    return setting().growth if segment == setting().growing_segment else SEGMENT_GROWTH[segment]


def line_volume(line: str, years: float) -> float:
    """Return how often a line is bought, against the first day: the losing line is pushed by price."""
    return 1.10 ** years if line == setting().losing_line else 1.0


def price_level(line: str, years: float) -> float:
    """Return the price against the list: the losing line is sold cheaper year by year."""
    return 1.0 - 0.062 * years if line == setting().losing_line else 1.0 + 0.008 * years


def cost_level(line: str, years: float) -> float:
    """Return the cost against the list of products, which is that of the last day (2.5 years on)."""
    return 1.0 + (0.036 if line == setting().losing_line else 0.006) * (years - 2.5)
