# %% [markdown] tags=["en"]
# # 8 · Steer the month
#
# **Will we make it, and whom should we help today?**
#
# | minutes | you need | you leave with |
# |---|---|---|
# | 60 | lesson 6, agreed goals | a board that seldom rings and is worth a look when it does, what each person has to do a week, the agenda of the next meeting |
#
# ## The situation
#
# On 2026-06-18 the sales director speaks:
#
# > “14 of 21 working days are gone, that is 67%, and we stand at 47% of the goal. So every morning I read out who is
# > behind, loudly. By now everybody is behind, every month, and in the last week most catch up after all. Nobody
# > listens any more. And the one team that really slipped I found out about when the quarter was over.”
#
# A vendor's article tells of company C: goals set too high at the start of 2022, far off by the middle of the year;
# then a CRM, regular retrospectives and a new way of splitting goals, and 88% of the people reached their goals instead
# of 45%. These figures were never verified. The question behind them is real: how could company C have noticed earlier?
#
# ## You will be able to
#
# - say whether a month is in danger, and how often such an alarm is wrong
# - turn what is missing into visits, follow-ups and quotes a week, for each person
# - hold the weekly review with facts instead of a loud voice

# %% [markdown] tags=["zh"]
# # 8 · 过程管控
#
# **这个月能完成吗？今天该去帮谁？**
#
# | 分钟 | 需要 | 带走 |
# |---|---|---|
# | 60 | 学过第 6 课，目标已经确认 | 一块轻易不响、一响就值得去看的看板，每个人每周要做多少，下一次会的议程 |
#
# ## 情景
#
# 2026-06-18 这天，销售总监说：
#
# > “21 个工作日过了 14 个，时间走了 67%，目标才完成 47%。所以我天天早上点名，谁落后念谁，嗓门一天比一天大。
# > 可现在每个月人人都落后，到最后一周多半又追上来了，谁还听我的？真正滑下去的那个团队，我反倒是季度完了才知道。”
#
# 有家厂商的文章讲过 C 公司：2022 年初目标定得太高，到年中严重偏离；后来上了 CRM，定期复盘，换了分解办法，
# 达标率从 45% 升到 88%。这些数字没有人核实过。但背后的问题是真的：C 公司怎样才能早一点发现？
#
# ## 学完这一课
#
# - 说得出这个月有没有危险，也说得出这样的警报有多少是错的
# - 会把还差的数换算成每个人每周要做的拜访、跟进和报价
# - 开周会靠事实，不靠嗓门

# %% tags=["parameters"]
language: str = "zh"  # zh or en / 界面语言：zh 或 en
workspace: str = r""  # your folder of exports, empty for the sample company / 放导出表的文件夹，留空即样例公司
period: str = ""  # such as 2026-06 or 2026-Q2, empty for the last one on record / 如 2026-06、2026-Q2，留空即最近一期
day: str = ""  # we know nothing after it; empty: two thirds into the period / 假装只知道到这一天，留空即走完三分之二的那天

# %% tags=["setup"]
import salesgoals as sg

sg.use_language(language)
sg.refuse_unknown_parameters(globals())
sg.use_charts(pictures=True)
company = sg.workspace_of(workspace)
sg.lesson_needs_sales(company)

# %% [markdown] tags=["en"]
# ## Look first
#
# We go back to the evening of `day`: everything that came later is cut off. This is what the director looks at: the
# goal, what is sold, and the share of working days that is gone. Who is behind?

# %% [markdown] tags=["zh"]
# ## 先看一看
#
# 我们回到 `day` 那天晚上，之后发生的事全部遮住。总监看的就是这张表：目标、已完成、时间走了多少。谁落后？

# %% tags=["nbval-check-output"]
country, currency = company.settings.calendar_country, company.settings.currency
span = sg.read_period(period, company.tables)
today = sg.practice_day(span, day, country)
tables = sg.as_known_on(company.tables, today)
goals = sg.practice_goals(company, span)
people = company.tables["people"]
board = sg.pace_board(tables, goals, span, today, country)
sg.show_linear(board, currency, people, goals)

# %% [markdown] tags=["en"]
# A rule that names nearly everybody names nobody.
#
# ## Step 1: from pace to chance
#
# Sales do not come in evenly. At many companies the last week of a month brings as much as the two before it, so “days
# gone / days” is always ahead of you until the last day. Compare with how **your own** months usually run, on working
# days, with holidays and make-up days taken into account: that is the dashed line of the chart. The bar on its right says
# where the month will end in 80% of such cases.
#
# From there one figure is enough to decide: how likely is the goal still? Above 50% leave people in peace. Below, talk.
# Ring only when hardly anything is left: below 2% at the start of the month, below 13.5% at its end, for early on
# there is still much time for a false alarm. Whoever has a handful of deals a month is marked “too few deals”: there
# sales mostly show luck, and the weekly figures of step 3 say more.
#
# Then move the day: what did the board say two weeks earlier, and when did it first know?

# %% [markdown] tags=["zh"]
# 点名点到几乎所有人，等于谁也没点到。
#
# ## 第 1 步：从进度到概率
#
# 业绩不是每天一样多。很多公司月底最后一周顶得上前面两周，所以拿“过了几天 / 共几天”去比，不到最后一天总是落后。
# 该比的是**自己**平常的月份怎么走，只算工作日，放假和调休都算进去：就是图上那条虚线。右边那一竖，是这个月会落在哪里：
# 这样的情况有 80% 落在里面。
#
# 到了这里，拿主意只要一个数：目标还有多大把握完成？50% 以上，别去打扰；不到，聊一聊；几乎没戏了才拉警报：
# 月初低于 2%，月底低于 13.5%，因为越早，误报的机会越多。
# 一个月只有几单的人会标成“单子太少”：他们的业绩多半看运气，不如看第 3 步的每周指标。
#
# 然后拖动日期：两周以前，看板是怎么说的？它是哪一天第一次看出来的？

# %%
sg.chart_pace(sg.pace_course(tables, goals, span, "all", "all", today, country), currency)

# %% tags=["nbval-check-output"]
sg.show_board(board, currency, people)

# %% tags=["interactive", "nbval-ignore-output"]
sg.slide_day(company.tables, goals, span, today, country, currency)

# %% [markdown] tags=["en"]
# The board names a few, not all: look at the last column, then at “usual by now” beside what is done.
#
# ## Step 2: which rule cries wolf?
#
# Every rule finds bad months if it rings often enough. So each rule was tried on thousands of simulated months of which
# we know whether they were good or bad. Two figures count: how many **good** months had an alarm (false), and how many
# **bad** months had one (found). The table has both for teams with 10, 60 and 400 deals a month; choose a rule below it.

# %% [markdown] tags=["zh"]
# 看板只点了几个名，不是所有人：先看最后一列，再拿“平常这时”和完成率比一比。
#
# ## 第 2 步：哪条规则老喊“狼来了”？
#
# 只要响得够勤，什么规则都抓得住坏月份。所以我们拿几千个模拟的月份去试，哪些是好月份、哪些是坏月份，事先都知道。
# 只看两个数：**好**月份里有多少被误报，**坏**月份里有多少被抓到。每月 10 单、60 单、400 单的团队，表里各有一组；
# 再在下面选一条规则看看。

# %% tags=["nbval-check-output"]
quality = sg.alarm_quality()
sg.show_alarm_quality(quality)

# %% tags=["interactive", "nbval-ignore-output"]
sg.choose_rule(quality)

# %% [markdown] tags=["en"]
# “Behind linear pace” rings in nearly every good month: it is the weather, not an alarm. The chance stays quiet in good
# months. The price is paid in small teams: at 10 deals a month it misses many bad months. No rule can do better there;
# whoever promises it rings at random.
#
# ## Step 3: what has changed, and why?
#
# Sales come last. Visits, quotes and the share of quotes won move weeks before. Each weekly figure is held against its
# own last 26 weeks, working days taken out; it rings only when it has really fallen, and the first line says how many
# charts would ring by themselves. The second table turns it round: a team lies behind, and the chain from visit to money
# says where it is lost. Only steps are named that luck alone would hardly explain.

# %% [markdown] tags=["zh"]
# “落后于平均进度”在几乎每个好月份里都会响：那是天气，不是警报。“概率低到门槛以下”在好月份里很安静。代价落在小团队头上：
# 一个月 10 单，坏月份有不少抓不到。这种地方没有哪条规则能做得更好，谁说能，谁就是在瞎响。
#
# ## 第 3 步：什么变了？为什么？
#
# 业绩是最后才变的。拜访、报价、报价成交的比例，要早好几周。每个周指标都跟自己过去 26 周比，扣掉工作日多少的影响，
# 真的掉了才响；第一句写着，什么都没变的话，本来也会误响几张。第二张表倒过来看：一个团队落后了，
# 从拜访到成交金额这条链子，能说出丢在哪一环。只写光靠运气说不通的那几环。

# %% tags=["nbval-check-output"]
weekly = sg.kpi_alarms(tables, today, country)
charts = sg.sum_up_charts(weekly)
reasons = sg.name_reasons(tables, goals, span, today, country)
display(sg.show_kpi_alarms(charts, people), sg.show_reasons(reasons, board, currency, people))

# %%
sg.chart_kpi(sg.clearest_chart(weekly, charts))

# %% [markdown] tags=["en"]
# In the chart, a single week inside the grey band says nothing: do not ask anybody about it. What rings (orange) is a row
# of weeks that lie below the usual line together.
#
# ## Step 4: what has to happen this week?
#
# “Sell more” is no instruction. Go backwards from what is missing: so much money, so many deals, so many quotes, so many
# visits, on the working days that are left. The rates are the person's own, drawn towards the colleagues' where the
# person has few cases. Choose a person below the table.

# %% [markdown] tags=["zh"]
# 图上单独一周落在灰带里，什么也说明不了，别为这个找人谈话。会响的（橙点）是一连几周都压在平常线下面。
#
# ## 第 4 步：这一周要做什么？
#
# “多卖点”不是指令。从还差的数倒着推：差多少钱，就是差多少单、多少次报价、多少次拜访，再摊到剩下的工作日上。
# 比率用本人自己的，次数少的往同事的水平靠一靠。表下面可以选一个人看。

# %% tags=["nbval-check-output"]
facts = sg.facts_for_meeting(company, tables, goals, span, today)
needs = facts["kpi_goals_needed"]
sg.show_kpi_goals(needs, currency, rows=6)

# %% tags=["interactive", "nbval-ignore-output"]
sg.choose_kpi_person(needs, currency)

# %% [markdown] tags=["en"]
# Read the last column of the table first. Where the figure lies beyond anything the person ever did in a week, visits alone will not
# do it: then talk about deal size, price or the goal.
#
# ## Step 5: the meeting
#
# A month is too far away to run for. Cut it into weeks that follow the usual pace and add up to the goal, and celebrate
# each one on the spot. Below the weeks stands the agenda of the review. The facts are filled in, with four leaks that
# nobody sees from the total: too little in the pipeline, good customers without contact for longer than usual, two
# people on one customer, records that come in late (`sg.show_coverage`, `sg.show_neglected`, `sg.show_doubly_worked`,
# `sg.show_lag` give each in full). A story of somebody who climbed out of a hole (`sg.show_stories`) is told only where
# it is more than luck. Decisions, owners and dates are left to the meeting.

# %% [markdown] tags=["zh"]
# 先看表的最后一列。要是推出来的数，这个人从来没有哪一周做到过，那光靠多跑是不够的：该谈的是单子大小、价格，或者目标本身。
#
# ## 第 5 步：开会
#
# 一个月太远，跑起来没劲。把它切成几周：按平常的进度切，加起来正好是目标，到一站就当场庆祝。下面是周会的议程。
# 事实已经填好，包括只看总数发现不了的四个口子：在手的商机不够；好客户比平常更久没人联系；一个客户两个人同时在跑；
# 记录补得晚（`sg.show_coverage`、`sg.show_neglected`、`sg.show_doubly_worked`、`sg.show_lag` 各给一张完整的表）。
# 谁从低谷里爬了出来（`sg.show_stories`），真的不是运气才讲。怎么办、谁来办、什么时候办完，留给会上定。

# %% tags=["nbval-check-output"]
weeks = facts["kpi_goals_weeks"]
course = sg.pace_course(tables, goals, span, "all", "all", today, country)
agenda = sg.agenda("weekly", facts)
display(sg.show_milestones(weeks, currency, course), sg.show_agenda(agenda, currency))

# %% [markdown] tags=["en"]
# Hold the agenda beside your last review: how much of the time went into facts that everybody could have read before?
#
# ## Your turn
#
# Guess first: how likely was the company's goal on the first evening of the month? Then go back to the slider of step 1,
# move it to the first day, and write down in one sentence: did the month go wrong, or was it the goal?
#
# ## Exercise 8.1
#
# How likely was the company's goal, as it stood five working days before `today`? (Leave `period` and `day` empty.)

# %% [markdown] tags=["zh"]
# 拿这份议程和你上一次的周会比一比：会上有多少时间，花在了大家本来可以事先看到的事实上？
#
# ## 轮到你了
#
# 先猜：月初第一天晚上，公司完成目标有几成把握？再回到第 1 步的滑块，拖到第一天看一看，写一句话：是这个月没干好，还是目标本来就定高了？
#
# ## 练习 8.1
#
# 站在 `today` 之前的第五个工作日看，公司完成目标的概率是多少？（`period` 和 `day` 留空。）

# %% tags=["exercise"]
answer = ...
sg.check("8.1", answer, company)

# %% tags=["solution"]
before = sg.working_day_before(today, 5, country)
earlier = sg.pace_board(sg.as_known_on(company.tables, before), goals, span, before, country)
answer = earlier.chance[earlier.by == "all"].iloc[0]
assert sg.check("8.1", answer, company) or period or day
sg.format_chance(answer)

# %% [markdown] tags=["en"]
# ## Exercise 8.2
#
# So many charts are watched each week. If nothing had changed anywhere, how many of them would ring falsely within a
# quarter all the same? Guess first, then add up what `charts` says of each chart.

# %% [markdown] tags=["zh"]
# ## 练习 8.2
#
# 每周盯着这么多张图。假如哪里都没变，一个季度里也会有几张误响？先猜，再把 `charts` 里每张图的误响概率加起来。

# %% tags=["exercise"]
answer = ...
sg.check("8.2", answer, company)

# %% tags=["solution"]
answer = charts.false_alarms.sum()
assert sg.check("8.2", answer, company) or period or day
f"{answer:.1f}"

# %% [markdown] tags=["en"]
# ## Asked again and again
#
# *The goals are set. How do I make sure that everybody gets there, without shouting?* Not everybody will, and that is no
# scandal: where each goal has a chance of 50%, half of the people miss theirs by luck alone. The usual tips, held against
# the data:
#
# | tip | what the data say |
# |---|---|
# | bring the goal down to each person, and let it be accepted | yes, if people could name it themselves (lesson 6) |
# | look every week, not at the end of the month | yes: figures of work move weeks before sales; a single week means nothing |
# | let a system warn of those who fall behind | it depends on the rule: at 60 deals a month, “behind linear pace” rings in 93% of the good months, our line of chance in 4% |
# | praise and help at once | cheap, and each milestone is an occasion; nobody has measured here how much it brings |
# | small contests | only against goals that are equally hard, and show the top, not the bottom (`sg.show_contest`) |
#
# And ask the people: 5 short anonymous questions, regularly (`sg.write_pulse_form`), and show what came of it.
#
# ## Quick check
#
# 1. On working day 14 of 21 a team is at 55% of its goal; it usually stands at 54% then. What do you do? **a** read its
#    name out · **b** leave it in peace · **c** raise the goal
# 2. Somebody with 3 deals a month has not sold yet on the 15th. What does that tell? **a** hardly anything; look at
#    visits and quotes · **b** laziness · **c** the month is lost
# 3. The win rate chart rings, the visits are as usual. Where do you start? **a** more visits · **b** a contest for
#    visits · **c** sit in on quotes and offers

# %% [markdown] tags=["zh"]
# ## 常有人问
#
# *目标定好了，怎么保证大家都能完成，又不靠“打鸡血”？* 不会人人都完成，这也不丢人：每个目标都是 50% 的把握，单凭运气就有一半人完不成。
# 常听到的几招，拿数据对一对：
#
# | 办法 | 数据怎么说 |
# |---|---|
# | 目标分解到个人，还要让大家认同 | 行，前提是本人自己报过数（第 6 课） |
# | 每周看进展，别等月底看结果 | 行：动作的指标比业绩早几周变；但单独一周说明不了什么 |
# | 上系统，自动预警掉队的人 | 要看规则：一个月 60 单的团队，“落后于平均进度”在 93% 的好月份里都会响，我们的概率警戒线只有 4% |
# | 及时表扬，遇到瓶颈马上帮 | 花钱不多，每周一站正好有由头；究竟多卖多少，这里没人量过 |
# | 搞点小竞赛、PK | 目标一样难才公平；榜上只亮前几名，不亮垫底的（`sg.show_contest`） |
#
# 还要去问大家：定期匿名问 5 个小问题（`sg.write_pulse_form`），并且让大家看到问了以后有什么变化。
#
# ## 小测
#
# 1. 21 个工作日过了 14 个，一个团队完成了目标的 55%，平常这时是 54%。怎么办？**a** 点名 · **b** 别去打扰 · **c** 加目标
# 2. 一个人平常每月 3 单，到 15 日还没开张。说明什么？**a** 几乎说明不了什么，去看拜访和报价 · **b** 偷懒 · **c** 这个月完了
# 3. 成交率的图响了，拜访量照旧。从哪儿下手？**a** 多跑拜访 · **b** 搞一场拜访量 PK · **c** 陪着做报价、看方案

# %% [markdown] tags=["en", "solution"]
# **Why.** 8.1: put the two chances side by side, ask at which chance the group would have acted, and what could have been
# done with those five days. 8.2: compare with the number of charts in alarm. Where about as many ring as would ring by
# themselves, look, but accuse nobody. Let the group work out what happens when somebody adds 100 charts more.
#
# **Answers:** 1 **b**, 2 **a**, 3 **c**. On question 1 ask which rule would have read the name out.

# %% [markdown] tags=["zh", "solution"]
# **为什么。** 8.1：把两个概率摆在一起，问问大家：概率降到多少会动手？多出来的这五天，能做什么？
# 8.2：请大家跟真正在响的图数比一比。响的张数要是跟本来就会误响的差不多，看看就好，别怪人。再算算：有人又加了 100 张图，会怎样？
#
# **答案：** 1 **b**、2 **a**、3 **c**。第 1 题可以追问：哪条规则会点这个团队的名？

# %% [markdown] tags=["en"]
# ## With your own data
#
# - set `workspace` to your folder, `period` to the month that is running, and leave `day` empty or name yesterday
# - in a terminal: `salesgoals progress FOLDER --period 2026-07 --day 2026-07-16` prints the board and writes the reports;
#   `--by team` or `--by person` makes one for each, `--measured` prints the table of step 2
# - steps 3 to 5 need visits, quotes or opportunities on record; what is missing is said in a sentence, never guessed
#
# ## Take away
#
# - ask for the chance, not for the distance from linear pace; know how often your alarm is wrong
# - what is missing becomes visits, follow-ups and quotes a week, from each person's own rates
# - meetings live on facts, small milestones and praise; a loud voice is no method
#
# Next: [9 · Adjust the goals](09_adjust.ipynb)

# %% [markdown] tags=["zh"]
# ## 换成你自己的数据
#
# - 把 `workspace` 改成你的文件夹，`period` 改成正在进行的月份，`day` 留空或者写昨天
# - 在终端里：`salesgoals progress FOLDER --period 2026-07 --day 2026-07-16` 打出看板并写出报告；
#   `--by team` 或 `--by person` 给每个团队、每个人各做一份，`--measured` 打出第 2 步的那张表
# - 第 3 步到第 5 步要有拜访、报价或商机的记录；缺什么就用一句话说明，绝不瞎猜
#
# ## 记住这三点
#
# - 问概率，别问离平均进度差多少；还要知道自己的警报有多少是错的
# - 把还差的数，按每个人自己的比率换算成每周的拜访、跟进和报价
# - 开会靠事实、靠小目标、靠当场表扬；嗓门大不是办法
#
# 下一课：[9 · 动态调整](09_adjust.ipynb)

# %% tags=["versions", "nbval-ignore-output"]
sg.versions()
