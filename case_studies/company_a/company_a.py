# %% [markdown] tags=["en"]
# # Case A · From decree to data and co-creation
#
# **The board decreed the goal. Then the team set it together, from its own records. What did that change?**
#
# | minutes | you need | you leave with |
# |---|---|---|
# | 60 | lessons 4 to 6, or somebody who knows them | the way from a decree to a goal that a team stands behind, and a fair answer to "does it work?" |

# %% [markdown] tags=["zh"]
# # 案例 A · 从拍板到数据和共创
#
# **过去目标由高管拍板；后来看数据，和团队一起定。这一改，到底改变了什么？**
#
# | 分钟 | 需要 | 带走 |
# |---|---|---|
# | 60 | 学过第 4 到 6 课，或者有人会讲 | 从拍板到团队认可的目标，一步步怎么走；以及“这么做管用吗”的公道回答 |

# %% [markdown] tags=["en"]
# ## The situation
#
# The sales director of company A speaks:
#
# > "Every December the board named a figure, and I passed it on: everybody's own year and the same rise on top. In
# > January the room was full of courage. By autumn many had stopped counting. This time I want to know beforehand who
# > can reach what, and I want the people at the table when we decide."
#
# The company is invented. Its team was drawn from a model and its records were written as its systems would
# have written them, dirt included. How that was done stands in `brief.md`.
#
# ## You will be able to
#
# - judge last year's goals by what was known when they were set, not by how the year ended
# - set a total with its chance, split it fairly, and let the team answer before it is final
# - lay a success story beside what could have happened anyway, and say what it does not prove

# %% [markdown] tags=["zh"]
# ## 情景
#
# A 公司的销售总监说：
#
# > “每年十二月，高管会上定一个数，我照着往下分：人人在自己去年的业绩上涨一样多。一月份开会，个个信心满满；到了秋天，不少人已经不算账了。
# > 这一回，我要事先知道谁够得着多少，还要让大家坐到桌边一起定。”
#
# 公司是虚构的。团队从一个模型里抽出来，记录照着各个系统导出的样子写，毛病也照样留着。怎么做的，见 `brief.md`。
#
# ## 学完这一课
#
# - 会用当时知道的东西评判去年的目标，而不是拿年底的结果倒推
# - 会定一个写明把握的总数，分得公平，定稿之前先让团队回话
# - 会把一个成功故事放到“不这么做也可能怎样”旁边比一比，说得出它证明不了什么

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
company = sg.practice_workspace(sg.open_case(workspace or "company_a"))
case, tables, currency = sg.read_case(company), company.tables, company.settings.currency
usual, before, after = case.years

# %% [markdown] tags=["en"]
# ## Look first
#
# This is what a vendor's article tells about company A, word for word. The figures are unverified. They stand in
# `case.toml` and are shown here and once more in step 6; nothing on the way is computed from them.
#
# Before you read on: which of the two rates could be meant, and how high were the goals? The article says neither.

# %% [markdown] tags=["zh"]
# ## 先看一看
#
# 某厂商的文章是这样写 A 公司的，一字不改。这些数字未经核实，写在 `case.toml` 里，只在这里和第 6 步亮一亮，一路上的计算都不用它。
#
# 先想一想：说的是哪一个率？目标定得有多高？文章两样都没说。

# %%
sg.show_published(case)

# %% [markdown] tags=["en"]
# ## Step 1: collect
#
# No CRM here: a sheet saved as CSV, a list from the ERP, a cloud form, a roster and the goals in Excel. Amounts come in three
# units, days in three spellings. Nothing is dropped in silence.

# %% [markdown] tags=["zh"]
# ## 第 1 步：收集
#
# 这家公司没有 CRM：一张另存的 CSV、一份 ERP 清单、一份云表单，再加 Excel 的花名册和目标表。金额有三种单位，日期有三种写法。一行也不悄悄丢掉。

# %% tags=["nbval-check-output"]
collected = sg.collect_folder(company)
assert collected.totals.agree.all()
sg.show_collected(company.issues, collected.totals)

# %% [markdown] tags=["en"]
# The few rows that were set aside are small orders without a usable day or amount. Send the list back to whoever keeps the records.
#
# ## Step 2: the year before
#
# One line a year. **Attainment** is sales over goal, of the whole team. **Share at goal** is how many people reached
# theirs. In Chinese both are often called by one word, and they can tell opposite stories.

# %% [markdown] tags=["zh"]
# 另放的几行都是小单，日期或金额没法用。把清单退给管记录的人去补。
#
# ## 第 2 步：改之前的那一年
#
# 每年一行。**达成率**是整个团队的销售额除以目标；**达标率**是做到自己目标的人占多少。平时说话常把两个混成一个，它们讲的故事却可能正好相反。

# %% tags=["nbval-check-output"]
figures = sg.year_figures(tables)
sg.show_years(figures)

# %% [markdown] tags=["en"]
# ## Step 3: what was wrong with it
#
# Not how the year ended, but what could be known before it began. First the rules: was it one size for all, was it
# within reach?

# %% [markdown] tags=["zh"]
# ## 第 3 步：问题出在哪里
#
# 不看年底结果，只看年初能知道的。先过一遍规则：是不是一刀切，够不够得着？

# %% tags=["nbval-check-output"]
found = sg.check_past_goals(tables, before, company.settings.calendar_country)
sg.readable_findings(found, currency)

# %% [markdown] tags=["en"]
# Then the people: the chance that each goal had on its first day, forecast from the records of the year before alone.

# %% [markdown] tags=["zh"]
# 再看每个人：目标生效的第一天，只凭前一年的记录来预测，各有几成把握。

# %%
period = sg.read_period(str(before), tables)
verdicts = sg.goal_or_work(tables, sg.goals_in_force(company, period), period)
sg.chart_goal_or_work(verdicts, currency, tables["people"])

# %% [markdown] tags=["en"]
# A rise on everybody's own year looks just. But a lucky year becomes a duty, an unlucky one a present, and a newcomer
# gets nearly the usual number without a usual year's customers. And one thing no rule sees: nobody was asked.
#
# ## Step 4: the new way
#
# From here on only what was known on the first morning of the new year is used, with those who start that day. First the **total**: three totals
# with their chances.

# %% [markdown] tags=["zh"]
# 人人在自己的基础上涨一样多，看着公道。可是走运的一年变成了任务，倒霉的一年变成了便宜；新人没有老客户，却背着跟老员工差不多的数。还有一样，哪条规则也看不见：没人问过大家。
#
# ## 第 4 步：新的做法
#
# 从这里起，只用新年第一天早上知道的东西；当天入职的人也算在内。先定**总数**：三个总数，各有几成把握。

# %% tags=["nbval-check-output"]
begun = sg.workspace_on(company, f"{after}-01-01")
forecast, board = sg.estimate(begun)
three = sg.totals_at(forecast)
sg.readable(three.assign(change=sg.growth_on_last_year(forecast, three.total)))

# %% [markdown] tags=["en"]
# The board signs the first of the three. Then the **split**: everybody gets the same chance, not the same rise. Whoever
# reads the table asks one thing: is anybody treated worse?

# %% [markdown] tags=["zh"]
# 高管签第一个数。再看**怎么分**：给大家同样的把握，而不是同样的涨幅。看这张表只问一句：有没有人吃亏？

# %% tags=["nbval-check-output"]
total = round(three.total[0] / company.settings.unit) * company.settings.unit
saved = sg.make_plan(begun, total, f"{after}-01", method="equal_chance")
assert (saved.plan.proof.difference == 0).all()
fairness = sg.judge_fairness(saved.plan, saved.forecast, begun.tables, saved.weights)
sg.show_fairness(fairness, currency)

# %% [markdown] tags=["en"]
# Then **co-creation**: before anything is final, each person answers with an own number and a reason. The answers
# below are made up by the workbook so that the session can be tried; yours come from the claiming session of lesson 6.

# %% [markdown] tags=["zh"]
# 然后是**共创**：定稿之前，每个人报一个自己的数，写一句理由。下面的回答由工作簿代编，只为走一遍流程；真的开会，用第 6 课的认领会。

# %% tags=["nbval-check-output"]
sg.save_plan(begun, saved)
claims = sg.practice_claims(saved.forecast, saved.plan.people, company.settings.unit)
sg.record_claims(begun, claims, who=sg.say("lesson.trainer"), why=sg.say("lesson.why_claimed"))
agreed = sg.agree(begun, who=sg.say("lesson.trainer"), why=sg.say("lesson.why_agreed"))
assert (agreed.plan.proof.difference == 0).all()
sg.gap_table(sg.claim_gap(begun))

# %% [markdown] tags=["en"]
# Where claimed lies below proposed, that is news from customers, not disobedience. What was agreed adds up again, to the last unit, and
# every step stands in the ledger with who and why.
#
# ## Step 5: the year after
#
# The company's own goals of that year, set the same way, and what came of them. How much of the gap is the goal, how
# much the work? Read from the goal down to the result.

# %% [markdown] tags=["zh"]
# 认领的比提议的低，那是客户那边来的消息，不是不听话。谈定之后，各级合计分毫不差；每一步是谁改的、为什么改，台账里都有。
#
# ## 第 5 步：改之后的那一年
#
# 这一年公司自己的目标（也是这个路数定的），和最后的结果。差距里有多少是目标的事，多少是工作的事？从目标往下看到结果。

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
# Three things were changed at once: how high the goal was, how it was split, and that people had a say. Each gets the mean of what it adds, over
# all orders in which they could have been introduced. The parts add up to the whole change.

# %% [markdown] tags=["zh"]
# 看看范围有多宽。案例自带的这个团队落在中间，是因为就照这个挑的：前 40 个里离模型自己的平均最近的一个，挑的时候不看公开的数字，不过模型本来就是照它们拟合的。换一个种子，可能差得很远，落到范围外面也不奇怪：旧目标是照前一年的实绩定的，行情好坏都带进去了，而模型没有算前一年的行情（见 `docs/model.md` 的弱点一节）。单单一个团队，什么也证明不了。
# 第二张表把同样的数字放到另一种读法旁边：文章说的，可能是哪一种？
#
# ## 第 7 步：哪一块功劳归谁
#
# 一下子改了三样：目标的高低、怎么分、大家有没有份。把所有先后顺序都排一遍，取各自增加量的平均，各块加起来正好是全部变化。

# %%
explained = sg.explain_change(case.team, case.before, case.after, teams, seed)
display(sg.show_explained(explained), sg.chart_what_came_from_what(explained))

# %% [markdown] tags=["en"]
# Compare the bars for share at goal with those for sales. A lower goal lifts the share at once; sales hardly notice. Having a say moves
# both.
#
# ## Step 8: what hangs on which assumption
#
# Most numbers of the model are assumptions. Each is moved to its low and to its high end:

# %% [markdown] tags=["zh"]
# 把达标率那几条和销售额那几条对着看：目标一调低，达标率马上涨，销售额几乎不动；让大家有份，两样都动。
#
# ## 第 8 步：结论靠的是哪个假定
#
# 模型里的数，大半是假定。把每一个都挪到低端、高端各试一次：

# %% tags=["nbval-check-output"]
sg.show_assumptions(sg.what_it_hangs_on(case, max(teams // 5, 50), seed))

# %% [markdown] tags=["en"]
# ## Your turn
#
# Predict first: if only the goal is lowered and nobody is asked, how far does the share at goal rise, and how far do sales? Then set it below (in a page without
# controls: read it off the cliff), and write one line: what would you tell the board that the share alone does not?

# %% [markdown] tags=["zh"]
# ## 轮到你了
#
# 先猜：只把目标调低、谁也不问，达标率涨多少，销售额涨多少？再在下面调出来（页面上没有控件的，就看那张悬崖图），写一句话：除了达标率，你还要告诉高管什么？

# %% tags=["interactive", "nbval-ignore-output"]
sg.try_policies(case.team, case.before, seed)

# %%
sg.chart_cliff(sg.level_curve(case.team, case.before, teams=max(teams // 4, 50), seed=seed))

# %% [markdown] tags=["en"]
# ## What this case does not prove
#
# - That it happened. The figures are a vendor's; nobody outside has seen the records.
# - That the model foretold it. The article does not say how high the goals were: the levels in `case.toml`, and one number on leaving, were chosen so that
#   the model comes near the published figures. That it comes near is no evidence (`docs/model.md`).
# - That data and co-creation did it. The article does not say how high the goals were, and a lower goal alone lifts the share.
# - That the model is right. It shows that such a story is possible with plain assumptions; other assumptions could tell it, too.
# - That it works for you. Your team differs in size, noise and trust; step 8 shows how much that matters.
#
# ## Quick check
#
# 1. The share at goal rose and sales did not. What happened most likely? **a** people work better · **b** the goal was lowered · **c** nothing
# 2. A goal was missed. Where do you look first? **a** at the person · **b** at what the goal's chance was on its first day · **c** at the bonus
# 3. One team's rate rose after a change. What do you ask? **a** how far such a rate moves by luck alone · **b** who led it · **c** which tool it used
#
# Discuss: what would the board have to publish so that you believe it?
#
# <details><summary>Answers</summary>1 b, 2 b, 3 a</details>
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
# - judge a goal by its chance on the first day
# - total with its chance, the same chance for each, and a say for everybody before it is final
# - a rate without the height of the goal says little; one team's rate says less
#
# Next: [Case B](../company_b/company_b.{language}.ipynb)

# %% [markdown] tags=["zh"]
# ## 这个案例证明不了什么
#
# - 证明不了真有其事。数字是厂商自己说的，外人没有见过记录。
# - 证明不了模型料得准。目标定多高，文章没说：`case.toml` 里的高低，还有一个管离职的参数，是照公开的数字反推的；离得近是调出来的，不算证据（见 `docs/model.md`）。
# - 证明不了是数据和共创的功劳。文章没说目标定得多高，光把目标调低，达标率也会涨。
# - 证明不了模型就对。它只说明：用朴素的假定，这样的故事是可能的；换一套假定，也可能讲得通。
# - 证明不了对你管用。你的团队大小不同、波动不同、互信不同；这些有多要紧，看第 8 步。
#
# ## 小测
#
# 1. 达标率涨了，销售额没涨，最可能是怎么回事？**a** 大家更卖力了 · **b** 目标调低了 · **c** 什么也没变
# 2. 有人没达标，先看什么？**a** 看这个人 · **b** 看目标第一天有几成把握 · **c** 看奖金
# 3. 改了做法之后，一个团队的达标率涨了，你先问什么？**a** 光凭运气，这个率能动多少 · **b** 谁带的队 · **c** 用的什么工具
#
# 可以讨论：高管要公开哪些东西，你才会信？
#
# <details><summary>答案</summary>1 b、2 b、3 a</details>
#
# ## 换成你自己的客户
#
# - `salesgoals cases --new FOLDER --from EXPORTS` 把客户的一文件夹导出变成这样一个案例；十分钟怎么走，见 `case_studies` 里的说明
# - 填好 `case.toml`：团队、旧做法、新做法；没有公开的数字，就空着
# - 数据里缺什么，到了要用的那一步会用一句话说明
#
# ## 记住这三点
#
# - 评判目标，看它第一天有几成把握
# - 总数写明把握，人人把握相同，定稿之前人人有份
# - 不说目标多高的“率”说明不了多少；只有一个团队的“率”，说明得更少
#
# 下一个：[案例 B](../company_b/company_b.{language}.ipynb)

# %% tags=["versions", "nbval-ignore-output"]
sg.versions()
