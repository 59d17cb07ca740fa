# %% [markdown] tags=["en"]
# # 10 · Look back
#
# **What was the gap made of, and what will we do differently?**
#
# | minutes | you need | you leave with |
# |---|---|---|
# | 75 | a period that is over, with goals and results | a gap that adds up, causes that people agree on, actions with owner and date, and a next cycle that starts from them |
#
# ## The situation
#
# The sales director speaks:
#
# > “The half-year is over and we missed. In the review meeting everybody has an excuse: the market, the price, the
# > newcomers, the goal was nonsense anyway. Whoever talks loudest is right, we write down ‘visit customers more
# > often’, and in six months we sit here again with the same list.”
#
# She has read about company C: goals too high at the start of the year, pressure, results far off by the middle of it.
# It began to hold retrospectives and to split its goals differently, and the share at goal is said to have risen from
# 45% to 88%. The figures come from a vendor's article and are unverified. What she wants to know is how.
#
# ## You will be able to
#
# - take a gap apart so that the causes add up to it, and tell a wrong goal from poor work
# - say which causes are more than luck, and where nobody can know
# - lead a retrospective whose actions have an owner and a date, and start the next cycle from it

# %% [markdown] tags=["zh"]
# # 10 · 复盘
#
# **差距是由什么构成的？下一次，我们做什么不一样的事？**
#
# | 分钟 | 需要 | 带走 |
# |---|---|---|
# | 75 | 一段已经结束的时间，有目标、有结果 | 一笔分毫不差的差距账，大家认可的原因，有负责人有日期的行动，以及接着它往下走的下一轮 |
#
# ## 情景
#
# 销售总监说：
#
# > “半年过完，没完成。复盘会上人人有说法：市场不好、价格没优势、新人太多、目标本来就不靠谱。谁嗓门大谁有理，
# > 最后记一句‘加强客户拜访’，半年后坐回来，还是这张单子。”
#
# 她读到过 C 公司的故事：年初目标定得太高，压力大，到年中业绩严重偏离。后来设立了复盘，也改了分解的办法，
# 据说达标率从 45% 升到 88%。这些数字出自一家厂商的文章，未经核实。她想知道的是：怎么做到的？
#
# ## 学完这一课
#
# - 能把差距拆开，让各个原因加起来正好等于它，并分清是目标定错了，还是工作没做到
# - 说得出哪些原因不只是运气，哪些谁也说不准
# - 能带一场复盘会，行动有负责人、有日期，下一轮从这里接着走

# %% tags=["parameters"]
language: str = "zh"  # zh or en / 界面语言：zh 或 en
workspace: str = r""  # your folder of exports, empty for the sample company / 放导出表的文件夹，留空即样例公司
period: str = ""  # such as 2026-Q2 or 2026-06; empty: the last half-year / 例如 2026-Q2、2026-06；留空即最近半年

# %% tags=["setup"]
import salesgoals as sg

sg.use_language(language)
sg.refuse_unknown_parameters(globals())
sg.use_charts(pictures=True)
company = sg.practice_workspace(sg.workspace_of(workspace))
sg.lesson_needs_sales(company)

# %% [markdown] tags=["en"]
# ## Look first
#
# Goal and result, for the company and each team. `base` is a third number, and the one that matters most today: what
# was to be expected **at the start**, from what was on record then. Nothing that happened later is in it.
#
# Before you go on, write down what you think the gap is made of. You will want to compare.

# %% [markdown] tags=["zh"]
# ## 先看一看
#
# 全公司和各团队的目标与结果。`base`（基准）是第三个数，也是今天最要紧的一个：**期初**凭当时的记录，本来能指望多少。
# 后来发生的事，一点也没有算进去。
#
# 往下看之前，先写下你认为差距是怎么来的，一会儿好对照。

# %% tags=["nbval-check-output"]
chosen = sg.period_to_review(company.tables, period)
goals = sg.goals_in_force(company, chosen)
currency, country = company.settings.currency, company.settings.calendar_country
people = company.tables["people"]
gap = sg.gap_report(company.tables, goals, chosen, country=country)
sg.show_gap(gap, currency)

# %% [markdown] tags=["en"]
# Two columns split each gap: what the goal was off from the start, and what people did with it afterwards. Compare their
# signs.
#
# ## Step 1: the gap, to the last fen
#
# What a person sells is a chain: time at work, visits, quotes for each visit, how far newcomers have grown, wins for
# each quote, which products, pieces in each deal, at what price. Each link is compared with what was to be expected
# and gets the money that its change has cost or brought. Before all of them stands the **goal error**: goal against
# base. It is nobody's work. And the parts add up to the gap, exactly.
#
# Read the chart from top to bottom: from the goal, step by step, to the result. Then choose a team, then a person, below
# it. A link that is not on record is put at base; what it did stands in the next link that is known.

# %% [markdown] tags=["zh"]
# 有两列把差距一分为二：一半是目标一开始就偏了多少，一半是大家后来干得怎样。比一比这两列的正负号。
#
# ## 第 1 步：差距，一分一厘都对得上
#
# 一个人的业绩是一串连乘：在岗时间、拜访量、每次拜访换来的报价、新人的成熟程度、每份报价换来的成交、卖的是哪些产品、每单件数、价格。
# 每一环都拿来和本来能指望的水平比，变动花掉或带来多少钱，就记在哪一环上。排在最前面的是**目标误差**：目标和基准之差，
# 它不是谁的工作没做好。各项加起来，正好等于差距。
#
# 图要从上往下看：从目标一步一步走到结果。再到下面选一个团队、一个人。没有记录的环节按基准算，它的影响会落在后面第一个有记录的环节上。

# %%
parts = gap.loc[:, "goal_error":"no_person"].sum(axis=1)
assert (gap.gap.isna() | gap.base.isna() | ((parts - gap.gap).abs() < 0.005)).all()
sg.chart_gap_steps(gap, "all", "all", currency)

# %% tags=["interactive", "nbval-ignore-output"]
sg.choose_gap(gap, people, currency)

# %% [markdown] tags=["en"]
# At Chengchuan the first step is the longest: everybody's goal was the year before plus 15%, one huge order included.
# What people did afterwards brought more than was to be expected, not less.
#
# ## Step 2: explanations that look right
#
# Two are heard in every meeting. “Had only the win rate stayed, we would have made it” changes **one thing at a time**:
# what two causes did together then belongs to nobody, and something is left over. The other goes through the chain **in
# order**, first to last: it adds up, but turn the order round and the same cause can weigh several times as much. Which of
# them is right is decided by whoever has drawn the table. The fair way takes the mean over all orders. Here are all of
# them, for the team that fell furthest below what was to be expected.

# %% [markdown] tags=["zh"]
# 在澄川，第一步最长：人人的目标都是上一年加 15%，连那张特大单也算在里面。之后大家干出来的，比本来能指望的多，不是少。
#
# ## 第 2 步：看着对、其实不对的解释
#
# 有两种说法每场会都听得到。“只要赢单率没掉，我们就完成了”，这是**一次只变一样**：两个原因合起来造成的那部分没人认领，最后总有一块对不上。
# 另一种是**按顺序**一环一环往下算：加得上，可把顺序倒过来，同一个原因的分量能差出好几倍。谁对谁错，全看这张表是谁做的。
# 公平的办法是把所有顺序都算一遍，取平均。下面拿比本来能指望的水平掉得最多的那个团队，把几种算法摆在一起。

# %% tags=["nbval-check-output"]
by, unit = sg.fell_furthest(gap)
ways = sg.compare_explanations(company.tables, goals, chosen, by, unit, country)
sg.show_ways(ways, currency)

# %% [markdown] tags=["en"]
# Look at the last line: one column does not add up, and the two ordered ones disagree on every cause. At Chengchuan “one
# at a time” even says that nothing was lost. In an example with five causes that we worked through, the same fall of the
# win rate weighed 12.5 or 19.8, depending on the order (fair: 15.8). Whoever decides on training or on a price by such a
# table decides by the order of its columns.
#
# ## Step 3: was the goal wrong, or the work?
#
# The base has a range, because nobody sells exactly what is expected. So there are more answers than two: the **goal** lay
# outside what could be expected; the **result** lay outside it; both did; or the result lies within the range, and
# then it is luck as much as anything. Where a person has too few deals, the honest answer is “cannot be known”.

# %% [markdown] tags=["zh"]
# 看最后一行：有一列加不上；按顺序的两列，每个原因又都对不拢。在澄川，“一次只变一样”甚至说什么也没少卖。
# 我们算过一个五个原因的例子：赢单率同样的下滑，换个顺序，分量可以是 12.5，也可以是 19.8（公平的算法是 15.8）。
# 拿这样的表去定培训、定价格，其实是让列的顺序替你拍板。
#
# ## 第 3 步：是目标定错了，还是工作没做到？
#
# 基准有一个范围，谁也不会正好卖出预测的数。所以答案不止两种：**目标**落在了本来能指望的范围之外；**结果**落在了范围之外；两样都有；
# 或者结果就在范围之内，那多半只是运气。单子太少的人，老实的答案是“说不准”。

# %% tags=["nbval-check-output"]
verdicts = sg.goal_or_work(company.tables, goals, chosen, country)
sg.show_verdicts(verdicts, currency, people, rows=8)

# %%
sg.chart_goal_or_work(verdicts, currency, people)

# %% [markdown] tags=["en"]
# In the chart each bar is what could be expected at the start. Count the goals that stand to the right of their bar before
# you count results to the left of it.
#
# ## Step 4: what was done, and what the rules did
#
# The result comes last; what was done comes first. Were there as many visits, follow-ups and quotes as usual, and did as
# much come of it? “Fewer” is only said where chance would hardly do it.
#
# Below it come two questions about the rules, not about persons. Does whoever beats a goal get a higher next one
# (**ratchet**)? And do sales bunch up just before the end of a period? Both are answers of sensible people to a rule.

# %% [markdown] tags=["zh"]
# 图上每一条，是期初本来能指望的范围。先数一数有几个目标站在自己那条的右边，再去数结果落在左边的。
#
# ## 第 4 步：做了什么，规则又做了什么
#
# 结果在后，动作在前。拜访、跟进、报价，做得和平时一样多吗？换来的也一样多吗？只有不像碰巧的，才说“少了”。
#
# 再往下两问问的是规则，不是问人。超额的人，下一次目标是不是涨得更多（**鞭打快牛**）？销售是不是挤在期末那几天？
# 这两样都是聪明人对规则的正常反应。

# %% tags=["nbval-check-output"]
review = sg.kpi_review(company.tables, chosen, country)
ratchet = sg.ratchet_check(company.tables)
gaming = sg.gaming_check(company.tables, goals, chosen, country=country)
display(sg.show_kpi_review(review, currency, people), sg.show_rules(ratchet, gaming))

# %% [markdown] tags=["en"]
# Put the first table beside step 3. One team's result lies within its range, and yet its visits fell by a third, which is
# no accident: better luck in closing has hidden it, so far. And the person whom lesson 8 named, who stopped logging in the
# middle of May, went on selling: there the log fell, not the work. Where sales bunch up, change the rule; look for nobody
# to blame.
#
# ## Step 5: the session
#
# Now the people come in. Facts first, they are filled in from the data. Then causes: for each the group says yes, no or
# not sure, and whoever knows more speaks; the data have not visited any customer. Only then decisions: **stop, improve,
# test**. Every action gets an owner, a date, and the figure that will show whether it worked. “Visit more often” has none
# of these, and one vendor writes (unverified) that 61% of actions are never looked at again. In the form below, an action
# without a day is refused.

# %% [markdown] tags=["zh"]
# 第一张表和第 3 步放在一起看：有一个团队，结果在范围之内，拜访却少了三分之一，这不是碰巧，只是成交的运气好，暂时盖住了。
# 还有第 8 课点到的那个人，从五月中旬起不写记录了，单子照样在出：少的是记录，不是工作。销售挤在期末的，要改的是规则，不是去找谁算账。
#
# ## 第 5 步：开复盘会
#
# 现在请大家进来。先看事实，数据已经填好。再看原因：每一条由大家说认、不认，还是说不准，知情的人多讲几句，数据可没有跑过客户。
# 最后才是决定：**停掉、改进、试一试**。每条行动都要有负责人、日期，还要有一个能看出管不管用的数字。
# “加强客户拜访”三样都没有。有厂商写道（未经核实），61% 的行动后来再也没人过问。下面的表单里，没写日期的行动记不进去。

# %% tags=["nbval-check-output"]
session = sg.open_session(company, chosen, day=chosen.end)
session = sg.save_session(company, session, who=sg.say("lesson.trainer"))
sg.show_session(session, currency, people, gap)

# %% tags=["interactive", "nbval-ignore-output"]
sg.retro_session(company, session, gap)

# %% [markdown] tags=["en"]
# ## Step 6: the next cycle begins here
#
# A retrospective that changes nothing in the next plan was a meeting. So what closed periods have taught is kept in the
# workspace and taken over: how newcomers grew, the rates of the funnel, the open actions, and the forecast's own mark. It
# was made from what was known at the start, and is laid beside “as last year”: whoever grades people must accept being
# graded too. A correction is made only where the error is clear. What works becomes a rule: the SOP (`sop.page`), a file
# to print that nobody needs Python to read.
#
# Three tables: the mark of the forecast, what the next cycle starts from, and two cycles side by side, the second once
# with and once without what the first has taught (“with” starts from what was known on its last day, not a day later).

# %% [markdown] tags=["zh"]
# ## 第 6 步：下一轮从这里开始
#
# 复盘之后，下一份计划什么都没变，那就只是开了个会。所以，已经结束的各段教会我们的东西会存进工作区，下一轮直接接过去：
# 新人怎么成长，漏斗各环节的转化率，还没完成的行动，还有预测自己的成绩。预测只用期初知道的东西做，再和最朴素的“跟去年一样”比：
# 要给别人打分，先得让人给自己打分。误差清楚才校正。行之有效的做法固化成 SOP（`sop.page`）：一个能打印的文件，不会 Python 也能看。
#
# 三张表：预测的成绩；下一轮从什么接着走；再把两轮放在一起比，第二轮做两遍，一遍接着第一轮的经验，
# 一遍不接（接着的那一遍，只用第一轮最后一天知道的东西，一天也不多看）。

# %% tags=["nbval-check-output"]
sop = sg.write_sop(company, company.folder / "sop.html", period=chosen, day=chosen.end)
assert (sop.page.exists(), sop.checklist.suffix) == (True, ".xlsx")
grade = sg.sum_up_forecast(sg.grade_forecast(company.tables, chosen, country))
start = sg.starting_values(company, chosen)
cycles = sg.with_the_one_before(company.tables, chosen, country)
display(sg.show_forecast_grade(grade), sg.show_starting_values(start, currency),
        sg.show_two_cycles(cycles, currency))

# %% [markdown] tags=["en"]
# At Chengchuan the forecast comes closer, most of all person by person, because the huge order is no longer expected
# of the same seller. The goals rise with the forecast, so there are more alarms, not fewer: whoever wants fewer
# alarms need only set low goals. One company proves little; how often learning helps on many companies is measured
# and printed in `docs/cycles.md`.
#
# ## Your turn
#
# “The team with the largest gap has worked worst.” First guess from the table at the top: which team is it? Then choose
# that team in step 1, take away the goal error, look again, and write one action for it: owner, day, figure.
#
# ## Exercise 10.1
#
# Which team fell furthest below what was to be expected of it, in money?

# %% [markdown] tags=["zh"]
# 在澄川，预测准了一些，落到个人身上准得更多，因为那张特大单不再指望同一个人重来。目标跟着预测抬高了一点，所以警报是多了，不是少了：
# 只想要警报少，把目标定低就行。一家公司证明不了什么；在许多公司上学了到底管多大用，实测结果写在 `docs/cycles.md` 里。
#
# ## 轮到你了
#
# “差距最大的团队，就是干得最差的团队。”先看开头那张表猜一猜：是哪个团队？再到第 1 步选中它，把目标误差拿掉，重新看，
# 然后替它写一条行动：负责人、日期、看哪个数。
#
# ## 练习 10.1
#
# 按金额算，哪个团队比本来能指望的水平掉得最多？

# %% tags=["exercise"]
answer = ...
sg.check("10.1", answer, company)

# %% tags=["solution"]
teams = gap[gap.by == "team"].set_index("unit")
below = (teams.actual - teams.base).sort_values()
answer = below.index[0] if len(below) else ""
assert sg.check("10.1", answer, company)
answer

# %% [markdown] tags=["en"]
# ## Exercise 10.2
#
# For this team: how much money does the explanation “one at a time” leave unexplained? Guess first: more or less than 10%
# of its change?

# %% [markdown] tags=["zh"]
# ## 练习 10.2
#
# 还是这个团队：“一次只变一样”的说法，有多少钱对不上？先猜：比它的变动的 10% 多，还是少？

# %% tags=["exercise"]
answer = ...
sg.check("10.2", answer, company)

# %% tags=["solution"]
answer = ways.fair.sum() - ways.alone.sum()
assert sg.check("10.2", answer, company)
sg.format_money(answer, currency)

# %% [markdown] tags=["en"]
# ## Asked again and again
#
# *We missed. Is it not simplest to set the goal lower next time?* Only by the part that was goal error, and only if the
# forecast says so: lowering it by the whole gap pays for poor work.
#
# *And if we beat it, raise it by as much?* That is the ratchet: next time nobody will beat it. Set the next goal from
# what can be expected, every time, and say so in advance.
#
# ## Quick check
#
# 1. A team is 20% below its goal and 2% above base. What was it? **a** poor work · **b** the goal · **c** both
# 2. Three causes changed, and “one at a time” gives −9 of a change of −12. Where are the other 3? **a** in what the
#    causes did together · **b** a slip of the pen · **c** in the market
# 3. Which of these is an action? **a** visit customers more often · **b** improve team spirit · **c** Li Na: 12
#    visits a week from 2026-07-01, shown in the visits chart, looked at on 2026-07-31

# %% [markdown] tags=["zh"]
# ## 常有人问
#
# *没完成，下次把目标定低一点不就完了？* 只能降目标误差的那一部分，还得预测也这么说；照整个差距往下降，等于给没做好的工作买单。
#
# *那超额了，就照着往上加？* 这就是鞭打快牛，下次谁也不肯超了。每一次都按本来能指望的水平来定，而且事先讲明白。
#
# ## 小测
#
# 1. 一个团队比目标低 20%，比基准高 2%。问题在哪？**a** 工作没做好 · **b** 目标 · **c** 两样都有
# 2. 三个原因都变了，“一次只变一样”算出来是 −9，而变动是 −12，另外的 3 到哪去了？**a** 在几个原因合起来的那部分里 · **b** 笔误 · **c** 在市场里
# 3. 下面哪一条算行动？**a** 加强客户拜访 · **b** 提升团队士气 · **c** 李娜：2026-07-01 起每周拜访 12 次，看拜访图，2026-07-31 检查

# %% [markdown] tags=["en", "solution"]
# **Why.** 10.1: the gap of a team with a goal that was far too high says little about its work. Let the group find the
# team with the largest gap and read its goal error aloud. Then ask: what would happen if bonuses were cut by the gap? 10.2:
# links multiply. At Chengchuan this team wins more of its quotes, but visits fell, so there are fewer quotes to win: the
# better closing is worth less than it seems to by itself. Single answers therefore do not add up, and the meeting
# quarrels about a rest that belongs to all.
#
# **Answers:** 1 **b**, 2 **a**, 3 **c**. On question 1 ask what the team would have heard in the old meeting.

# %% [markdown] tags=["zh", "solution"]
# **为什么。** 10.1：目标定得离谱的团队，差距再大，也说明不了工作好坏。请大家找出差距最大的团队，把它的目标误差念出来。
# 再问一句：要是照差距扣奖金，会怎么样？10.2：环节之间是乘起来的。澄川这个团队，报价换成交好了，可拜访少了，
# 能成交的报价也就少了：这份好转没有单独算的时候那么值钱。所以单算的数加不上，会上吵来吵去，吵的是一块人人有份的余数。
#
# **答案：** 1 **b**、2 **a**、3 **c**。第 1 题可以追问：换了从前的复盘会，这个团队会听到什么？

# %% [markdown] tags=["en"]
# ## With your own data
#
# - set `workspace` to the folder of your workspace and `period` to what is over; the lesson works on a copy
# - in a terminal: `salesgoals retro FOLDER --period 2026-Q2` prints the gap and writes the reports, `--sheet FILE` the sheet for the
#   session, `--read FILE` takes it back, `--actions` lists what is open, `--sop FILE` writes the SOP
# - for each step of the chain that is to be judged its records are needed: visits and quotes from the activities,
#   wins from orders or opportunities, joining and leaving dates from the list of people
#
# ## Take away
#
# - the parts add up to the gap, and the goal error is nobody's work
# - what may be luck is called luck; where records are missing, nobody knows
# - an action has an owner, a date and a figure, and the next cycle starts from it
#
# Next: [11 · Choose a system](11_tools.ipynb)

# %% [markdown] tags=["zh"]
# ## 换成你自己的数据
#
# - 把 `workspace` 改成你的工作区文件夹，`period` 改成已经结束的那一段；这一课在副本上练习
# - 在终端里：`salesgoals retro FOLDER --period 2026-Q2` 打印差距并生成报告，`--sheet FILE` 写出复盘会用的表，
#   `--read FILE` 收回来，`--actions` 列出未完成的行动，`--sop FILE` 写出 SOP
# - 要评哪一环，就要有那一环的记录：拜访和报价来自活动记录，成交来自订单或商机，入职和离职日期来自人员名单
#
# ## 记住这三点
#
# - 各项加起来正好等于差距，目标误差不是谁的工作没做好
# - 可能是运气的，就说是运气；没有记录的，谁也不知道
# - 行动要有负责人、日期和数字，下一轮从这里接着走
#
# 下一课：[11 · 选系统](11_tools.ipynb)

# %% tags=["versions", "nbval-ignore-output"]
sg.versions()
