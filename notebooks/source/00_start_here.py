# %% [markdown] tags=["en"]
# # 0 · Start here
#
# **How do you get from a folder of exports to goals that you can defend?**
#
# | minutes | you need | you leave with |
# |---|---|---|
# | 20 | nothing prepared | a first chart, the road map, and the way to the first chart of your own data |

# %% [markdown] tags=["zh"]
# # 0 · 从这里开始
#
# **手里一堆导出表，怎么变成一份说得清、站得住的销售目标？**
#
# | 分钟 | 需要 | 带走 |
# |---|---|---|
# | 20 | 不用准备 | 第一张图，一张路线图，还有画出自家数据第一张图的办法 |

# %% [markdown] tags=["en"]
# ## The situation
#
# The sales director of Chengchuan Water speaks:
#
# > “It is the end of June, and the owner wants a number for the next 12 months by Friday. Last time I took the
# > year before, put a percentage on top and gave everybody the same rise. By spring half of my people had
# > stopped believing in it. This time I want to know what a number rests on before I sign it.”
#
# She has a folder of exports and one week. You sit beside her.
#
# ## You will be able to
#
# - run a lesson, change a number in it and run it again
# - read the first chart of a company's sales, and say what a plain sum does not tell
# - find your way along the 11 steps, and to the first chart of your own data

# %% [markdown] tags=["zh"]
# ## 情景
#
# 澄川净水的销售总监说：
#
# > “六月底了，老板周五就要下一个 12 个月的数。上次我拿前一年的业绩加个百分比，人人涨一样多。
# > 到开春，一半人已经不信这个目标了。这次签字之前，我得先弄清楚：这个数凭什么？”
#
# 她手里有一个文件夹的导出表，还有一周时间。你坐在她旁边。
#
# ## 学完这一课
#
# - 会运行一课，改一个数，再运行一遍
# - 会看公司的第一张销售图，说得出光加总看不出什么
# - 认得这 11 步的路，也知道怎么画出自家数据的第一张图

# %% tags=["parameters"]
language: str = "zh"  # zh or en / 界面语言：zh 或 en
workspace: str = r""  # your folder of exports, empty for the sample company / 放导出表的文件夹，留空即样例公司

# %% tags=["setup"]
import salesgoals as sg

sg.use_language(language)
sg.refuse_unknown_parameters(globals())
sg.use_charts(pictures=True)
company = sg.workspace_of(workspace)
currency = company.settings.currency
sg.lesson_needs_sales(company)

# %% [markdown] tags=["en"]
# ## Look first
#
# Chengchuan Water sells water purifiers to companies and dealers. It is invented: a script with a fixed seed made
# its people, customers and orders, so you can be as frank about them as you like. The names are Chinese, as they
# come out of Chinese systems. This is what is on record.

# %% [markdown] tags=["zh"]
# ## 先看一看
#
# 澄川净水把净水设备卖给企业和经销商。公司是编出来的：人员、客户和订单都由固定种子的程序生成，
# 所以尽管评头论足，得罪不了人。先看看手里有什么数据。

# %% tags=["nbval-check-output"]
sg.readable(sg.count_tables(company))

# %% [markdown] tags=["en"]
# Orders are by far the longest list, and a goal stands or falls with them. Each kind of records has one table;
# how a messy folder became these tables without losing a row is the next lesson.
#
# ## Step 1: run a cell
#
# Grey boxes are cells. Click into the one below, press **Shift + Enter**, and its answer appears underneath.
# Then change 0.10 to another growth and press **Shift + Enter** again. Nothing can break: *Kernel > Restart
# Kernel and Run All Cells* brings everything back.

# %% [markdown] tags=["zh"]
# 订单这张表最长，目标靠不靠谱，主要就看它。每一类记录一张表；乱糟糟的文件夹怎么变成这些表、一行都不丢，下一课讲。
#
# ## 第 1 步：运行一个单元格
#
# 灰色的框叫单元格。点进下面这一格，按 **Shift + Enter**，答案就出现在它下面。
# 再把 0.10 改成别的增长率，再按一次 **Shift + Enter**。弄不坏的：点一下菜单 *Kernel > Restart
# Kernel and Run All Cells*（重启并全部运行），一切复原。

# %% tags=["nbval-check-output"]
growth = 0.10
history = sg.monthly_sales(company.tables)
last_12 = history.groupby("month").amount.sum().tail(12).sum()
print(sg.format_money(last_12 * (1 + growth), currency))

# %% [markdown] tags=["en"]
# That is last year plus 10%. It took a second, and it is how most goals are made.
#
# ## Step 2: the first chart
#
# Sales by month, the oldest picture of sales there is. Before you read on, look for three things: the trend,
# the weak month around Spring Festival, and the last month of each quarter.

# %% [markdown] tags=["zh"]
# 这就是“去年业绩加 10%”。一秒钟算完，多数目标也就是这么来的。
#
# ## 第 2 步：第一张图
#
# 每个月卖了多少，这是最老也最有用的一张图。往下读之前，先找三样东西：走势、春节前后的低谷、每个季度的最后一个月。

# %%
sg.chart_sales(history, currency, company.settings.calendar_country)

# %% [markdown] tags=["en"]
# The bars move up and down by far more than any growth that a plan would ask for. So one good month proves
# little, and a goal for a month needs the season in it. Is that true of every team? Choose one from the list.

# %% [markdown] tags=["zh"]
# 月与月之间的起伏，比任何计划要求的增长都大得多。所以一个月好，说明不了什么；定月目标，季节必须算进去。
# 是不是每个团队都这样？在列表里换一个看看。

# %% tags=["interactive", "nbval-ignore-output"]
sg.choose_sales(company)

# %% [markdown] tags=["en"]
# ## Step 3: a number with its chance
#
# “Last year plus 10%” says nothing about whether it can be reached. At the end of the road the same number looks like
# this:

# %% [markdown] tags=["zh"]
# ## 第 3 步：一个数，加上它的把握
#
# “去年加 10%”没说这个数够不够得着。把整条路走完，同一个数是这样报的：

# %% tags=["nbval-check-output"]
forecast, board = sg.estimate(company)
sg.say_chance(forecast, last_12 * (1 + growth), currency)

# %% [markdown] tags=["en"]
# Out of 20 such years, about how many get there? That is the answer she can take to the owner. The road:
#
# | step | question | lesson |
# |---|---|---|
# | 1 collect | what do the records say, and what is wrong with them? | [01](01_collect.ipynb) |
# | 2 market | did we grow, or did the market carry us? | [02](02_market.ipynb) |
# | 3 team | what can each person do, and what is luck? | [03](03_team.ipynb) |
# | 4 goal | what total can be reached, and how surely? | [04](04_goal.ipynb) |
# | 5 decompose | who carries what, so that every sum is exact? | [05](05_decompose.ipynb) |
# | 6 review | is it fair, and do people agree? | [06](06_review.ipynb) |
# | 7 incentives | what does each result pay? | [07](07_incentives.ipynb) |
# | 8 process | what has to happen this week? | [08](08_process.ipynb) |
# | 9 adjust | somebody leaves, the market turns: what now? | [09](09_adjust.ipynb) |
# | 10 retro | why did we miss, and what do we change? | [10](10_retro.ipynb) |
# | 11 tools | which system fits us? | [11](11_tools.ipynb) |
#
# Step 10 leads back to step 1: a goal is never set once and for all. Three cases go the whole way:
# [A, from decree to data](../../case_studies/company_a/company_a.en.ipynb),
# [B, from one size for all to differing goals](../../case_studies/company_b/company_b.en.ipynb),
# [C, a goal out of control](../../case_studies/company_c/company_c.en.ipynb).
# Participants without Python get hand-outs whose sliders work in any browser (`salesgoals handouts FOLDER`), and
# in the claiming session they name their goals by phone (`salesgoals serve FOLDER`).
#
# The road follows a Chinese guide to sales goals, written by a vendor of one of the systems that it
# recommends. It says, for example, that in 90% of Chinese sales teams the monthly share at goal stays below 60%.
# We quote such figures as the vendor's: nobody outside has verified them.

# %% [markdown] tags=["zh"]
# 这样的年份过 20 个，大约有几个做得到？这才是她能拿去跟老板谈的答案。整条路是这样走的：
#
# | 步骤 | 要回答的问题 | 课程 |
# |---|---|---|
# | 1 数据收集 | 数据说了什么？哪里有毛病？| [01](01_collect.ipynb) |
# | 2 市场分析 | 是我们在涨，还是市场在涨？| [02](02_market.ipynb) |
# | 3 团队盘点 | 每个人能做多少？哪些只是运气？| [03](03_team.ipynb) |
# | 4 定总目标 | 多大的总数够得着？把握有几成？| [04](04_goal.ipynb) |
# | 5 目标分解 | 谁扛多少，才能级级分毫不差？| [05](05_decompose.ipynb) |
# | 6 目标评审 | 公平吗？大家认不认？| [06](06_review.ipynb) |
# | 7 激励方案 | 做到多少，拿多少？| [07](07_incentives.ipynb) |
# | 8 过程管控 | 这一周必须做成什么？| [08](08_process.ipynb) |
# | 9 动态调整 | 有人走了，市场变了，怎么办？| [09](09_adjust.ipynb) |
# | 10 复盘 | 差在哪里，下次改什么？| [10](10_retro.ipynb) |
# | 11 工具选型 | 哪套系统适合我们？| [11](11_tools.ipynb) |
#
# 第 10 步又回到第 1 步：目标从来不是一次定死的。三个案例把全程走了一遍：
# [A 公司：从拍板到用数据说话](../../case_studies/company_a/company_a.zh.ipynb)、
# [B 公司：从一刀切到因人而异](../../case_studies/company_b/company_b.zh.ipynb)、
# [C 公司：目标失控之后](../../case_studies/company_c/company_c.zh.ipynb)。
# 学员没装 Python 也能参加：讲义在任何浏览器里都能拖滑块（`salesgoals handouts FOLDER`），
# 目标认领会上用手机就能报数（`salesgoals serve FOLDER`）。
#
# 这条路线来自一篇中文的销售目标实操指南，作者正是文中所推荐的一家系统厂商。比如文中说，90% 的中国销售团队月度达标率低于 60%。
# 这类数字我们只当作厂商的说法来引用，没有第三方核实过。

# %% [markdown] tags=["en"]
# ## Your turn
#
# The record month owes much to one huge order. First guess, then look: which month is the best of the rest? And
# did the company grow in the last 12 months against the 12 before? `sales` holds the sum of each month. Write your
# guess down before you run the cell.

# %% [markdown] tags=["zh"]
# ## 轮到你了
#
# 纪录月多半是靠一张特大单冲上去的。先猜，再看：其余的月份里哪个最好？最近 12 个月和再前 12 个月相比，
# 涨了还是跌了？`sales` 里是每个月的合计。运行之前，先把你猜的写下来。

# %%
sales = history.groupby("month").amount.sum()
sg.readable(sales.reset_index().tail(12))

# %% [markdown] tags=["en"]
# ## Exercise 0.1
#
# Leave the record month out. Which month sold most? Replace the three dots by the month, written like `"2025-05"`.

# %% [markdown] tags=["zh"]
# ## 练习 0.1
#
# 去掉纪录月，哪个月卖得最多？把三个点换成那个月份，写法如 `"2025-05"`。

# %% tags=["exercise"]
answer = ...
sg.check("0.1", answer, company)

# %% tags=["solution"]
answer = f"{sales.drop(sales.idxmax()).idxmax():%Y-%m}"
assert sg.check("0.1", answer, company)
answer

# %% [markdown] tags=["en"]
# ## Exercise 0.2
#
# By how much did the last 12 months grow against the 12 before? A share, such as `0.05` or `"5%"`; half a
# percentage point off is fine.

# %% [markdown] tags=["zh"]
# ## 练习 0.2
#
# 最近 12 个月比再前 12 个月增长了多少？写成 `0.05` 或 `"5%"` 都行，差半个百分点以内算对。

# %% tags=["exercise"]
answer = ...
sg.check("0.2", answer, company)

# %% tags=["solution"]
now, before = sales.iloc[-12:].sum(), sales.iloc[-24:-12].sum()
answer = now / before - 1 if before > 0 else float("nan")
assert sg.check("0.2", answer, company)
sg.format_growth(answer, 1)

# %% [markdown] tags=["en"]
# ## Asked again and again
#
# *I cannot program. Is this for me?* Yes. You change numbers and run cells; nobody here asks you to write a program. A
# question mark after a name, such as `sg.monthly_sales?`, shows what it does, and each exercise has three hints
# behind a click.
#
# *Do my data leave this computer?* No. Nothing here asks the network for anything, and your folder of exports is only
# read: the work is done on a copy.
#
# ## Quick check
#
# 1. What happens to an order whose amount cannot be read? **a** it counts as 0 · **b** it is deleted · **c** it
#    is set aside and listed
# 2. Which comparison keeps the season out? **a** this month against last month · **b** 12 months against the 12
#    before · **c** the best month against the worst
# 3. What does “the chance of reaching this total is 35%” say? **a** do not try · **b** plan as if it were
#    certain · **c** out of 20 such years about 7 get there

# %% [markdown] tags=["zh"]
# ## 常有人问
#
# *我不会编程，学得了吗？* 学得了。你只要改几个数、运行单元格，不用写程序。名称后面加个问号，比如
# `sg.monthly_sales?`，就能看到说明；每道练习都有三条提示，点开就能看。
#
# *我的数据会不会传出去？* 不会。这里的一切都不联网；你放导出表的文件夹只读不写，所有活儿都在副本上干。
#
# ## 小测
#
# 1. 一笔订单的金额读不出来，会怎样？**a** 当作 0 · **b** 删掉 · **c** 搁在一边，并列进问题清单
# 2. 哪种比法能排除季节？**a** 本月比上月 · **b** 12 个月比再前 12 个月 · **c** 最好的月比最差的月
# 3. “达到这个总数的概率是 35%”是什么意思？**a** 别试了 · **b** 当作一定能成来安排 · **c** 这样的年份 20 个里大约有 7 个能成

# %% [markdown] tags=["en", "solution"]
# 0.1 and 0.2 come from the same 30 sums. 12 months against 12 months is the fair comparison: each season stands once on
# both sides. One month against the month before compares seasons, not sales. In 0.1 ask why the record month is left
# out: nobody may plan on another order of that size.
#
# Quick check: 1 **c**, 2 **b**, 3 **c**. Ask those who chose **a** in the first what a blank in a table of goals means:
# not set, or zero?

# %% [markdown] tags=["zh", "solution"]
# 0.1 和 0.2 都出自同样的 30 个月合计。12 个月比 12 个月才公平：每个季节两边各有一次。拿这个月比上个月，比的是季节，不是业绩。
# 讲 0.1 时问一句：为什么要去掉纪录月？因为谁也不能指望再来一张那么大的单。
#
# 小测：1 **c**、2 **b**、3 **c**。第一题选 **a** 的，请他们想一想：目标表里空着的格子，是“没定”还是“零”？

# %% [markdown] tags=["en"]
# ## With your own data
#
# The first chart of your own data is one line away:
#
# - put your exports, Excel or CSV as they are, into one folder; it is only read
# - open [lesson 1](01_collect.ipynb), write the folder's path between the quotes of `workspace`, such as
#   `workspace: str = r"D:\sales\exports"`, and choose *Run > Run All Cells*
# - the chart under “Look first” is then yours; the same line works in every lesson, while the text beside it still
#   speaks of Chengchuan
#
# ## Take away
#
# - **Shift + Enter** runs a cell; changing a number and running again is how you learn here
# - last year plus a percentage is a sum, not a goal: the months swing by more than the percentage, and the chance is missing
# - the road has 11 steps and is a circle; your own first chart is one line in lesson 1
#
# Next: [1 · Collect the records](01_collect.ipynb)

# %% [markdown] tags=["zh"]
# ## 换成你自己的数据
#
# 画自家数据的第一张图，只差一行：
#
# - 把导出的 Excel 或 CSV 原样放进一个文件夹；这个文件夹只读，不会被改动
# - 打开[第 1 课](01_collect.ipynb)，把文件夹的路径写进 `workspace` 的引号里，比如
#   `workspace: str = r"D:\sales\exports"`，再点菜单 *Run > Run All Cells*（全部运行）
# - “先看一看”下面那张图就换成你的了；这一行在每一课里都管用，旁边的文字讲的仍是澄川
#
# ## 记住这三点
#
# - **Shift + Enter** 运行单元格；改一个数、再运行一遍，就是这里的学法
# - 去年加个百分比，只是一道加法，不是目标：月与月的起伏比这个百分比还大，而且没说有几成把握
# - 这条路 11 步，首尾相接；自家数据的第一张图，就是第 1 课里的一行
#
# 下一课：[1 · 收集数据](01_collect.ipynb)

# %% tags=["versions", "nbval-ignore-output"]
sg.versions()
