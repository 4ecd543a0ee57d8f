"""Papers in the words and layouts of other bureaus: what they are, who signed them, what is there.

None of these wordings is the fixtures'; each breaks the form in another place.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from archive_check import readers
from archive_check.facts.context import Context
from archive_check.facts.references import _rows
from archive_check.model import PICTURE, Document, Entry, Line, SourceFile, Table
from archive_check.recognise.alone import Alone, alone
from archive_check.recognise.catalogue import read_catalogue
from archive_check.recognise.comparing import names_document
from archive_check.recognise.materials import _day_of
from archive_check.recognise.names import signs
from archive_check.recognise.places import folder_section, places_of
from archive_check.recognise.titles import read_title
from archive_check.recognise.types import recognise_type
from archive_check.recognise.words import words
from fixtures.formats import write
from fixtures.model import Grid, Text

Rows = tuple[tuple[str, ...], ...]


def read(folder: Path, *parts: str | Rows, format: str = "docx") -> Alone:
    """A paper of lines and tables; its first line is the title."""
    shown: list[Text | Grid] = [Text(parts[0], "title")] if isinstance(parts[0], str) else []
    for part in parts[len(shown) :]:
        shown += map(Text, part.split("\n")) if isinstance(part, str) else [Grid(part)]
    path = folder / f"0001.{format}"
    path.write_bytes(write(tuple(shown), format))
    (document,) = readers.read(SourceFile(path.name, str(path), path.stat().st_size))
    return alone(document)


def lacking(paper: Alone) -> set[str]:
    return {name for name, looked in paper.told.elements.items() if looked.missing}


WORKPAPER: Rows = (
    ("被审计单位", "云阳县蚕桑服务站", "底稿编号", "YC-03"),
    ("查证事项", "生产物资领用管理", "页次", "1/2"),
    ("业务发生期间", "2022年1月至2022年12月", "", ""),
    ("查\n证\n情\n况", "抽取物资领用单64张，与仓库出入库台账逐笔比对。", "", ""),
    ("查\n明\n事\n实", "有7张领用单无领用人签字，涉及蚕药价值1.86万元。", "", ""),
    ("取\n得\n资\n料", "领用单复印件7份，由该站财务室提供。", "", ""),
    ("定性及\n处理意见", "领用手续不健全，建议补办签字手续。", "", ""),
    ("经办审计人员", "冉启明", "经办日期", "2023.4.18"),
    ("组长审签意见", "事实清楚，同意定性。", "组长签名及日期", "谭素芬 2023.4.21"),
)
RECORD: Rows = (
    ("项目", "2023年忠县拔山镇卫生院财务收支审计", "", ""),
    ("获取途径", "查阅药品采购发票及验收单", "对应底稿", "YW-02"),
    ("事实\n经过", "5批次验收单缺少第二验收人签字，金额合计8.37万元。", "", ""),
    ("附列资料", "验收单复印件5张", "", ""),
    ("采集人", "廖  峰、贺小琴", "采集时间", "2023年8月15日"),
    ("单位签认", "以上情况属实。 秦中华（院长） 忠县拔山镇卫生院（盖章） 2023年8月16日", "", ""),
)
PAPERS: dict[str, tuple[str, date, tuple[str | Rows, ...]]] = {
    "a workpaper that asks by 查证 and stands upright": (
        "workpaper", date(2023, 4, 18), ("审计查证底稿", WORKPAPER)),
    "a workpaper in paragraphs": ("workpaper", date(2022, 9, 6), (
        "审 计 工 作 底 稿",
        "底稿号：G—07            第1页 共1页\n"
        "被审单位全称：巫溪县融媒体中心\n"
        "审计事项：广告经营收入核算    所属会计期间：2021年7月—2022年6月\n"
        "编制：向  敏      编制时间：二〇二二年九月六日\n"
        "一、工作步骤\n1.索取广告合同台账；2.将合同金额与开票、入账金额核对。\n"
        "二、查实情况\n经核对，有3份合同共计12.4万元收入推迟至2022年8月入账。\n"
        "三、依据的证据\n（1）广告合同台账及合同3份（来源：经营部）。\n"
        "四、定性与建议\n收入确认不及时，建议按权责发生制规范核算。\n"
        "五、审核把关\n审核人：覃 勇（2022年9月9日）\n审核意见：证据齐全，定性适当，予以通过。")),
    "a record that the unit countersigns": (
        "evidence-record", date(2023, 8, 15), ("审计事实确认单", RECORD)),
    "a talk signed with a thumb": ("interview-record", date(2023, 5, 11), (
        "谈话笔录",
        "时间：2023年5月11日上午9时30分至11时\n地点：县供销社三楼小会议室\n"
        "谈话事由：化肥储备资金拨付\n谈话人：张志远   记录人：罗霞\n"
        "被谈话人：胡建平，男，49岁，县供销社财务股股长\n"
        "问：储备资金按什么程序拨付？\n答：由业务股提出申请，主任办公会同意后，财务股拨付。\n"
        "以上笔录我看过，与我说的相符。\n胡建平（手印）\n2023年5月11日")),
    "a list of assets counted": ("stocktake-record", date(2023, 7, 4), (
        "固定资产盘点表",
        "盘点单位：开州区实验小学   盘点地点：教学楼、实验楼",
        (("序号", "资产名称", "账面数量", "实盘数量", "盘盈（亏）"),
         ("1", "交互式电子白板", "24", "23", "-1"),
         ("2", "笔记本电脑", "12", "12", "0")),
        "盘点方法：现场逐件清点，与固定资产卡片核对\n盘点结论：除1台电子白板送修外，其余账实一致。\n"
        "保管员：任晓兰    会计：陈琳    监盘：杨光、吕思远    日期：2023年7月4日")),
    "a notice that is a letter": ("audit-notice", date(2023, 4, 6), (
        "关于审计芙蓉江管护站2022年度财务收支情况的函",
        "芙蓉江管护站：\n按照区水利局2023年内部审计工作安排，我科派出审计组，于2023年4月12日进驻你站，"
        "用15个工作日，就你站2022年度财务收支及专项资金使用情况进行就地审计，重要事项上溯下延。\n"
        "审计组由冯国栋带队，王倩、李梦洁参加，陈炜为主审。\n"
        "请你站备齐会计凭证、账簿、报表及合同资料，并指定专人负责联络，提供办公场所。\n"
        "专此函告。\n武隆区水利局内部审计科（印）\n2023年4月6日")),
    "a report that takes a view": ("audit-report", date(2023, 6, 15), (
        "关于芙蓉江管护站2022年度财务收支情况的审计报告",
        "区水利局党委：\n根据2023年内部审计工作安排，我科组成审计组，于2023年4月12日至5月9日对芙蓉江管护站2022年度财务收支情况"
        "实施了审计，重点抽查了工程维修资金和车辆费用。\n"
        "一、单位概况\n芙蓉江管护站系区水利局所属公益一类事业单位，现有在编人员18人。\n"
        "二、总体看法\n该站会计核算基本规范，但在资产管理方面仍有薄弱环节。\n"
        "三、查出的主要事项\n（一）2022年购入的巡查艇1艘，价值16.2万元，未入账。\n"
        "四、改进建议\n（一）尽快补记固定资产账。\n"
        "武隆区水利局内部审计科（盖章）\n二〇二三年六月十五日")),
    "a report on what was done about the report": ("rectification-report", date(2023, 9, 4), (
        "芙蓉江管护站关于落实审计报告的情况汇报",
        "区水利局内部审计科：\n我站专题研究，逐项对账销号。现汇报如下：\n"
        "一、查出事项的改正情况\n（一）巡查艇已于4月28日补记固定资产账。\n"
        "二、改进建议的采纳情况\n修订《固定资产管理办法》，每半年盘点一次。\n"
        "三、尚未办结的事项\n报废车辆1台因系统升级，注销手续正在办理，预计年底办结。\n"
        "芙蓉江管护站（公章）\n2023年9月4日")),
    "a plan that sets the points of the year's work": ("annual-plan", date(2022, 12, 20), (
        "武隆区水利局2023年内审工作要点",
        "一、指导思想\n围绕水利中心工作，促进资金安全和规范管理。\n二、审计任务",
        (("项目", "类别", "进点月份", "投入人力"),
         ("芙蓉江管护站财务收支审计", "财务收支", "4月", "4人")),
        "三、往年问题回头检查\n对2021年审过的仙女山供水站整改情况进行复查。\n"
        "武水局内审科\n2022年12月20日",
        (("分管领导签批", "同意。 李明辉 2022年12月23日"),))),
    "a promise to hide nothing": ("commitment-letter", date(2023, 4, 12), (
        "关于提供资料情况的承诺",
        "我站承诺：向审计组提交的会计资料均为真实、合法，没有隐匿、漏报。\n"
        "芙蓉江管护站（公章）\n2023年4月12日")),
    "a workpaper that the leader signs": ("workpaper", date(2023, 2, 24), (
        "审计工作记录（底稿）",
        (("编号", "GS-2023-08", "共2页第1页", ""),
         ("受审单位名称", "古南街道办事处", "涉及年度", "2021、2022"),
         ("审查项目", "非税收入收缴", "", ""),
         ("审查步骤与结果", "调取票据存根与缴库数据比对，有4份合同租金未按期收取。", "", ""),
         ("问题性质及依据", "应收未收租金，不符合非税收入管理条例规定。", "", ""),
         ("审计意见", "应及时催收，完善租金台账。", "", ""),
         ("证明材料", "租赁合同4份，街道财政所提供", "", ""),
         ("主审人员签名", "程铭 2023年2月20日", "审计组组长签名", "龚平 2023年2月24日"),
         ("审计组组长复核意见", "情况属实，依据充分。", "", "")))),
    "a record of data compared": ("evidence-record", date(2023, 6, 6), (
        "数据分析记录",
        (("分析主题", "药品进销差率"), ("数据来源", "2022年药品入出库表"),
         ("分析方法", "按药品编码比对进价与售价"), ("分析结果", "13种药品加成率高于规定"),
         ("分析人", "佘明"), ("分析日期", "2023年6月6日"),
         ("数据提供单位确认", "数据无误。信息科 王涛 2023年6月7日")))),
    "a record of what was looked at": ("stocktake-record", date(2023, 9, 12), (
        "现场查看情况记录",
        "查看时间：2023年9月12日15:00\n查看地点：渡舟街道敬老院工地\n查看事项：附属设施完成情况\n"
        "查看方式：实地丈量、拍照\n查看情况：设计围墙长126米，实际砌筑98米。\n"
        "查看结论：围墙工程量多计28米。\n查看人员：卢波、谢雨晴\n在场人员签字：何志强")),
    "a receipt whose labels head columns": ("notice-delivery-receipt", date(2023, 1, 9), (
        "送 达 证",
        (("受送达人", "古南街道办事处", "", ""),
         ("送达文书名称及件数", "送达地点", "受送达人签名或捺印", "送达人"),
         ("审计通知书 1份", "街道办公楼", "彭涛\n2023年1月9日", "程铭")))),
    "a notice that is a table": ("audit-notice", date(2023, 1, 6), (
        "审计告知书",
        (("被审计单位", "古南街道办事处", "审计项目", "2021至2022年度非税收入专项审计"),
         ("审计范围及内容", "2021年至2022年非税收入征收、缴库、票据管理", "", ""),
         ("实施时间", "2023年1月12日至2月28日", "", ""),
         ("审计组", "组长：龚平  主审：程铭  组员：杜晓、韦丽", "", ""),
         ("请提供资料", "票据存根、租赁合同、缴库凭证", "", ""),
         ("有关要求", "请确定一名联络人，配合审计工作", "", "")),
        "区财政局内部审计办公室（公章）\n2023年1月6日")),
    "a closing note without colons": ("closing-note", date(2023, 8, 30), (
        "卷内备考说明",
        "本案卷共有文件材料52份、186页。\n立卷人 韦丽\n检查人 龚平\n2023年8月30日")),
    "a sheet that the leader signs last": ("leader-instruction", date(2023, 4, 13), (
        "云水集团发文审批笺",
        (("文件名称", "物资公司2022年度经营管理审计报告"), ("拟稿", "刘洋 2023.4.10"),
         ("核稿", "吕品 2023.4.11"), ("会签", "财务部：无意见 2023.4.12"),
         ("签发", "同意印发。 董明  2023.4.13")))),
    "a programme that is a table": ("audit-programme", date(2023, 2, 20), (
        "审计项目实施方案表",
        (("项目名称", "物资公司2022年度经营管理审计", "", ""),
         ("被审计单位", "云水集团物资公司", "审计方式", "就地审计"),
         ("审计目标", "评价经营管理合规性和效益性", "审计范围", "2022年1-12月"),
         ("审计重点", "采购管理；存货管理；往来款项", "", ""),
         ("审计方法", "抽样检查、监盘、函证、访谈", "", ""),
         ("时间安排", "2023年3月1日进点，3月28日撤点", "", ""),
         ("审计组成员及分工", "吕品（组长）：全面负责；刘洋（主审）：采购管理", "", ""),
         ("编制人", "刘洋 2023.2.20", "审计部审批", "同意。吕品 2023.2.22")))),
    "a report that calls its findings so": ("audit-report", date(2023, 4, 14), (
        "云水集团内部审计报告",
        "物资公司2022年度经营管理审计\n集团董事会：\n一、审计基本情况\n"
        "（一）审计依据、对象和范围。按照集团2023年审计计划，审计部于2023年3月1日至28日实施了审计。\n"
        "（二）被审计单位情况。物资公司成立于2015年，注册资本3000万元。\n"
        "二、审计结果概述\n总体评价：经营业绩稳步增长，但存货管理存在缺陷。\n"
        "三、审计发现\n1．存货盘亏25.4万元未处理。\n"
        "四、审计意见与建议\n对盘亏存货查明原因后处理。\n云水集团审计部（章）\n2023年4月14日")),
    "a report that is a letter": ("audit-report", date(2023, 6, 2), (
        "关于报送城南小学食堂专项审计报告的函",
        "区教委：\n根据区教委2023年内审计划，联合审计组于2023年5月4日至5月19日对城南小学食堂2022年"
        "收支情况开展了审计，审计涉及膳费收入、采购、库存管理。现将审计报告报送如下：\n"
        "一、食堂基本情况\n城南小学食堂有从业人员14人，2022年膳费收入186万元。\n"
        "二、总体评价\n食堂独立核算，账务基本清晰。\n"
        "三、发现的问题及处理建议\n（一）采购验收不规范。建议落实双人验收。\n"
        "第三教育督导片区内审组（盖章）\n2023年6月2日")),
    "a count of cash": ("stocktake-record", date(2023, 5, 5), (
        "库存现金盘点表",
        (("盘点单位", "城南小学", "盘点日期", "2023年5月5日上午"),
         ("盘点地点", "报账员办公室", "盘点方式", "突击监盘"),
         ("面额", "张数", "金额", ""), ("100元", "12", "1200", ""),
         ("盘点结果", "账实相符", "", ""), ("出纳", "苏丽", "会计主管", "马兰"),
         ("监盘人", "田野", "", "")))),
    "rectification told by how far it went": ("rectification-report", date(2023, 8, 30), (
        "城南小学食堂专项审计整改报告",
        "区教委内审组：\n一、已完成整改的问题\n1.采购验收不规范问题：已建立双人验收登记簿。\n"
        "二、正在整改的问题\n2.教师午餐补贴已清退1.8万元，其余0.5万元因2名教师已调离，正在联系退回。\n"
        "三、对管理建议的落实\n已修订食堂财务管理制度。\n城南小学（盖章）\n2023年8月30日")),
    "minutes that begin with the day": ("entry-meeting", date(2022, 9, 25), (
        "审计进点会纪要",
        "2022年9月25日，审计进点会在临江镇农业服务中心召开，郭芳主持。\n"
        "张勇介绍审计依据、范围和工作程序。\n记录：周鹏")),
}  # fmt: skip
ASKED_ONLY_IN_SOME_CASES = {"rectification.transfers", "programme.experts"}


@pytest.mark.parametrize("name", PAPERS)
def test_other_words_say_the_same(name: str, tmp_path: Path) -> None:
    kind, day, parts = PAPERS[name]
    paper = read(tmp_path, *parts)
    assert paper.recognised.type == kind
    assert paper.told.date is not None and paper.told.date[0] == day
    assert paper.told.signed in (True, None)
    assert lacking(paper) - ASKED_ONLY_IN_SOME_CASES == set()


@pytest.mark.parametrize(
    ("row", "without", "missing"),
    [
        (6, ("", "", "", ""), {"workpaper.conclusion"}),
        (7, ("经办审计人员", "", "经办日期", "2023.4.18"), {"workpaper.auditor-date"}),
        (5, ("取\n得\n资\n料", "", "", ""), {"conduct.sources"}),
        (8, ("组长审签意见", "", "组长签名及日期", "谭素芬 2023.4.21"), {"review.opinion"}),
    ],
)
def test_what_is_left_out_is_missed_in_other_words_too(
    row: int, without: tuple[str, ...], missing: set[str], tmp_path: Path
) -> None:
    rows = (*WORKPAPER[:row], without, *WORKPAPER[row + 1 :])
    assert lacking(read(tmp_path, "审计查证底稿", rows)) == missing


def test_a_count_of_pages_names_no_evidence(tmp_path: Path) -> None:
    rows = (*WORKPAPER[:5], ("附件页数", "5页", "", ""), *WORKPAPER[6:])
    assert lacking(read(tmp_path, "审计查证底稿", rows)) == {"conduct.sources"}


def test_index_numbers_in_words_are_cited_in_words(tmp_path: Path) -> None:
    rows = (
        ("索引号", "综合—7", "", ""),
        ("审计认定的事实", "租金挂账至年末，相关情况另见综合—17，涉及综合科2人。", "", ""),
    )
    fields = read(tmp_path, "审计工作底稿", rows).told.fields
    assert fields["cites"].split() == ["综合-7", "综合-17"]


TALK = (
    "访谈记录",
    "访谈时间：2023年5月11日\n访谈地点：三楼会议室\n访谈事项：化肥储备资金\n"
    "访谈人：张志远\n被访谈人：胡建平（股长）\n问：资金按什么程序拨付？\n答：由业务股提出申请。",
)


def test_the_head_of_a_talk_names_who_spoke_and_is_no_signature(tmp_path: Path) -> None:
    assert lacking(read(tmp_path, *TALK)) == {"provider.signature"}
    signed = read(tmp_path, *TALK, "被访谈人：胡建平    2023年5月11日")
    assert lacking(signed) == set()


def test_a_third_party_is_heard_through_a_statement_of_its_own(tmp_path: Path) -> None:
    rows: Rows = (
        ("审计事项", "收费标准执行情况", "取证方法", "调查"),
        ("调查结果", "两家缴费单位所述与账面记录相符", "审计人员", "周鹏"),
        ("证据提供单位（盖章）", "临江镇农业服务中心", "日期", "2022年10月2日"),
    )
    alone_ = read(tmp_path, "审计取证单", rows)
    assert lacking(alone_) == {"record.statement"}
    with_it = read(tmp_path, "审计取证单", (*rows, ("所附资料", "缴费单位书面说明2份", "", "")))
    assert lacking(with_it) == set()


@pytest.mark.parametrize(("signature", "signed"), [("", False), ("______", False), ("陈琳", True)])
def test_who_received_signs_and_not_the_body_that_is_named(
    signature: str, signed: bool, tmp_path: Path
) -> None:
    text = (
        "今收到《关于临江镇农业服务中心2022年度财务收支的审计报告》壹份。\n"
        f"签收单位：临江镇农业服务中心\n签收人（签名）：{signature}\n签收日期：2023年8月24日"
    )
    assert read(tmp_path, "送达回证", text).told.signed is signed


@pytest.mark.parametrize(
    ("row", "signed"),
    [
        (("移交单位经办人", "", "审计组接收人", ""), False),
        (("移交单位经办人", "蒲小军", "审计组接收人", ""), False),
        (("移交单位经办人", "蒲小军", "审计组接收人", "王倩"), True),
        (("资料提供人签字", "蒲小军", "审计人员签字", "王倩"), True),
        (("资料提供人签字", "蒲小军", "审计人员签字", ""), False),
    ],
)
def test_both_sides_sign_a_handover(row: tuple[str, ...], signed: bool, tmp_path: Path) -> None:
    goods = (("资料名称", "数量"), ("会计凭证", "24册"))
    paper = read(tmp_path, "调阅资料清单", goods, "", (row, ("日期", "2023-04-12", "", "")))
    assert paper.recognised.type == "handover-list"
    assert paper.told.signed is signed


def test_a_notice_to_a_person_and_a_body_names_one_of_each(tmp_path: Path) -> None:
    fields = read(
        tmp_path, "经济责任审计通知书", "包德胜同志并林业和草原局：\n我局决定派出审计组。"
    ).told.fields  # fmt: skip
    assert (fields["person"], fields["unit"]) == ("包德胜", "林业和草原局")


def test_a_place_for_the_seal_is_no_seal(tmp_path: Path) -> None:
    text = "林业和草原局：\n我局决定派出审计组。\n（审计机关署名及印章）\n2023年4月28日"
    assert read(tmp_path, "审计通知书", text).told.signed is False


def test_a_clue_that_a_line_breaks_is_one(tmp_path: Path) -> None:
    report = read(
        tmp_path, "审计报告",
        "审计发现有关人员涉嫌利用职务便利虚开发票套取资金的重大违纪违\n法问题线索。\n报告日期：2023年4月14日",
    )  # fmt: skip
    assert "线索" in report.told.fields["violation_clue"]


def test_matters_may_stand_in_one_cell(tmp_path: Path) -> None:
    programme = read(tmp_path, *PAPERS["a programme that is a table"][2])
    assert ("采购管理", "存货管理", "往来款项") in programme.told.matter_lists


def test_a_name_that_a_line_breaks_is_one(tmp_path: Path) -> None:
    notice = read(
        tmp_path, "审计通知书",
        "审计组由下列人员组成，请予配合并提供必要的工作条件，组长：戴庆余；成员：秦德明、侯雅琴、邓国\n庆。\n"
        "联系人：任婷",
    )  # fmt: skip
    assert notice.told.fields["team"] == "戴庆余 秦德明 侯雅琴 邓国庆"


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("中标通知书", "evidence-attachment"),
        ("统一社会信用代码赋码通知书", "subject-qualification"),
        ("离任经济责任审计通知书", "audit-notice"),
        ("通知书", "audit-notice"),
        ("三定方案", "subject-qualification"),
        ("离任审计方案", "audit-programme"),
        ("薪酬分配方案", None),
        ("廉政反馈表", "other"),
        ("意见反馈表", "feedback"),
        ("关于审计报告的批阅意见", "leader-instruction"),
        ("审计报告会签单", "leader-instruction"),
        ("整改催办函", "supervision-notice"),
        ("审计整改方案及落实情况", "rectification-report"),
    ],
)
def test_a_noun_alone_makes_no_paper_of_the_audit(title: str, kind: str | None) -> None:
    assert read_title(title).kind == kind


def test_a_follow_up_report_may_be_corrected(tmp_path: Path) -> None:
    paper = read(tmp_path, "关于第二人民医院审计问题整改情况的后续审计报告（更正）", "正文")
    assert paper.recognised.type == "corrected-report"


def test_a_recommendation_quoted_is_no_correction(tmp_path: Path) -> None:
    paper = read(
        tmp_path, "审计整改情况报告",
        "二、根据审计建议采取措施的情况\n1．根据“立即停止发放，已发放部分按规定清退”的建议，"
        "组织业务培训一次。\n2．根据“立即纠正收费标准，多收部分退还”的建议，修订制度。\n"
        "三、未整改事项\n已全部整改完毕，无未整改事项。\n城西小学（公章）\n2021年10月5日",
    )  # fmt: skip
    assert lacking(paper) == {"rectification.corrections", "rectification.transfers"}


HEAD = ("序号", "题名", "日期", "页号")


@pytest.mark.parametrize(
    ("end", "start"),
    [
        (("2", "访谈记录（信息化设备", "2019-10-25", "24"), ("", "采购过程）", "", "")),
        (("2", "", "2019-10-25", "24"), ("", "访谈记录（信息化设备采购过程）", "", "")),
        (("", "访谈记录（信息化设备", "", ""), ("2", "采购过程）", "2019-10-25", "24")),
    ],
)
def test_a_row_that_a_page_breaks_is_one_entry(
    end: tuple[str, ...], start: tuple[str, ...], tmp_path: Path
) -> None:
    first = (HEAD, ("1", "审计承诺书", "2019-09-17", "23"), end)
    second = (start, ("3", "监盘记录", "2019-10-07", "25"))
    document = read(tmp_path, "卷内文件目录", first, "", second).document
    found = read_catalogue(document)
    assert found is not None
    assert [(e.number, e.title) for e in found.entries] == [
        ("1", "审计承诺书"), ("2", "访谈记录（信息化设备采购过程）"), ("3", "监盘记录"),
    ]  # fmt: skip


def test_a_section_at_the_head_of_a_page_is_no_rest_of_a_row(tmp_path: Path) -> None:
    first = (HEAD, ("1", "审计承诺书", "2019-09-17", "23"))
    second = (("", "三、立项类材料", "", ""), ("2", "审计通知书", "2019-10-07", "25"))
    found = read_catalogue(read(tmp_path, "卷内文件目录", first, "", second).document)
    assert found is not None
    assert [(e.title, e.section) for e in found.entries] == [
        ("审计承诺书", None), ("审计通知书", "initiation"),
    ]  # fmt: skip


def test_a_row_of_the_summary_that_a_page_breaks_is_one_too() -> None:
    first = Table((("索引号", "底稿名称"), ("A-1", "公务接待费")))
    second = Table((("", "（延伸抽查）"), ("A-2", "差旅费"), ("", "会议费和")))
    third = Table((("A-3", "培训费"),))
    context = cast(Context, SimpleNamespace(phrases=words().phrases))
    assert [row.shown for row in _rows(context, (first, second, third))] == ["A-1", "A-2", "A-3"]
    foot = Table((*third.rows, ("编制人：王宁", "审核人：陈静")))
    assert [row.shown for row in _rows(context, (first, foot))] == ["A-1", "A-3"]


@pytest.mark.parametrize(
    ("entry", "kind", "title", "agrees"),
    [
        ("访谈记录（岗位设置及授权审批）", "interview-record", "访谈记录", True),
        ("审计取证单（计算）盘点差异计算", "evidence-record", "审计取证单（计算）", True),
        ("工作底稿-设计变更和现场签证", "workpaper", "分项审计工作底稿", True),
        ("公务接待费审计工作底稿", "workpaper", "审计工作底稿", False),
        ("车辆加油卡管理台账", "interview-record", "访谈记录", False),
        ("审计报告送达回证", "audit-report", "审计报告", False),
    ],
)
def test_a_topic_in_the_catalogue_elaborates_a_record(
    entry: str, kind: str, title: str, agrees: bool
) -> None:
    text = f"{title}\n审计事项：设计变更和现场签证情况"
    subject = "设计变更和现场签证情况"
    assert names_document(entry, (title,), kind, True, subject, text) is agrees


@pytest.mark.parametrize(
    ("person", "signed"), [("被审计人员：潘家明\n2022年7月17日", True), ("2022年7月17日", False)]
)
def test_an_audited_person_signs_with_name_and_date(
    person: str, signed: bool, tmp_path: Path
) -> None:
    paper = read(
        tmp_path,
        "对审计报告（征求意见稿）的书面意见",
        "县卫生健康局审计股：\n被审计人：潘家明",
        "你们送来的审计报告（征求意见稿）收悉。经研究，对报告内容无异议。",
        person,
    )
    assert (paper.recognised.type, paper.told.signed) == ("feedback", signed)


def test_a_date_that_a_line_breaks_is_that_of_the_approval(tmp_path: Path) -> None:
    paper = read(
        tmp_path,
        "审计报告呈批表",
        "审核人：余新宇 2023年07月21日\n批示意见：\n签批人：徐国庆 2023年07月\n24日",
    )
    assert paper.recognised.type == "leader-instruction"
    assert paper.told.date and paper.told.date[0] == date(2023, 7, 24)
    assert [line.text for line in paper.document.lines][-1].endswith("2023年07月24日")


def test_a_month_at_the_end_of_a_line_takes_nothing_but_a_day(tmp_path: Path) -> None:
    paper = read(tmp_path, "情况说明", "期间为2023年7月\n24日常工作如下")
    assert [line.text for line in paper.document.lines][-1] == "24日常工作如下"


def test_a_numbered_paragraph_is_no_title(tmp_path: Path) -> None:
    paper = read(
        tmp_path,
        "乍菲调查报告",
        "被调查单位：船舶服务有限公司\n一、单位基本情况：船舶服务有限公司系临江港务所属",
    )
    assert paper.recognised.type != "subject-qualification"


def test_an_excerpt_of_minutes_is_of_what_was_decided() -> None:
    assert read_title("总经理办公会纪要摘录（审计立项）").kind == "?minutes"
    assert read_title("记账凭证摘录").kind == "evidence-attachment"


@pytest.mark.parametrize(
    ("cells", "signed"),
    [
        (("受送达人签名或盖章", "李涛\n华云市中医院（章）", "收到日期", "2023/4/8"), True),
        (("受送达人签名或盖章", "", "华云市中医院（盖章）", ""), False),
        (("受送达人签名或盖章", "受送达单位（盖章）", "收到日期", "2023/4/8"), False),
    ],
)
def test_a_body_named_with_its_seal_in_the_field_has_received(
    cells: tuple[str, ...], signed: bool, tmp_path: Path
) -> None:
    delivered = ("送达文书名称", "《审计通知书》内审通[2023]11号", "送达人", "曾卫东")
    paper = read(tmp_path, "审计通知书送达回证", (delivered, cells))
    assert (paper.recognised.type, paper.told.signed) == ("notice-delivery-receipt", signed)


@pytest.mark.parametrize("seal", [PICTURE, ""])
def test_a_letter_is_sealed_at_its_end_and_not_behind_its_annex(seal: str) -> None:
    end = ["现将审计报告（征求意见稿）送你们征求意见。", seal, "附件：审计报告（征求意见稿）"]
    annex = [f"第{count}项问题已经查明，金额合计{count}万元。" for count in range(1, 15)]
    texts = ["审计报告征求意见函", "清江镇文化服务中心：", *end, "清江镇人民政府内审办",
             "2022年8月13日", "附件", *annex]  # fmt: skip
    document = Document(
        "5.docx", 9000, "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        None, lines=tuple(map(Line, texts)), text_read=True,
    )  # fmt: skip
    paper = alone(document)
    assert paper.recognised.type == "consultation-letter"
    assert paper.told.signed is bool(seal)


@pytest.mark.parametrize(
    ("opinion", "signed"), [("同意调整。肖红梅 2022年6月26日", True), ("同意调整。", False)]
)
def test_who_approves_may_do_so_in_the_field_for_an_opinion(
    opinion: str, signed: bool, tmp_path: Path
) -> None:
    rows = (
        ("调整事项", "抽样比例由30%调整为全查。"),
        ("申请人", "姜永红 2022年6月26日"),
        ("内部审计机构负责人意见", opinion),
    )
    paper = read(tmp_path, "项目审计方案调整审批表", rows)
    assert (paper.recognised.type, paper.told.signed) == ("programme-adjustment", signed)


@pytest.mark.parametrize(
    ("answer", "signed"),
    [
        ("信息证明无误。\n南宁万通商贸有限公司（盖章）\n经办人：邹涛", True),
        ("信息证明无误。\n单位（盖章）：\n经办人：", False),
    ],
)
def test_a_confirmation_may_be_sealed_inside_a_cell(
    answer: str, signed: bool, tmp_path: Path
) -> None:
    paper = read(tmp_path, "往来询证函", "南宁万通商贸有限公司：", (("结论", answer),))
    assert (paper.recognised.type, paper.told.signed) == ("confirmation", signed)


def test_a_line_that_only_says_annex_stands_before_the_title(tmp_path: Path) -> None:
    invoice = read(tmp_path, "附件", "增值税普通发票", "发票号码：97253359")
    assert (invoice.recognised.type, invoice.titles[0]) == ("evidence-attachment", "增值税普通发票")
    ages = read(tmp_path, "附件", "2023年度往来款账龄报表", "编制单位：合峰路桥养护有限公司")
    assert ages.titles[0] == "附件:2023年度往来款账龄报表"
    listed = Entry("卷内目录.docx", 19, "19", "往来款账龄报表复印件")
    assert recognise_type(ages.heard, listed, None).type == "evidence-attachment"
    findings = read(tmp_path, "附件1", "审计发现问题清单", "一、往来款项清理不及时")
    assert findings.recognised.type == "report-attachment"
    assert findings.recognised.attachment


def test_the_only_date_of_a_paper_tells_it_from_another_of_its_name(tmp_path: Path) -> None:
    papers = [
        read(tmp_path, "增值税普通发票", f"发票号码：{number}    开票日期：{day}")
        for number, day in (("97253359", "2023年3月3日"), ("21331483", "2023年5月24日"))
    ]
    assert [_day_of(paper) for paper in papers] == [date(2023, 3, 3), date(2023, 5, 24)]


@pytest.mark.parametrize(
    ("opinion", "signed"),
    [
        ("情况属实。张丽（签名）盖章", True),
        ("情况属实。\n张丽（签名）", True),
        ("情况属实（盖章）", False),
        ("情况属实。", False),
    ],
)
def test_a_name_before_the_word_for_signing_signs(opinion: str, signed: bool) -> None:
    assert signs(opinion) is signed


@pytest.mark.parametrize(
    ("folder", "section"),
    [
        ("4備查類材料", "reference"),
        ("04-BEICHA 备查类", "reference"),
        ("4. 备查类材料-周明礼", "reference"),
        ("1結論類", "conclusion"),
        ("资格证明类", None),
        ("银行证明材料", None),
    ],
)
def test_a_section_folder_may_say_more_than_its_section(folder: str, section: str | None) -> None:
    assert folder_section(folder) == section


def test_an_annex_that_names_its_report_is_no_report(tmp_path: Path) -> None:
    below = "所属报告：关于明云镇文化服务中心主任袁晓东同志经济责任履行情况的审计报告"
    paper = read(tmp_path, "附件2", "有关情况明细表", below)
    assert paper.recognised.type == "report-attachment"


def test_names_of_later_dictionaries_sign_too() -> None:
    assert signs("同意调整。付欣 2023年7月19日")
    assert not signs("属实，但需说明")


def test_a_title_whose_first_line_fills_the_page_is_one() -> None:
    lines = (
        Line("关于涪宁县中医院2023年度预算执行及财务收支情况审", size=1.12),
        Line("计的报告", size=1.12, centred=True),
        Line("内审报〔2024〕7号", size=1.0, centred=True),
        Line("根据年度审计项目计划，审计组对涪宁县中医院进行了审计。", size=1.0),
    )
    document = Document("02.pdf", 9, "application/pdf", None, lines=lines, text_read=True)
    paper = alone(document)
    assert paper.recognised.type == "audit-report"
    assert paper.recognised.title.endswith("情况审计的报告")


def test_the_number_of_a_page_is_not_that_of_a_file() -> None:
    paths = [*(f"Scan{number:03}.pdf" for number in range(1, 9)), "Scan009_p1.jpg", "Scan010.txt"]
    places = places_of(paths)
    assert sorted(paths, key=lambda path: places[path].levels) == paths
