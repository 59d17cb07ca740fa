# %% [markdown] tags=["en"]
# # 0 · Start here
#
# **How do you get from a folder of exports to goals that you can defend?**
#
# | minutes | you need | you leave with |
# |---|---|---|
# | 20 | nothing prepared | a first chart, of the sample company and of your own data |

# %% [markdown] tags=["zh"]
# # 0 · 从这里开始
#
# **手里一堆导出表，怎么变成一份说得清、站得住的销售目标？**
#
# | 分钟 | 需要 | 带走 |
# |---|---|---|
# | 20 | 不用准备 | 第一张图：先看样例公司，再看你自己的数据 |

# %% [markdown] tags=["en"]
# ## The situation
#
# The sales director of Chengchuan Water speaks:
#
# > "It is the end of June, and the owner wants a number for the next 12 months by Friday. Last time I took the
# > year before, put a percentage on top and gave everybody the same rise. By spring half of my people had
# > stopped believing in it. This time I want to know what a number rests on before I sign it."
#
# She has a folder of exports and one week. You sit beside her.
#
# ## You will be able to
#
# - run a lesson, change a number in it and run it again
# - name the 11 steps from records to goals and back
# - draw the first chart of your own data

# %% [markdown] tags=["zh"]
# ## 情景
#
# 澄川净水的销售总监说：
#
# > “六月底了，老板周五就要下一个 12 个月的数。上次我拿前一年的业绩加个百分比，人人涨一样多。
# > 到开春，一半人已经不信这个目标了。这次签字之前，我要先弄清楚：这个数凭什么？”
#
# 她手里有一个文件夹的导出表和一周时间。你坐在她旁边。
#
# ## 学完这一课
#
# - 会运行一课，改一个数，再运行一遍
# - 说得出从数据到目标、再回到数据的 11 个步骤
# - 用你自己的数据画出第一张图

# %% tags=["parameters"]
language: str = "zh"  # zh or en / 界面语言：zh 或 en
workspace: str = ""  # folder of a workspace, empty for the sample company / 工作区文件夹，留空即样例公司

# %% tags=["setup"]
import salesgoals as sg

sg.use_language(language)
sg.refuse_unknown_parameters(globals())
sg.use_charts(pictures=True)
company = sg.open_workspace(workspace) if workspace else sg.sample_workspace()

# %% [markdown] tags=["en"]
# ## Look first
#
# Chengchuan Water is a distributor of water equipment. It is invented: a script with a fixed seed made its
# people, customers and orders, so that you can be as frank about them as you like. Its data are Chinese, as
# they come from Chinese systems. This is what is on record.

# %% [markdown] tags=["zh"]
# ## 先看一看
#
# 澄川净水是一家净水设备经销商。公司是虚构的：人员、客户和订单都由固定种子的程序生成，
# 所以怎么评头论足都不会得罪人。先看看手里有哪些数据。

# %% tags=["nbval-check-output"]
sg.readable(sg.count_tables(company))

# %% [markdown] tags=["en"]
# Each kind of records has one table with fixed column names. The next lesson shows how the messy
# exports became these tables, and that no row was lost on the way.

# %% [markdown] tags=["zh"]
# 每一类记录一张表，列名固定。乱糟糟的导出文件怎样变成这些表、途中为什么一行都没丢，是下一课的内容。

# %% [markdown] tags=["en"]
# ## Step 1: run a cell
#
# Grey boxes are cells. Click into the one below, press **Shift + Enter**, and its answer appears underneath.
# Then change 0.10 to another growth and press **Shift + Enter** again. Nothing can break: *Kernel > Restart
# Kernel and Run All Cells* brings everything back.

# %% [markdown] tags=["zh"]
# ## 第 1 步：运行一个单元格
#
# 灰色的框叫单元格。点进下面这一格，按 **Shift + Enter**，答案就出现在它下面。
# 再把 0.10 改成别的增长率，再按一次 **Shift + Enter**。不用怕弄坏：菜单里的“重启内核并运行所有单元格”
# 可以让一切复原。

# %% tags=["nbval-check-output"]
growth = 0.10
history = sg.monthly_sales(company.tables)
last_12 = history.groupby("month").amount.sum().tail(12).sum()
print(sg.format_money(last_12 * (1 + growth), company.settings.currency))

# %% [markdown] tags=["en"]
# That was last year's sales plus 10%. It took a second, and it says nothing about whether the number can be
# reached. That is what the other lessons are for.

# %% [markdown] tags=["zh"]
# 这就是“去年业绩加 10%”。一秒钟算完，可它没有告诉你这个数够不够得着。后面几课要回答的正是这个问题。

# %% [markdown] tags=["en"]
# ## Step 2: the first chart
#
# Sales by month, the oldest picture of sales there is. Before you read on, look for three things: the trend,
# the weak month around Spring Festival, and the last month of each quarter.

# %% [markdown] tags=["zh"]
# ## 第 2 步：第一张图
#
# 每个月卖了多少，这是最老、也最有用的一张图。往下读之前，先找三样东西：趋势、春节前后的低谷、每个季度的最后一个月。

# %%
sg.chart_sales(history, company.settings.currency)

# %% [markdown] tags=["en"]
# The bars move up and down by far more than any growth that a plan would ask for. So one good month proves
# little, and a goal for a month needs the season in it.

# %% [markdown] tags=["zh"]
# 月与月之间的起伏，比任何计划要求的增长都大得多。所以一个好月份说明不了什么，而月目标里必须有季节。

# %% [markdown] tags=["en"]
# ## Step 3: the road map
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
# Step 10 leads back to step 1: a goal is never set once and for all.
#
# The path follows a Chinese guide to sales goals. It was written by a vendor of one of the systems that it
# recommends. It says, for example, that in 90% of Chinese sales teams the monthly attainment stays below 60%.
# We quote such figures as the vendor's: nobody outside has verified them.

# %% [markdown] tags=["zh"]
# ## 第 3 步：路线图
#
# | 步骤 | 要回答的问题 | 课程 |
# |---|---|---|
# | 1 数据收集 | 数据说了什么？哪里有毛病？| [01](01_collect.ipynb) |
# | 2 市场分析 | 是我们在涨，还是市场在涨？| [02](02_market.ipynb) |
# | 3 团队盘点 | 每个人能做多少？哪些只是运气？| [03](03_team.ipynb) |
# | 4 定总目标 | 多大的总数够得着？把握有几成？| [04](04_goal.ipynb) |
# | 5 目标分解 | 谁扛多少，每一级都分毫不差？| [05](05_decompose.ipynb) |
# | 6 目标评审 | 公平吗？大家认不认？| [06](06_review.ipynb) |
# | 7 激励方案 | 做到多少，拿多少？| [07](07_incentives.ipynb) |
# | 8 过程管控 | 这一周必须做成什么？| [08](08_process.ipynb) |
# | 9 动态调整 | 有人走了，市场变了，怎么办？| [09](09_adjust.ipynb) |
# | 10 复盘 | 差在哪里，下次改什么？| [10](10_retro.ipynb) |
# | 11 工具选型 | 哪套系统适合我们？| [11](11_tools.ipynb) |
#
# 第 10 步又回到第 1 步：目标从来不是一次定死的。
#
# 这条路线来自一篇中文的销售目标实操指南，作者是它所推荐的某个系统的厂商。比如文中说，90% 的中国销售团队月度达标率低于 60%。
# 这类数字我们只当作厂商的说法来引用，没有第三方核实过。

# %% [markdown] tags=["en"]
# ## Your turn
#
# The record month owes much to one huge order. First guess, then look: which month is the best of the rest? And
# did the company grow in the last 12 months against the 12 before? `sales` holds the sum of each month.

# %% [markdown] tags=["zh"]
# ## 轮到你了
#
# 纪录月多半是靠一张特大单冲上去的。先猜，再看：其余的月份里哪个最好？最近 12 个月和再前 12 个月相比，
# 涨了还是跌了？`sales` 里是每个月的合计。

# %%
sales = history.groupby("month").amount.sum()
sg.readable(sales.reset_index().tail(12))

# %% [markdown] tags=["en"]
# **Exercise 0.1.** Leave the record month out. Which month sold most? Replace the three dots by the month,
# written like `"2025-05"`.

# %% [markdown] tags=["zh"]
# **练习 0.1** 去掉纪录月，哪个月卖得最多？把三个点换成那个月份，写法如 `"2025-05"`。

# %% tags=["exercise"]
answer = ...
sg.check("0.1", answer, company)

# %% tags=["solution"]
answer = f"{sales.drop(sales.idxmax()).idxmax():%Y-%m}"
assert sg.check("0.1", answer, company)
answer

# %% [markdown] tags=["en"]
# **Exercise 0.2.** By how much did the last 12 months grow against the 12 before? A share, such as `0.05` or
# `"5%"`; half a percentage point off is fine.

# %% [markdown] tags=["zh"]
# **练习 0.2** 最近 12 个月比再前 12 个月增长了多少？写成 `0.05` 或 `"5%"` 都行，差半个百分点以内算对。

# %% tags=["exercise"]
answer = ...
sg.check("0.2", answer, company)

# %% tags=["solution"]
answer = sales.iloc[-12:].sum() / sales.iloc[-24:-12].sum() - 1
assert sg.check("0.2", answer, company)
sg.format_growth(answer, 1)

# %% [markdown] tags=["en", "solution"]
# Both answers come from the same 30 sums. A span of 12 months against 12 months is the fair comparison: each
# season stands once on both sides. One month against the month before compares seasons, not sales.

# %% [markdown] tags=["zh", "solution"]
# 两个答案都出自同样的 30 个月合计。12 个月比 12 个月才公平：每个季节两边各有一次。拿这个月比上个月，比的是季节，不是业绩。

# %% [markdown] tags=["en"]
# ## Quick check
#
# 1. What happens to an order whose amount cannot be read? **a** it counts as 0 · **b** it is deleted · **c** it
#    is set aside and listed
# 2. Which comparison keeps the season out? **a** this month against last month · **b** 12 months against the 12
#    before · **c** the best month against the worst
# 3. What does "the chance of reaching this total is 35%" say? **a** do not try · **b** plan as if it were
#    certain · **c** out of 20 such years about 7 get there

# %% [markdown] tags=["zh"]
# ## 小测
#
# 1. 一笔订单的金额读不出来，会怎样？**a** 当作 0 · **b** 删掉 · **c** 搁在一边，并列进问题清单
# 2. 哪种比较能排除季节？**a** 本月比上月 · **b** 12 个月比再前 12 个月 · **c** 最好的月比最差的月
# 3. “达到这个总额的概率是 35%”是什么意思？**a** 别试了 · **b** 当作一定能成来安排 · **c** 这样的年份 20 个里大约有 7 个能成

# %% [markdown] tags=["en", "solution"]
# Answers: 1 **c**, 2 **b**, 3 **c**. Ask those who chose 1 **a** what a blank in the goals table means: not set,
# or zero?

# %% [markdown] tags=["zh", "solution"]
# 答案：1 **c**、2 **b**、3 **c**。第 1 题选 **a** 的，请他们想一想：目标表里空着的格子，是“没定”还是“零”？

# %% [markdown] tags=["en"]
# ## With your own data
#
# 1. In a terminal: `salesgoals new my_company` makes a workspace, a folder with an `inbox`.
# 2. Copy your exports into `my_company/inbox`: Excel or CSV, as they are.
# 3. `salesgoals collect my_company` reads them and says what it could not read.
# 4. Above, set `workspace: str = "my_company"` with the full path of that folder, then run all cells.
#
# Tables, chart and checks are then your own; the text beside them still speaks of Chengchuan. To read everything in the other language, set
# `language` to `"zh"` or `"en"`, or open the same lesson in the other folder.
#
# ## Where help is
#
# - in a cell: a question mark after a name, such as `sg.monthly_sales?`, shows what it does
# - in a terminal: `salesgoals --help`
# - in an exercise: each check has three hints behind a click
#
# ## Take away
#
# - **Shift + Enter** runs a cell; changing a number and running again is how you learn here
# - the path has 11 steps and is a circle
# - your own first chart is four moves away: new, copy, collect, run
#
# Next: [1 · Collect the records](01_collect.ipynb)

# %% [markdown] tags=["zh"]
# ## 换成你自己的数据
#
# 1. 在终端里输入 `salesgoals new my_company`，建一个工作区，里面有个文件夹叫 `inbox`。
# 2. 把导出的 Excel 或 CSV 原样放进 `my_company/inbox`。
# 3. 输入 `salesgoals collect my_company`，它会读入数据，并说明哪些读不了。
# 4. 在上面把参数写成 `workspace: str = "my_company"`（换成这个文件夹的完整路径），再运行所有单元格。
#
# 这样，表、图和练习都换成了你自己的；旁边的文字讲的仍是澄川。想换语言，把 `language` 改成 `"zh"` 或 `"en"`，或者打开另一个语言文件夹里的同一课。
#
# ## 遇到问题怎么办
#
# - 在单元格里：名称后面加个问号，比如 `sg.monthly_sales?`，就能看到说明
# - 在终端里：`salesgoals --help`
# - 做练习时：每次检查都带三条提示，点开就能看
#
# ## 记住这三点
#
# - **Shift + Enter** 运行单元格；改一个数、再运行一遍，就是这里的学法
# - 从数据到目标共 11 步，首尾相接
# - 离你自己的第一张图只有四个动作：新建、放入、收集、运行
#
# 下一课：[1 · 收集数据](01_collect.ipynb)

# %% tags=["versions", "nbval-ignore-output"]
sg.versions()
