# %% [markdown] tags=["en"]
# # 6 · Review the goals
#
# **Is the split fair, and will the people stand behind it?**
#
# | minutes | you need | you leave with |
# |---|---|---|
# | 60 | lesson 5, a split | goals that people have claimed and agreed to, with a record of who said what, when and why |

# %% [markdown] tags=["zh"]
# # 6 · 目标评审
#
# **分得公平吗？大家认不认？**
#
# | 分钟 | 需要 | 带走 |
# |---|---|---|
# | 60 | 学过第 5 课，有一份分解方案 | 大家认领并确认过的目标，谁在什么时候、为什么这么定，都有记录 |

# %% [markdown] tags=["en"]
# ## The situation
#
# The sales director speaks:
#
# > "The split adds up and I can explain it. But when I showed it, nobody said a word, and I know that silence. Ask
# > them for their own numbers and everybody says less than they can. Last time each head of department had
# > quietly put something on top, to be safe, and in the end only a third of the people got there."
#
# She wants numbers that people have named themselves, and she wants them honest.
#
# ## You will be able to
#
# - say whether a split is fair, and how sure that judgement is
# - hold a claiming session in which the honest number pays best
# - agree on goals that add up and keep what was proposed, claimed and agreed apart

# %% [markdown] tags=["zh"]
# ## 情景
#
# 销售总监说：
#
# > “分得平平整整，我也说得清。可方案一亮，没人吭声，这种安静我太熟了。让他们自己报数吧，个个往低了报。
# > 上次更糟，每个部门经理都悄悄多加了一点保险，层层一加，最后只有三分之一的人达标。”
#
# 她要大家自己报出来的数，而且要报真话。
#
# ## 学完这一课
#
# - 能判断一份分解公不公平，也说得出这个判断有多大把握
# - 能开一场目标认领会，让报真话的人最划算
# - 能把目标定到分毫不差，并把提议、认领、确认的数分开留底

# %% tags=["parameters"]
language: str = "zh"  # zh or en / 界面语言：zh 或 en
workspace: str = ""  # folder of a workspace, empty for the sample company / 工作区文件夹，留空即样例公司
growth: float = 0.08  # growth on the last 12 months / 比最近 12 个月增长多少
unit: int = 100  # goals are whole multiples of it / 目标取整到它的倍数

# %% tags=["setup"]
import salesgoals as sg

sg.use_language(language)
sg.refuse_unknown_parameters(globals())
sg.use_charts(pictures=True)
company = sg.practice_workspace(sg.open_workspace(workspace) if workspace else sg.sample_workspace())
sg.lesson_needs_sales(company)
currency = company.settings.currency

# %% [markdown] tags=["en"]
# ## Look first
#
# This is the proposal: the last 12 months plus `growth`, split by history. We work on a copy of the workspace, so
# that nothing said here gets into the real one. Whose goal looks hardest to you?

# %% [markdown] tags=["zh"]
# ## 先看一看
#
# 这是提议的方案：最近 12 个月加上 `growth`，按历史分。我们在工作区的副本上练习，这里说的话不会进到真的工作区里。你觉得谁的目标最难？

# %%
forecast, board = sg.estimate(company)
wanted = forecast.unit["last_12"] * (1 + growth)
step = max(unit, 10 ** (len(f"{wanted:.0f}") - 3))
saved = sg.make_plan(company, round(wanted / step) * step, f"{forecast.months.month.min():%Y-%m}", unit=unit)
sg.save_plan(company, saved)
people = saved.plan.people

# %% tags=["nbval-check-output"]
sg.readable(people.sort_values("chance")[["person", "team", "last_12", "goal", "growth", "chance"]], rows=8)

# %% [markdown] tags=["en"]
# ## Step 1: is the split fair?
#
# Fair does not mean the same amount for everybody. It means the same **load**: a goal that lies as far above what a
# person can be expected to sell as everybody else's does. But what can be expected? Nobody knows exactly, so three
# yardsticks are asked: the forecast, the last 12 months, and capability, which takes luck out. Only what all of them
# say, and what chance would hardly do, is called unfair.

# %% [markdown] tags=["zh"]
# ## 第 1 步：分得公平吗？
#
# 公平不是人人一样多，而是**担子**一样重：每个人的目标，比自己够得着的量高出的幅度差不多。可“够得着的量”谁也说不准，
# 所以拿三把尺子来量：预测、最近 12 个月、能力（扣掉运气）。三把尺子都这么说，又不像碰巧，才叫不公平。

# %% tags=["nbval-check-output"]
fairness = sg.judge_fairness(saved.plan, saved.forecast, company.tables, saved.weights)
sg.show_fairness(fairness, currency)

# %% [markdown] tags=["en"]
# Read it question by question. "Too few to say" is an answer too, and an honest one. Chengchuan's proposal treats its
# groups alike, because everybody's rise is the same. But one goal stands out: that seller's year was made by one huge
# order, and both the history and the forecast believe in it. The fix is a cap in lesson 5, before anybody sees the
# number.
#
# The same for each single person: a long line means that the yardsticks disagree, in plain words: we do not know.

# %% [markdown] tags=["zh"]
# 一问一问地看。“人太少，说不准”也是答案，而且是老实的答案。澄川这份提议，几类人的担子差不多重，因为人人涨幅一样。
# 但有一个目标不对劲：那个人的一年是一张特大单撑起来的，历史信了它，预测也信了它。办法是回到第 5 课给他加个上限，趁别人还没看到这个数。
#
# 再看每一个人：线越长，说明几把尺子越不一致。说白了就是：我们不知道。

# %%
sg.chart_load(fairness.people, currency)

# %% [markdown] tags=["en"]
# And last time? Past goals can be judged by what came of them.

# %% [markdown] tags=["zh"]
# 那上一次呢？过去的目标，可以拿结果来评。

# %% tags=["nbval-check-output"]
sg.show_past_fairness(sg.judge_past_goals(company.tables))

# %% [markdown] tags=["en"]
# At Chengchuan everybody got the same rise on the year before, and it looked like equal treatment. Look who paid for
# it: newcomers, who got a settled colleague's goal, and those who had just had a good year, because their luck was
# built into the next goal. People notice. Whoever learns that a good year is punished will have no second one.

# %% [markdown] tags=["zh"]
# 澄川当时人人在上一年的基础上涨同样的幅度，看着一视同仁。可看看代价落在谁头上：新人背的是老员工的目标；
# 刚干出一个好年景的人，运气也被算进了下一年的目标。大家心里有数：干得好反而吃亏，谁还肯再来一次？

# %% [markdown] tags=["en"]
# ## Step 2: the claiming session
#
# Everybody names the own goal, with a reason. A claim does not overwrite the proposal: both are kept, each with who
# and when. Whoever has not claimed yet is shown as that; it is not taken for zero.

# %% [markdown] tags=["zh"]
# ## 第 2 步：开一场目标认领会
#
# 每个人自己报目标，并说明理由。认领的数不覆盖提议的数，两个都留着，各自记下是谁、什么时候说的。还没认领的，就显示“还没认领”，不当成零。

# %% [markdown] tags=["en"]
# ## Step 6: the hedge
#
# Now the silent reserves. Each head of department adds 5% to be safe, each team leader 5% on top of that, and then
# everybody gets 5% more. That is not 15% but 15.76%. In a firm that Zoltners, Sinha and Lorimer describe, three
# levels did just this, and only 30% of the people reached their goals. A hedge is not forbidden, but it must be seen:
# it is kept as a layer of its own, and the goals below it stay what they were.

# %% [markdown] tags=["zh"]
# ## 第 6 步：加码
#
# 再来看悄悄加上去的保险。每个部门经理加 5%，每个团队长再加 5%，最后每个人头上又加 5%。合起来不是 15%，而是 15.76%。
# 佐尔特纳斯、辛哈和洛里默讲过一家公司，三层就是这么加的，结果只有 30% 的人达标。加码不是不行，但要看得见：
# 它单独成一层，下面原来的目标一分不动。

# %% tags=["nbval-check-output"]
hedged = sg.add_hedge(people, {"department": 0.05, "team": 0.05, "person": 0.05}, unit)
assert (hedged.goals.goal == people.goal).all() and (hedged.proof.difference == 0).all()
sg.show_hedge(hedged, forecast)

# %% [markdown] tags=["en"]
# The hedge sells nothing. The chance of the company's own goal stays where it was; only fewer people get there.
# Move the sliders: how much can each level add before half of those who would have made it no longer do?

# %% [markdown] tags=["zh"]
# 加码不会多卖一分钱。公司自己的目标，达成概率还是原来那么大，只是达标的人更少了。
# 拖动滑块试试：各级加到多少，本来能达标的人就少掉一半？

# %% tags=["interactive", "nbval-ignore-output"]
sg.slide_hedge(people, forecast, currency, unit)

# %% [markdown] tags=["en"]
# ## Your turn
#
# "Then simply give everybody the same!" First guess: who would pay for it? Then split the same total equally and let
# the fairness report answer.
#
# **Exercise 6.1.** Which team's goals would then be heaviest for what its people can be expected to sell?

# %% [markdown] tags=["zh"]
# ## 轮到你了
#
# “那就人人一样多好了！”先猜：代价会落在谁头上？再把同一个总数平均分一遍，让公平性报告来回答。
#
# **练习 6.1** 平均分的话，哪个团队的目标相对够得着的量最重？

# %% tags=["exercise"]
answer = ...
sg.check("6.1", answer, company)

# %% tags=["solution"]
asked = saved.parameters
equal = sg.make_plan(company, asked["total"], asked["start"], method="equal", unit=unit)
groups = sg.judge_fairness(equal.plan, equal.forecast, company.tables, equal.weights).groups
teams = groups[(groups.question == "teams") & groups.load.notna()]
answer = teams.node[teams.load.idxmax()] if len(teams) else ""
assert sg.check("6.1", answer, company)
answer

# %% [markdown] tags=["en", "solution"]
# 6.1 finds the team that sells least a head: for it an equal goal is the heaviest. Let the group say why an equal split
# still feels fair to so many: it is easy to explain. Then ask who would explain it to that team.

# %% [markdown] tags=["zh", "solution"]
# 6.1 找到的是人均卖得最少的团队：同样的目标，对它最重。可以问问大家：平均分为什么让那么多人觉得公平？因为好解释。
# 再问一句：谁去向那个团队解释？

# %% tags=["versions", "nbval-ignore-output"]
sg.versions()
