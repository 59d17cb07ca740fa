# %% [markdown] tags=["en"]
# # 5 · Split the goal
#
# **Who carries what, so that every sum is exact and every goal can be explained?**
#
# | minutes | you need | you leave with |
# |---|---|---|
# | 45 | lesson 4, a total | goals for each person, month and product line, with a proof of every sum |

# %% [markdown] tags=["zh"]
# # 5 · 目标分解
#
# **谁扛多少，才能级级分毫不差，又人人说得清？**
#
# | 分钟 | 需要 | 带走 |
# |---|---|---|
# | 45 | 学过第 4 课，有一个总目标 | 每人、每月、每条产品线的目标，以及每一个合计的验证 |

# %% [markdown] tags=["en"]
# ## The situation
#
# The sales director speaks:
#
# > “We have agreed on a total. Now every head of department says the same: take it from the others. Last time I
# > ended it by giving everybody the same rise. The two best carried on, the newcomers gave up, and the sheet did
# > not even add up: the departments came to a little more than the company.”
#
# She needs a split that adds up to the last unit and that she can explain to each person.
#
# ## You will be able to
#
# - split a total down to person, month and product line, and prove every sum
# - compare five ways to split it and say who gains and who loses
# - set floors, caps and fixed goals, and hear which wish cannot be met

# %% [markdown] tags=["zh"]
# ## 情景
#
# 销售总监说：
#
# > “总数定下来了。现在每个部门经理都是同一句话：别人多扛点。上次我图省事，人人涨一样多。
# > 结果两个最强的照样跑，新人干脆放弃，连表都对不上：各部门加起来比公司的总数还多一点。”
#
# 她要一份分毫不差的分解，而且对每个人都说得出道理。
#
# ## 学完这一课
#
# - 能把总目标分到人、分到月、分到产品线，并验证每一个合计
# - 能比较五种分法，说出谁得利、谁吃亏
# - 能设下限、上限和锁定值；哪个要求做不到，系统会点名告诉你

# %% tags=["parameters"]
language: str = "zh"  # zh or en / 界面语言：zh 或 en
workspace: str = r""  # your folder of exports, empty for the sample company / 放导出表的文件夹，留空即样例公司
growth: float = 0.08  # growth on the last 12 months / 比最近 12 个月增长多少
method: str = "history"  # equal, history, potential, capability, equal_chance / 五种分法之一
unit: int = 100  # goals are whole multiples of it / 目标取整到它的倍数

# %% tags=["setup"]
import pandas as pd
import salesgoals as sg

sg.use_language(language)
sg.refuse_unknown_parameters(globals())
sg.use_charts(pictures=True)
company = sg.workspace_of(workspace)
tables, currency = company.tables, company.settings.currency
sg.lesson_needs_sales(company)

# %% [markdown] tags=["en"]
# ## Look first
#
# Who sold what in the last 12 months? Sales stay with the team in which they were made: whoever moved takes no past
# along, and whoever left still counts in what was. Then the total that was agreed: the last 12 months plus
# `growth`, rounded, with its chance.

# %% [markdown] tags=["zh"]
# ## 先看一看
#
# 最近 12 个月，哪个团队卖了多少？业绩留在当时卖出它的团队：人调走了，过去的业绩不跟着走；人离职了，卖过的仍然算数。
# 再看说定的总数：最近 12 个月加上 `growth`，取整，并写明达成概率。

# %% tags=["nbval-check-output"]
sales, (forecast, board) = sg.team_sales(tables), sg.estimate(company)
recent = sales[sales.month > sales.month.max() - pd.DateOffset(months=12)]
recent = recent.groupby(["department", "team"], as_index=False).agg(
    people=("person_id", "nunique"), amount=("amount", "sum"))
wanted = forecast.unit["last_12"] * (1 + growth)
total = sg.round_total(wanted, unit)
display(sg.readable(recent), sg.say_chance(forecast, total, currency))

# %% [markdown] tags=["en"]
# The line without a team holds sales that nobody is credited with; they count in the total and in nobody's past.
#
# ## Step 1: split it, and prove it
#
# One call goes from company to department to team to person, and from there to months and product lines. Months
# follow the season, product lines what each person sells, and newcomers their ramp: what somebody with so many
# months on board can carry.
#
# Does it add up? The second table adds every parent anew from the finished table. Not one node may be off, by not one
# unit. The chart shows who carries what, and the third table one person's year as it would stand on a goal sheet: the
# newest colleague, month by month.

# %% [markdown] tags=["zh"]
# 没有团队的那一行，是没记到任何人头上的销售：算进总数，但不记在任何人名下。
#
# ## 第 1 步：分下去，再验证
#
# 一次调用，从公司分到部门、团队、个人，再分到月份和产品线。月份看季节，产品线看每个人卖什么；
# 新人看成长曲线，也就是入职这么多个月的人一般扛得动多少。
#
# 对得上吗？第二张表从分好的结果出发，把每一个上级重新加一遍，任何一个节点都不许差一个单位。
# 图上是谁扛多少；第三张表是一个人的全年，就像目标责任书上那样：最新入职的同事，逐月的目标。

# %% tags=["nbval-check-output"]
start = f"{forecast.months.month.min():%Y-%m}"
plan = sg.plan_goals(tables, total, start, method=method, unit=unit)
teams = plan.goals.groupby(["department", "team"], as_index=False).goal.sum()
proof = plan.proof.groupby("level", sort=False, as_index=False).agg(
    nodes=("node", "count"), difference=("difference", lambda gap: gap.abs().sum()))
assert plan.goals.goal.sum() == total
assert (proof.difference == 0).all()
display(sg.readable(teams), sg.readable(proof))

# %%
sg.chart_people(plan.people, currency, forecast.people.months_seen)

# %% tags=["nbval-check-output"]
newcomer = sg.newest_person(company)
mine = plan.goals[plan.goals.person_id == newcomer]
sg.readable(mine.groupby("month", as_index=False).goal.sum())

# %% [markdown] tags=["en"]
# Every difference is 0, and anybody who gets the file can add it up again. The chart's title is made from the figures, so
# it may say something else when you change the parameters. In the newcomer's year, look how the months rise with the
# ramp and still bend with the season. A blank would mean “not set”; it never means zero.
#
# ## Step 2: five ways to split the same total
#
# - **equal**: the same for everybody, as in “divide by heads”
# - **history**: as the last 12 months were
# - **potential**: by what the person's customers could buy
# - **capability**: by what the person sells in a full month, with luck taken out as far as it can be told apart
# - **equal chance**: so that all have the same chance of reaching their goal
#
# First who gains and who loses against a split by history: each row a person, each column a way. Then what it does to
# the chances. Then choose a way and see everybody's chance under it.

# %% [markdown] tags=["zh"]
# 差额全是 0，拿到这份文件的人都可以自己再加一遍。图的标题由数字生成：参数一改，标题说的可能就不一样了。
# 新人的这一年，看各月怎样随成长曲线往上走，又随季节起伏。空格表示“没定”，从来不表示零。
#
# ## 第 2 步：同一个总数，五种分法
#
# - **平均分**：按人头除，人人一样
# - **按历史**：照最近 12 个月的比例
# - **按潜力**：看手里的客户还能买多少
# - **按能力**：看一个完整月份能卖多少，并尽量扣掉运气
# - **等把握**：让每个人达标的把握一样大
#
# 先看和“按历史”相比，谁多扛、谁少扛：每行一个人，每列一种分法。再看各人的达成概率怎么变。最后换一种分法，看看每个人的概率。

# %%
methods = sg.compare_methods(tables, total, start, unit=unit)
sg.chart_methods(methods)

# %% tags=["nbval-check-output"]
sg.readable(sg.summarise_chances(sg.chances_by_method(forecast, methods)))

# %% tags=["interactive", "nbval-ignore-output"]
sg.choose_method(forecast, methods)

# %% [markdown] tags=["en"]
# In the chart look for two kinds of people: those whom the equal split hits hardest, and those who owe last year's
# figure to one single deal; a split by history asks them for that luck again. In the table this is what “unfair” means in
# figures: the total is the same in every row, and under the equal split some are as good as certain of their goal
# while others hardly can reach it.
#
# Equal chance looks fairest, and it has a price too: it gives the person whose sales jump about another goal than a
# steady one with the same average, and nobody's effort is asked. No way is the right one; it is a decision, and now
# it can be discussed.
#
# ## Step 3: floors, caps, fixed goals
#
# Now the wishes from the meeting: whoever has the smallest goal takes at least 5% more (a floor), whoever has the
# largest takes no more than now (a cap), and the newcomer's goal is fixed at the middle of the forecast (a pin). The
# first table lists everybody who moved. And when the wishes cannot all come true? Suppose every team is capped at
# half of its goal.

# %% [markdown] tags=["zh"]
# 图上找两种人：被平均分压得最狠的，和去年靠一张大单撑起来的；按历史来分，等于要求后一种人再走运一次。
# 表里看得出，“不公平”用数字说就是这样：每一行的总数都一样，平均分之下，有人几乎躺着就能达标，有人几乎没有可能。
#
# 等把握看上去最公平，但也有代价：平均业绩相同，一个忽高忽低、一个四平八稳，两人的目标会不一样，而且它不问谁更努力。
# 没有哪一种绝对正确，这是一个决定，只是现在可以摊开来谈了。
#
# ## 第 3 步：下限、上限、锁定
#
# 会上提的要求来了：目标最小的人至少多扛 5%（下限），目标最大的人不再加（上限），新人的目标锁定在预测的中间。
# 第一张表列出所有变动的人。要是这些要求凑不到一起呢？再假设每个团队都封顶在原目标的一半。

# %% tags=["nbval-check-output"]
ranked = plan.people[plan.people.person_id != newcomer].sort_values("goal")
limits = pd.DataFrame([
    {"scope": "person", "name": ranked.person_id.iloc[0], "floor": ranked.goal.iloc[0] * 105 // 100 // unit * unit},
    {"scope": "person", "name": ranked.person_id.iloc[-1], "cap": ranked.goal.iloc[-1]},
    {"scope": "person", "name": newcomer, "pin": forecast.people.loc[newcomer, "mean"] // unit * unit}])
limited = sg.plan_goals(tables, total, start, method=method, unit=unit, limits=limits)
assert (limited.proof.difference == 0).all()
sg.readable(sg.moved_people(plan, limited))

# %% tags=["nbval-check-output"]
halves = pd.DataFrame({"scope": "team", "name": teams.department + "/" + teams.team,
                       "cap": teams.goal // 2 // unit * unit})
try:
    sg.plan_goals(tables, total, start, method=method, unit=unit, limits=halves)
except sg.SalesgoalsError as refusal:
    print(refusal)

# %% [markdown] tags=["en"]
# In the table, those nearest to the three absorb the difference first, and every sum stays exact. A system that quietly
# drops one wish would be worse than none: the refusal names what is in the way, by how much, and makes no plan.
#
# ## Your turn
#
# First guess who suffers most under the equal split: the weakest seller, the newest, or somebody else? Then set
# `method` to `"equal"` in the parameters and run everything. At last raise `growth` until the median chance in step 2
# falls to 10% even under *equal chance*, and write one line: what would you say to your people about that total?
#
# ## Exercise 5.1
#
# The last 12 months, once more, divided by heads: whose chance is the lowest? A name, or the id where two people share
# a name. The table holds everybody's chance.

# %% [markdown] tags=["zh"]
# 表里看得出，差额先由身边的同事分担，每一个合计仍然分毫不差。悄悄丢掉一条要求的系统，还不如没有：
# 这里会点名说出卡在哪里、差多少，并且不出方案。
#
# ## 轮到你了
#
# 先猜：平均分之下，最吃亏的是业绩最差的人、最新来的人，还是另有其人？再把参数 `method` 改成 `"equal"`，全部运行一遍；
# 最后把 `growth` 往上调，直到第 2 步里连 *等把握* 那一行的中位概率都降到 10%，并写一句话：这样的总数，你会怎么跟大家说？
#
# ## 练习 5.1
#
# 把最近 12 个月的总额按人头平分：谁的达成概率最低？写姓名；有重名的写员工编号。表里是每个人的概率。

# %%
same = sg.compare_methods(tables, round(forecast.unit["last_12"]), start)
chances = sg.chances_by_method(forecast, same)
sg.readable(chances.sort_values("person_id")[["person_id", "person", "equal"]], chances=True)

# %% tags=["exercise"]
answer = ...
sg.check("5.1", answer, company)

# %% tags=["solution"]
answer = chances.set_index("person_id").equal.idxmin()
assert sg.check("5.1", answer, company)
answer

# %% [markdown] tags=["en"]
# ## Exercise 5.2
#
# Name a goal for the newest colleague that is reached with even odds (50%, give or take 2).

# %% [markdown] tags=["zh"]
# ## 练习 5.2
#
# 给最新入职的同事定一个目标，达成概率一半对一半（50%，上下差 2 个百分点以内）。

# %% tags=["exercise"]
answer = ...
sg.check("5.2", answer, company)

# %% tags=["solution"]
low, high = forecast.people.loc[newcomer, ["low", "high"]]
for _ in range(40):
    answer = (low + high) / 2
    above = sg.chance_of_people(forecast, pd.Series({newcomer: answer}))[newcomer] > 0.5
    low, high = (answer, high) if above else (low, answer)
assert sg.check("5.2", answer, company)
sg.format_money(answer, currency)

# %% [markdown] tags=["en", "solution"]
# 5.1: the equal split is hardest on whoever has the least behind them: somebody who lives on a few orders a year,
# or a newcomer on a slow ramp, while the strongest get a holiday. 5.2: even odds lie a little below the mean of the
# forecast, because a good year can exceed it by more than a bad one falls short. Halving the interval again and again
# is what one does by hand, too.
#
# Quick check: 1 **b**, 2 **a**, 3 **b**. On the first: 3 units are not the problem; the second version of the sheet that
# they prove is.

# %% [markdown] tags=["zh", "solution"]
# 5.1：平均分对底子最薄的人最狠，比如一年只签几张单的人，或成长曲线还没爬上来的新人；最强的人反而像放假。
# 5.2：一半对一半的地方比预测的均值略低，因为好年景超出的幅度比坏年景落下的更大。反复取中间值来试，手工做也是这个办法。
#
# 小测：1 **b**、2 **a**、3 **b**。第一题：差 3 个单位不是大事，大事是它证明了表有两个版本。

# %% [markdown] tags=["en"]
# ## Asked again and again
#
# *The boss wants it doubled by the end of the month and divides by heads. How do I split it properly?* First answer the
# total (lesson 4): no split makes an impossible number possible. Here is the doubled total, split five ways.

# %% [markdown] tags=["zh"]
# ## 常有人问
#
# *老板要月底业绩翻倍，然后按人头一除。到底怎么分才科学？* 先回答总数（第 4 课）：再会分，也不能把做不到的数变成做得到。
# 下面是翻一倍之后的五种分法。

# %% tags=["nbval-check-output"]
doubled = sg.compare_methods(tables, round(2 * forecast.unit["last_12"]), start)
sg.readable(sg.summarise_chances(sg.chances_by_method(forecast, doubled)))

# %% [markdown] tags=["en"]
# Look at the last column: nearly everybody hardly has a chance, whichever way. What the article advises, held against
# these data:
#
# - *no one size for all; history, customers, experience*: right, as far as it goes. Step 2 shows by how much: the equal
#   split leaves the most people without a chance. But history alone builds last year's luck in
# - *let the strong carry more, within reason*: right; how much more comes from each one's forecast, not from a fixed
#   percentage. A vendor's guide tells of a company B that went up 20% for leading sellers and down 20% for newcomers, with a
#   share at goal of 92% and a turnover of newcomers of 5%. These are the vendor's figures, unverified; the direction is
#   that of this lesson. [Case B](../../case_studies/company_b/company_b.en.ipynb) takes it apart
# - *a claiming session*: right, if the honest number is the one that pays (lesson 6)
# - *a CRM that splits by ability*: the sum needs clean records, not a certain product (lesson 11)
# - *correct it on the way*: right, with who, when and why on record (lesson 9)
#
# ## Quick check
#
# 1. The departments' goals add up to 3 units more than the company's. **a** close enough · **b** one of them is
#    wrong: find it before anybody signs · **c** adjust the company's goal
# 2. Somebody had one huge deal last year. Which split asks for it again? **a** history · **b** capability · **c**
#    equal
# 3. A goal cell is empty. What does it mean? **a** zero · **b** not set · **c** same as last month
#
# ## With your own data
#
# - write the folder's path between the quotes of `workspace`; without teams everybody stands under one node
# - `potential` needs customers with a potential or open opportunities; without them that way stays empty
# - in a terminal: `salesgoals plan FOLDER --total 176000000 --from 2026-07 --unit 100` writes the goals as CSV
#   with the proof beside it, and `salesgoals report FOLDER` the report
#
# ## Take away
#
# - a split is finished when every sum is exact and anybody can check it
# - how you split is a decision between people: lay the ways side by side before you take it
# - fix what must be fixed, and insist on hearing which wish cannot be met
#
# Next: [6 · Review the goals](06_review.ipynb)

# %% [markdown] tags=["zh"]
# 看最后一列：不管怎么分，几乎人人都没什么希望。文章里的几条建议，拿数据对一对：
#
# - *不能一刀切，要看历史业绩、客户资源、行业经验*：对，但只对了一半。第 2 步看得出差多少：平均分之下没希望的人最多；
#   可光看历史，又会把去年的运气也算进去
# - *强的多分一些，但别压榨*：对；多多少，要看各人的预测，而不是统一一个百分比。某厂商的指南里有个 B 公司：
#   主力目标提高 20%，新人降低 20%，达标率 92%，新人流失率 5%。这些都是厂商自己的数字，未经核实；
#   方向和这一课一致。[案例 B](../../case_studies/company_b/company_b.zh.ipynb) 把它拆开来看
# - *开一场目标认领会*：对，前提是报真话的人最划算（第 6 课）
# - *用 CRM 按能力分配*：要紧的是数据干净，而不是用哪家的系统（第 11 课）
# - *边走边微调*：对，但谁改的、什么时候改的、为什么改，都要留底（第 9 课）
#
# ## 小测
#
# 1. 各部门的目标加起来比公司目标多了 3 个单位。**a** 差不多就行 · **b** 有一处错了，签字之前要找出来 · **c** 把公司目标改一改
# 2. 有人去年签了一张特大单。哪种分法会要求他再签一张？**a** 按历史 · **b** 按能力 · **c** 平均分
# 3. 目标表里有一格是空的，是什么意思？**a** 零 · **b** 没定 · **c** 和上个月一样
#
# ## 换成你自己的数据
#
# - 把文件夹的路径写进 `workspace` 的引号里；没有团队信息的，所有人都归到一个节点下
# - `potential` 需要带潜力的客户或未结的商机；都没有，这种分法就空着
# - 在终端里输入 `salesgoals plan FOLDER --total 176000000 --from 2026-07 --unit 100`，目标写成 CSV，验证表放在旁边；
#   再输入 `salesgoals report FOLDER` 生成报告
#
# ## 记住这三点
#
# - 每一个合计都分毫不差、谁都能验，分解才算完
# - 怎么分，是人和人之间的决定：先把几种分法摆在一起，再拍板
# - 该锁定的锁定；做不到的要求，一定要听到是哪一条
#
# 下一课：[6 · 目标评审](06_review.ipynb)

# %% tags=["versions", "nbval-ignore-output"]
sg.versions()
