"""The closed word lists of the language of directives: predicates, kinds of bodies, separators."""

from __future__ import annotations

import re

# How a predicate begins: after a list of bodies, what follows must be one of these for the bodies
# to be its subject; an unknown body's name ends before one.
_PREDICATES = """
ban hành, báo cáo, bám sát, bảo đảm, đảm bảo, biên soạn, biểu dương, bố trí, bổ sung, bồi dưỡng, cải
thiện, cập nhật, cân đối, căn cứ, cần, chấp hành, chấn chỉnh, chỉ đạo, chỉ định, chia sẻ, chịu trách
nhiệm, cho ý kiến, chú trọng, chú ý, chủ động, chủ trì, chuẩn bị, chuyển, có biện pháp, có giải pháp, có
hình thức, có kế hoạch, có nhiệm vụ, có trách nhiệm, có văn bản, coi, công bố, công khai, cụ thể hóa, củng
cố, cung cấp, cử, dự báo, duy trì, dành, đánh giá, đào tạo, đẩy mạnh, đẩy nhanh, đăng ký, đăng tải, đề
cao, đề ra, đề xuất, đề nghị, điều chỉnh, điều hành, điều tra, định hướng, định kỳ, đổi mới, đôn đốc, đưa,
được giao, được phân công, đi thực tế, giao, giải quyết, giám sát, giúp, góp ý, gắn, gửi, gương mẫu, hàng
năm, hằng năm, hàng quý, hằng quý, hàng tháng, hằng tháng, hoàn thành, hoàn thiện, hỗ trợ, huy động, hướng
dẫn, kêu gọi, khai thác, khảo sát, khẩn trương, khắc phục, khuyến khích, kiểm điểm, kiểm soát, kiểm tra,
kiểm sát, kiện toàn, kịp thời, kiến nghị, kiên quyết, kết luận, là, làm, lãnh đạo, lập, lấy, lồng ghép,
lựa chọn, mở, mở rộng, nâng cao, nắm, nêu cao, nhận thức, nghiêm túc, nghiên cứu, ngăn chặn, ngoài, phải,
phản ánh, phản ảnh, phát động, phát hiện, phát huy, phát triển, phân bổ, phân công, phân tích, phê duyệt,
phổ biến, phối hợp, phụ trách, quan tâm, quán triệt, quản lý, quy định, quyết định, quyết liệt, ra, rà
soát, sẽ, sắp xếp, sơ kết, sớm, sử dụng, sửa đổi, tạo, tạm dừng, tăng cường, tập huấn, tập trung, tổ chức,
tổng hợp, tổng kết, tham dự, tham gia, tham mưu, thành lập, thẩm định, thẩm tra, thanh tra, theo, theo
chức năng, theo dõi, thể chế hóa, thông báo, thông qua, thống kê, thống nhất, thực hành, thực hiện, thường
xuyên, tiến hành, tiếp nhận, tiếp thu, tiếp tục, tích cực, tranh thủ, trên cơ sở, triển khai, trình, trực
tiếp, truyền thông, tự, tuân thủ, tuyên truyền, từng bước, ưu tiên, ứng dụng, vận động, vận dụng, vận
hành, xác định, xây dựng, xem xét, xử lý, yêu cầu, đóng vai trò, rút kinh nghiệm, bồi thường, lắp đặt, đầu
tư, tổng rà soát, đấu tranh, hợp đồng, nhanh chóng, tiếp, nhân rộng, bảo vệ, tháo gỡ, cam kết, chăm lo,
thúc đẩy, thu hút, đăng cai, giới thiệu, quảng bá, đối chiếu, giải trình, hằng tuần, chậm nhất, trước
ngày, trong tháng, trong quý, trong năm, nhất là, đặc biệt, để, nhằm, khi, nếu, mà, đã, đang, không, chưa,
còn, vào, tại, trong, đặt hàng, chi trả, thanh toán, quyết toán, mua sắm, sửa chữa, di dời, tuyển chọn,
tuyển dụng, bổ nhiệm, luân chuyển, điều động, kết nạp, thu hồi, thu gom, thu thập, tuần tra, trực ban,
diễn tập, phát sóng, niêm yết, thăm hỏi, ký kết, cưỡng chế, khởi công, khánh thành, nghiệm thu, bàn giao,
xác minh, xác nhận, xác thực, kê khai, phân loại, cải tạo, nâng cấp, tích hợp, số hóa, cơ bản
"""

# Actions that may begin a new part of a sentence after `và` or a comma.
_ACTIONS = """
tham mưu, sơ kết, tổng kết, báo cáo, tổng hợp, xây dựng, ban hành, trình, tổ chức, hoàn thành, triển khai,
thực hiện, rà soát, theo dõi, đôn đốc, kiểm tra, giám sát, hướng dẫn, đánh giá, kiểm điểm, chủ trì, chỉ
đạo, lãnh đạo, quán triệt, phê duyệt, công bố, công khai, gửi, đề xuất, thành lập, kiện toàn, khởi công,
đưa vào, hoàn thiện, nghiên cứu, tiến hành, lập, thẩm định, cập nhật, giải quyết, xử lý, khắc phục, tuyên
truyền, phổ biến, định kỳ, hằng năm, hàng năm, hằng quý, hàng quý, hằng tháng, hàng tháng, nghiệm thu, bàn
giao, tập huấn, phấn đấu, tiếp tục, phối hợp, chuẩn bị, lựa chọn, bố trí, điều chỉnh, sửa đổi, bổ sung
"""

# Generic kinds of bodies of the state and Party system: how an unknown body's name begins. Each is
# a pattern; what stands in brackets tells it from a like word (`ban hành`, `báo cáo`, `xã hội`).
_KINDS = """
ban tổ chức, ban chỉ đạo, ban quản lý, ban điều hành, ban vận động, ủy ban kiểm tra, viện kiểm sát, đoàn
giám sát, đoàn công tác, cơ quan điều tra, cơ quan thanh tra, cơ quan kiểm tra, cơ quan quản lý, cơ quan
thường trực, cơ quan tham mưu, cơ quan chủ trì, cơ quan thi hành án, hội đồng thẩm định, hội đồng tư vấn,
sở, ban(?! hành), ủy ban, bộ(?! (?:máy|phận|mặt|tiêu|thủ tục|chỉ số|quy)), cục, chi cục, tổng cục, vụ, văn
phòng, trung tâm, công an, đảng ủy, huyện ủy, thành ủy, thị ủy, quận ủy, tỉnh ủy, xã(?! hội), chi bộ, đảng
bộ, hội(?! (?:nghị|nhập|thảo|viên|họp|đồng thẩm)), liên đoàn, liên minh, liên hiệp, hiệp hội, viện, tòa
án, báo(?! (?:cáo|chí)), đài, trường(?! (?:hợp|lao|học tập)), học viện, công ty, tập đoàn, tổng công ty,
kho bạc, ngân hàng, thanh tra(?= (?:tỉnh|thành phố|chính phủ|bộ|sở|huyện|nhà nước)), bảo hiểm xã hội, đồng
chí, thường trực, cấp ủy, chính quyền, mặt trận, đảng đoàn, quân ủy, bộ đội, tổ công tác, tổ giúp việc, tổ
chức(?= (?:đảng|chính trị|thành viên|xã hội|đoàn|có liên quan|liên quan|cá nhân|trực thuộc)), đoàn thể,
hội đồng, cơ quan, đơn vị, địa phương, ngành, người đứng đầu, thủ trưởng, giám đốc, chủ tịch, phó chủ
tịch, bí thư, trưởng ban, lãnh đạo(?= (?:các|ubnd|ủy ban|sở|huyện)), ubnd, hđnd, mttq, btv, bcsđ, bhxh,
vksnd, tand, tỉnh đoàn, thành đoàn, huyện đoàn, đoàn thanh niên, đoàn kiểm tra, doanh nghiệp, chủ đầu tư,
chủ rừng, lực lượng, cán bộ, đảng viên, công chức, viên chức, chuyên viên, các cấp, các sở, các bộ, các
huyện, các xã, các tỉnh, các thành phố, các phường, thuế, hải quan, viễn thông, điện lực, quỹ, nhà trường,
cơ sở, người(?! (?:tham gia|lao động|có công|nghèo|bị|học|sử dụng|thân)), huyện, thành phố, thị xã,
phường, đặc khu, tiểu ban, tổ trưởng, ủy viên, bưu điện, kiểm toán(?= nhà nước), chánh văn phòng, trưởng,
phó thủ tướng, bộ trưởng
"""
_DETERMINER = r"(?:(?:tất cả |toàn thể )?(?:các |từng |mỗi |những |một số )?(?:đồng chí |lãnh đạo )?)"


def _listed(text: str) -> list[str]:
    """The entries of a list, the longest first, so that none hides a longer one."""
    entries = [" ".join(entry.split()) for entry in text.split(",")]
    return sorted(filter(None, entries), key=len, reverse=True)


PREDICATE = re.compile(rf"(?:{'|'.join(_listed(_PREDICATES))})(?![\wÀ-ỹ])", re.IGNORECASE)
ACTION = re.compile(rf"(?:{'|'.join(_listed(_ACTIONS))})(?![\wÀ-ỹ])", re.IGNORECASE)
KIND = re.compile(rf"{_DETERMINER}(?:{'|'.join(_listed(_KINDS))})(?![\wÀ-ỹ])", re.IGNORECASE)
SEPARATOR = re.compile(r"\s?(?:[,;/&]|(?<=\s)(?:và|cùng với|cùng|hoặc)(?=\s))\s?(?:(?:và|cùng)\s)?")
