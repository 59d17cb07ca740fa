# %% [markdown] tags=["en"]
# # 1 · Collect the records
#
# **What do the records say, and what is wrong with them?**
#
# | minutes | you need | you leave with |
# |---|---|---|
# | 40 | lesson 0; a folder with your own exports if you have one | clean tables, totals that agree, and a list of every doubtful row |

# %% [markdown] tags=["zh"]
# # 1 · 收集数据
#
# **数据说了什么？哪里有毛病？**
#
# | 分钟 | 需要 | 带走 |
# |---|---|---|
# | 40 | 学过第 0 课；手头有自家的导出表更好 | 干净的表、对得上的合计、列明每一行疑点的清单 |

# %% [markdown] tags=["en"]
# ## The situation
#
# The sales director speaks:
#
# > “I have asked for the figures of two and a half years. What I got is a folder: a file from the old Excel days,
# > one from the ERP, one from the new CRM, a list of staff that somebody has made pretty, and a screenshot.
# > Finance has one figure for last year, my own sum is another. If I cannot say which rows are in my number, nobody
# > needs to discuss my goals.”
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
# > 一份有人精心排过版的花名册，还有一张截图。去年的业绩，财务说一个数，我自己加出来又是一个数。
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
workspace: str = r""  # your folder of exports, empty for the sample company / 放导出表的文件夹，留空即样例公司
export: str = ""  # one of its files, empty for the first with sales / 里面的一个文件，留空即第一份销售数据
other: str = ""  # another one, empty for the second / 另一个文件，留空即第二份

# %% tags=["setup"]
import salesgoals as sg

sg.use_language(language)
sg.refuse_unknown_parameters(globals())
sg.use_charts(pictures=True)
company = sg.workspace_of(workspace)
currency = company.settings.currency

# %% [markdown] tags=["en"]
# ## Look first
#
# First the files as they came; nothing has been renamed, opened or tidied. Then what they give once they are read: the
# first chart. Write the path of your own folder of exports between the quotes of `workspace`, choose
# *Run > Run All Cells*, and this chart is yours.

# %% [markdown] tags=["zh"]
# ## 先看一看
#
# 先看文件，怎么来的就怎么放着：没改过名，没打开另存过，也没整理过。再看读完之后得到什么：第一张图。
# 把你自己放导出表的文件夹的路径写进 `workspace` 的引号里，再点菜单 *Run > Run All Cells*（全部运行），这张图画的就是你的数据。

# %% tags=["nbval-check-output"]
sorted(file.name for file in company.inbox.iterdir())

# %%
sg.chart_sales(sg.monthly_sales(company.tables), currency, company.settings.calendar_country)

# %% [markdown] tags=["en"]
# Look at the ends of the chart: does it begin and end in the months you expect, and is any month missing? Goals
# need at least 12 months of sales by month, person and product, better 24: the season can only be told from luck
# when each month has been seen twice.
#
# ## Step 1: look at the dirt
#
# Two exports, their first rows and what was found in them. Find three traps in the first one: what unit are the
# amounts in, what do the ids start with, and what kind of text is it? And what would go wrong if somebody
# added up a column of the second?

# %% [markdown] tags=["zh"]
# 先看图的两头：是不是从你以为的月份开始、到你以为的月份结束？中间缺不缺月？定目标至少要 12 个月的销售数据，细到月、人、产品；
# 最好有 24 个月：每个月份都见过两回，才分得清是季节还是运气。
#
# ## 第 1 步：先看脏在哪里
#
# 下面是两个文件的头几行，和在里面发现了什么。第一个文件里有三个坑：金额是什么单位？编号以什么开头？
# 这是什么编码的文本？第二个文件里，要是有人把一列从头加到尾，会出什么事？

# %% tags=["nbval-check-output"]
sg.show_export(company, export)

# %% tags=["nbval-check-output"]
sg.show_export(company, other, number=2)

# %% [markdown] tags=["en"]
# In the first, amounts stand in units of 10,000 yuan: take them as yuan, and the year is 10,000 times too small. Ids
# start with zeros: Excel eats them on the first double click. And the text is in an old Chinese encoding: read as
# UTF-8, it would be gibberish. All three are recognised, not guessed: by the header, by the cells, by trying strictly.
#
# The second is a sheet made for the eye: titles on top, a sum after each month, a signature below. Whoever adds up
# the column counts everything twice. These rows are recognised and put aside, with their number.
#
# ## Step 2: what each column is taken for
#
# Every column gets a meaning from its name and its values, or none. Read the doubts first. What you correct stands
# in `mapping.toml` of the workspace and is never overwritten.

# %% [markdown] tags=["zh"]
# 第一个文件的金额以 10,000 元为单位：当成元来读，全年就缩到了 10,000 分之一。编号开头有零：用 Excel 双击一开就没了。
# 文本用的是老式中文编码：当成 UTF-8 就是一片乱码。这三样都不是猜的：单位看表头，编号看单元格，编码靠严格试读。
#
# 第二个是给人看的表：上面有标题，每个月后面有小计，最下面还有制表人。整列一加，就全都算了两遍。
# 这些行会被认出来放到一边，并记下行号。
#
# ## 第 2 步：每一列被当作什么
#
# 每一列根据列名和内容得到一个含义，也可能没有。先看疑点那一列。改过的内容写在工作区的 `mapping.toml` 里，以后不会被覆盖。

# %%
sg.readable(sg.show_mapping(company.inbox / sg.read_export(company, export).file))

# %% tags=["interactive", "nbval-ignore-output"]
sg.choose_export(company)

# %% [markdown] tags=["en"]
# A column without a meaning is not used, and the table says so. In the list choose the picture that calls itself an
# Excel file: it is refused with a reason, not read as nothing.
#
# ## Step 3: collect, and agree the totals
#
# One call reads everything. Each row ends in a table or in the list of issues; there is no third place. The first
# table holds the money: what came in is what was kept plus what was set aside, to the last cent, file by file.

# %% [markdown] tags=["zh"]
# 没有含义的列不会用，表里写得明明白白。在列表里选一下那张冒充 Excel 的图片：它会被拒收，并写明原因，而不是读成一张空表。
#
# ## 第 3 步：收集，对账
#
# 一次调用全部读完。每一行不是进了数据表，就是进了问题清单，没有第三个去处。
# 第一张表看金额：每个文件里，进来的等于留下的加搁置的，一分不差。

# %% tags=["nbval-check-output"]
collected = sg.collect_folder(company)
totals = collected.totals
assert totals.agree.all()
sg.readable(totals[["file", "table", "amount_in", "amount_kept", "amount_aside", "agree"]])

# %%
sg.chart_quality(totals)

# %% tags=["nbval-check-output"]
issues = collected.issues
sg.issues_table(issues)

# %% [markdown] tags=["en"]
# In the chart, orange is what was set aside. Most of it is one thing: the new CRM brought the last weeks of 2025 once
# more, and the same order counts only once. Two files were refused whole: a pivot that somebody pasted (a result, not
# records) and the picture.
#
# The list of issues puts the worst first and says what to do. Look for the two people of one name. They are two persons with two ids; where a row carries
# only the name, the team decides, and where that is missing too the row is kept without a person and listed. A
# guess would give one of them the other's sales, and the goals that follow from them.
#
# ## Your turn
#
# First guess how many of the 20,000 rows cannot be used: 10, 100 or 1,000? Then look at those rows, one line each: where
# it stands, what was found, what to do. Write one line: which would you send back to the people who made the
# export, and which would you settle yourself?

# %% [markdown] tags=["zh"]
# 图里橙色的是搁置的行。大头只有一样：新 CRM 把 2025 年最后几周的订单又导了一遍，同一笔订单只算一次。
# 有两个文件整个被拒收：一个是别人贴过来的透视表（那是结果，不是明细），一个就是那张图片。
#
# 问题清单把最要紧的排在前面，并写明该怎么办。找找那两个同名的人。他们是两个人、两个编号；一行里如果只写了姓名，就看团队；连团队也没有，
# 这一行就保留金额、不记到人，并列进清单。随便猜一个，等于把一个人的业绩算给另一个人，目标也跟着错。
#
# ## 轮到你了
#
# 先猜：20,000 行里有多少行用不了，10、100 还是 1,000？再看看这些行，一行一条：在哪里、写了什么、该怎么办。
# 然后写一句话：哪一条要退回给导出数据的人，哪一条你自己就能定？

# %%
sg.readable(issues.loc[issues.level == "stop", ["row", "found", "message"]], rows=12)

# %% [markdown] tags=["en"]
# ## Exercise 1.1
#
# Some rows hold a word where the amount should be. Give the row number of one of them.

# %% [markdown] tags=["zh"]
# ## 练习 1.1
#
# 有些行在该写金额的地方写了字。写出其中一行的行号。

# %% tags=["exercise"]
answer = ...
sg.check("1.1", answer, company)

# %% tags=["solution"]
unreadable = issues[issues.code == "collect.amount_unreadable"]
answer = next(iter(unreadable.row), None)
assert sg.check("1.1", answer, company)
sg.readable(unreadable[["file", "row", "column", "found"]])

# %% [markdown] tags=["en"]
# ## Exercise 1.2
#
# A product stands in the orders under a name that the product list does not have. Which name is meant? Write the pair
# as `{"as in the orders": "as in the product list"}`. The pair is put into the mapping of a practice copy, the copy is
# collected again, and the last figure says for how many rows the product is still unknown.

# %% [markdown] tags=["zh"]
# ## 练习 1.2
#
# 有个产品在订单里的写法，产品清单里找不到。它指的是哪个产品？把两个名称写成
# `{"as in the orders": "as in the product list"}` 这样的一对，左边照订单，右边照清单。
# 这一对会写进练习副本的映射文件，再收集一遍；最后那个数，就是还有多少行认不出产品。

# %% tags=["exercise"]
answer = ...
practice = sg.practice_workspace(company)
sg.add_aliases(practice, "product", answer)
again = sg.collect_folder(practice).issues
display(sg.check("1.2", answer, company), int(again[again.code == "collect.product_unknown"]["count"].sum()))

# %% tags=["solution"]
answer = sg.spelling_twins(company)
assert sg.check("1.2", answer, company)
answer

# %% [markdown] tags=["en", "solution"]
# 1.1: ask what the row would have been worth. Nobody knows, and that is why it counts neither as 0 nor as an
# average. 1.2: the pair is one line in `mapping.toml`. A program could have guessed it; then the next two names that
# look alike would be merged as well.
#
# Quick check: 1 **b**, 2 **a**, 3 **c**. Let somebody from finance defend **a** in the first, and ask what the share
# at goal would become.

# %% [markdown] tags=["zh", "solution"]
# 1.1：问问大家，这一行到底值多少钱？没人知道，所以既不能当 0，也不能拿平均数顶上。
# 1.2：这一对名称就是 `mapping.toml` 里的一行。程序也能猜出来；可这样一来，下次两个长得像的产品也会被它合并掉。
#
# 小测：1 **b**、2 **a**、3 **c**。第一题可以请一位做财务的替 **a** 辩护，再问：照他这么算，达标率会变成多少？

# %% [markdown] tags=["en"]
# ## Asked again and again
#
# *Our data are too messy for this.* Everybody's are. Collect what there is and read the list of issues: it is a work
# list, the worst first. Two hours with it are worth more than two weeks of waiting for a new system.
#
# *May I tidy up the export in Excel first?* Better not. What you change by hand nobody can trace, and next month you
# change it again. Correct a meaning or a name once, in `mapping.toml`, and it holds for every later export.
#
# ## Quick check
#
# 1. A cell of last year's goals is empty. **a** the goal was 0 · **b** no goal was set · **c** take the mean of the
#    neighbours
# 2. The same order stands in two exports with the same content. **a** count it once and say so · **b** count it
#    twice · **c** delete both
# 3. A column says 03/04/2025 and nothing in it is above 12. **a** it is March · **b** it is April · **c** ask, and say
#    which way it was read

# %% [markdown] tags=["zh"]
# ## 常有人问
#
# *我们的数据太乱，用不了吧？* 谁家的都乱。有什么先收什么，再看问题清单：那就是一份活儿的清单，最要紧的排在前面。
# 在上面花两个小时，胜过干等两个星期新系统。
#
# *能不能先在 Excel 里把导出表收拾干净？* 最好别。手工改了什么，谁也查不出来，下个月还得再改一遍。
# 含义也好，名称也好，在 `mapping.toml` 里改一次，以后的导出表都管用。
#
# ## 小测
#
# 1. 去年的目标表里有一格是空的。**a** 目标是 0 · **b** 没有定目标 · **c** 取左右的平均
# 2. 同一笔订单出现在两个文件里，内容完全一样。**a** 只算一次，并写明 · **b** 算两次 · **c** 两边都删
# 3. 某一列写着 03/04/2025，而且整列没有一个数超过 12。**a** 是三月 · **b** 是四月 · **c** 去问，并写明是按哪种读的

# %% [markdown] tags=["en"]
# ## With your own data
#
# - write the folder's path between the quotes of `workspace`; the `r` before them lets you paste a Windows path as it is
# - your folder is only read: the exports are copied into a workspace of their own, `company.folder` says where, and a
#   changed export is collected anew
# - orders or won deals need a date, an amount and a person; everything else is welcome and may be missing
# - to change a meaning, edit the line in `mapping.toml` of that workspace and run the lesson again
# - in a terminal: `salesgoals new my_company`, exports into its `inbox`, `salesgoals collect my_company`
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
# - 把文件夹的路径写进 `workspace` 的引号里；引号前的 `r` 别删，这样 Windows 的路径可以直接粘贴
# - 你的文件夹只读：导出表会复制到一个单独的工作区，`company.folder` 会告诉你在哪里；哪份导出表变了，就重新收集
# - 订单或赢单要有日期、金额和人员；别的列有更好，没有也行
# - 想改某一列的含义，改那个工作区里 `mapping.toml` 的那一行，再运行本课
# - 用终端也行：先 `salesgoals new my_company`，把导出表放进它的 `inbox`，再 `salesgoals collect my_company`
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
