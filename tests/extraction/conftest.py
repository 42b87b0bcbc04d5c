"""A registry of an invented province, and an extractor that reads with it."""

from __future__ import annotations

import pytest
import yaml

from tracker.extraction.extract import Extractor
from tracker.extraction.finders.names import NameIndex
from tracker.extraction.registry import Registry, registry_from_data

BODIES = """
agencies:
  - {key: tinh-uy, name: "Tỉnh ủy Sông Lam", kind: party, aliases: ["Tỉnh ủy"]}
  - {key: btv, name: "Ban Thường vụ Tỉnh ủy", kind: party}
  - {key: btc, name: "Ban Tổ chức Tỉnh ủy", kind: party}
  - {key: btg, name: "Ban Tuyên giáo Tỉnh ủy", kind: party}
  - {key: bnc, name: "Ban Nội chính Tỉnh ủy", kind: party}
  - {key: vptu, name: "Văn phòng Tỉnh ủy", kind: party}
  - {key: bcs, name: "Ban cán sự đảng UBND tỉnh", kind: party}
  - {key: dd-hdnd, name: "Đảng đoàn HĐND tỉnh", kind: party}
  - {key: dd-mttq, name: "Đảng đoàn Ủy ban MTTQ tỉnh", kind: party}
  - {key: du-ca, name: "Đảng ủy Công an tỉnh", kind: party}
  - {key: hdnd, name: "HĐND tỉnh", kind: state}
  - {key: ubnd, name: "UBND tỉnh", kind: state}
  - {key: so-nv, name: "Sở Nội vụ", kind: state}
  - {key: so-tc, name: "Sở Tài chính", kind: state}
  - {key: so-yt, name: "Sở Y tế", kind: state}
  - {key: ca, name: "Công an tỉnh", kind: judicial}
  - {key: ta, name: "Tòa án nhân dân tỉnh", kind: judicial}
  - {key: mttq, name: "Ủy ban MTTQ tỉnh", kind: front, aliases: ["Ủy ban MTTQ", "Mặt trận Tổ quốc"]}
  - {key: td, name: "Tỉnh đoàn", kind: front}
  - {key: btv-td, name: "Ban Thường vụ Tỉnh đoàn", kind: front}
collectives:
  - {key: hu, name: "Các huyện ủy", aliases: ["huyện ủy"], open: true}
  - {key: thu, name: "Thành ủy", aliases: ["thành ủy"], open: true}
  - {key: dutt, name: "Các đảng ủy trực thuộc Tỉnh ủy", aliases: ["đảng ủy trực thuộc Tỉnh ủy"], open: true}
  - {key: cac-dd, name: "Các đảng đoàn", aliases: ["đảng đoàn"], open: true}
  - {key: ctxh, name: "Các tổ chức chính trị - xã hội tỉnh", aliases: ["các đoàn thể tỉnh"], open: true}
  - {key: ctxh-cap, name: "Các tổ chức chính trị - xã hội các cấp", open: true}
  - {key: mttq-cap, name: "Ủy ban MTTQ các cấp", aliases: ["Mặt trận Tổ quốc các cấp"], open: true}
  - {key: sbn, name: "Các sở, ban, ngành tỉnh", aliases: ["các sở, ngành"], open: true}
  - {key: cap-uy, name: "Các cấp ủy, tổ chức đảng", aliases: ["các cấp ủy đảng", "các cấp ủy"], open: true}
  - {key: cq, name: "Chính quyền các cấp", aliases: ["chính quyền"], open: true}
  - {key: lq, name: "Các cơ quan liên quan", aliases: ["các cơ quan, đơn vị liên quan"], open: true}
  - {key: nguoi-dd, name: "Người đứng đầu các cơ quan, đơn vị", open: true}
"""


@pytest.fixture(scope="session")
def registry() -> Registry:
    return registry_from_data(yaml.safe_load(BODIES), source="tests")


@pytest.fixture(scope="session")
def index(registry: Registry) -> NameIndex:
    return NameIndex(registry)


@pytest.fixture(scope="session")
def extractor(registry: Registry) -> Extractor:
    return Extractor(registry)
