"""The deadline grammar as a table of cases: words → coded deadlines. The table is the specification."""

from __future__ import annotations

import pytest

from tracker.extraction.finders.deadlines import (
    Kind,
    find_deadlines,
    join_recurring,
    read_deadline_cell,
)


def dues(passage: str) -> list[str]:
    """The coded deadlines of a passage, joined as the pipeline does it."""
    return [expression.due for expression in join_recurring(find_deadlines(passage), passage)]


DAYS = [
    ("Sở Nội vụ trình đề án trước ngày 15/01/2021.", "<2021-01-15"),
    ("Sở Nội vụ trình đề án trước ngày 15-01-2021.", "<2021-01-15"),
    ("Sở Nội vụ trình đề án trước ngày 15.01.2021.", "<2021-01-15"),
    ("Sở Nội vụ trình đề án trước ngày 05/ 9/ 2026.", "<2026-09-05"),
    ("Sở Nội vụ trình đề án trước 30/6/2026.", "<2026-06-30"),
    ("gửi Văn phòng trước ngày 05 tháng 3 năm 2024 để tổng hợp", "<2024-03-05"),
    ("gửi Văn phòng trước ngày 5 tháng 3/2024 để tổng hợp", "<2024-03-05"),
    ("TRÌNH ĐỀ ÁN TRƯỚC NGÀY 15/01/2021", "<2021-01-15"),
    ("xong trước ngày 29/02/2024", "<2024-02-29"),
    ("hoàn thành việc rà soát chậm nhất ngày 15/11/2021", "2021-11-15"),
    ("hoàn thành việc rà soát chậm nhất là ngày 15/11/2021", "2021-11-15"),
    ("gửi kết quả chậm nhất vào ngày 31/3/2025", "2025-03-31"),
    ("gửi kết quả chậm nhất trước ngày 31/3/2025", "<2025-03-31"),
    ("gửi kết quả muộn nhất đến ngày 31/3/2025", "2025-03-31"),
    ("gửi kết quả chậm nhất đến hết ngày 31/3/2025", "2025-03-31"),
    ("gửi kết quả, không muộn hơn ngày 31/3/2025", "2025-03-31"),
    ("duy trì chốt trực đến hết ngày 30/4/2026", "2026-04-30"),
    ("tổ chức ra quân vào ngày 19/5/2026", "2026-05-19"),
    ("báo cáo Thường trực Tỉnh ủy ngày 15/11/2021.", "2021-11-15"),
    ("Thời hạn hoàn thành: ngày 20/12/2026", "2026-12-20"),
    ("Thời gian hoàn thành: 20/12/2026", "2026-12-20"),
    ("Thời gian hoàn thành: Từ ngày 01/01/2026 đến ngày 31/3/2026", "2026-03-31"),
    ("mở đợt cao điểm từ ngày 01/12/2026 đến hết ngày 15/02/2027", "2027-02-15"),
    ("(chậm nhất ngày 10/12/2025)", "2025-12-10"),
]

MONTHS = [
    ("xây dựng kế hoạch thực hiện, xong trong tháng 7/2021", "2021-07"),
    ("xây dựng kế hoạch thực hiện (xong trong tháng 07/2021)", "2021-07"),
    ("xây dựng kế hoạch thực hiện, xong trong tháng 7 năm 2021", "2021-07"),
    ("xây dựng kế hoạch thực hiện, xong trong tháng 7/ 2021", "2021-07"),
    ("xây dựng kế hoạch thực hiện, xong trong tháng 7 /2021", "2021-07"),
    ("xây dựng kế hoạch thực hiện, xong trong tháng 7-2021", "2021-07"),
    ("xây dựng kế hoạch thực hiện, xong trong tháng bảy năm 2021", "2021-07"),
    ("Thời gian hoàn thành chậm nhất trong tháng 7 năm 2021.", "2021-07"),
    ("sơ kết việc thực hiện Nghị quyết vào tháng 4/2024", "2024-04"),
    ("duy trì mô hình đến hết tháng 6/2027", "2027-06"),
    ("trình Bộ Chính trị vào đầu tháng 3/2025", "2025-03"),
    ("trình Bộ Chính trị vào trung tuần tháng 4/2025", "2025-04"),
    ("bàn giao mặt bằng cuối tháng 8/2026", "2026-08"),
    ("bàn giao mặt bằng trước tháng 10/2026", "<2026-10-01"),
    ("bàn giao mặt bằng trước cuối tháng 10/2026", "2026-10"),
    ("hoàn thành trong 9/2026", "2026-09"),
    ("tổ chức học tập trong tháng 6 và tháng 7/2021", "2021-07"),
    ("tổ chức học tập trong tháng 6-7/2021", "2021-07"),
    ("Thời gian thực hiện: Tháng 11 - 12/2025", "2025-12"),
    ("tổ chức lấy ý kiến từ tháng 6 đến tháng 8/2026", "2026-08"),
    ("Tháng 9/2026: hoàn thành việc kiểm kê", "2026-09"),
    ("lập danh mục dự án (tháng 9/2026)", "2026-09"),
    ("ban hành xong trong tháng 7/2021", "2021-07"),
    ("tập trung xử lý tồn đọng trong 9 tháng đầu năm 2026", "2026-09"),
    ("tổng kết Chỉ thị tháng 4/2026.", "2026-04"),
]

QUARTERS = [
    ("tham mưu sơ kết vào quý II/2023", "2023-Q2"),
    ("tham mưu sơ kết vào Quý II năm 2023", "2023-Q2"),
    ("tham mưu sơ kết vào quý II, năm 2023", "2023-Q2"),
    ("tham mưu sơ kết vào Quý II - 2023", "2023-Q2"),
    ("tham mưu sơ kết vào quý II 2023", "2023-Q2"),
    ("tham mưu sơ kết vào quý 2/2023", "2023-Q2"),
    ("tham mưu sơ kết vào quí 2 năm 2023", "2023-Q2"),
    ("tham mưu sơ kết vào QUÝ II/2023", "2023-Q2"),
    ("tham mưu sơ kết vào qúy lI/2023", "2023-Q2"),
    ("tham mưu sơ kết vào quý hai năm 2023", "2023-Q2"),
    ("xong trong quý 1/2022", "2022-Q1"),
    ("xong trong quý I/2022", "2022-Q1"),
    ("xong trong quý III/2022", "2022-Q3"),
    ("xong trong quý IV/2022", "2022-Q4"),
    ("xong trong quý tư năm 2022", "2022-Q4"),
    ("trình Ban Thường vụ vào cuối quý IV/2021", "2021-Q4"),
    ("hoàn thành trước quý II/2022", "<2022-04-01"),
    ("hoàn thành trước cuối quý II/2022", "2022-Q2"),
    ("hoàn thành chậm nhất quý III/2026", "2026-Q3"),
    ("triển khai trong quý I-II/2022", "2022-Q2"),
    ("triển khai trong quý I và quý II/2022", "2022-Q2"),
    ("triển khai trong quý III, IV/2022", "2022-Q4"),
    ("tổng kết quý III/2025.", "2025-Q3"),
    ("trình Hội đồng nhân dân tỉnh quý IV/2026;", "2026-Q4"),
    ("(quý III/2026)", "2026-Q3"),
    ("Quý III/2026, hoàn thành đề án", "2026-Q3"),
    ("đến hết quý III/2026 phải giải ngân xong", "2026-Q3"),
    ("dự kiến trong quý I/2027", "2027-Q1"),
]

HALVES_AND_YEARS = [
    ("hoàn thành trong 6 tháng đầu năm 2026", "2026-H1"),
    ("hoàn thành trong 06 tháng cuối năm 2026", "2026-H2"),
    ("hoàn thành trong sáu tháng cuối năm 2026", "2026-H2"),
    ("hoàn thành trong nửa đầu năm 2026", "2026-H1"),
    ("rà soát quy hoạch (6 tháng cuối năm 2026)", "2026-H2"),
    ("hoàn thành trước 6 tháng cuối năm 2026", "<2026-07-01"),
    ("hoàn thành trong năm 2021", "2021"),
    ("hoàn thành năm 2021", "2021"),
    ("tổng kết việc thực hiện vào năm 2025", "2025"),
    ("Phấn đấu đến hết năm 2022 mỗi xã có ít nhất một mô hình", "2022"),
    ("báo cáo kết quả vào cuối năm 2026", "2026"),
    ("bố trí đủ giáo viên, xong trước năm 2026", "<2026-01-01"),
    ("trình Quốc hội giữa năm 2026", "2026"),
    ("Năm 2027, hoàn thành việc số hóa hồ sơ", "2027"),
    ("xử lý dứt điểm trong năm 2021-2022", "2022"),
    ("áp dụng thí điểm, thực hiện từ năm 2022", "from:2022"),
    ("Từ năm 2022, đưa kết quả vào tiêu chí thi đua", "from:2022"),
    ("triển khai từ ngày 01/7/2025", "from:2025-07-01"),
    ("Thời gian thực hiện: Từ 01/7/2025", "from:2025-07-01"),
    ("vận hành từ quý III/2026", "from:2026-Q3"),
    ("triển khai trong năm 2026 và các năm tiếp theo", "from:2026"),
]

RECURRING = [
    ("Hằng năm, kiểm điểm việc thực hiện Nghị quyết", "yearly"),
    ("Hàng năm kiểm điểm việc thực hiện Nghị quyết", "yearly"),
    ("định kỳ hằng năm tổng hợp, báo cáo", "yearly"),
    ("định kỳ, hằng năm báo cáo Ban Thường vụ", "yearly"),
    ("Định kỳ (hằng năm) đánh giá tiến độ", "yearly"),
    ("UBND các huyện hằng năm phối hợp với ban tuyên giáo", "yearly"),
    ("Mỗi năm, các chi bộ tổ chức đối thoại", "yearly"),
    ("tổ chức đối thoại ít nhất mỗi năm 01 lần", "yearly"),
    ("tổ chức đối thoại định kỳ mỗi năm ít nhất 01 lần", "yearly"),
    ("tổ chức diễn tập tối thiểu một lần/năm", "yearly"),
    ("tổ chức diễn tập ít nhất 02 lần/năm", "half-yearly"),
    ("báo cáo 6 tháng một lần", "half-yearly"),
    ("báo cáo 06 tháng/lần", "half-yearly"),
    ("định kỳ 6 tháng báo cáo kết quả", "half-yearly"),
    ("định kỳ sáu tháng báo cáo kết quả", "half-yearly"),
    ("Định kỳ hằng quý, thường trực cấp ủy nghe báo cáo", "quarterly"),
    ("Hằng quý, tổ chức sinh hoạt chuyên đề", "quarterly"),
    ("định kỳ 3 tháng rà soát danh mục", "quarterly"),
    ("sinh hoạt chuyên đề ít nhất 01 lần/quý", "quarterly"),
    ("sinh hoạt chuyên đề ít nhất mỗi quý một lần", "quarterly"),
    ("Hằng tháng, mời lãnh đạo Mặt trận dự họp", "monthly"),
    ("yêu cầu công an xã báo cáo hằng tháng;", "monthly"),
    ("giao ban (hằng tuần đối với cấp xã)", "weekly"),
    ("họp tổ giúp việc 01 lần/tuần", "weekly"),
    ("báo cáo Thường trực Tỉnh ủy hằng quý.", "quarterly"),
    ("tổng hợp kết quả gửi về Sở Tài chính hằng năm.", "yearly"),
    ("Định kỳ báo cáo Tỉnh ủy kết quả thực hiện hằng năm", "yearly"),
    ("báo cáo vào tháng 12 hằng năm", "yearly:12"),
    ("Định kỳ tháng 12 hằng năm, tiến hành kiểm điểm", "yearly:12"),
    ("định kỳ vào tháng 4 hằng năm, báo cáo kết quả", "yearly:04"),
    ("định kỳ, tháng 7 hằng năm tổng hợp báo cáo", "yearly:07"),
    ("định kỳ tháng 9 hàng năm tổng hợp", "yearly:09"),
    ("tại phiên họp thường kỳ tháng 12 hằng năm", "yearly:12"),
    ("lấy tháng 5 hằng năm là “Tháng cao điểm”", "yearly:05"),
    ("Định kỳ cuối năm, báo cáo kết quả thực hiện", "yearly:12"),
    ("báo cáo vào cuối năm hằng năm", "yearly:12"),
    ("rà soát quy hoạch trong quý I hằng năm", "yearly:03"),
    ("báo cáo trước ngày 30/11 hằng năm", "yearly:<11-30"),
    ("báo cáo trước 30/11 hằng năm", "yearly:<11-30"),
    ("báo cáo trước ngày 30 tháng 11 hàng năm", "yearly:<11-30"),
    ("báo cáo vào ngày 30/11 hằng năm", "yearly:11-30"),
    ("báo cáo trước tháng 12 hằng năm", "yearly:<12-01"),
    ("báo cáo trước ngày 25 hằng tháng", "monthly:<25"),
    ("sinh hoạt vào ngày mồng 3 hằng tháng", "monthly:03"),
    ("báo cáo trước ngày 20 tháng cuối quý", "quarterly:<20"),
    ("báo cáo trước ngày 20 của tháng cuối quý", "quarterly:<20"),
    ("báo cáo trước ngày 20 tháng cuối mỗi quý", "quarterly:<20"),
    ("Hằng năm, tổng hợp kết quả, báo cáo Tỉnh ủy vào tháng 12", "yearly:12"),
    ("Hằng năm, kiểm điểm, gửi báo cáo về Ban Nội chính trước ngày 30/11 để tổng hợp", "yearly:<11-30"),
    ("Hằng năm, trước ngày 15/12 tổng hợp kết quả", "yearly:<12-15"),
    ("Hằng năm trước ngày 15/12 tổng hợp kết quả", "yearly:<12-15"),
    ("Hằng tháng trước ngày 25 tổng hợp kết quả", "monthly:<25"),
    ("Định kỳ hằng năm trước ngày 15/12, tổng hợp kết quả", "yearly:<12-15"),
    ("Hằng năm vào tháng 12 báo cáo kết quả", "yearly:12"),
    ("Định kỳ hằng quý vào ngày 20 tháng cuối quý báo cáo", "quarterly:20"),
    ("Hằng năm, vào dịp tổng kết trước ngày 15/12, gửi báo cáo", "yearly:<12-15"),
    ("Hằng tháng, báo cáo kết quả trước ngày 25", "monthly:<25"),
    ("Hằng quý, báo cáo kết quả trước ngày 20 tháng cuối quý", "quarterly:<20"),
    ("Định kỳ hằng năm, báo cáo tại kỳ họp tháng 12", "yearly:12"),
    ("định kỳ báo cáo kết quả trước ngày 20/11 về Sở", "yearly:<11-20"),
    ("Từ năm 2022, hằng năm tổ chức ngày hội", "yearly"),
]

SEVERAL = [
    ("sơ kết vào quý II/2023 và tổng kết vào quý II/2025", ["2023-Q2", "2025-Q2"]),
    ("sơ kết vào quý II/2023, tổng kết quý III/2025.", ["2023-Q2", "2025-Q3"]),
    ("tham mưu sơ kết vào năm 2024 và tổng kết vào năm 2026.", ["2024", "2026"]),
    ("định kỳ 6 tháng và hằng năm thực hiện đánh giá", ["half-yearly", "yearly"]),
    ("định kỳ 6 tháng, 1 năm báo cáo kết quả", ["half-yearly", "yearly"]),
    ("định kỳ quý, 6 tháng, năm báo cáo", ["quarterly", "half-yearly", "yearly"]),
    (
        "Hằng quý đối với cấp huyện, hằng tháng đối với cấp xã, đồng chí bí thư đối thoại",
        ["quarterly", "monthly"],
    ),
    ("báo cáo trước ngày 15/6 và ngày 15/12 hằng năm", ["yearly:<06-15", "yearly:<12-15"]),
    ("báo cáo vào tháng 6 và tháng 12 hằng năm", ["yearly:06", "yearly:12"]),
    ("sơ kết vào tháng 6 và tháng 12/2026", ["2026-06", "2026-12"]),
    (
        "định kỳ 6 tháng báo cáo kết quả trước ngày 15 tháng 6 và trước ngày 01 tháng 12",
        ["yearly:<06-15", "yearly:<12-01"],
    ),
    ("Hằng năm, kiểm điểm kết quả; báo cáo Tỉnh ủy trước ngày 15/12", ["yearly", "yearly:<12-15"]),
    (
        "Hằng năm, trước ngày 01/02, xây dựng kế hoạch và hoàn thành đối thoại trước ngày 15/11.",
        ["yearly:<02-01", "yearly:<11-15"],
    ),
    ("xong trong quý II/2021; định kỳ tháng 9 hằng năm báo cáo", ["2021-Q2", "yearly:09"]),
    (
        "báo cáo trước ngày 07/4/2025; trình Ban Chấp hành trước ngày 09/4/2025",
        ["<2025-04-07", "<2025-04-09"],
    ),
]

# Sentences in the style of other provinces and of the centre.
SENTENCES = [
    ("tổng hợp kết quả kiểm tra hằng năm, báo cáo trong tháng 12.", ["yearly:12"]),
    ("kiến trúc số (tháng 5/2026), trung tâm điều hành (năm 2027).", ["2026-05", "2027"]),
    ("Báo cáo giữa kỳ (năm 2028), báo cáo tổng kết Kế hoạch (năm 2030).", ["2028", "2030"]),
    ("Thời gian kiểm tra: từ ngày 01/4/2026 đến ngày 30/6/2026.", ["2026-06-30"]),
    ("tổ chức đợt cao điểm (từ ngày 01/12/2026 đến ngày 31/12/2026).", ["2026-12-31"]),
    ("mở chuyên mục tuyên truyền từ tháng 01/2026.", ["from:2026-01"]),
    ("xây dựng mô hình điểm trong quý III/2026, nhân rộng từ năm 2027.", ["2026-Q3", "from:2027"]),
    ("báo cáo tại phiên họp thường kỳ tháng 7/2026 của Ủy ban nhân dân tỉnh.", ["2026-07"]),
    ("đối chiếu số liệu 3 tháng một lần; phát sóng 02 kỳ/tuần.", ["quarterly", "weekly"]),
    ("Cập nhật giá vật liệu xây dựng hằng tháng.", ["monthly"]),
    (
        "Hoàn thành việc kiện toàn trong tháng 8 năm 2025, báo cáo về Ban Thường vụ trước ngày 05/9/2025.",
        ["2025-08", "<2025-09-05"],
    ),
    ("báo cáo vào ngày 25 hằng tháng và vào ngày 20 tháng cuối quý.", ["monthly:25", "quarterly:20"]),
    ("hoàn thành trong quý III, báo cáo trong quý IV/2025.", ["2025-Q3", "2025-Q4"]),
    (
        "Định kỳ 6 tháng (trước ngày 15/6), hằng năm (trước ngày 15/12) báo cáo kết quả.",
        ["yearly:<06-15", "yearly:<12-15"],
    ),
    (
        "Định kỳ hằng tháng (trước ngày 20), hằng quý (trước ngày 20 của tháng cuối quý) báo cáo tiến độ.",
        ["monthly:<20", "quarterly:<20"],
    ),
    (
        "Báo cáo 6 tháng gửi trước ngày 10/6, báo cáo năm gửi trước ngày 10/12 hằng năm.",
        ["yearly:<06-10", "yearly:<12-10"],
    ),
    ("Trong quý II năm 2025 rà soát; quý III năm 2025 ban hành văn bản.", ["2025-Q2", "2025-Q3"]),
    ("Quý III/2025: Hoàn thành dự thảo; Quý IV/2025: Trình Hội đồng nhân dân.", ["2025-Q3", "2025-Q4"]),
    ("Ngày 30/9/2025: hoàn thành lấy ý kiến; ngày 15/10/2025: trình thẩm định", ["2025-09-30", "2025-10-15"]),
    ("Hàng quý, 6 tháng, năm báo cáo kết quả", ["quarterly", "half-yearly", "yearly"]),
    ("Hằng tháng, quý, năm tổng hợp báo cáo", ["monthly", "quarterly", "yearly"]),
    ("gửi báo cáo trước ngày 15/11/2025 và ngày 15/11 hằng năm", ["<2025-11-15", "yearly:<11-15"]),
    ("khởi công vào ngày 19/8/2025 và hoàn thành vào dịp 30/4/2027", ["2025-08-19", "2027-04-30"]),
    ("Năm 2026: phê duyệt quy hoạch; năm 2027: khởi công xây dựng", ["2026", "2027"]),
    ("trình Hội nghị lần thứ 25 (dự kiến tháng 12/2025)", ["2025-12"]),
    ("trình HĐND tỉnh tại kỳ họp thường lệ cuối năm 2025", ["2025"]),
    ("trình HĐND tỉnh tại kỳ họp tháng 7/2025 xem xét, thông qua", ["2025-07"]),
    ("Thời gian thực hiện: từ quý III/2025 đến hết quý II/2026.", ["2026-Q2"]),
    ("Phấn đấu đến 31/12/2025 hoàn thành xóa nhà tạm", ["2025-12-31"]),
    ("Từ ngày 01/7/2025, chính quyền cấp xã thực hiện nhiệm vụ này", ["from:2025-07-01"]),
    ("Từ nay đến hết năm 2025, tập trung hoàn thành các nhiệm vụ", ["2025"]),
    ("hoàn thành vào cuối tháng 6, đầu tháng 7 năm 2025", ["2025-07"]),
    ("hoàn thành trước 17 giờ ngày 20/6/2025", ["2025-06-20"]),
    ("họp vào sáng thứ Hai hằng tuần", ["weekly"]),
    ("Cuối mỗi năm, tổ chức tổng kết", ["yearly:12"]),
    ("báo cáo kết quả vào cuối mỗi quý", ["quarterly"]),
    ("Ba tháng một lần, tổ chức giao ban", ["quarterly"]),
    ("họp định kỳ 01 tháng/lần", ["monthly"]),
    ("Định kỳ trước ngày 05 hằng tháng, báo cáo tiến độ", ["monthly:<05"]),
    ("Định kỳ hàng năm vào quý IV tổ chức đánh giá", ["yearly:12"]),
    ("Chậm nhất ngày 20 hằng tháng, các đơn vị gửi báo cáo", ["monthly:20"]),
    ("Ngày 15 hằng tháng, các tổ công tác họp giao ban", ["monthly:15"]),
    ("báo cáo Thủ tướng Chính phủ trước ngày 25 tháng cuối của quý", ["quarterly:<25"]),
    ("giải ngân 100% vốn đầu tư công năm 2025 trước ngày 31/01/2026", ["<2026-01-31"]),
    ("tham mưu Báo cáo sơ kết công tác quý I/2025 trước ngày 20/3/2025", ["<2025-03-20"]),
    ("thực hiện Kế hoạch số 15-KH/TU, ngày 12/3/2025, hoàn thành trước ngày 30/4/2025", ["<2025-04-30"]),
    ("Lộ trình thực hiện: năm 2025 - 2026.", ["2026"]),
    ("Tham mưu tổng kết 5 năm thực hiện Nghị quyết trong năm 2025.", ["2025"]),
    ("+ Thời gian: Tháng 5, 6/2025", ["2025-06"]),
    ("Thời gian trình: tháng 10/2025", ["2025-10"]),
    ("thời hạn báo cáo: 25/12/2025", ["2025-12-25"]),
    ("gửi hồ sơ trước 10 giờ 00 phút ngày 25/12/2025", ["2025-12-25"]),
    ("gửi hồ sơ chậm nhất 17h00 ngày 25/12/2025", ["2025-12-25"]),
    ("tổng kết vào cuối năm 2025 hoặc đầu năm 2026", ["2026"]),
    ("Báo cáo định kỳ 6 tháng/lần (trước ngày 20/6 và 20/12)", ["yearly:<06-20", "yearly:<12-20"]),
    ("báo cáo định kỳ (quý, 6 tháng, năm) hoặc đột xuất", ["quarterly", "half-yearly", "yearly"]),
    (
        "đại hội cơ sở xong trước ngày 30/6/2025; cấp trên xong trước ngày 31/8/2025",
        ["<2025-06-30", "<2025-08-31"],
    ),
    ("bố trí nguồn lực để thực hiện ngay từ năm 2025", ["from:2025"]),
    ("các cơ quan giúp việc của Tỉnh ủy mỗi quý đi dự sinh hoạt chi bộ", ["quarterly"]),
]

NOT_DEADLINES = [
    "đưa việc thực hiện Nghị quyết vào chương trình kiểm tra, giám sát hằng năm.",
    "giải quyết các vụ việc phát sinh từ ngày 01/7/2025.",
    "xử lý theo Luật Đất đai (năm 2013)",
    "không bắt buộc hằng năm phải luân chuyển",
    "báo cáo kết quả (lồng ghép trong báo cáo tháng, quý, năm) về Sở Tư pháp",
    "Thời gian thực hiện: Từ năm 2025 đến năm 2030.",
    "bảo đảm hoàn thành mục tiêu tăng trưởng năm 2025 đạt 8% trở lên",
    "các dự án được phê duyệt chủ trương đầu tư trước ngày 01/8/2024 tiếp tục thực hiện",
    "tham mưu xây dựng huyện trở thành thị xã vào năm 2025",
    "điều chuyển số vốn dư không có khả năng giải ngân trong năm 2025 (khoảng 1.500 tỷ đồng)",
    "nhiệm vụ, giải pháp trong 02 tháng cuối năm 2025 và những tháng đầu năm 2026",
    "Số liệu tính từ ngày 15/12/2024 đến ngày 14/12/2025",
    "kỳ báo cáo từ ngày 15 tháng trước đến ngày 14 tháng báo cáo",
    "đối tượng sinh trước ngày 01/01/2008",
    "Quyết định này có hiệu lực thi hành từ ngày 01 tháng 01 năm 2026",
    "kết luận tại phiên họp tháng 6/2025 của UBND tỉnh",
    "trình Đại hội Đảng bộ tỉnh lần thứ XX",
    "tiến hành sơ kết 2 năm/lần, tổng kết 5 năm",
    "Năm 2025 là năm cuối thực hiện Nghị quyết",
    "đến ngày 30/6/2025, tỷ lệ giải ngân đạt 35% kế hoạch",
    "Tính đến hết tháng 6/2025, toàn tỉnh đã giải ngân 35%",
    "Hoàn thành trong thời hạn 30 ngày kể từ ngày ban hành Chỉ thị này",
    "hoàn thành trong vòng 02 tháng kể từ ngày ký ban hành",
    "Sau 01 năm thực hiện, tổ chức đánh giá rút kinh nghiệm.",
    "Từ ngày 08 đến ngày 09 tháng 11 năm 2025 tại tỉnh, Thủ tướng đã làm việc",
    "đánh giá nhiệm vụ 6 tháng đầu năm, triển khai nhiệm vụ 6 tháng cuối năm 2025",
    "phát động phong trào thi đua từ nay đến tháng 10/2025",
    "kiểm điểm hằng năm gắn với đánh giá, xếp loại",
    "thực hiện Quyết định số 238-QĐ/TW ngày 30/9/2020 của Ban Bí thư",
    "theo Nghị quyết số 06/2020/NQ-HĐND ngày 09/7/2020 của HĐND tỉnh",
    "Căn cứ Công văn số 241-CV/TU ngày 04 tháng 3 năm 2021",
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16/6/2025",
    "Tiếp tục thực hiện Thông tư 12/2021 về kế toán",
    "tại phiên họp ngày 28/2/2025, sau khi nghe báo cáo",
    "Bắc Giang, ngày 12 tháng 5 năm 2021",
    "xây dựng Đề án phát triển du lịch giai đoạn 2021-2025",
    "Nghị quyết Đại hội Đảng bộ tỉnh nhiệm kỳ 2020-2025",
    "Kế hoạch luân chuyển cán bộ đến năm 2025",
    "Chương trình chuyển đổi số đến năm 2025, định hướng đến năm 2030",
    "đến năm 2025 đạt 85% dân số tham gia bảo hiểm y tế",
    "nâng tỷ lệ đô thị hóa lên 60% vào năm 2030",
    "nâng tỷ lệ hộ dùng nước sạch đạt chuẩn vào năm 2026",
    "đến ngày 31/12 hằng năm tỷ lệ nợ thuế dưới 5%",
    "đưa vào chỉ tiêu hằng năm của địa phương",
    "các nhiệm vụ trọng tâm hằng năm",
    "nhiệm vụ trọng tâm cần lãnh đạo hằng năm; tổ chức quán triệt",
    "xây dựng kế hoạch năm 2025 sát với tình hình",
    "cụ thể hóa thành Kế hoạch phát triển kinh tế - xã hội năm 2025 trình HĐND tỉnh",
    "lồng ghép vào báo cáo hằng năm của đơn vị",
    "các báo cáo hằng năm gửi cấp trên",
    "bố trí trong dự toán ngân sách hằng năm",
    "kinh phí thực hiện hằng năm theo quy định",
    "đưa vào nội dung kiểm điểm giao ban hàng tháng để nắm tình hình",
    "hướng dẫn chuyên đề sinh hoạt chi bộ hằng quý. Chủ trì biên soạn tài liệu",
    "quán triệt trong sinh hoạt chi bộ định kỳ hằng tháng",
    "tổ chức khám sức khỏe định kỳ",
    "định kỳ báo cáo Ban Thường vụ Tỉnh ủy theo quy định",
    "định kỳ tổ chức kiểm tra, sát hạch",
    "thường xuyên theo dõi, đôn đốc",
    "chương trình công tác toàn khóa, hằng năm, hằng tháng của cấp ủy",
    "đánh giá, xếp loại cán bộ hằng năm và cả nhiệm kỳ",
    "Quy định về đánh giá chất lượng đảng bộ hằng năm; khen thưởng kịp thời",
    "tốc độ tăng trưởng bình quân hằng năm đạt 15%",
    "Năng suất lao động hằng năm tăng trên 12,5%",
    "Hằng năm, tỷ lệ tổ chức cơ sở đảng hoàn thành tốt nhiệm vụ đạt 90%",
    "không nhất thiết hằng năm phải có cán bộ hoàn thành xuất sắc",
    "gửi hồ sơ trong thời hạn 07 ngày làm việc sau khi kết thúc đối thoại",
    "báo cáo trong 05 ngày kể từ ngày nhận được ý kiến",
    "tổ chức sơ kết giữa nhiệm kỳ, tổng kết cuối nhiệm kỳ",
    "95 ngày trước ngày bầu cử",
    "chịu trách nhiệm trước Ban Thường vụ Tỉnh ủy",
    "đã hoàn thành trong năm 2020",
    "đã ban hành kế hoạch trong tháng 6/2021",
    "trong tháng 6/2021 đã xử lý 12 vụ",
    "Từ đầu năm 2021 đến nay, toàn tỉnh thu hút 12 dự án",
    "Từ năm 2021 đến nay, cấp ủy các cấp kết nạp 3.000 đảng viên",
    "đánh giá hoạt động từ tháng 6/2022 đến nay",
    "đến hết năm 2020, toàn tỉnh có 21.233 người tham gia",
    "Quý I/2021 đạt 17,96%",
    "Dự báo tăng trưởng 6 tháng đầu năm 2021 sẽ giảm",
    "Hội nghị sơ kết công tác 6 tháng đầu năm 2023",
    "hội nghị giao ban các cơ quan khối nội chính quý II/2022",
    "kết quả thực hiện nhiệm vụ quý II/2022",
    "xử lý các vụ việc phát sinh trước ngày 01/7/2014",
    "đối với công trình được phê duyệt trước năm 2020",
    "kiểm điểm, đánh giá cuối năm",
    "không mở lớp vào dịp đầu năm, cuối năm",
    "tham mưu tổ chức tổng kết 10 năm thực hiện Nghị quyết",
    "kế hoạch phát triển kinh tế - xã hội 5 năm 2011-2015",
    "năm học 2021-2022",
    "Phong trào “Thi đua trong năm 2025 về đích sớm”",
    "đạt 15/11/2021 điểm",
    "ngày 31/02/2021",
    "xong trước ngày 45/13/2021",
    "bảo đảm 12/12 xã đạt chuẩn",
    "Nghị quyết có hiệu lực từ ngày 01/7/2025",
    "",
    "   ",
    "năm tháng ngày quý",
]


@pytest.mark.parametrize(
    ("passage", "due"), [*DAYS, *MONTHS, *QUARTERS, *HALVES_AND_YEARS, *RECURRING], ids=lambda value: value
)
def test_find_deadlines_reads_one(passage: str, due: str) -> None:
    assert dues(passage) == [due]


@pytest.mark.parametrize(("passage", "expected"), [*SEVERAL, *SENTENCES])
def test_find_deadlines_reads_several(passage: str, expected: list[str]) -> None:
    assert dues(passage) == expected


@pytest.mark.parametrize("passage", NOT_DEADLINES)
def test_find_deadlines_leaves_look_alikes(passage: str) -> None:
    assert dues(passage) == []


@pytest.mark.parametrize(("passage", "due"), [*DAYS, *MONTHS, *QUARTERS, *HALVES_AND_YEARS, *RECURRING])
def test_find_deadlines_in_another_sentence(passage: str, due: str) -> None:
    """A neighbouring sentence that cites a document changes nothing."""
    around = f"Căn cứ Nghị quyết số 5-NQ/TU ngày 10/02/2020 của Tỉnh ủy. {passage[:1].upper()}{passage[1:]}"
    assert due in dues(around)


@pytest.mark.parametrize(
    ("passage", "words"),
    [
        ("Trình đề án trước ngày 15/01/2021 để thẩm định.", "trước ngày 15/01/2021"),
        ("kế hoạch (xong trong tháng 7/2021).", "xong trong tháng 7/2021"),
        ("định kỳ 6 tháng báo cáo", "định kỳ 6 tháng"),
        ("Định kỳ tháng 12 hằng năm, kiểm điểm", "Định kỳ tháng 12 hằng năm"),
        ("Phấn đấu đến hết năm 2021 mỗi xã có một mô hình", "đến hết năm 2021"),
        ("Thời gian hoàn thành: Tháng 12/2025", "Thời gian hoàn thành: Tháng 12/2025"),
        ("Hằng năm, trước ngày 15/12 tổng hợp", "Hằng năm, trước ngày 15/12"),
        ("Hằng năm, tổng hợp và báo cáo trước ngày 15/12", "trước ngày 15/12"),
        ("trong quý I-II/2022", "trong quý I-II/2022"),
        ("vào cuối quý IV/2021.", "vào cuối quý IV/2021"),
    ],
)
def test_find_deadlines_holds_its_anchor(passage: str, words: str) -> None:
    (expression,) = join_recurring(find_deadlines(passage), passage)
    assert passage[expression.start : expression.end] == words


def test_find_deadlines_gives_yearless_dates_as_partial() -> None:
    (expression,) = find_deadlines("hoàn thành việc đối thoại trước ngày 15/11.")
    assert (expression.due, expression.kind, expression.rule) == ("<11-15", Kind.PARTIAL, "partial-day")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Quý IV/2025", ["2025-Q4"]),
        ("Tháng 11/2025", ["2025-11"]),
        ("12/2025", ["2025-12"]),
        ("31/12/2025", ["2025-12-31"]),
        ("2026", ["2026"]),
        ("Năm 2026", ["2026"]),
        ("Năm 2025 - 2026", ["2026"]),
        ("Hằng năm.", ["yearly"]),
        ("Hàng quý", ["quarterly"]),
        ("Trước ngày 31/5/2026", ["<2026-05-31"]),
        ("Trước 15/10 hằng năm", ["yearly:<10-15"]),
        ("Từ 01/7/2025", ["from:2025-07-01"]),
        ("Thường xuyên, định kỳ hằng quý báo cáo về Sở Tài chính", ["quarterly"]),
        ("Thường xuyên", []),
        ("Giai đoạn 2026-2030 và những năm tiếp theo", []),
        ("Khi có phát sinh.", []),
        ("Theo kế hoạch công tác tư pháp hàng năm.", []),
        ("", []),
    ],
)
def test_read_deadline_cell(cell: str, expected: list[str]) -> None:
    expressions = read_deadline_cell(cell)
    assert [expression.due for expression in expressions] == expected
    assert all(0 <= expression.start < expression.end <= len(cell) for expression in expressions)


def test_find_deadlines_never_changes_lengths() -> None:
    """`İ` is two letters in lower case: the offsets must not move."""
    passage = "İİİ trình trước ngày 15/01/2021"
    (expression,) = find_deadlines(passage)
    assert passage[expression.start : expression.end] == "trước ngày 15/01/2021"
