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
# > "We have agreed on a total. Now every head of department says the same: take it from the others. Last time I
# > ended it by giving everybody the same rise. The two best carried on, the newcomers gave up, and the sheet did
# > not even add up: the departments came to a little more than the company."
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
workspace: str = ""  # folder of a workspace, empty for the sample company / 工作区文件夹，留空即样例公司
growth: float = 0.08  # growth on the last 12 months / 比最近 12 个月增长多少
method: str = "history"  # equal, history, potential, capability, equal_chance / 五种分法之一
unit: int = 100  # goals are whole multiples of it / 目标取整到它的倍数

# %% tags=["setup"]
import pandas as pd
import salesgoals as sg

sg.use_language(language)
sg.refuse_unknown_parameters(globals())
sg.use_charts(pictures=True)
company = sg.open_workspace(workspace) if workspace else sg.sample_workspace()
sg.lesson_needs_sales(company)

# %% [markdown] tags=["en"]
# ## Look first
#
# Who sold what in the last 12 months? Sales stay with the team in which they were made: whoever moved takes no past
# along, and whoever left still counts in what was. A line without a team holds sales that nobody is credited with.

# %% [markdown] tags=["zh"]
# ## 先看一看
#
# 最近 12 个月，哪个团队卖了多少？业绩留在当时卖出它的团队：人调走了，过去的业绩不跟着走；人离职了，卖过的仍然算数。没有团队的那一行，是没记到任何人头上的销售。

# %% tags=["nbval-check-output"]
sales = sg.team_sales(company.tables)
recent = sales[sales.month > sales.month.max() - pd.DateOffset(months=12)]
sg.readable(recent.groupby(["department", "team"], as_index=False).agg(
    people=("person_id", "nunique"), amount=("amount", "sum")))

# %% [markdown] tags=["en"]
# Now the total: the last 12 months plus `growth`, rounded to three figures, and its chance.

# %% [markdown] tags=["zh"]
# 再看总数：最近 12 个月加上 `growth`，只留前三位数，以及它的达成概率。

# %% tags=["nbval-check-output"]
forecast, board = sg.estimate(company)
start = f"{forecast.months.month.min():%Y-%m}"
wanted = forecast.unit["last_12"] * (1 + growth)
step = max(unit, 10 ** (len(f"{wanted:.0f}") - 3))
total = round(wanted / step) * step
currency = company.settings.currency
sg.say_chance(forecast, total, currency)

# %% [markdown] tags=["en"]
# ## Step 1: split it, and prove it
#
# One call goes from company to department to team to person, and from there to months and product lines. Months
# follow the season, product lines what each person sells, and newcomers their ramp: what somebody with so many
# months on board can carry.
#
# Does it add up? The second table adds every parent anew from the finished table. Not one node may be off, by not one
# unit. Anybody who gets the file can repeat this.

# %% [markdown] tags=["zh"]
# ## 第 1 步：分下去，再验证
#
# 一次调用，从公司分到部门、团队、个人，再分到月份和产品线。月份看季节，产品线看每个人卖什么；
# 新人看成长曲线，也就是入职这么多个月的人一般扛得动多少。
#
# 对得上吗？第二张表从分好的结果出发，把每一个上级重新加一遍，任何一个节点都不许差一个单位。拿到这份文件的人都可以自己再验一次。

# %% tags=["nbval-check-output"]
plan = sg.plan_goals(company.tables, total, start, method=method, unit=unit)
teams = plan.goals.groupby(["department", "team"], as_index=False).goal.sum()
sg.readable(teams)

# %% tags=["nbval-check-output"]
proof = plan.proof
assert (proof.difference == 0).all()
assert plan.goals.goal.sum() == total
sg.readable(proof.groupby("level", sort=False, as_index=False).agg(
    nodes=("node", "count"), difference=("difference", lambda gap: gap.abs().sum())))

# %% [markdown] tags=["en"]
# Who carries what. The chart's title is made from the figures, so it may say something else when you change the
# parameters.

# %% [markdown] tags=["zh"]
# 谁扛多少。图的标题由数字生成：参数一改，标题说的可能就不一样了。

# %%
sg.chart_people(plan.people, currency, forecast.people.months_seen)

# %% [markdown] tags=["en"]
# And this is one person's year, as it would stand on a goal sheet: the newest colleague, month by month. A blank
# would mean "not set"; it never means zero.

# %% [markdown] tags=["zh"]
# 再看一个人的全年，就像目标责任书上那样：最新入职的同事，逐月的目标。空格表示“没定”，从来不表示零。

# %% tags=["nbval-check-output"]
newcomer = sg.newest_person(company)
mine = plan.goals[plan.goals.person_id == newcomer]
sg.readable(mine.groupby("month", as_index=False).goal.sum())

# %% [markdown] tags=["en"]
# ## Step 2: five ways to split the same total
#
# - **equal**: the same for everybody, as in "divide by heads"
# - **history**: as the last 12 months were
# - **potential**: by what the person's customers could buy
# - **capability**: by what the person sells in a full month, with luck taken out as far as it can be told apart
# - **equal chance**: so that all have the same chance of reaching their goal

# %% [markdown] tags=["zh"]
# ## 第 2 步：同一个总数，五种分法
#
# - **平均分**：按人头除，人人一样
# - **按历史**：照最近 12 个月的比例
# - **按潜力**：看手里的客户还能买多少
# - **按能力**：看一个完整月份能卖多少，并尽量剔除运气
# - **等把握**：让每个人达标的把握一样大

# %%
methods = sg.compare_methods(company.tables, total, start, unit=unit)
sg.chart_methods(methods)

# %% [markdown] tags=["en"]
# Each row is a person, each column a way to split, the number the change against a split by history. Look for
# two kinds of people: those whom the equal split hits hardest, and those who owe last year's figure to one
# single deal. A split by history asks them for that luck again.

# %% [markdown] tags=["zh"]
# 每行一个人，每列一种分法，数字是和“按历史”相比的增减。找找两种人：被平均分压得最狠的，
# 和去年靠一张大单撑起来的。按历史来分，等于要求后一种人再走运一次。

# %% tags=["nbval-check-output"]
chances = sg.chances_by_method(forecast, methods)
sg.readable(sg.summarise_chances(chances))

# %% [markdown] tags=["en"]
# This is what "unfair" means in figures. The total is the same in every row. Under the equal split some people
# are as good as certain to reach their goal and others hardly can. Equal chance looks fairest, and it has a
# price too: it gives the person whose sales jump about another goal than a steady one with the same average,
# and nobody's effort is asked. No way is the right one; it is a decision, and now it can be discussed.
#
# Choose a way from the list; the chart shows each person's chance under it.

# %% [markdown] tags=["zh"]
# “不公平”用数字说出来就是这样。每一行的总数都一样；平均分之下，有人几乎躺着就能达标，有人几乎没有可能。
# 等把握看上去最公平，但也有代价：平均业绩相同，一个忽高忽低、一个四平八稳，两人的目标会不一样，而且它不问谁更努力。
# 没有哪一种绝对正确，这是一个决定，只是现在可以摊开来谈了。
#
# 在列表里换一种分法，图上就是每个人在这种分法下的达成概率。

# %% tags=["interactive", "nbval-ignore-output"]
sg.choose_method(forecast, methods)

# %% [markdown] tags=["en"]
# ## Step 3: floors, caps, fixed goals
#
# Now the wishes from the meeting: whoever has the smallest goal takes at least 5% more (a floor), whoever has the
# largest takes no more than now (a cap), and the newcomer's goal is fixed at the middle of the forecast (a pin). The
# others, nearest first, absorb the difference, and every sum stays exact. The table lists everybody who moved.

# %% [markdown] tags=["zh"]
# ## 第 3 步：下限、上限、锁定
#
# 会上提的要求来了：目标最小的人至少多扛 5%（下限），目标最大的人不再加（上限），新人的目标锁定在预测的中间。
# 差额由其他人分担，先从身边的同事开始，每一个合计仍然分毫不差。表里列出所有变动的人。

# %%
ranked = plan.people[plan.people.person_id != newcomer].sort_values("goal")
small, large = ranked.iloc[0], ranked.iloc[-1]
even = forecast.people.loc[newcomer, "mean"] // unit * unit
limits = pd.DataFrame([
    {"scope": "person", "name": small.person_id, "floor": small.goal * 105 // 100 // unit * unit},
    {"scope": "person", "name": large.person_id, "cap": large.goal},
    {"scope": "person", "name": newcomer, "pin": even}])

# %% tags=["nbval-check-output"]
limited = sg.plan_goals(company.tables, total, start, method=method, unit=unit, limits=limits)
assert limited.goals.goal.sum() == total
assert (limited.proof.difference == 0).all()
after = limited.people.merge(plan.people[["person_id", "goal"]], on="person_id", suffixes=("", "_before"))
after["difference"] = after.goal - after.goal_before
sg.readable(after.loc[after.difference != 0, ["team", "person", "goal", "difference"]])

# %% [markdown] tags=["en"]
# And when the wishes cannot all come true? Suppose every team is capped at half of its goal. A system that
# quietly drops one wish would be worse than none. This one names what is in the way and makes no plan.

# %% [markdown] tags=["zh"]
# 要是这些要求凑不到一起呢？假设每个团队都封顶在原目标的一半。悄悄丢掉一条要求的系统，还不如没有。
# 这里会点名说出卡在哪里，并且不出方案。

# %% tags=["nbval-check-output"]
halves = pd.DataFrame({"scope": "team", "name": teams.department + "/" + teams.team,
                       "cap": teams.goal // 2 // unit * unit})
try:
    sg.plan_goals(company.tables, total, start, method=method, unit=unit, limits=halves)
except sg.SalesgoalsError as refusal:
    print(refusal)

# %% [markdown] tags=["en"]
# ## Your turn
#
# First guess who suffers most under the equal split: the weakest seller, the newest, or somebody else? Then set
# `method` to `"equal"` in the parameters and run everything. At last raise `growth` until the median chance in step 2
# falls to 10% even under *equal chance*, and write one line: what would you say to your people about that total?

# %% [markdown] tags=["zh"]
# ## 轮到你了
#
# 先猜：平均分之下，最吃亏的是业绩最差的人、最新来的人，还是另有其人？再把参数 `method` 改成 `"equal"`，全部运行一遍；
# 最后把 `growth` 往上调，直到第 2 步里连 *等把握* 那一行的中位概率都降到 10%，并写一句话：这样的总数，你会怎么跟大家说？

# %% [markdown] tags=["en"]
# **Exercise 5.1.** The last 12 months, once more, divided by heads: whose chance is the lowest? A name, or the
# id where two people share a name.

# %% [markdown] tags=["zh"]
# **练习 5.1** 把最近 12 个月的总额按人头平分：谁的达成概率最低？写姓名；有重名的写员工编号。

# %%
same = sg.compare_methods(company.tables, round(forecast.unit["last_12"]), start)
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
# **Exercise 5.2.** Name a goal for the newest colleague that is reached with even odds (50%, give or take 2).

# %% [markdown] tags=["zh"]
# **练习 5.2** 给最新入职的同事定一个目标，达成概率一半对一半（50%，上下差 2 个百分点以内）。

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
# or a newcomer on a slow ramp, while the strongest get a holiday. 5.2: even odds lie a little below the mean of the forecast, because a good year can
# exceed it by more than a bad one falls short. Halving the interval again and again is what one does by hand,
# too.

# %% [markdown] tags=["zh", "solution"]
# 5.1：平均分对底子最薄的人最狠，比如一年只签几张单的人，或成长曲线还没爬上来的新人；最强的人反而像放假。
# 5.2：一半对一半的地方比预测的均值略低，因为好年景超出的幅度比坏年景落下的更大。反复取中间值来试，手工做也是这个办法。

# %% [markdown] tags=["en"]
# ## Asked again and again
#
# *The boss wants it doubled by the end of the month and divides by heads. How do I split it properly?* First
# answer the total (lesson 4): splitting does not make an impossible number possible. Here is the doubled total,
# split five ways: the chances differ from way to way, and in none of them does more than a handful stand a real chance. Then
# split what can be reached by what each person can carry, and let people claim their part (lesson 6): who has
# named a number works for it.

# %% [markdown] tags=["zh"]
# ## 常有人问
#
# *老板要月底翻一倍，然后按人头一除。到底怎么分才合理？* 先回答总数（第 4 课）：再会分，也不能把做不到的数变成做得到。
# 下面是翻一倍之后的五种分法：概率各不相同，但哪一种都只有个别人真有希望。然后把够得着的总数按各人扛得动的来分，
# 再开目标认领会，让大家自己报数（第 6 课）：自己报的数，自己会去争。

# %% tags=["nbval-check-output"]
doubled = sg.compare_methods(company.tables, round(2 * forecast.unit["last_12"]), start)
sg.readable(sg.summarise_chances(sg.chances_by_method(forecast, doubled)))

# %% [markdown] tags=["en"]
# *How do I make sure that everybody finishes?* You cannot: with 34 people and a chance of 60% each, all of them
# reaching their goal is as good as impossible. You can give each a fair chance, cut the year into months, look
# every week and help early (lesson 8).
#
# A vendor's guide tells of a company B: goals of leading sellers up 20%, of newcomers down 20%, share at goal 92%,
# turnover of newcomers 5%. These are the vendor's figures, unverified. The direction is that of this lesson:
# differ by what people can carry. The amount should come from your data, not from a story.

# %% [markdown] tags=["zh"]
# *怎么保证人人都完成？* 保证不了：34 个人，每人有 60% 的把握，全员达标几乎不可能。
# 能做的是给每个人公平的机会，把一年切成一个个月，每周看一次，早发现、早帮忙（第 8 课）。
#
# 某厂商的指南里有个 B 公司：主力销售目标提高 20%，新人目标降低 20%，结果达标率 92%，新人流失率 5%。
# 这些都是厂商自己的数字，未经核实。方向和这一课一致：按各人扛得动的来分；但分多分少，要看你自己的数据，而不是照搬一个故事。

# %% [markdown] tags=["en"]
# ## Quick check
#
# 1. The departments' goals add up to 3 units more than the company's. **a** close enough · **b** one of them is
#    wrong: find it before anybody signs · **c** adjust the company's goal
# 2. Somebody had one huge deal last year. Which split asks for it again? **a** history · **b** capability · **c**
#    equal
# 3. A goal cell is empty. What does it mean? **a** zero · **b** not set · **c** same as last month

# %% [markdown] tags=["zh"]
# ## 小测
#
# 1. 各部门的目标加起来比公司目标多了 3 个单位。**a** 差不多就行 · **b** 有一处错了，签字之前要找出来 · **c** 把公司目标改一改
# 2. 有人去年签了一张特大单。哪种分法会要求他再签一张？**a** 按历史 · **b** 按能力 · **c** 平均分
# 3. 目标表里有一格是空的，是什么意思？**a** 零 · **b** 没定 · **c** 和上个月一样

# %% [markdown] tags=["en", "solution"]
# Answers: 1 **b**, 2 **a**, 3 **b**. On question 1: 3 units are not the problem; the second version of the sheet
# that they prove is.

# %% [markdown] tags=["zh", "solution"]
# 答案：1 **b**、2 **a**、3 **b**。第 1 题：差 3 个单位不是大事，大事是它证明了表有两个版本。

# %% [markdown] tags=["en"]
# ## With your own data
#
# - set `workspace` to the folder of your workspace; without teams everybody stands under one node
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
# ## 换成你自己的数据
#
# - 把 `workspace` 改成你的工作区文件夹；没有团队信息的，所有人都归到一个节点下
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
