# %% [markdown] tags=["en"]
# # 7 · Pay for results
#
# **Does our pay plan pay for what we want, and what will it cost?**
#
# | minutes | you need | you leave with |
# |---|---|---|
# | 45 | lesson 5, goals for each person | a pay plan that can be explained on one page, with its cost and its risk |

# %% [markdown] tags=["zh"]
# # 7 · 激励方案
#
# **我们的奖金，奖的是不是我们想要的？一年要花多少？**
#
# | 分钟 | 需要 | 带走 |
# |---|---|---|
# | 45 | 学过第 5 课，每个人都有目标 | 一页纸讲得清的激励方案，写明成本和风险 |

# %% [markdown] tags=["en"]
# ## The situation
#
# The sales director speaks:
#
# > “One commission for all, so simple. And what happens? The old hands watch the line: near it they push deals
# > over, past it they hold the next one back for the coming month. The newcomer who joined in February asked me why
# > she should try at all in a month in which she stands at 60%. And the three deals we were proudest of went out
# > with a discount that ate the margin. I pay for all of that, with a plan that I wrote myself.”
#
# She has to write a plan that she can explain to each person on one page, and that the finance director signs.
#
# ## You will be able to
#
# - find in a pay plan what it invites: jumps, dead zones, price cuts, haggling
# - say to the cent what any result pays, to each person on one page
# - put the cost of a plan on the table with its range, and say where the range comes from

# %% [markdown] tags=["zh"]
# ## 情景
#
# 销售总监说：
#
# > “提成一刀切，多简单。结果呢？老销售天天盯着那条线：差一点就硬凑，过了线就把下一单压到下个月。
# > 二月来的新人问我：这个月才做到 60%，我还拼什么？还有，最得意的三张大单，全是打折冲出来的，毛利都打没了。
# > 这些都是我花钱买来的，方案还是我自己写的。”
#
# 她要写一套方案：对每个人都能一页纸讲清，财务总监也肯签字。
#
# ## 学完这一课
#
# - 能看出一套激励方案会引出什么：台阶、死区、降价冲量、讨价还价
# - 能对每个人一页纸讲清，做到多少、拿多少，分文不差
# - 能把方案的成本连同范围一起摆到桌面上，并说出范围从哪里来

# %% tags=["parameters"]
language: str = "zh"  # zh or en / 界面语言：zh 或 en
workspace: str = r""  # your folder of exports, empty for the sample company / 放导出表的文件夹，留空即样例公司
result: float = 1.1  # result over goal to be paid, 1.1 is 110% / 达成率，1.1 就是 110%

# %% tags=["setup"]
import salesgoals as sg

sg.use_language(language)
sg.refuse_unknown_parameters(globals())
sg.use_charts(pictures=True)
company = sg.workspace_of(workspace)
sg.lesson_needs_sales(company)
currency = company.settings.currency

# %% [markdown] tags=["en"]
# ## Look first
#
# The old plan, drawn for the person with the largest goal: a commission on everything, at a higher rate past each
# line, every month anew. Look at the shape before you look at the money. Below it stands what the plan invites; that
# can be worked out before anybody is paid by it.

# %% [markdown] tags=["zh"]
# ## 先看一看
#
# 旧方案，按目标最大的那个人画出来：整份业绩提成，每过一条线比例就升一档，每月清零。先看形状，再看钱。
# 图下面列出这套方案会引出什么：不用等发了钱才知道，事先就算得出来。

# %%
forecast, old = sg.practice_pay(company, sg.example_pay_plan("before"))
star = old.people.sort_values("goal", kind="stable").person_id.iloc[-1]
sg.chart_pay_curve(old, star, forecast, currency)

# %% tags=["nbval-check-output"]
sg.show_flaws(sg.find_flaws(old, forecast, company.tables))

# %% [markdown] tags=["en"]
# A wall at every line, a dead zone on the left, a ceiling on the right, and nothing about margin or returns. Nobody who
# works under this curve is dishonest for watching the lines. The curve tells them to.
#
# ## Step 1: different people, one page each
#
# The new plan is a text file, `incentives.toml`, that anybody can read: groups with a reason, what counts with its
# weight, a curve without walls, points for newcomers, what takes money back. Here is the page of the colleague who
# joined last. Every person gets such a page, in that person's own report and nobody else's.

# %% [markdown] tags=["zh"]
# 每条线都是一堵墙，左边是一分没有的死区，右边是天花板，毛利和退货只字不提。在这条曲线下面盯着线干活，不是人不老实，是曲线叫他这么干的。
#
# ## 第 1 步：人不同，方案不同，每人一页
#
# 新方案是一个谁都读得懂的文本文件 `incentives.toml`：分几群人、为什么分，按什么发、各占多少，曲线没有墙，新人有积分，
# 什么情况要扣回。下面是最晚入职那位同事的一页。每个人都有这样一页，只在自己的报告里，别人看不到。

# %% tags=["nbval-check-output"]
forecast, terms = sg.practice_pay(company)
newest = sg.newest_person(company)
sg.show_pay_page(sg.explain_pay(terms, newest, forecast), currency)

# %% [markdown] tags=["en"]
# At Chengchuan this newcomer would get nothing in about 6 months out of 10 under the old plan. Under the new one every
# deal counts from the first yuan, what is missed in one month can be made up for in the next, and learning is worth
# points.
#
# A vendor's guide tells of a company B that raised the goals of its best sellers by 20% with higher bonuses,
# lowered those of newcomers by 20% with rewards for learning, and saw 92% of people reach their goals and
# newcomers' turnover fall to 5%. The figures are the vendor's, unverified, and do not say how hard the goals were.
#
# ## Step 2: any result, to the cent
#
# A plan that only its author can work out is not transparent. Here is the statement for the person with the largest
# goal at the `result` of the parameters, line by line. Then move the slider through 50 and 100%, and change the person:
# is there any place where one more deal is worth nothing, or suddenly a fortune?

# %% [markdown] tags=["zh"]
# 在澄川，按旧方案，这位新人 10 个月里大约有 6 个月一分奖金都没有。按新方案，第一元业绩就算数，这个月差的下个月能补，学会东西有积分。
#
# 某厂商的指南讲了 B 公司的故事：主力目标提高 20%、奖金更高，新人目标降低 20%、重点奖励成长，结果达标率到了 92%，
# 新人流失率降到 5%。这些是厂商自己的数字，未经核实，也没说目标有多难。
#
# ## 第 2 步：做到多少拿多少，分文不差
#
# 只有写的人才会算的方案，谈不上透明。下面是目标最大的那个人，做到参数 `result` 那个达成率时，奖金怎么一行一行算出来。
# 然后拖动滑块，经过 50 和 100%，再换一个人看看：有没有哪个地方，多一单白干，或者突然暴富？

# %% tags=["nbval-check-output"]
sg.show_statement(terms, sg.pay_at(terms, star, result), currency)

# %% tags=["interactive", "nbval-ignore-output"]
sg.pay_slider(terms, currency, star)

# %% [markdown] tags=["en"]
# Every line names its result, its weight and its amount, and the lines add up: whoever can add can check it.
#
# ## Step 3: what it costs, and in which years
#
# The finance director asks two things: how much, and how much at worst. Both come from the same forecast as the goals.
# The sliders under the table change the threshold and the speed beyond 100%.

# %% [markdown] tags=["zh"]
# 每一行都写着结果、权重和金额，各行加起来就是合计：会做加法的人，都能自己核对。
#
# ## 第 3 步：要花多少，什么年景花得多
#
# 财务总监只问两件事：要多少，最多要多少。两个答案都出自定目标用的那份预测。表下面的滑块，可以改门槛和超过 100% 以后的加速。

# %%
cost = sg.cost_of_plan(terms, forecast)
sg.chart_pay_cost(cost, currency)

# %% tags=["nbval-check-output"]
sg.show_pay_cost(cost, terms, currency)

# %% tags=["interactive", "nbval-ignore-output"]
sg.plan_slider(terms, forecast, currency)

# %% [markdown] tags=["en"]
# “With so many people it evens out” is the usual mistake. Luck evens out, years do not: a good year is good for nearly
# everybody, and then all the accelerators pay at once. But look at the second table: the dear years are those in which
# the money comes in. What hurts is the goal that was set too low.
#
# ## Step 4: who gains, who loses
#
# Nobody reads a new plan for its beauty. Everybody looks for their own line. See it before they do, and ask the new
# plan the same questions as the old one.

# %% [markdown] tags=["zh"]
# “人多了，一平均就稳了”，这是最常见的错。运气能平均，年景不能：好年景几乎人人都好，加速档一起发。
# 不过看第二张表：花得多的年份，正是钱进得多的年份。真正伤人的，是目标定低了。
#
# ## 第 4 步：谁多拿，谁少拿
#
# 没有人会欣赏新方案写得漂亮，人人都在找自己那一行。要赶在他们前面看到，再拿问过旧方案的问题，把新方案也问一遍。

# %%
compared = sg.compare_pay(old, terms, forecast)
sg.chart_pay_gain(compared, currency)

# %% tags=["nbval-check-output"]
sg.show_flaws(sg.find_flaws(terms, forecast, company.tables, cost))

# %% [markdown] tags=["en"]
# At Chengchuan the largest loss falls on a newcomer who already sells like the best: by months she is new, by sales
# she is not. A rule by tenure is easy to explain and wrong for her; move her to the leading sellers with one line,
# `who = {people = [...]}`, and say why. And the list of the new plan is shorter, not empty: it still pays for haggling over the
# goal, to which the claiming session of lesson 6 is the answer.
#
# ## Your turn
#
# The person with the largest goal reaches 110% of sales, but by discounts, so that margin ends at 80% of its goal; the
# team is at 100%. Predict: more or less pay than for a plain 100%? Set `result` to 1.0, run step 2 again, and write down in one
# sentence which weight of margin you would defend before your own people.
#
# ## Exercise 7.1
#
# What does that result (110%, 80%, 100%) pay, to the cent?

# %% [markdown] tags=["zh"]
# 在澄川，少拿最多的是一位新人，她已经卖得和主力一样好：论月份是新人，论业绩不是。按入职月份划线，好解释，对她却不对；
# 用一行 `who = {people = [...]}` 把她放进主力，并写明为什么。再看新方案的清单：短了，没有空。它还在奖励跟公司讨价还价，
# 这要靠第 6 课的目标认领会来解。
#
# ## 轮到你了
#
# 目标最大的那个人，销售额做到 110%，但靠的是打折，毛利只做到目标的 80%；团队正好 100%。先猜：和样样都 100% 相比，他多拿还是少拿？
# 把 `result` 改成 1.0，重新运行第 2 步，再写一句话：毛利占多少，你敢在自己的团队面前讲？
#
# ## 练习 7.1
#
# 这样的结果（110%、80%、100%），奖金是多少？算到分。

# %% tags=["exercise"]
answer = ...
sg.check("7.1", answer, company)

# %% tags=["solution"]
answer = sg.pay_at(terms, star, {"amount": 1.1, "margin": 0.8, "team": 1}).pay.sum()
assert sg.check("7.1", answer, company)
plain = sg.pay_at(terms, star, 1).pay.sum()
sg.format_exact(float(answer), currency), sg.format_exact(float(plain), currency)

# %% [markdown] tags=["en"]
# ## Exercise 7.2
#
# Which budget holds in nine years out of ten, so that it is exceeded with a chance of 10%?

# %% [markdown] tags=["zh"]
# ## 练习 7.2
#
# 预算定多少，十年里有九年够用，也就是超支的概率是 10%？

# %% tags=["exercise"]
answer = ...
sg.check("7.2", answer, company)

# %% tags=["solution"]
answer = cost.distribution[cost.distribution.chance >= 0.9].cost.iloc[0]
assert sg.check("7.2", answer, company)
assert answer > cost.total.expected
sg.format_money(answer, currency)

# %% [markdown] tags=["en"]
# ## Asked again and again
#
# *Do bonuses sell more at all?* Often, and not for everybody alike. One company's sales force, studied month by month,
# sold more with bonuses in every group; commissions beyond the goal kept the best going, and quarterly bonuses paced the
# weak (Chung, Steenburgh and Sudhir 2014). Another gained 9% of revenue from a better plan (Misra and Nair 2011). A
# third tried daily instead of monthly goals: low performers sold more, high performers and expensive products less
# (Chung, Narayandas and Chang 2021). Each is one company, none of them is yours: change one thing at a time, and compare
# with people for whom nothing changed.
#
# *The goal was missed, and now everybody quarrels over the bonus.* Then the rule came after the result. A page for each
# person before the period and a statement by the line after it leave little to quarrel about; what is left belongs in
# the retrospective (lesson 10).
#
# ## Quick check
#
# 1. A plan pays nothing below 80%, and a seller stands at 60% in the last week. What does it tell the seller?
#    **a** try harder · **b** keep the deals for next month · **c** nothing
# 2. The same team, next year's plan costs 20% more in a good year. What do you ask first? **a** where to put a cap ·
#    **b** how much more is sold in such a year · **c** who earned too much
# 3. Newcomers are paid by other rules than veterans. When is that fair? **a** when the reason is written down and can be
#    said aloud · **b** never · **c** when nobody notices

# %% [markdown] tags=["zh"]
# ## 常有人问
#
# *奖金到底能不能让人多卖？* 多半能，但不是对谁都一样。有一家公司的销售队伍，研究者逐月跟踪：有奖金时，各类人都卖得更多；
# 超额提成让最好的人不停步，季度奖金带着较弱的人往前走（Chung、Steenburgh 和 Sudhir，2014）。
# 另一家换了更好的方案，收入增加 9%（Misra 和 Nair，2011）。
# 还有一家把月目标改成日目标：弱的人卖多了，强的人和高价产品反而少了（Chung、Narayandas 和 Chang，2021）。
# 每项研究只是一家公司，都不是你的公司：一次只改一样，并且留一部分人不改，好做比较。
#
# *没完成，大家为奖金怎么分吵成一团，怎么办？* 这说明规则是结果出来以后才讲的。期初每人一页讲清做到多少拿多少，
# 期末每人一张明细逐行算清，能吵的就不多了；剩下的放到复盘会上谈（第 10 课）。
#
# ## 小测
#
# 1. 方案规定 80% 以下不发，最后一周有人才做到 60%。方案在对他说什么？**a** 再加把劲 · **b** 单子留到下个月 · **c** 什么也没说
# 2. 同一支队伍，新方案在好年景要多花 20%。你先问什么？**a** 上限设在哪里 · **b** 那样的年景多卖多少 · **c** 谁拿多了
# 3. 新人和老销售规则不同，什么时候算公平？**a** 理由写下来、说得出口的时候 · **b** 永远不算 · **c** 没人发现的时候

# %% [markdown] tags=["en", "solution"]
# **Why.** 7.1: at Chengchuan the discount costs nearly all that the extra sales bring; without margin in the plan it
# would have paid well. Let the group say which weight of margin they would defend before their own people. 7.2: the
# difference between this budget and the expected cost is the price of not knowing the year. A cap would save some of it,
# and would stop the best people in the very year in which there is something to sell.
#
# **Answers:** 1 **b**, 2 **b**, 3 **a**. For question 1 let somebody tell of the last time it happened to them.

# %% [markdown] tags=["zh", "solution"]
# **为什么。** 7.1：在澄川，打折几乎吃掉了多卖带来的全部奖金；方案里要是没有毛利，这样做很划算。让大家说说，毛利占多少，自己敢在团队面前讲。
# 7.2：这个预算和预计成本的差，就是“不知道明年什么年景”的代价。设上限能省下一点，却会让最好的人在最有生意做的那一年停下来。
#
# **答案：** 1 **b**、2 **b**、3 **a**。第 1 题可以请人讲讲，上一次自己这样做是什么时候。

# %% [markdown] tags=["en"]
# ## With your own data
#
# - set `workspace` to the folder of your workspace; it needs orders or won opportunities with date, person and amount;
#   costs bring the margin in, joining dates the newcomers
# - `salesgoals pay FOLDER --example` puts an example plan there; change the amounts, weights and groups in
#   `incentives.toml`, every mistake in it is named at once
# - `salesgoals pay FOLDER` says what it costs and invites, `--person ID --attainment 1.1` what a result pays,
#   `--results FILE` writes everybody's statements
#
# ## Take away
#
# - a curve tells people what to do: look for walls, dead zones and ceilings before you look at the money
# - a plan is transparent when each person can work out their own pay on one page
# - cost moves with the year, for all at once: show the range beside the expected amount
#
# Next: [8 · Steer the month](08_process.ipynb)

# %% [markdown] tags=["zh"]
# ## 换成你自己的数据
#
# - 把 `workspace` 改成你的工作区文件夹；里面要有订单或赢单，带日期、人员、金额；有成本才有毛利，有入职日期才分得出新人
# - `salesgoals pay FOLDER --example` 在里面放一份示例方案；在 `incentives.toml` 里改金额、权重和人群，写错的地方会一次全部指出来
# - `salesgoals pay FOLDER` 说出要花多少、会引出什么；`--person ID --attainment 1.1` 算某个达成率拿多少；
#   `--results FILE` 写出每个人的明细
#
# ## 记住这三点
#
# - 曲线在告诉大家怎么干：先找墙、死区和天花板，再看钱
# - 每个人一页纸能算出自己的奖金，方案才算透明
# - 成本跟着年景走，而且人人一起走：预计多少，旁边一定要有范围
#
# 下一课：[8 · 过程管控](08_process.ipynb)

# %% tags=["versions", "nbval-ignore-output"]
sg.versions()
