# %% [markdown] tags=["en"]
# # 1 · Collect the records
#
# **What do the records say, and what is wrong with them?**
#
# | minutes | you need | you leave with |
# |---|---|---|
# | 40 | lesson 0 | clean tables, totals that agree, and a list of every doubtful row |

# %% [markdown] tags=["zh"]
# # 1 · 收集数据
#
# **数据说了什么？哪里有毛病？**
#
# | 分钟 | 需要 | 带走 |
# |---|---|---|
# | 40 | 学过第 0 课 | 干净的表、对得上的合计、列明每一行疑点的清单 |

# %% [markdown] tags=["en"]
# ## The situation
#
# The sales director speaks:
#
# > "I have asked for the figures of two and a half years. What I got is a folder: a file from the old Excel days,
# > one from the ERP, one from the new CRM, a list of staff that somebody has made pretty, and a screenshot.
# > Finance has one figure for last year, my own sum is another. If I cannot say which rows are in my number, nobody
# > needs to discuss my goals."
#
# Before any goal, she needs records that she can vouch for.
#
# ## You will be able to
#
# - look at an export and name what is dirty in it before you use it
# - read and correct what each column is taken for
# - show that rows and amounts in are rows and amounts out, and where the rest waits

# %% [markdown] tags=["zh"]
# ## 情景
#
# 销售总监说：
#
# > “我要两年半的数据，结果收到一个文件夹：一份是 Excel 时代留下的，一份 ERP 导出的，一份新 CRM 导出的，
# > 一份有人精心排过版的花名册，还有一张截图。去年的业绩，财务说一个数，我自己加出来是另一个数。
# > 要是说不清我的数里有哪些行，目标就不用谈了。”
#
# 定目标之前，她得先有一份自己敢担保的数据。
#
# ## 学完这一课
#
# - 拿到导出表，先看出脏在哪里，再用
# - 看懂每一列被当作什么，不对就改
# - 能证明进来多少行、多少钱，出去就是多少，剩下的搁在哪里也一清二楚

# %% tags=["parameters"]
language: str = "zh"  # zh or en / 界面语言：zh 或 en
workspace: str = ""  # folder of a workspace, empty for the sample company / 工作区文件夹，留空即样例公司
export: str = ""  # a file of its inbox, empty for the first with sales / 收件箱里的一个文件，留空即第一份销售数据
other: str = ""  # another one, empty for the second / 另一个文件，留空即第二份

# %% tags=["setup"]
import salesgoals as sg

sg.use_language(language)
sg.refuse_unknown_parameters(globals())
sg.use_charts(pictures=True)
company = sg.open_workspace(workspace) if workspace else sg.sample_workspace()

# %% [markdown] tags=["en"]
# ## Look first
#
# The inbox, as it came. Nothing has been renamed, opened or tidied.

# %% [markdown] tags=["zh"]
# ## 先看一看
#
# 这是收件箱，怎么来的就怎么放着：没改过名，没打开另存过，也没整理过。

# %% tags=["nbval-check-output"]
sorted(file.name for file in company.inbox.iterdir())

# %% [markdown] tags=["en"]
# Goals need at least 12 months of sales by month, person and product, better 24: the season can only be told
# from luck when each month has been seen twice. Beside them help the list of people, customers and opportunities.

# %% [markdown] tags=["zh"]
# 定目标至少要 12 个月的销售数据，细到月、人、产品；最好有 24 个月：每个月份都见过两回，才分得清是季节还是运气。
# 人员、客户、商机也有帮助。

# %% [markdown] tags=["en"]
# ## Step 1: look at the dirt
#
# The first five rows of one export. Find the three traps: what unit are the amounts in, what do the ids start
# with, and what kind of text file is it?

# %% [markdown] tags=["zh"]
# ## 第 1 步：先看脏在哪里
#
# 这是其中一个文件的前五行。找出三个坑：金额是什么单位？编号以什么开头？这是什么编码的文本？

# %%
sheet = sg.read_export(company, export)
sg.readable(sheet.cells, rows=5)

# %% tags=["nbval-check-output"]
{"file": sheet.file, "encoding": sheet.encoding,
 "header row": sheet.header_row, "rows": len(sheet.cells)}

# %% [markdown] tags=["en"]
# Amounts stand in units of 10,000 yuan: take them as yuan, and the year is 10,000 times too small. Ids start with
# zeros: Excel eats them on the first double click. And the text is in an old Chinese encoding: read as UTF-8, it
# would be gibberish. All three are recognised, not guessed: by the header, by the cells, by trying strictly.
#
# The other export is an Excel sheet made for the eye: titles on top, a sum after each month, a signature below.
# Whoever adds up the column counts everything twice. These rows are recognised and put aside, with their number.

# %% [markdown] tags=["zh"]
# 金额的单位是 10,000 元：当成元来读，全年就缩到了 10,000 分之一。编号开头有零：用 Excel 双击一开就没了。
# 文本用的是老式中文编码：当成 UTF-8 就是一片乱码。这三样都不是猜的：单位看表头，编号看单元格，编码靠严格试读。
#
# 另一个文件是给人看的 Excel 表：上面有标题，每个月后面有小计，最下面还有制表人。要是整列一加，就全都算了两遍。
# 这些行会被认出来放到一边，并记下行号。

# %% tags=["nbval-check-output"]
aside = sg.read_export(company, other, number=2).aside
sg.readable(aside[["row", "reason", "text"]], rows=8)

# %% [markdown] tags=["en"]
# ## Step 2: what each column is taken for
#
# Every column gets a meaning from its name and its values, or none. Read the doubts first. What you correct stands
# in `mapping.toml` of the workspace and is never overwritten.

# %% [markdown] tags=["zh"]
# ## 第 2 步：每一列被当作什么
#
# 每一列根据列名和内容得到一个含义，也可能没有。先看疑点那一列。改过的内容写在工作区的 `mapping.toml` 里，以后不会被覆盖。

# %%
sg.readable(sg.show_mapping(company.inbox / sheet.file))

# %% [markdown] tags=["en"]
# ## Step 3: collect, and agree the totals
#
# One call reads everything in the inbox. Each row ends in a table or in the list of issues; there is no third
# place.

# %% [markdown] tags=["zh"]
# ## 第 3 步：收集，对账
#
# 一次调用读完整个收件箱。每一行不是进了数据表，就是进了问题清单，没有第三个去处。

# %% tags=["nbval-check-output"]
collected = sg.collect_folder(company)
sg.readable(collected.files)

# %%
sg.chart_quality(collected.totals)

# %% [markdown] tags=["en"]
# And the money: what came in is what was kept plus what was set aside, to the last cent, in each file.

# %% [markdown] tags=["zh"]
# 再看金额：每个文件里，进来的等于留下的加搁置的，一分不差。

# %% tags=["nbval-check-output"]
totals = collected.totals
assert totals.agree.all()
sg.readable(totals[["file", "table", "amount_in", "amount_kept", "amount_aside", "agree"]])

# %% [markdown] tags=["en"]
# Two files were refused whole: a pivot that somebody pasted (a result, not records) and a picture named like an
# Excel file. The list of issues says so, and says of each doubtful row where it stands, what was found, what is
# allowed and what to do.

# %% [markdown] tags=["zh"]
# 有两个文件整个被拒收：一个是别人贴过来的透视表（那是结果，不是明细），一个是改名成 Excel 的图片。
# 问题清单里写着原因；每一行疑点都写明在哪里、看到了什么、允许什么、该怎么办。

# %% tags=["nbval-check-output"]
issues = company.issues
sg.readable(issues.groupby(["level", "code"], as_index=False).agg(
    rows=("count", "sum"), found=("found", "first")))

# %% [markdown] tags=["en"]
# Look for the two people of one name. They are two persons with two ids; where a row carries only the name, the
# team decides, and where that is missing too the row is kept without a person and listed. Guessing would give one
# of them the other's sales, and the goals that follow from them.

# %% [markdown] tags=["zh"]
# 找找那两个同名的人。他们是两个人、两个编号；一行里如果只写了姓名，就看团队；连团队也没有，
# 这一行保留金额、不记到人，并列进清单。要是随便猜一个，就等于把一个人的业绩算给另一个人，目标也跟着错。

# %% [markdown] tags=["en"]
# ## Your turn
#
# First guess how many of the 20,000 rows cannot be used: 10, 100 or 1,000? Then look into `issues` and write one
# line: which issue would you send back to the people who made the export, and which would you settle yourself?

# %% [markdown] tags=["zh"]
# ## 轮到你了
#
# 先猜：20,000 行里有多少行用不了，10、100 还是 1,000？再翻翻 `issues`，写一句话：
# 哪一条要退回给导出数据的人，哪一条你自己就能定？

# %%
sg.readable(issues.loc[issues.level == "stop", ["row", "found", "message"]], rows=12)

# %% [markdown] tags=["en"]
# **Exercise 1.1.** Some rows hold a word where the amount should be. Give the row number of one of them.

# %% [markdown] tags=["zh"]
# **练习 1.1** 有些行在该写金额的地方写了字。写出其中一行的行号。

# %% tags=["exercise"]
answer = ...
sg.check("1.1", answer, company)

# %% tags=["solution"]
unreadable = issues[issues.code == "collect.amount_unreadable"]
answer = next(iter(unreadable.row), None)
assert sg.check("1.1", answer, company)
sg.readable(unreadable[["file", "row", "column", "found"]])

# %% [markdown] tags=["en"]
# **Exercise 1.2.** A product stands in the orders under a name that the product list does not have. Which name is
# meant? Write the pair as `{"as in the orders": "as in the product list"}`.

# %% [markdown] tags=["zh"]
# **练习 1.2** 有个产品在订单里的写法，产品清单里找不到。它指的是哪个产品？把两个名称写成
# `{"as in the orders": "as in the product list"}` 这样的一对：左边照订单，右边照清单。

# %% tags=["exercise"]
answer = ...
sg.check("1.2", answer, company)

# %% tags=["solution"]
answer = sg.spelling_twins(company)
assert sg.check("1.2", answer, company)
answer

# %% [markdown] tags=["en"]
# With your pair the mapping is corrected in a practice copy, and the copy is collected again. The issue is gone as
# soon as the pair is right; the sample company stays as it is.

# %% [markdown] tags=["zh"]
# 下面把你写的这一对写进练习副本的映射文件，再收集一遍。写对了，那条问题就没了；样例公司本身不受影响。

# %%
practice = sg.practice_workspace(company)
sg.add_aliases(practice, "product", answer)
again = sg.collect_folder(practice).issues
int((again.code == "collect.product_unknown").sum())

# %% [markdown] tags=["en", "solution"]
# 1.1: ask what the row would have been worth. Nobody knows, and that is why it counts neither as 0 nor as an
# average. 1.2: the pair is one line in `mapping.toml`. A program could have guessed it; then the next two names that
# look alike would be merged as well.

# %% [markdown] tags=["zh", "solution"]
# 1.1：问问大家，这一行到底值多少钱？没人知道，所以既不能当 0，也不能拿平均数顶上。
# 1.2：这一对名称就是 `mapping.toml` 里的一行。程序也能猜出来；可这样一来，下次两个长得像的产品也会被它合并掉。

# %% [markdown] tags=["en"]
# ## Quick check
#
# 1. A cell of last year's goals is empty. **a** the goal was 0 · **b** no goal was set · **c** take the mean of the
#    neighbours
# 2. The same order stands in two exports with the same content. **a** count it once and say so · **b** count it
#    twice · **c** delete both
# 3. A column says 03/04/2025 and nothing in it is above 12. **a** it is March · **b** it is April · **c** ask, and say
#    which way it was read

# %% [markdown] tags=["zh"]
# ## 小测
#
# 1. 去年的目标表里有一格是空的。**a** 目标是 0 · **b** 没有定目标 · **c** 取左右的平均
# 2. 同一笔订单出现在两个文件里，内容完全一样。**a** 只算一次，并写明 · **b** 算两次 · **c** 两边都删
# 3. 某一列写着 03/04/2025，而且整列没有一个数超过 12。**a** 是三月 · **b** 是四月 · **c** 去问，并写明是按哪种读的

# %% [markdown] tags=["en", "solution"]
# Answers: 1 **b**, 2 **a**, 3 **c**.

# %% [markdown] tags=["zh", "solution"]
# 答案：1 **b**、2 **a**、3 **c**。

# %% [markdown] tags=["en"]
# ## With your own data
#
# - `salesgoals new my_company`, copy your exports into its `inbox`, `salesgoals collect my_company`
# - here: set `workspace` to that folder; `export` and `other` may name two of your files
# - the tables are then yours, the text beside them still speaks of Chengchuan
# - orders need a date, an amount and a person; everything else is welcome and may be missing
# - to change a meaning, edit the line in `mapping.toml` and collect again
#
# ## Take away
#
# - look at the dirt before you trust a sum
# - the meaning of a column is a decision: it is written down, and yours to change
# - rows in are rows kept plus rows set aside, and every row set aside has a reason
#
# Next: [2 · Read the market](02_market.ipynb)

# %% [markdown] tags=["zh"]
# ## 换成你自己的数据
#
# - 先 `salesgoals new my_company`，把导出文件放进它的 `inbox`，再 `salesgoals collect my_company`
# - 在这一课里：`workspace` 写这个文件夹；`export` 和 `other` 可以写你的两个文件名
# - 表格换成了你的，旁边的文字讲的仍是澄川
# - 订单要有日期、金额和人员；别的列有更好，没有也行
# - 想改某一列的含义，改 `mapping.toml` 里的那一行，再收集一次
#
# ## 记住这三点
#
# - 先看脏在哪里，再信合计
# - 一列是什么意思，是一个决定：写在文件里，归你改
# - 进来的行 = 留下的行 + 搁置的行，每一行搁置都有原因
#
# 下一课：[2 · 看市场](02_market.ipynb)

# %% tags=["versions", "nbval-ignore-output"]
sg.versions()
