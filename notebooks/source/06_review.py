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
# > “The split adds up and I can explain it. But when I showed it, nobody said a word, and I know that silence. Ask
# > them for their own numbers and everybody says less than they can. Last time each head of department had
# > quietly put something on top, to be safe, and in the end fewer than half of the people got there.”
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
# > 上次更糟，每个部门经理都悄悄多加了一点保险，层层一加，最后达标的人不到一半。”
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
workspace: str = r""  # your folder of exports, empty for the sample company / 放导出表的文件夹，留空即样例公司
growth: float = 0.08  # growth on the last 12 months / 比最近 12 个月增长多少
unit: int = 100  # goals are whole multiples of it / 目标取整到它的倍数

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
# Two tables. The first says what came of the goals of earlier years; the second is this year's proposal, hardest goals
# first: the last 12 months plus `growth`, split by history. We work on a copy of the workspace, so that nothing said
# here gets into the real one. Whose goal would you question first?

# %% [markdown] tags=["zh"]
# ## 先看一看
#
# 两张表。第一张说的是往年的目标后来怎么样；第二张是今年的提议，难的排在前面：最近 12 个月加上 `growth`，按历史分。
# 我们在工作区的副本上练习，这里说的话不会进到真的工作区里。换了你，会先质疑谁的目标？

# %% tags=["nbval-check-output"]
saved = sg.practice_proposal(company, growth, unit)
forecast, people, currency = saved.forecast, saved.plan.people, company.settings.currency
hardest = people.sort_values("chance")[["person", "team", "last_12", "goal", "growth", "chance"]]
display(sg.show_past_fairness(sg.judge_past_goals(company.tables)), sg.readable(hardest, rows=5))

# %% [markdown] tags=["en"]
# At Chengchuan everybody got the same rise on the year before, and it looked like equal treatment. See who paid for
# it: newcomers, who got a settled colleague's goal, and those who had just had a good year, because their luck was
# built into the next goal. Whoever learns that a good year is punished will have no second one.
#
# ## Step 1: is this split fair?
#
# Fair does not mean the same amount for everybody. It means the same **load**: a goal that lies as far above what a
# person can be expected to sell as everybody else's does. What can be expected, nobody knows exactly, so three
# yardsticks are asked: the forecast, the last 12 months, and capability, which takes luck out. Only what all of them
# say, and what chance would hardly do, is called unfair.

# %% [markdown] tags=["zh"]
# 澄川当时人人在上一年的基础上涨同样的幅度，看着一视同仁。可看看代价落在谁头上：新人背的是老员工的目标；
# 刚干出一个好年景的人，运气也被算进了下一年的目标。干得好反而吃亏，谁还肯再来一次？
#
# ## 第 1 步：这一次分得公平吗？
#
# 公平不是人人一样多，而是**担子**一样重：每个人的目标，比自己够得着的量高出的幅度差不多。可“够得着的量”谁也说不准，
# 所以拿三把尺子来量：预测、最近 12 个月、能力（扣掉运气）。三把尺子都这么说，又不像碰巧，才叫不公平。

# %% tags=["nbval-check-output"]
fairness = sg.judge_fairness(saved.plan, saved.forecast, company.tables, saved.weights)
sg.show_fairness(fairness, currency)

# %%
sg.chart_load(fairness.people, currency)

# %% [markdown] tags=["en"]
# Read the table question by question; “too few to say” is an answer too, and an honest one. Chengchuan's proposal
# treats its groups alike. One goal stands out: that seller's year was made by one huge order, and both the history
# and the forecast believe in it. The fix is a cap in lesson 5, before anybody sees the number. In the chart, a long line
# means that the yardsticks disagree about a person; in plain words: we do not know.
#
# ## Step 2: the claiming session
#
# Everybody names their own goal, with a reason. A claim does not overwrite the proposal: both are kept, each with who
# and when. Whoever has not claimed yet is shown with a dash, which is not 0. The second table sets the claims beside
# what was proposed **to the same people**; the rest stands in a column of its own.
#
# The claims of a meeting are invented here and recorded in one go. In earnest send out Excel sheets
# (`sg.write_claim_sheets`, back with `sg.read_claim_sheets`), or use the form below.

# %% [markdown] tags=["zh"]
# 表要一问一问地看；“人太少，说不准”也是答案，而且是老实的答案。澄川这份提议，几类人的担子差不多重。
# 只有一个目标不对劲：那个人的一年是一张特大单撑起来的，历史信了它，预测也信了它。办法是回到第 5 课给他加个上限，
# 趁别人还没看到这个数。图上的线越长，说明几把尺子对这个人越不一致，说白了就是：我们不知道。
#
# ## 第 2 步：开一场目标认领会
#
# 每个人自己报目标，并说明理由。认领的数不覆盖提议的数，两个都留着，各自记下是谁、什么时候说的。还没认领的人显示为短横，短横不是 0。
# 第二张表拿认领的数和**同一批人**的提议数比；还没认领的人单独列一栏。
#
# 这里先编一场会上的认领，一次记下。真开会的时候，可以发 Excel 认领表（`sg.write_claim_sheets` 写出，`sg.read_claim_sheets` 收回），
# 也可以用下面的表单。

# %% tags=["nbval-check-output"]
claims = sg.practice_claims(forecast, people, unit)
if len(claims):
    sg.record_claims(company, claims, who=sg.say("lesson.trainer"), why=sg.say("lesson.why_claimed"))
table, gap = sg.claim_board(company), sg.claim_gap(company)
top = gap[gap.level == "company"].iloc[0]
assert top.proposed == top.proposed_to_claimers + top.unclaimed == people.goal.sum()
display(sg.claims_table(table, rows=6, times=False), sg.gap_table(gap))

# %% tags=["interactive", "nbval-ignore-output"]
sg.claiming_session(company)

# %% [markdown] tags=["en"]
# At Chengchuan people claim less than was proposed to them, in every department. Such a gap is not a quarrel but a
# question with three answers: move the total; move something else (people, territory, price); or keep the total and
# say openly that it is riskier. What does not count is to spread it silently over everybody.
#
# ## Step 3: why should anybody be honest?
#
# Where the claim becomes the goal and the bonus follows the goal, the best claim is the lowest. So the rule of pay must
# change. Three rules make the honest number pay best:
#
# - **Gonik's grid**: pay rises with what is sold, and most when it was said beforehand. Objective 50, claim 25, sold
#   50: 90%. Claimed 50 and sold 50: 120%
# - **joint base**: both sides name a number, the base is their mean (weight 0.5); of what exceeds the base 0.7 is
#   paid, of what exceeds one's own number 0.5 is fined
# - **a menu**: three goals from a person's own records, each with its reward; choose one, reach it or get nothing. In
#   two field experiments (Bommaraju and Hohenberg 2018) such menus raised sales, most with weak and unsteady sellers
#
# Take the person in the middle of the team and see what every claim pays on average.

# %% [markdown] tags=["zh"]
# 澄川每个部门报上来的，都比提议的低。这样的差额不是吵架的由头，而是一个问题，答案有三种：改总数；改别的（人手、区域、价格）；
# 总数不动，但把风险摊开来说。唯独不能悄悄摊到每个人头上。
#
# ## 第 3 步：凭什么要人报真话？
#
# 报多少就考核多少、奖金又跟着考核走，那报得越低越好。所以要改的是奖金的算法。有三种算法，能让报真话的人最划算：
#
# - **Gonik 表**：卖得越多奖金越高，事先说准了最高。公司定 50、自己报 25、卖出 50，拿 90%；报 50、卖 50，拿 120%
# - **联合确定基数法**：双方各报一个数，取平均作基数（权重 0.5）；超过基数的部分奖 0.7，超过自报数的部分罚 0.5。
#   口诀是“各报基数、算术平均、少报罚五、多报不奖、超额奖七”
# - **菜单**：按本人的历史列出三档目标，各配一个奖金，选一档，完成了拿这一档，完不成一分没有。
#   在两个实地实验里（Bommaraju、Hohenberg，2018 年），这样的菜单提升了业绩，对业绩弱、忽高忽低的人最明显
#
# 挑队伍里居中的那个人，看看每一种报法平均能拿多少。

# %% tags=["nbval-check-output"]
person = sg.middle_person(forecast)
mean, sd = forecast.people.loc[person, ["mean", "sd"]]
proposal = people.set_index("person_id").goal.get(person, round(mean))
assert (sg.gonik(50, 25, 50), sg.gonik(50, 50, 50)) == (90, 120)
sg.rules_table(mean, sd, proposal, currency, unit)

# %% tags=["interactive", "nbval-ignore-output"]
sg.claim_simulator(forecast, person, proposal, currency, unit)

# %% [markdown] tags=["en"]
# Look at the chances in the table. “Honest” is not the same number under each rule: Gonik asks for the **median**
# (50%), the joint base with its usual figures for a number that is reached in 70% of such years. Neither asks for the
# mean. Say so before the session, and plan with it: the sum of such claims is a cautious total. And all of it holds
# only as long as this year's claim does not become next year's compulsory minimum.
#
# ## Step 4: agree, and write it down
#
# Now decide. Here everybody's claim is accepted, and who has not claimed keeps the proposal. The result is a whole new
# plan: every sum exact, months and product lines included. If the total must stand, give `total` and say who takes the
# difference (`absorb`): without names it is refused. The ledger keeps all three versions; nothing in it can be changed
# unseen, and a change is a new entry (`sg.ledger_history(company)` lists them).

# %% [markdown] tags=["zh"]
# 看表里概率那一列。“真话”在各种规则下不是同一个数：Gonik 表要的是**中间值**（50%）；联合确定基数法按常用的系数，
# 要的是 70% 的年份都完得成的数。两个都不是平均数。开会前就要讲明白，汇总时也要心里有数：这样报上来的合计偏稳。
# 还有一个前提：今年认领的数，不能变成明年的保底。
#
# ## 第 4 步：拍板，留底
#
# 现在拍板。这里照单全收：认领了的按认领数，没认领的用提议数。结果是一份完整的新方案，层层分毫不差，月份和产品线也都重新分好。
# 总数非保住不可的话，写上 `total`，并指明差额由谁扛（`absorb`）：不指明就不给过。
# 三个版本都在台账里。台账改不了，改了会被查出来；要变更，只能再记一条（`sg.ledger_history(company)` 列出每一条）。

# %% tags=["nbval-check-output"]
agreed = sg.agree(company, who=sg.say("lesson.trainer"), why=sg.say("lesson.why_agreed"))
assert (agreed.plan.proof.difference == 0).all()
assert agreed.plan.goals.goal.sum() == table.claimed.fillna(table.proposed).sum()
sg.ledger_diff(company, "proposed", "agreed", rows=8)

# %% [markdown] tags=["en"]
# The largest change stands on top: what one huge order had put on that seller's goal is gone again.
#
# ## Step 5: the hedge
#
# Now the silent reserves. Each head of department adds 5% to be safe, each team leader 5% on top of that, and then
# everybody gets 5% more. That is not 15% but 15.76%. In a firm that Zoltners, Sinha and Lorimer describe, three
# levels did just this, and only 30% of the people reached their goals. A hedge is not forbidden, but it must be seen:
# it is a layer of its own, and the goals below it stay what they were.
#
# Then move the sliders: how much can each level add before half of those who would have made it no longer do?

# %% [markdown] tags=["zh"]
# 改得最多的排在最前面：那张特大单压到他头上的数，这一下拿掉了。
#
# ## 第 5 步：加码
#
# 再来看悄悄加上去的保险。每个部门经理加 5%，每个团队长再加 5%，最后每个人头上又加 5%。合起来不是 15%，而是 15.76%。
# 佐尔特纳斯、辛哈和洛里默讲过一家公司，三层就是这么加的，结果只有 30% 的人达标。加码不是不行，但要看得见：
# 它单独成一层，下面原来的目标一分不动。
#
# 然后拖动滑块试试：各级加到多少，本来能达标的人就少掉一半？

# %% tags=["nbval-check-output"]
hedged = sg.add_hedge(people, {"department": 0.05, "team": 0.05, "person": 0.05}, unit)
assert (hedged.goals.goal == people.goal).all()
assert (hedged.proof.difference == 0).all()
sg.show_hedge(hedged, forecast)

# %% tags=["interactive", "nbval-ignore-output"]
sg.slide_hedge(people, forecast, currency, unit)

# %% [markdown] tags=["en"]
# The hedge sells nothing. The chance of the company's own goal stays where it was; only fewer people get there.
#
# ## Your turn
#
# “Then simply give everybody the same!” First guess who would pay for it, and write your guess down in one sentence.
# Then split the same total equally (`sg.make_plan` with `method="equal"`), let the fairness report answer, and set
# your sentence beside it.
#
# ## Exercise 6.1
#
# Which team's goals would then be heaviest for what its people can be expected to sell?

# %% [markdown] tags=["zh"]
# 加码不会多卖一分钱。公司自己的目标，达成概率还是原来那么大，只是达标的人更少了。
#
# ## 轮到你了
#
# “那就人人一样多好了！”先猜代价会落在谁头上，写成一句话。再用 `sg.make_plan`，写上 `method="equal"`，
# 把同一个总数平均分一遍，让公平性报告来回答，和你那句话对一对。
#
# ## 练习 6.1
#
# 平均分的话，哪个团队的目标相对够得着的量最重？

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

# %% [markdown] tags=["en"]
# ## Exercise 6.2
#
# The owner is generous: of what exceeds the base 0.9 is to be paid instead of 0.7. Which claim pays the person in the
# middle best now? Guess first: more or less than before?

# %% [markdown] tags=["zh"]
# ## 练习 6.2
#
# 老板大方了一回：超过基数的部分，奖率从 0.7 提到 0.9。居中的那个人现在报多少最划算？先猜：比原来高，还是低？

# %% tags=["exercise"]
answer = ...
sg.check("6.2", answer, company)

# %% tags=["solution"]
answer = sg.best_claim(sg.JointBase(proposal, over=0.9), mean, sd).claim
assert answer < sg.best_claim(sg.JointBase(proposal), mean, sd).claim
assert sg.check("6.2", answer, company)
sg.format_money(answer, currency)

# %% [markdown] tags=["en"]
# ## Asked again and again
#
# *Everybody nods, and nobody means it. How do people make a goal their own?* An article that many managers read has
# three tips. Held against the records:
#
# | tip | what the records say |
# |---|---|
# | hold a claiming session | yes, but only with a rule under which the honest number pays best (step 3); without one you collect low numbers |
# | say why the goal matters and how it can be reached | yes: bring each person's own chance and the visits it takes (lesson 8), no speech |
# | go over the goals regularly, they are not carved in stone | yes, by entries in the ledger (lesson 9); a change on the phone is forgotten by December |
#
# *And if the boss still wants it doubled?* Then the gap is now a figure with names. It says what would have to change.
#
# ## Quick check
#
# 1. Of 30 people 5 have not claimed. What is their claim? **a** 0 · **b** the proposal · **c** not known yet
# 2. Under the joint base the sum of honest claims lies below the forecast. Why? **a** people lie · **b** the rule asks
#    for a number that is reached in 70% of the years · **c** the forecast is wrong
# 3. After the session the total is 3% too low. What is allowed? **a** add 3% to everybody overnight · **b** name who
#    takes it, record it, or change the total · **c** delete the low claims

# %% [markdown] tags=["zh"]
# ## 常有人问
#
# *会上人人点头，心里谁都不认。怎么让大家真把目标当成自己的？* 有一篇流传很广的文章给了三个办法，拿记录来对一对：
#
# | 办法 | 记录怎么说 |
# |---|---|
# | 搞一次目标认领会 | 行，但规则要让报真话的人最划算（第 3 步）；没有这样的规则，收上来的都是低数 |
# | 讲清楚为什么要完成、怎么能完成 | 行：摆出每个人自己的概率、要跑多少拜访（第 8 课），别光喊口号 |
# | 定期复盘，目标不是定死的 | 行，在台账里一条一条地调（第 9 课）；电话里改的，到了年底谁也不记得 |
#
# *老板还是要翻一倍呢？* 那么差额已经是有名有姓的数字，它说明还得改变什么。
#
# ## 小测
#
# 1. 30 个人里有 5 个没认领，他们的认领数是多少？**a** 0 · **b** 提议数 · **c** 还不知道
# 2. 用联合确定基数法，大家报的都是真话，加起来却低于预测，为什么？**a** 有人说谎 · **b** 规则要的就是 70% 的年份都完得成的数 · **c** 预测错了
# 3. 认领会开完，总数还差 3%，怎么办才对？**a** 夜里给每人加 3% · **b** 指明谁来扛并留底，或者改总数 · **c** 把报低的认领删掉

# %% [markdown] tags=["en", "solution"]
# **Why.** 6.1 finds the team that sells least a head: for it an equal goal is the heaviest. Let the group say why an
# equal split still feels fair to so many (it is easy to explain), then ask who would explain it to that team. 6.2
# surprises most groups: the higher reward makes people claim less, because every unit of one's own number raises the
# base and so costs 0.45 instead of 0.35. Whoever changes one figure of such a rule must look at all three: the weight
# times the reward has to stay below the fine, and the fine below the reward.
#
# **Answers:** 1 **c**, 2 **b**, 3 **b**. On question 3 ask what the people will claim next year after answer a.

# %% [markdown] tags=["zh", "solution"]
# **为什么。** 6.1 找到的是人均卖得最少的团队：同样的目标，对它最重。可以问问大家：平均分为什么让那么多人觉得公平（因为好解释）？
# 再问一句：谁去向那个团队解释？6.2 会让多数人意外：奖率提高，大家反而报得更低。因为自报数每多一块钱，基数就跟着抬高，
# 原来因此少拿 0.35，现在少拿 0.45。动这套规则里的一个数，三个数都要一起看：权重乘奖率要小于罚率，罚率要小于奖率。
#
# **答案：** 1 **c**、2 **b**、3 **b**。第 3 题可以追问：选了 a 之后，明年大家还会报真话吗？

# %% [markdown] tags=["en"]
# ## With your own data
#
# - set `workspace` to the folder of your workspace; the lesson works on a copy, what is claimed here is gone afterwards
# - in a terminal: `salesgoals claim FOLDER --sheets OUT` writes the Excel sheets, `salesgoals claim FOLDER --read OUT`
#   records them, `salesgoals claim FOLDER` shows the gap, and `--agree --why "..."` makes the agreed plan
# - `salesgoals serve FOLDER` holds the session on the phones and laptops of the room; `salesgoals ledger FOLDER history`
#   shows who said what and when
#
# ## Take away
#
# - fair means the same load, and with few people “too few to say” is an answer
# - people name honest numbers where these pay best, and only there; know which number your rule asks for
# - proposed, claimed and agreed are three numbers: keep all of them, each with who, when and why
#
# Next: [7 · Pay for results](07_incentives.ipynb)

# %% [markdown] tags=["zh"]
# ## 换成你自己的数据
#
# - 把 `workspace` 改成你的工作区文件夹；这一课在副本上练习，这里认领的数课后就没了
# - 在终端里：`salesgoals claim FOLDER --sheets OUT` 写出 Excel 认领表，`salesgoals claim FOLDER --read OUT` 收回来记下，
#   `salesgoals claim FOLDER` 看差额，`--agree --why "..."` 形成确认的方案
# - `salesgoals serve FOLDER` 让大家在会场里用自己的手机、电脑认领；`salesgoals ledger FOLDER history` 看谁在什么时候说了什么
#
# ## 记住这三点
#
# - 公平是担子一样重；人太少时，“说不准”就是答案
# - 报真话最划算的地方，大家才会报真话；还要清楚你的规则要的是哪个数
# - 提议、认领、确认是三个数：都要留着，各自记下是谁、什么时候、为什么
#
# 下一课：[7 · 激励方案](07_incentives.ipynb)

# %% tags=["versions", "nbval-ignore-output"]
sg.versions()
