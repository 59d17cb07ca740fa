"""Names and wares of the three invented companies; any likeness is chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FAMILY = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"
GIVEN = ("敏", "静", "伟", "强", "磊", "洋", "艳", "勇", "娟", "涛", "超", "霞", "刚", "桂英", "建华", "文博", "晓东",
         "丽娜", "志远", "思雨", "子轩", "海燕", "国庆", "雪梅", "浩然", "佳怡", "俊杰", "春梅", "立新", "雅琴")
BRANDS = [first + second for first in "华瑞恒嘉盛康宏润安泰源丰博鑫隆远" for second in "达源丰利悦诚美通"]
KINDS = ("商贸公司", "科技公司", "实业公司", "工程公司", "服务公司", "连锁店")


@dataclass(frozen=True)
class Wares:
    """What a company sells: products (id, name, line, list price) and how many deals a month."""

    products: tuple[tuple[str, str, str, int], ...]
    deals: float
    teams: tuple[tuple[str, str], ...]


COMPANIES = {      # list prices of one company lie close together: what a piece is means the same everywhere
    "a": Wares((("P01", "激光打印机", "设备", 4200), ("P02", "复合机租赁", "租赁", 4600),
                ("P03", "耗材套装", "耗材", 3600), ("P04", "年度维保", "服务", 3900)), 4.,
               (("华东部", "一组"), ("华东部", "二组"), ("华南部", "三组"), ("华南部", "四组"))),
    "b": Wares((("M11", "防水涂料", "涂料", 2900), ("M12", "外墙涂料", "涂料", 3100), ("M21", "瓷砖胶", "辅料", 2600),
                ("M22", "填缝剂", "辅料", 2700), ("M31", "施工服务", "服务", 3200)), 4.,
               (("工程部", "一组"), ("工程部", "二组"), ("渠道部", "三组"), ("渠道部", "四组"), ("渠道部", "五组"))),
    "c": Wares((("E01", "监护设备", "设备", 9800), ("E02", "检验设备", "设备", 10600), ("E11", "试剂套装", "试剂", 9200),
                ("E21", "维修合同", "服务", 9600)), 3.,
               (("北区", "一组"), ("北区", "二组"), ("东区", "三组"), ("东区", "四组"), ("南区", "五组"),
                ("南区", "六组")))}


def draw_names(draw: np.random.Generator, number: int) -> list[str]:
    """Draw different names for so many people."""
    names: list[str] = []
    while len(names) < number:
        name = str(draw.choice(list(FAMILY))) + str(draw.choice(GIVEN))
        if name not in names:
            names.append(name)
    return names


def draw_customers(draw: np.random.Generator, number: int) -> list[str]:
    """Draw different names for so many customers."""
    every = [brand + kind for brand in BRANDS for kind in KINDS]
    return [every[place] for place in draw.permutation(len(every))[:number]]
