# %% [markdown] tags=["en"]
# # 3 · Take stock of the team
#
# **Who can carry what, and how sure are we of it?**
#
# | minutes | you need | you leave with |
# |---|---|---|
# | 45 | lesson 0, collected records | ability told apart from luck, newcomers held against the ramp, and whom the team hangs on |

# %% [markdown] tags=["zh"]
# # 3 · 团队盘点
#
# **谁扛得动多少？我们有几成把握？**
#
# | 分钟 | 需要 | 带走 |
# |---|---|---|
# | 45 | 学过第 0 课，数据已收集好 | 分得清能力和运气，新人只和成长曲线比，知道团队系于谁 |

# %% [markdown] tags=["en"]
# ## The situation
#
# The head of the north is preparing the yearly talks:
#
# > “The list hangs in the corridor. The man on top sold three times what the others in his team sell on average, so I
# > want to promote him. Those at the bottom get a talk. And the new one sells less than half of what the old hands
# > sell: should I wait, or part in time?”
#
# Three decisions about people, all taken from one column of figures.
#
# ## You will be able to
#
# - say what of a result is ability and what is luck, and say "too little to tell" where it is too little
# - hold newcomers against the ramp of those who joined before, never against veterans
# - name what would leave with a person, and what the people on board can carry month by month

# %% [markdown] tags=["zh"]
# ## 情景
#
# 北方区负责人正在准备年度面谈：
#
# > “榜单就贴在走廊里。排第一的那位，卖的是团队里其他人平均的三倍，我想提他当组长。垫底的几位，得约谈。
# > 新来的那个，还卖不到老员工的一半：是再等等，还是趁早分开？”
#
# 三个关于人的决定，全凭一列数字。
#
# ## 学完这一课
#
# - 能说清业绩里多少是能力、多少是运气；数据太少时，敢说“说不准”
# - 能拿新人和成长曲线比，从不和老员工比
# - 能说出谁一走会带走多少，以及现有人手逐月扛得动多少

# %% tags=["parameters"]
language: str = "zh"  # zh or en / 界面语言：zh 或 en
workspace: str = r""  # your folder of exports, empty for the sample company / 放导出表的文件夹，留空即样例公司
person: str = ""  # id of the person to look at first, empty for the largest seller / 先看谁的编号，留空即卖得最多的人
posts: int = 2  # posts to be filled in the third month of the plan / 计划第 3 个月补几个岗

# %% tags=["setup"]
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
# Here is the list from the corridor, with a few columns that nobody hangs up: what lies behind the sales, and what
# each person was given to work with. Below it stands what these data do not hold. Who is the best?

# %% [markdown] tags=["zh"]
# ## 先看一看
#
# 这就是走廊里的那张榜，旁边多了几列没人会贴出来的东西：业绩是怎么来的，每个人手里有什么资源。
# 表下面写着这些数据里缺什么。谁最强？

# %% tags=["nbval-check-output"]
people, gaps = sg.describe_people(tables), sg.gaps_of_team(tables)
display(sg.show_people(people, currency, rows=8), sg.show_gaps(gaps))

# %% [markdown] tags=["en"]
# Read across, not down: of these eight the man on top visits customers least, so where do his sales come from? A dash in the list means “unknown”, never “zero”.
#
# ## Step 1: take the luck out
#
# One order can make a year. It was earned, and it is paid. But it says little about the next year, and next to
# nothing about ability. First the people whose sales rest on one order far beyond anything else they sold; then the
# largest seller beside the peers. The ring is what stands in the records, the dot is what remains believable, the
# bar is its 80% range. Where the bar lies across the line, no difference can be told.

# %% [markdown] tags=["zh"]
# 这张表要横着看，别竖着看：排第一的那位，在这八个人里拜访最少，业绩从哪儿来的？表里的横线是“不知道”，不是零。
#
# ## 第 1 步：先把运气拿掉
#
# 一张大单就能撑起一年。单子是真的，提成也该给。但它说明不了下一年，更说明不了能力。
# 先看哪些人的业绩靠的是一张远超平常的大单；再把卖得最多的人放到同类同事旁边。
# 空心圈是记录里的数，实心点是还信得过的部分，粗线是它 80% 的区间。粗线跨过竖线的，就说不准有差别。

# %% tags=["nbval-check-output"]
sg.show_windfalls(people, currency)

# %%
compared = sg.compare_with_peers(tables)
first = person or people.person_id[people.sales_month.idxmax()]
sg.chart_peers(compared, first, currency) or sg.show_gaps(gaps, "peers")

# %% [markdown] tags=["en"]
# At Chengchuan the man on top of the list falls below his peers as soon as the one order counts as an ordinary one.
# He also visits his customers less. To promote him on the strength of the list would have been a mistake;
# to dismiss him on the strength of this chart would be another one. It is a reason to go along on a visit.
#
# ## Step 2: whose difference is real?
#
# Three deals won of three is not a better seller than 60 of 100. So each figure is drawn towards the peers in
# the same role, the more strongly the less there is behind it. Then only those differences are named that are real
# with 95%. Everything else is “like the peers” or “too little to say”, and both are answers.

# %% [markdown] tags=["zh"]
# 澄川榜单上的第一名，只要把那张大单按普通大单算，就落到了同事后面，拜访也少。凭榜单提拔他，是个错误；
# 凭这张图辞退他，是另一个错误。它只说明一件事：该跟他一起跑一趟客户。
#
# ## 第 2 步：谁的差别是真的？
#
# 三单谈成三单的人，不见得强过谈 100 单成 60 单的人。所以每个数都往同岗位同事的平均靠一靠，背后的数据越少，靠得越多。
# 然后只点名把握在 95% 以上的差别。其余的不是“和同事差不多”，就是“说不准”，这两种也都是答案。

# %% tags=["nbval-check-output"]
sg.show_peers(compared, currency)

# %% [markdown] tags=["en"]
# So few names? Yes. One year of one person's orders does not tell more, and whoever names more names chance. We
# measured it in simulated companies, and [docs/team.md](../../docs/team.md) has the figures: among equals hardly
# anybody is called a talent, and the ranges hold about as often as they promise.
#
# **What this table is not.** It is no ranking, and no list for dismissals. It knows nothing of illness, of a
# territory that was cut, of a colleague who trains two others. Use it to ask better questions.
#
# ## Step 3: newcomers beside the ramp
#
# A newcomer sells little at first, everywhere. The question is not “how much less than the old hands”, but “how far
# along for this month”. The ramp is learnt from those who joined (`sg.chart_ramp` draws it); where they are few, it
# stays close to experience: half of full sales by about month 6. Nobody is measured by their own figures: each
# newcomer's curve is learnt from the others only.

# %% [markdown] tags=["zh"]
# 点名的怎么这么少？对，就是这么少。一个人一年的订单，说明不了更多；点得再多，点到的就是巧合。
# 我们在模拟的销售团队里量过，数字写在 [docs/team.md](../../docs/team.md) 里：能力相同的人里，几乎没有人被叫成高手；给出的区间，说到做到。
#
# **这张表不是什么。** 它不是排名，更不是裁人名单。它不知道谁生了病，谁的区域被切走一块，谁手把手带着两个同事。用它来把问题问得更好。
#
# ## 第 3 步：新人和成长曲线比
#
# 新人一开始都卖得少，哪儿都一样。要问的不是“比老员工少多少”，而是“到这个月该走到哪儿”。
# 成长曲线是从入职的人身上学来的（`sg.chart_ramp` 可以画出来）；人少的时候，它就靠近经验：大约第 6 个月做到一半。
# 没有人拿自己的数字衡量自己：每位新人的曲线，都只从其他人身上学。

# %%
progress, months = sg.progress_of_newcomers(tables), sg.months_of_newcomers(tables)
sg.chart_newcomers(months, progress) or sg.show_gaps(gaps, "hire_dates")

# %% tags=["nbval-check-output"]
sg.show_newcomers(progress, currency)

# %% tags=["interactive", "nbval-ignore-output"]
sg.choose_person(people, compared, progress, months, currency)

# %% [markdown] tags=["en"]
# In the chart the band is wide in the first months, because chance is large there. In the table “too early to say” is the
# right verdict for somebody who could not be expected to have sold two full months by now, however good or bad the
# first orders look. Below, choose a person and read the card before the next talk: would you have judged
# differently by the list?
#
# ## Step 4: what hangs on whom
#
# Ability is not everything. Who sells little may have little to sell to: in the first chart capability stands beside
# what a person's customers could buy in a year, and only one of the four corners asks for a higher goal. The second
# turns it round: what would leave with a person? The third adds up: what can the people on board carry, month by
# month, and what would new posts add?

# %% [markdown] tags=["zh"]
# 图上头几个月的带子很宽，因为那时碰运气的成分大。表里的“还太早”，说的是到现在连两个整月的销售都还不该有的新人，
# 不管头几单看着是好是坏，都该这么说。最下面可以选一个人，面谈前先看看这张卡片：要是只看榜单，你的判断会不会不一样？
#
# ## 第 4 步：业绩系在谁身上
#
# 光看能力不够。卖得少，也可能是手上的客户本来就小：第一张图把能力和手上客户一年能买多少放在一起，四个角里只有一个该加目标。
# 第二张图反过来问：谁一走，会带走多少？第三张图加总：现有人手逐月扛得动多少，补几个岗能加多少？

# %%
room = sg.capability_and_potential(tables)
sg.chart_capability(room, currency) or sg.show_gaps(gaps, "potential")

# %%
risk = sg.sales_at_risk(tables)
sg.chart_risk(risk, currency)

# %%
forecast, _ = sg.estimate(company)
third = f"{forecast.unit_months.month.iloc[2]:%Y-%m}"
capacity = sg.plan_capacity(tables, forecast, [(third, posts)])
sg.chart_capacity(capacity, None, currency)

# %% [markdown] tags=["en"]
# In the first chart look at the upper left: much to sell to, little sold; help there before you ask for more. In the
# second, at the long bars beyond the black line: a seller on whom a third of the team's sales rest, half of it with two
# customers, is an achievement and a risk at once. Introduce a second face to those customers this month, not when
# the notice lies on the desk. In the third, at the new posts: filled in autumn they hardly help this year, because
# the ramp and the season multiply.
#
# ## Your turn
#
# First write down three names from the list in “Look first” whom you would have praised, and look at their cards.
# How many of the three would you still praise for the same reason? Then set `posts` one higher and see in the third
# chart what that post still brings within the year.
#
# ## Exercise 3.1
#
# Whose sales rest most on one single order, and what share of that person's last 12 months does it make?

# %% [markdown] tags=["zh"]
# 第一张图看左上角：客户的潜力大、卖得却少，先帮一把，再谈加目标。第二张图看超过黑线的长条：一个人撑着团队三分之一的业绩，
# 其中一半又在两个客户手里，这既是本事，也是风险。这个月就带第二个人去见这些客户，别等辞职信放到桌上。
# 第三张图看新补的岗：秋天才到岗，今年几乎帮不上忙，因为成长曲线要和季节相乘。
#
# ## 轮到你了
#
# 先从“先看一看”的榜单里写下三个你本来想表扬的人，再看他们的卡片。还会用同样的理由表扬的，剩下几个？
# 再把 `posts` 加一个，看第三张图：这个岗在这一年里还能多卖多少。
#
# ## 练习 3.1
#
# 谁的业绩最靠一张单？这张单占本人最近 12 个月的多少？

# %% tags=["exercise"]
answer = ...
sg.check("3.1", answer, company)

# %% tags=["solution"]
answer = people.largest_share.max()
assert answer > 0
assert sg.check("3.1", answer, company)
f"{answer:.0%}"

# %% [markdown] tags=["en"]
# ## Exercise 3.2
#
# If one person left tomorrow: who would take along the largest share of their team's sales? Give the name or the id.

# %% [markdown] tags=["zh"]
# ## 练习 3.2
#
# 假如明天有一个人离职：谁会带走自己团队最大的一块业绩？写姓名或员工编号。

# %% tags=["exercise"]
answer = ...
sg.check("3.2", answer, company)

# %% tags=["solution"]
answer = risk.set_index("person_id").team_share.idxmax()
assert risk.team_share.max() <= 1
assert sg.check("3.2", answer, company)
answer

# %% [markdown] tags=["en", "solution"]
# 3.1: at Chengchuan it is the man on top of the list, with four fifths of the year in one project. Ask the group who
# would have set his next goal on that year; in lesson 4 and lesson 6 the same order comes back as an unfair goal.
# 3.2: a small team makes large shares, so compare with an even share (the black line in the chart). Let each
# participant name one customer of their own whom only one person knows, and who the second face will be.
#
# Quick check: 1 **b**, 2 **a**, 3 **c**. In the second ask what would change the answer: months with orders missing, a
# territory taken over from somebody else, a leave.

# %% [markdown] tags=["zh", "solution"]
# 3.1：在澄川，就是榜单第一名，一年的五分之四在一个项目里。问问大家：谁会拿这一年去定他下一年的目标？第 4 课和第 6 课里，这张单还会回来，变成一个不公平的目标。
# 3.2：团队越小，一个人的份额越大，所以要和“人人平摊”的那条黑线比。请每位学员说出一个只有一个人熟悉的客户，再定下谁去当第二个熟人。
#
# 小测：1 **b**、2 **a**、3 **c**。第二题可以追问：什么情况会改变答案？比如有几个月的订单没录，接手了别人的区域，请过长假。

# %% [markdown] tags=["en"]
# ## Asked again and again
#
# *Can I use this for ranking the last ones out?* No. Where differences are mostly chance, dismissing the bottom every
# year dismisses people at random, and the good ones see it and leave. Where a difference is real, you know it in a
# talk sooner than from a table.
#
# *My best people get 20% more, my new people 20% less: is that not enough?* A vendor's guide tells of a company B
# that did so, after which 92% reached their goals and turnover of new people fell to 5%. These are the vendor's
# figures, unverified. Two fixed steps are better than one size for all; the figures above tell you who needs which
# step, and who needs customers instead.
#
# ## Quick check
#
# 1. Somebody won 4 of 4 deals. What do you say? **a** the best closer we have · **b** too little to say · **c** luck,
#    forget it
# 2. A newcomer in month 5 sells 40% of what veterans sell. **a** about where the ramp expects it · **b** behind ·
#    **c** a talent
# 3. One person makes a third of a team's sales with two customers. What first? **a** a higher goal · **b** praise on
#    the list in the corridor · **c** a second face at both customers

# %% [markdown] tags=["zh"]
# ## 常有人问
#
# *能不能拿它来搞末位淘汰？* 不能。差别多半是碰运气的时候，年年淘汰垫底的，等于随机淘汰；好的人看在眼里，也会走。
# 差别要是真的，谈一次话就知道，用不着等一张表。
#
# *主力加 20%、新人减 20%，这样还不够吗？* 某厂商的指南讲了 B 公司的故事：这么做之后 92% 的人达标，新人流失率降到 5%。
# 这些是厂商自己的数字，未经核实。分两档总好过一刀切；而上面的数字能告诉你，谁该用哪一档，谁缺的其实是客户。
#
# ## 小测
#
# 1. 有人谈 4 单成了 4 单，你怎么说？**a** 我们最会签单的人 · **b** 说不准 · **c** 运气，别当回事
# 2. 新人第 5 个月卖到老员工的 40%。**a** 差不多在成长曲线上 · **b** 偏慢 · **c** 是个高手
# 3. 一个人靠两个客户做出团队三分之一的业绩，先做什么？**a** 加目标 · **b** 在走廊的榜单上表扬 · **c** 给两个客户都配上第二个熟人

# %% [markdown] tags=["en"]
# ## With your own data
#
# - write the folder's path between the quotes of `workspace`; sales by person are enough to begin, each further table
#   (hire dates, deals, cost, customers with potential, visits) opens a column or a chart
# - what is missing is named under the list, and its columns and charts stay away
# - in a terminal: `salesgoals team FOLDER` says the same; `--json` gives all figures
#
# ## Take away
#
# - “too little to say” is an answer, and often the honest one
# - newcomers belong beside the ramp, people beside peers in the same role, windfalls beside the plan
# - know what would leave with whom before it does; figures open a talk, they never close one
#
# Next: [4 · Set the goal](04_goal.ipynb)

# %% [markdown] tags=["zh"]
# ## 换成你自己的数据
#
# - 把文件夹的路径写进 `workspace` 的引号里；有按人记的销售就能开始，多一张表（入职日期、商机、成本、客户潜力、拜访）就多一列或一张图
# - 缺什么，榜单下面会点名，对应的列和图就不出现
# - 在终端里输入 `salesgoals team FOLDER`，得到同样的团队盘点；加 `--json` 给出全部数字
#
# ## 记住这三点
#
# - “说不准”也是答案，往往还是最老实的答案
# - 新人和成长曲线比，人和同岗位的人比，特大单放到计划外面
# - 谁一走会带走什么，要在走之前就知道；数字是谈话的开头，不是结论
#
# 下一课：[4 · 定总目标](04_goal.ipynb)

# %% tags=["versions", "nbval-ignore-output"]
sg.versions()
