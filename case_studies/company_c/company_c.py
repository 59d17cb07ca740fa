# %% [markdown] tags=["en"]
# # Case C · After the goals got out of control
#
# **The goal was far too high, and by the middle of the year everybody knew. How does a team come back?**
#
# | minutes | you need | you leave with |
# |---|---|---|
# | 75 | lessons 8 to 10, or somebody who knows them | a way out of a lost year: see it early, set goals anew, watch the work, look back, and a fair answer to "was it the CRM?" |

# %% [markdown] tags=["zh"]
# # 案例 C · 目标失控之后
#
# **目标定得太高，到了年中，人人心里都有数。这样的团队怎么缓过来？**
#
# | 分钟 | 需要 | 带走 |
# |---|---|---|
# | 75 | 学过第 8 到 10 课，或者有人会讲 | 从失控的一年里走出来的办法：早看见、重定目标、盯住过程、好好复盘；以及“是不是 CRM 的功劳”的公道回答 |

# %% [markdown] tags=["en"]
# ## The situation
#
# The sales director of company C speaks:
#
# > "We aimed high, and I meant it well. By June the list on the wall was red from top to bottom. People stopped looking at it, two of my best asked
# > for a talk, and I had nothing to tell them but 'push harder'. I learned of every lost deal a month too late."
#
# The company is invented. Its team was drawn from a model and its records were written as its systems would
# have written them, dirt included. How that was done stands in `brief.md`.
#
# ## You will be able to
#
# - recognise goals out of control in the middle of a year, with the evidence for it
# - set the next year anew and watch it by pace, alarms and retrospectives
# - say which part of a recovery came from the goal, and which from CRM and retrospectives

# %% [markdown] tags=["zh"]
# ## 情景
#
# C 公司的销售总监说：
#
# > “我们定得高，我是一片好心。到了六月，墙上那张榜从头红到尾。后来没人看榜了，两个骨干先后找我谈话，我除了‘再冲一冲’，什么也说不出来。
# > 单子是怎么丢的，每次都要晚一个月才知道。”
#
# 公司是虚构的。团队从一个模型里抽出来，记录照着各个系统导出的样子写，毛病也照样留着。怎么做的，见 `brief.md`。
#
# ## 学完这一课
#
# - 年中就认得出目标失控，拿得出证据
# - 会重定下一年的目标，靠进度、预警和复盘盯住它
# - 说得出恢复里哪一块来自目标，哪一块来自 CRM 和复盘

# %% tags=["parameters"]
language: str = "zh"  # zh or en / 界面语言：zh 或 en
workspace: str = ""  # folder of a case, empty for this one / 案例的文件夹，留空即本案例
teams: int = 2000  # how many teams the model plays / 模型推演多少个团队
seed: int = 1  # of the model's luck / 模型的随机种子

# %% tags=["setup"]
import salesgoals as sg

sg.use_language(language)
sg.refuse_unknown_parameters(globals())
sg.use_charts(pictures=True)
company = sg.practice_workspace(sg.open_case(workspace or "company_c"))
case, tables, currency = sg.read_case(company), company.tables, company.settings.currency
usual, before, after = case.years

# %% [markdown] tags=["en"]
# ## Look first
#
# This is what a vendor's article tells about company C, word for word. The figures are unverified. They stand in
# `case.toml` and are shown here and once more in step 6; nothing on the way is computed from them.
#
# Before you read on: three remedies were taken at once. Which one would you bet on, and why?

# %% [markdown] tags=["zh"]
# ## 先看一看
#
# 某厂商的文章是这样写 C 公司的，一字不改。这些数字未经核实，写在 `case.toml` 里，只在这里和第 6 步亮一亮，一路上的计算都不用它。
#
# 先想一想：一下子用了三味药，你押哪一味，为什么？

# %%
sg.show_published(case)

# %% [markdown] tags=["en"]
# ## Step 1: collect
#
# Two years of lists, and from the third year on a CRM: orders, opportunities, and a weekly log of what was done. Times lie in world
# time there, so that a midnight in China reads as the day before.

# %% [markdown] tags=["zh"]
# ## 第 1 步：收集
#
# 头两年是清单，第三年起有了 CRM：订单、商机，还有每周的活动记录。那里的时间按世界时记，中国的半夜零点，看上去是前一天。

# %% tags=["nbval-check-output"]
collected = sg.collect_folder(company)
assert collected.totals.agree.all()
sg.show_collected(company.issues, collected.totals)

# %% [markdown] tags=["en"]
# Before the CRM there is no log at all: what people did in those years cannot be known, only what they sold.
#
# ## Step 2: the year before
#
# One line a year. **Attainment** is sales over goal, of the whole team. **Share at goal** is how many people reached
# theirs.

# %% [markdown] tags=["zh"]
# 有 CRM 之前，一条活动记录也没有：那几年大家做了什么无从知道，只知道卖了多少。
#
# ## 第 2 步：改之前的那一年
#
# 每年一行。**达成率**是整个团队的销售额除以目标；**达标率**是做到自己目标的人占多少。

# %% tags=["nbval-check-output"]
figures = sg.year_figures(tables)
sg.show_years(figures)

# %% [markdown] tags=["en"]
# ## Step 3: what was wrong with it
#
# Go back to the end of June of that year, and look only at what was on record that day. Five ways of losing control, each found, not
# found, or not to be known:

# %% [markdown] tags=["zh"]
# ## 第 3 步：问题出在哪里
#
# 回到那一年的六月底，只看当天已有的记录。目标失控有五种样子，每一种都要说清：查到了、没查到，还是没法知道：

# %% tags=["nbval-check-output"]
midyear = sg.workspace_on(company, f"{before}-06-30")
control = sg.judge_control(midyear, f"{before}-H1")
sg.show_control(control)

# %% [markdown] tags=["en"]
# So it could be seen in June. Could it have been seen in January? The chance that each goal had on its first day:

# %% [markdown] tags=["zh"]
# 所以六月就看得见。那一月呢？看看目标第一天，各人有几成把握：

# %%
period = sg.read_period(str(before), tables)
verdicts = sg.goal_or_work(tables, sg.goals_in_force(company, period), period)
sg.chart_goal_or_work(verdicts, currency, tables["people"])

# %% [markdown] tags=["en"]
# ## Step 4: the new way
#
# From here on only what was known on the first morning of the new year is used, with those who start that day. First the **total**, with its chance:

# %% [markdown] tags=["zh"]
# ## 第 4 步：新的做法
#
# 从这里起，只用新年第一天早上知道的东西；当天入职的人也算在内。先定**总数**，写明把握：

# %% tags=["nbval-check-output"]
begun = sg.workspace_on(company, f"{after}-01-01")
forecast, board = sg.estimate(begun)
three = sg.totals_at(forecast)
sg.readable(three.assign(change=sg.growth_on_last_year(forecast, three.total)))

# %% [markdown] tags=["en"]
# Then the **split**: the same chance for everybody. Many seats are filled anew; what can be expected there follows the growth curve.

# %% [markdown] tags=["zh"]
# 再看**怎么分**：人人把握相同。不少位子换了新人，能指望多少，照成长曲线来。

# %% tags=["nbval-check-output"]
total = round(three.total[0] / company.settings.unit) * company.settings.unit
saved = sg.make_plan(begun, total, f"{after}-01", method="equal_chance")
assert (saved.plan.proof.difference == 0).all()
fairness = sg.judge_fairness(saved.plan, saved.forecast, begun.tables, saved.weights)
sg.show_fairness(fairness, currency)

# %% [markdown] tags=["en"]
# ## Step 5: the year after
#
# A day in September of that year, with the records of that day. **Pace** first: where will the month end, and who is in danger? Then the **alarms** on
# the weekly work, which the CRM has made visible, with the false alarms that are to be expected.

# %% [markdown] tags=["zh"]
# ## 第 5 步：改之后的那一年
#
# 挑那一年九月里的一天，只看当天已有的记录。先看**进度**：这个月会收在哪里，谁有危险？再看每周工作上的**预警**：有了 CRM 才看得见；误报会有多少，也写在旁边。

# %% tags=["nbval-check-output"]
month = sg.read_period(f"{after}-09", tables)
today = sg.practice_day(month)
known, goals = sg.as_known_on(tables, today), sg.goals_in_force(company, month)
board = sg.pace_board(known, goals, month, today)
charts = sg.sum_up_charts(sg.kpi_alarms(known, today))
display(sg.show_board(board, currency, tables["people"]), sg.show_kpi_alarms(charts, tables["people"]))

# %% [markdown] tags=["en"]
# Hold the number that ring against the number that would ring falsely all the same: as long as it is no larger, an alarm is a reason to ask, not a finding.
# A month's sales of one person are mostly luck; the weekly work tells more, and sooner. Where a goal is lost in the middle of the year, it is **adjusted** on record
# (lesson 9) instead of being shouted at.
#
# When the year was over, the **retrospective**: the gap, to the last unit, from the goal down to the result.

# %% [markdown] tags=["zh"]
# 响了几张，要和“没变也会误响几张”比着看：没多出来，就只是该去问一问，算不上查到了什么。一个人一个月的销售额，多半是运气；每周的工作说得更多，也更早。年中目标确实没戏了，就留下记录地**调整**（第 9 课），而不是吼。
#
# 一年过完，开**复盘**会：差距分毫不差，从目标一步步走到结果。

# %%
period = sg.read_period(str(after), tables)
goals = sg.goals_in_force(company, period)
gap = sg.gap_report(tables, goals, period)
verdicts = sg.goal_or_work(tables, goals, period)
display(sg.chart_gap_steps(gap, "all", "all", currency),
        sg.show_verdicts(verdicts, currency, tables["people"], rows=6))

# %% [markdown] tags=["en"]
# ## Step 6: one team, and thousands of teams
#
# One team is one throw of the dice. So the model plays the same team's old year and new year thousands of times: same people, other
# luck. Its parameters are the same for all three cases; they are explained in `docs/model.md`.

# %% [markdown] tags=["zh"]
# ## 第 6 步：一个团队，和几千个团队
#
# 一个团队只是掷了一次骰子。所以让模型把同一个团队的旧年和新年各推演几千遍：人一样，运气不一样。三个案例用的是同一套参数，说明在 `docs/model.md`。

# %% tags=["nbval-check-output"]
outcomes = sg.simulate_case(case, teams, seed)
sg.show_outcomes(outcomes)

# %%
beside = sg.beside_published(case, outcomes, figures)
sg.chart_outcomes(outcomes, beside)

# %% tags=["nbval-check-output"]
display(sg.show_beside(beside), sg.show_readings(case, outcomes))

# %% [markdown] tags=["en"]
# Look at how wide the ranges are. The team that comes with the case was taken for lying in their middle: of the first 40 draws it is the one closest
# to the model's own means; the published figures had no say in that, but the model was fitted to them. Another draw may lie far off, even outside: the goals of the old way were made
# from one year's sales, good or bad for everybody, and the model leaves last year's market out (weak points in `docs/model.md`). One team proves nothing.
# The second table holds the same figures against the other reading of the rate: which of the two could the article mean?
#
# ## Step 7: what came from what
#
# Four things were changed at once. Each gets the mean of what it adds, over all orders in which they could have been introduced.

# %% [markdown] tags=["zh"]
# 看看范围有多宽。案例自带的这个团队落在中间，是因为就照这个挑的：前 40 个里离模型自己的平均最近的一个，挑的时候不看公开的数字，不过模型本来就是照它们拟合的。换一个种子，可能差得很远，落到范围外面也不奇怪：旧目标是照前一年的实绩定的，行情好坏都带进去了，而模型没有算前一年的行情（见 `docs/model.md` 的弱点一节）。单单一个团队，什么也证明不了。第二张表把同样的数字放到另一种读法旁边：文章说的，可能是哪一种？
#
# ## 第 7 步：哪一块功劳归谁
#
# 一下子改了四样。把所有先后顺序都排一遍，取各自增加量的平均。

# %%
explained = sg.explain_change(case.team, case.before, case.after, teams, seed)
display(sg.show_explained(explained), sg.chart_what_came_from_what(explained))

# %% [markdown] tags=["en"]
# For the share at goal the height of the goal weighs most. For sales it is the other way round: there CRM and retrospectives bring most, if they
# work as the model assumes. Who sells a CRM with the first bar sells the goal.
#
# ## Step 8: what hangs on which assumption
#
# Most numbers of the model are assumptions. Each is moved to its low and to its high end:

# %% [markdown] tags=["zh"]
# 看达标率，最要紧的是目标的高低；看销售额正好反过来，大半靠 CRM 和复盘，前提是它们真像模型假定的那样管用。拿第一根条去推销 CRM，卖的其实是目标。
#
# ## 第 8 步：结论靠的是哪个假定
#
# 模型里的数，大半是假定。把每一个都挪到低端、高端各试一次：

# %% tags=["nbval-check-output"]
sg.show_assumptions(sg.what_it_hangs_on(case, max(teams // 5, 50), seed))

# %% [markdown] tags=["en"]
# ## Your turn
#
# Predict first: with the old goal, how far do CRM and retrospectives alone lift the share at goal, and how far sales? Then set it below (in a page without controls: read it off the
# cliff), and write one line: in which order would you do the three things with your own team?

# %% [markdown] tags=["zh"]
# ## 轮到你了
#
# 先猜：目标不动，光靠 CRM 和复盘，达标率能涨多少，销售额能涨多少？再在下面调出来（页面上没有控件的，就看那张悬崖图），写一句话：换成你的团队，这三样你先做哪一样？

# %% tags=["interactive", "nbval-ignore-output"]
sg.try_policies(case.team, case.before, seed)

# %%
sg.chart_cliff(sg.level_curve(case.team, case.before, teams=max(teams // 4, 50), seed=seed))

# %% [markdown] tags=["en"]
# ## What this case does not prove
#
# - That it happened. The figures are a vendor's, and the vendor sells the CRM.
# - That the model foretold it. The article does not say how high the goals were: the levels in `case.toml`, and one number on leaving, were chosen so that
#   the model comes near the published figures. That it comes near is no evidence (`docs/model.md`).
# - That a CRM lifts sales by what the model says. The size is an assumption without a source; vendors claim far more.
# - That the rate is the one you think of. If attainment is meant, the same figures tell of other goals altogether.
# - That your team would come back. Many had left by then; who stays is not who began.
#
# ## Quick check
#
# 1. When could it be seen that the goals were out of reach? **a** in December · **b** in June · **c** on the first day
# 2. Which bar should a seller of CRM systems not show alone? **a** sales · **b** share at goal · **c** turnover
# 3. An alarm rings on one person's weekly visits. What first? **a** a warning letter · **b** ask how often such an alarm is false, then talk · **c** a lower goal
#
# Discuss: what do you say to the two who asked for a talk?
#
# <details><summary>Answers</summary>1 c, 2 b, 3 b</details>
#
# ## With a client of your own
#
# - `salesgoals cases --new FOLDER --from EXPORTS` turns a client's folder of exports into a case like this one; the ten minutes stand in
#   the readme of `case_studies`
# - fill in `case.toml`: the team, the old way, the new way; leave the published figures out if there are none
# - what the data lack is said in a sentence where it is needed
#
# ## Take away
#
# - goals out of control can be seen on the first day, and shown with evidence in June
# - first the goal, then the work: pace, alarms, retrospectives
# - ask of every recovery which part was the goal
#
# Back to [Case A](../company_a/company_a.{language}.ipynb)

# %% [markdown] tags=["zh"]
# ## 这个案例证明不了什么
#
# - 证明不了真有其事。数字是厂商自己说的，而这家厂商卖的就是 CRM。
# - 证明不了模型料得准。目标定多高，文章没说：`case.toml` 里的高低，还有一个管离职的参数，是照公开的数字反推的；离得近是调出来的，不算证据（见 `docs/model.md`）。
# - 证明不了 CRM 能让销售额涨模型里的那么多。这个幅度是假定，没有出处；厂商说的比这大得多。
# - 证明不了说的就是你想的那个率。如果指的是达成率，同样的数字讲的就是另一种目标。
# - 证明不了你的团队也缓得过来。那时候已经走了不少人，留下的未必是当初那一班。
#
# ## 小测
#
# 1. 目标够不着，最早什么时候看得出来？**a** 十二月 · **b** 六月 · **c** 第一天
# 2. 卖 CRM 的人，不该单拿哪一根条出来讲？**a** 销售额 · **b** 达标率 · **c** 流失率
# 3. 某人每周拜访量报了警，先做什么？**a** 发警告信 · **b** 先问这种预警有几成是误报，再找他聊 · **c** 给他调低目标
#
# 可以讨论：那两个骨干来找你谈话，换成你，你会跟他们怎么说？
#
# <details><summary>答案</summary>1 c、2 b、3 b</details>
#
# ## 换成你自己的客户
#
# - `salesgoals cases --new FOLDER --from EXPORTS` 把客户的一文件夹导出变成这样一个案例；十分钟怎么走，见 `case_studies` 里的说明
# - 填好 `case.toml`：团队、旧做法、新做法；没有公开的数字，就空着
# - 数据里缺什么，到了要用的那一步会用一句话说明
#
# ## 记住这三点
#
# - 目标失控，第一天就看得出，六月就拿得出证据
# - 先把目标定对，再盯过程：进度、预警、复盘
# - 凡是讲恢复的故事，先问哪一块是目标的功劳
#
# 回到[案例 A](../company_a/company_a.{language}.ipynb)

# %% tags=["versions", "nbval-ignore-output"]
sg.versions()
