# %% [markdown] tags=["en"]
# # Case B · From one size for all to goals in tiers
#
# **Everybody had the same goal. Then leading sellers got more and newcomers less. Did the team get better, or the ruler?**
#
# | minutes | you need | you leave with |
# |---|---|---|
# | 60 | lessons 5 to 7, or somebody who knows them | goals in tiers beside goals with the same chance, pay that fits, and a fair answer to "who gained?" |

# %% [markdown] tags=["zh"]
# # 案例 B · 从统一分配到分层目标
#
# **过去人人同一个目标；后来主力加、新人减。是团队变强了，还是尺子换了？**
#
# | 分钟 | 需要 | 带走 |
# |---|---|---|
# | 60 | 学过第 5 到 7 课，或者有人会讲 | 分层目标和“把握相同”的目标摆在一起比，配得上的激励，以及“谁得了好处”的公道回答 |

# %% [markdown] tags=["en"]
# ## The situation
#
# The sales director of company B speaks:
#
# > "Total over heads, the same for all: nobody could call it unjust, I thought. Our best had theirs in the bag by October and
# > went fishing. The new ones looked at the number, then at the door. I paid for hiring them, trained them, and lost them."
#
# The company is invented. Its team was drawn from a model and its records were written as its systems would
# have written them, dirt included. How that was done stands in `brief.md`.
#
# ## You will be able to
#
# - see what an equal split does to strong and new people, before the year begins
# - compare goals in tiers with goals of the same chance, and lay pay beside them
# - tell a better team from a shorter ruler

# %% [markdown] tags=["zh"]
# ## 情景
#
# B 公司的销售总监说：
#
# > “总数除以人头，人人一样，我以为谁也挑不出理。结果最强的几个，十月份就做完了，剩下的日子去钓鱼；
# > 新来的看一眼数字，再看一眼大门。招人的钱花了，培训也做了，人没留住。”
#
# 公司是虚构的。团队从一个模型里抽出来，记录照着各个系统导出的样子写，毛病也照样留着。怎么做的，见 `brief.md`。
#
# ## 学完这一课
#
# - 年初就看得出，平均分对强手和新人各意味着什么
# - 会把分层目标和把握相同的目标摆在一起比，旁边放上奖金
# - 分得清是团队变强了，还是尺子变短了

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
company = sg.practice_workspace(sg.open_case(workspace or "company_b"))
case, tables, currency = sg.read_case(company), company.tables, company.settings.currency
usual, before, after = case.years

# %% [markdown] tags=["en"]
# ## Look first
#
# This is what a vendor's article tells about company B, word for word. The figures are unverified. They stand in
# `case.toml` and are shown here and once more in step 6; nothing on the way is computed from them.
#
# Before you read on: the article says how the goals were shared out. What does it not say about them?

# %% [markdown] tags=["zh"]
# ## 先看一看
#
# 某厂商的文章是这样写 B 公司的，一字不改。这些数字未经核实，写在 `case.toml` 里，只在这里和第 6 步亮一亮，一路上的计算都不用它。
#
# 先想一想：文章说了目标怎么分。关于目标，它没说的是什么？

# %%
sg.show_published(case)

# %% [markdown] tags=["en"]
# ## Step 1: collect
#
# An old list from the ERP, then two reports of an English CRM that overlap by a week; roster and goals as text. Totals must agree, and
# nothing may be counted twice.

# %% [markdown] tags=["zh"]
# ## 第 1 步：收集
#
# 先是 ERP 的一份老清单，后来换成英文 CRM 的两份报表，首尾重叠一周；花名册和目标是文本文件。合计要对得上，一笔也不能算两遍。

# %% tags=["nbval-check-output"]
collected = sg.collect_folder(company)
assert collected.totals.agree.all()
sg.show_collected(company.issues, collected.totals)

# %% [markdown] tags=["en"]
# The week that stands in two files was counted once. The rows that were set aside are small orders without a usable day or amount.
#
# ## Step 2: the year before
#
# One line a year. **Attainment** is sales over goal, of the whole team. **Share at goal** is how many people reached
# theirs. Look at the newcomers' columns, too: that is where this company hurts.

# %% [markdown] tags=["zh"]
# 重叠的那一周只算了一遍；另放的几行是小单，日期或金额没法用。
#
# ## 第 2 步：改之前的那一年
#
# 每年一行。**达成率**是整个团队的销售额除以目标；**达标率**是做到自己目标的人占多少。新人那几列也要看：这家公司疼在那里。

# %% tags=["nbval-check-output"]
figures = sg.year_figures(tables)
sg.show_years(figures)

# %% [markdown] tags=["en"]
# ## Step 3: what was wrong with it
#
# First the rules, with what could be known before that year began: one size for all?

# %% [markdown] tags=["zh"]
# ## 第 3 步：问题出在哪里
#
# 先过一遍规则，只用那一年开始之前能知道的：是不是一刀切？

# %% tags=["nbval-check-output"]
found = sg.check_past_goals(tables, before, company.settings.calendar_country)
sg.readable_findings(found, currency)

# %% [markdown] tags=["en"]
# Then the people. 100% is what could be expected of each on the first day; the orange tick is the goal. Find those for whom it
# was a present, and those for whom it was out of sight. The same number is not the same goal, and the results in the table below
# confirm it, in the very groups one would expect.

# %% [markdown] tags=["zh"]
# 再看每个人。100% 是第一天对各人能指望的水平，橙色短线是目标。找一找：对谁是白送，对谁是看不到边。
# 同一个数，不是同一个目标；下面的表里，过去的结果也证实了，吃亏的正是想得到的那几群人。

# %%
period = sg.read_period(str(before), tables)
verdicts = sg.goal_or_work(tables, sg.goals_in_force(company, period), period)
begun = sg.workspace_on(company, f"{after}-01-01")
display(sg.chart_goal_or_work(verdicts, currency, tables["people"]),
        sg.show_past_fairness(sg.judge_past_goals(begun.tables)))

# %% [markdown] tags=["en"]
# ## Step 4: the new way
#
# From here on only what was known on the first morning of the new year is used, with those who start that day. First the **total**: three, with their chances.

# %% [markdown] tags=["zh"]
# ## 第 4 步：新的做法
#
# 从这里起，只用新年第一天早上知道的东西；当天入职的人也算在内。先定**总数**：三个总数，各写明把握。

# %% tags=["nbval-check-output"]
forecast, board = sg.estimate(begun)
three = sg.totals_at(forecast)
sg.readable(three.assign(change=sg.growth_on_last_year(forecast, three.total)))

# %% [markdown] tags=["en"]
# Then the **split**. The first total, shared out in every way that the records allow. Tiers are a rough way to the last row: more for the
# strong, less for the new, the same chance for all.

# %% [markdown] tags=["zh"]
# 再看**怎么分**。把第一个总数按数据支持的每种分法各分一遍。分层，是通往最后一行的土办法：强的多、新的少，图的是把握相同。

# %%
total = round(three.total[0] / company.settings.unit) * company.settings.unit
methods = sg.compare_methods(begun.tables, total, f"{after}-01", unit=company.settings.unit)
chances = sg.chances_by_method(forecast, methods)
display(sg.chart_methods(methods), sg.readable(sg.summarise_chances(chances)))

# %% [markdown] tags=["en"]
# Those who start that day have sold nothing yet; what can be expected of them follows the growth curve of those before them. Now the **pay**: higher goals for the strong need
# pay that makes them worth it, newcomers need something to earn while they learn. Below, the same forecast under an old pay plan and under one with
# tiers and points for growth. Both plans are invented. Who gains, and what does it cost the company?

# %% [markdown] tags=["zh"]
# 当天入职的人还没有业绩，对他们能指望多少，照前面那些新人的成长曲线来。再看**激励**：主力目标高了，奖金要让人觉得值；新人边学边干，也要有得挣。
# 下面是同一份预测，放到一个旧方案和一个带分层、带成长积分的新方案里。两个方案都是虚构的。谁多拿了，公司要多掏多少？

# %%
expected, old = sg.practice_pay(begun, sg.example_pay_plan("before"))
_, terms = sg.practice_pay(begun)
compared = sg.compare_pay(old, terms, expected)
display(sg.chart_pay_gain(compared, currency), sg.show_flaws(sg.find_flaws(old, expected, begun.tables)))

# %% [markdown] tags=["en"]
# ## Step 5: the year after
#
# The company's own tiers of that year, and what came of them. How much is the goal, how much the work?

# %% [markdown] tags=["zh"]
# ## 第 5 步：改之后的那一年
#
# 这一年公司自己的分层目标，和最后的结果。多少是目标的事，多少是工作的事？

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
# And read the row of the goal: how high is it, against what the team can sell?
#
# ## Step 7: what came from what
#
# The sum of the goals stayed where it was; what changed is who carries which part.

# %% [markdown] tags=["zh"]
# 看看范围有多宽。案例自带的这个团队落在中间，是因为就照这个挑的：前 40 个里离模型自己的平均最近的一个，挑的时候不看公开的数字，不过模型本来就是照它们拟合的。换一个种子，可能差得很远，落到范围外面也不奇怪：旧目标是照前一年的实绩定的，行情好坏都带进去了，而模型没有算前一年的行情（见 `docs/model.md` 的弱点一节）。单单一个团队，什么也证明不了。再看目标那一行：和这个团队卖得出的相比，定得有多高？
#
# ## 第 7 步：哪一块功劳归谁
#
# 目标的总数留在原处没有动，动的是每个人扛其中的多少。

# %%
explained = sg.explain_change(case.team, case.before, case.after, teams, seed)
display(sg.show_explained(explained), sg.chart_what_came_from_what(explained))

# %% [markdown] tags=["en"]
# Share at goal rises far, sales hardly: much of it is the same work, measured with another ruler. The gain that is real is the third bar:
# people who stay need not be hired anew.
#
# ## Step 8: what hangs on which assumption
#
# Most numbers of the model are assumptions. Each is moved to its low and to its high end:

# %% [markdown] tags=["zh"]
# 达标率涨得多，销售额几乎没动：不少只是同样的活，换了把尺子量。实实在在的好处在第三根条上：人留住了，就不用重新招。
#
# ## 第 8 步：结论靠的是哪个假定
#
# 模型里的数，大半是假定。把每一个都挪到低端、高端各试一次：

# %% tags=["nbval-check-output"]
sg.show_assumptions(sg.what_it_hangs_on(case, max(teams // 5, 50), seed))

# %% [markdown] tags=["en"]
# ## Your turn
#
# Predict first: keep one size for all and lower the goal until newcomers are as safe as with tiers. What does that cost at the other end?
# Then set it below (in a page without controls: read it off the cliff), and write one line on whom a lower goal for all makes lazy.

# %% [markdown] tags=["zh"]
# ## 轮到你了
#
# 先猜：不分层，只把大家的目标一起调低，低到新人和分层时一样安稳，代价在哪一头？再在下面调出来（页面上没有控件的，就看那张悬崖图），写一句话：目标一起调低，养懒了谁？

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
# - That tiers made people sell more. In the model sales hardly move; the rate moves because goals fit better.
# - That these tiers are the right ones. The steps came from the article; the same chance for all needs no steps at all.
# - That goals alone keep newcomers. Rewards were changed as well, the article says: more for leading sellers, growth for newcomers. The model knows only goals.
#
# ## Quick check
#
# 1. Leading sellers reach an equal goal by October. What is lost? **a** nothing · **b** what they would have sold with a goal of their own · **c** the bonus
# 2. The whole team's rate rises after the split was changed, and sales stay. Who gained? **a** nobody · **b** those whose goal had been out of sight · **c** the customers
# 3. What do tiers try to come close to? **a** the same number for all · **b** the same rise for all · **c** the same chance for all
#
# Discuss: how do you tell your best that their goal rises?
#
# <details><summary>Answers</summary>1 b, 2 b, 3 c</details>
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
# - the same number is not the same goal; look at each person's chance
# - tiers are a rough way to the same chance, and pay has to go with them
# - ask of every better rate whether the team or the ruler has changed
#
# Next: [Case C](../company_c/company_c.{language}.ipynb)

# %% [markdown] tags=["zh"]
# ## 这个案例证明不了什么
#
# - 证明不了真有其事。数字是厂商自己说的，外人没有见过记录。
# - 证明不了模型料得准。目标定多高，文章没说：`case.toml` 里的高低，还有一个管离职的参数，是照公开的数字反推的；离得近是调出来的，不算证据（见 `docs/model.md`）。
# - 证明不了分层让人卖得更多。模型里销售额几乎不动；率变好，是因为目标合身了。
# - 证明不了这样分层就对。加多少、减多少是文章里写的；要把握相同，根本用不着分档。
# - 证明不了光靠目标就留得住新人。文章说激励也变了：主力奖金更高，新人重在激励成长；模型只认得目标。
#
# ## 小测
#
# 1. 平均分的目标，主力十月份就做完了，损失了什么？**a** 没损失 · **b** 目标合身时本来还能多卖的那部分 · **c** 奖金
# 2. 换了分法，团队达标率涨了，销售额没变，谁得了好处？**a** 没有人 · **b** 原来看不到边的那些人 · **c** 客户
# 3. 分层，是想接近什么？**a** 人人数字相同 · **b** 人人涨幅相同 · **c** 人人把握相同
#
# 可以讨论：主力的目标要往上加，这话你打算怎么跟他们开口？
#
# <details><summary>答案</summary>1 b、2 b、3 c</details>
#
# ## 换成你自己的客户
#
# - `salesgoals cases --new FOLDER --from EXPORTS` 把客户的一文件夹导出变成这样一个案例；十分钟怎么走，见 `case_studies` 里的说明
# - 填好 `case.toml`：团队、旧做法、新做法；没有公开的数字，就空着
# - 数据里缺什么，到了要用的那一步会用一句话说明
#
# ## 记住这三点
#
# - 同一个数不是同一个目标，要看各人有几成把握
# - 分层是通往“把握相同”的土办法，激励要跟着走
# - 率变好了，先问一句：变的是团队，还是尺子
#
# 下一个：[案例 C](../company_c/company_c.{language}.ipynb)

# %% tags=["versions", "nbval-ignore-output"]
sg.versions()
