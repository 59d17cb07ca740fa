# %% [markdown] tags=["en"]
# # 8 · Steer the month
#
# **Will we make it, and whom should we help today?**
#
# | minutes | you need | you leave with |
# |---|---|---|
# | 60 | lesson 6, agreed goals | a board that seldom rings and is worth a look when it does, what each person has to do a week, the agenda of the next meeting |

# %% [markdown] tags=["zh"]
# # 8 · 过程管控
#
# **这个月能完成吗？今天该去帮谁？**
#
# | 分钟 | 需要 | 带走 |
# |---|---|---|
# | 60 | 学过第 6 课，目标已经确认 | 一块轻易不响、一响就值得去看的看板，每个人每周要做多少，下一次会的议程 |

# %% [markdown] tags=["en"]
# ## The situation
#
# On 2026-06-18 the sales director speaks:
#
# > "14 of 21 working days are gone, that is 67%, and we stand at 47% of the goal. So every morning I read out who is
# > behind, loudly. By now everybody is behind, every month, and in the last week most catch up after all. Nobody
# > listens any more. And the one team that really slipped I found out about when the quarter was over."
#
# A vendor's article tells of company C: goals set too high at the start of 2022, far off by the middle of the year;
# then a CRM, regular retrospectives and a new way of splitting goals, and 88% of the people reached their goals instead of 45%.
# These figures were never verified. The question behind them is real: how could company C have noticed earlier?
#
# ## You will be able to
#
# - say whether a month is in danger, and how often such an alarm is wrong
# - turn what is missing into visits, follow-ups and quotes a week, for each person
# - hold the morning meeting and the weekly review with facts instead of a loud voice

# %% [markdown] tags=["zh"]
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
# - 开早会、周会靠事实，不靠嗓门

# %% tags=["parameters"]
language: str = "zh"  # zh or en / 界面语言：zh 或 en
workspace: str = ""  # folder of a workspace, empty for the sample company / 工作区文件夹，留空即样例公司
period: str = ""  # such as 2026-06 or 2026-Q2, empty for the last one on record / 如 2026-06、2026-Q2，留空即最近一期
day: str = ""  # we know nothing after it; empty: two thirds into the period / 假装只知道到这一天，留空即走完三分之二的那天

# %% tags=["setup"]
import salesgoals as sg

sg.use_language(language)
sg.refuse_unknown_parameters(globals())
sg.use_charts(pictures=True)
company = sg.open_workspace(workspace) if workspace else sg.sample_workspace()
sg.lesson_needs_sales(company)

# %% [markdown] tags=["en"]
# ## Look first
#
# We go back to the morning after `day`: everything that came later is cut off. This is what the director looks at: the
# goal, what is sold, and the share of working days that is gone. Who is behind?

# %% [markdown] tags=["zh"]
# ## 先看一看
#
# 我们回到 `day` 的第二天早上，之后发生的事全部遮住。总监看的就是这张表：目标、已完成、时间走了多少。谁落后？

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
# ## Step 1: the usual pace
#
# Sales do not come in evenly. At many companies the last week of a month brings as much as the two before it, so "days
# gone / days" is always ahead of you until the last day. Compare with how **your own** months usually run: on working
# days, with holidays and make-up days taken into account.

# %% [markdown] tags=["zh"]
# 点名点到几乎所有人，等于谁也没点到。
#
# ## 第 1 步：跟平常的进度比
#
# 业绩不是每天一样多。很多公司月底最后一周顶得上前面两周，所以拿“过了几天 / 共几天”去比，不到最后一天总是落后。
# 该比的是**自己**平常的月份怎么走：只算工作日，放假和调休都算进去。

# %%
sg.chart_pace(sg.pace_course(tables, goals, span, "all", "all", today, country), currency)

# %% [markdown] tags=["en"]
# The dotted line is linear pace, the dashed one is how such a month usually runs. The bar on the right says where it
# will end in 80% of such cases; it gets shorter from day to day.
#
# ## Step 2: from pace to chance
#
# One figure is enough to decide: how likely is the goal still? Above 50% leave people in peace. Below, talk. And ring
# only when hardly anything is left: below 2% at the start of the month, below 13.5% at its end, for early on there
# is still much time for a false alarm. A person with a handful of deals a month is marked "too few deals": there
# sales mostly show luck, and the weekly figures of step 4 say more.
#
# Below the board you can move the day: what did it say two weeks earlier, and when did it first know?

# %% [markdown] tags=["zh"]
# 点线是平均进度（按天数摊平），虚线是这样的月份平常的走法。右边那一竖是期末会落在哪里：这样的情况有 80% 落在里面，越往后越短。
#
# ## 第 2 步：从进度到概率
#
# 拿主意只要一个数：目标还有多大把握完成？50% 以上，别去打扰；不到，聊一聊；几乎没戏了才拉警报：
# 月初低于 2%，月底低于 13.5%，因为越早，误报的机会越多。
# 一个月只有几单的人会标成“单子太少”：他们的业绩多半看运气，不如看第 4 步的每周指标。
#
# 看板下面可以拖动日期：两周以前，它是怎么说的？它是哪一天第一次看出来的？

# %% tags=["nbval-check-output"]
sg.show_board(board, currency, people)

# %%
sg.chart_board(board[board.by == "team"] if (board.by == "team").any() else board[board.by == "person"])

# %% tags=["interactive", "nbval-ignore-output"]
sg.slide_day(company.tables, goals, span, today, country, currency)

# %% [markdown] tags=["en"]
# ## Step 3: which rule cries wolf?
#
# Every rule finds bad months if it rings often enough. So each rule was tried on thousands of simulated months of which
# we know whether they were good or bad. Two figures count: how many **good** months had an alarm (false), and how many
# **bad** months had one (found).

# %% [markdown] tags=["zh"]
# ## 第 3 步：哪条规则老喊“狼来了”？
#
# 只要响得够勤，什么规则都抓得住坏月份。所以我们拿几千个模拟的月份去试，哪些是好月份、哪些是坏月份，事先都知道。
# 只看两个数：**好**月份里有多少被误报，**坏**月份里有多少被抓到。

# %% tags=["nbval-check-output"]
quality = sg.alarm_quality()
sg.show_alarm_quality(quality)

# %%
sg.chart_alarm_rules(quality)

# %% tags=["interactive", "nbval-ignore-output"]
sg.choose_rule(quality)

# %% [markdown] tags=["en"]
# "Behind linear pace" rings in nearly every good month: it is the weather, not an alarm. The chance stays quiet
# in good months. The price is paid in small teams: at 10 deals a month it misses many bad months. No rule can do better
# there; whoever promises it rings at random.
#
# ## Step 4: what has changed, and why?
#
# Sales come last. Visits, quotes and the share of quotes won move weeks before. Each weekly figure is held against its
# own last 26 weeks, working days taken out; it rings only when it has really fallen. Beside it stands how many false
# alarms so many charts would give by themselves.

# %% [markdown] tags=["zh"]
# “落后于平均进度”在几乎每个好月份里都会响：那是天气，不是警报。“概率低到门槛以下”在好月份里很安静。代价落在小团队头上：
# 一个月 10 单，坏月份有不少抓不到。这种地方没有哪条规则能做得更好，谁说能，谁就是在瞎响。
#
# ## 第 4 步：什么变了？为什么？
#
# 业绩是最后才变的。拜访、报价、报价成交的比例，要早好几周。每个周指标都跟自己过去 26 周比，扣掉工作日多少的影响，
# 真的掉了才响。旁边写着：这么多张图，什么都没变的话，本来也会误响几次。

# %% tags=["nbval-check-output"]
weekly = sg.kpi_alarms(tables, today, country)
charts = sg.sum_up_charts(weekly)
sg.show_kpi_alarms(charts, people)

# %%
sg.chart_kpi(sg.clearest_chart(weekly, charts))

# %% [markdown] tags=["en"]
# A single week inside the grey band says nothing: do not ask anybody about it. What rings (orange) is a row of weeks that
# lie below the usual line together. Now the other way round: a team lies behind, and the chain from visit to money says
# where it is lost. Only steps are named that luck alone would hardly explain.

# %% [markdown] tags=["zh"]
# 单独一周落在灰带里，什么也说明不了，别为这个找人谈话。会响的（橙点）是一连几周都压在平常线下面。
# 再倒过来看：一个团队落后了，从拜访到成交金额这条链子，能说出丢在哪一环。只写光靠运气说不通的那几环。

# %% tags=["nbval-check-output"]
reasons = sg.name_reasons(tables, goals, span, today, country)
sg.show_reasons(reasons, board, currency, people)

# %% [markdown] tags=["en"]
# ## Step 5: what has to happen this week?
#
# "Sell more" is no instruction. Go backwards from what is missing: so much money, so many deals, so many quotes, so many
# visits, on the working days that are left. The rates are the person's own, drawn towards the colleagues' where the
# person has few cases. If the result lies beyond anything the person ever did in a week, visits alone will not do it:
# then talk about deal size, price or the goal.

# %% [markdown] tags=["zh"]
# ## 第 5 步：这一周要做什么？
#
# “多卖点”不是指令。从还差的数倒着推：差多少钱，就是差多少单、多少次报价、多少次拜访，再摊到剩下的工作日上。
# 比率用本人自己的，次数少的往同事的水平靠一靠。要是推出来的数，这个人从来没有哪一周做到过，那光靠多跑是不够的：
# 该谈的是单价、价格，或者目标本身。

# %% tags=["nbval-check-output"]
needs = sg.set_kpi_goals(tables, goals, span, today, country)
sg.show_kpi_goals(needs, currency, rows=8)

# %% tags=["interactive", "nbval-ignore-output"]
sg.choose_kpi_person(needs, currency)

# %% [markdown] tags=["en"]
# ## Step 6: who follows up whom?
#
# Four leaks that nobody sees from the total: too little in the pipeline for what is missing; good customers who have not
# gone without contact for longer than usual; customers on whom two people work at once; records that come in late, so that
# everything above is too optimistic or too dark.

# %% [markdown] tags=["zh"]
# ## 第 6 步：谁在跟谁？
#
# 有四个口子，只看总数发现不了：在手的商机盖不住还差的数；好客户比平常更久没人联系；一个客户两个人同时在跑；
# 记录补得晚，于是上面看到的不是偏好就是偏坏。

# %% tags=["nbval-check-output"]
coverage = sg.pipeline_coverage(tables, goals, span, today)
neglected = sg.neglected_customers(tables, today)
doubly = sg.doubly_worked(tables, today)
lag = sg.data_lag(tables, today, country)
display(sg.show_coverage(coverage, currency), sg.show_neglected(neglected, people, currency, rows=6),
        sg.show_doubly_worked(doubly, people), sg.show_lag(lag, people))

# %% [markdown] tags=["en"]
# ## Step 7: the meeting
#
# A month is too far away to run for. Cut it into weeks that follow the usual pace and add up to the goal, and celebrate each
# one on the spot: cinema tickets or tea for all will do. Tell stories of people who climbed out of a hole, but only
# where it is more than luck. Let people compete against goals that are equally hard, and show the top, not the bottom.
# Last comes the agenda of the weekly review: facts are filled in; decisions, owners and dates are left to the
# meeting.

# %% [markdown] tags=["zh"]
# ## 第 7 步：开会
#
# 一个月太远，跑起来没劲。把它切成几周：按平常的进度切，加起来正好是目标，到一站就当场庆祝，几张电影票、一顿下午茶就够。
# 讲讲谁从低谷里爬了出来，但要真的不是运气。PK 可以搞，目标要一样难，榜上只亮前几名，不亮垫底的。
# 最后是周会的议程：事实已经填好；怎么办、谁来办、什么时候办完，留给会上定。

# %% tags=["nbval-check-output"]
before = sg.working_day_before(span.start, 1, country)
weeks = sg.weekly_milestones(goals, span, country, sg.as_known_on(company.tables, before))
sg.show_milestones(weeks, currency, sg.pace_course(tables, goals, span, "all", "all", today, country))

# %% tags=["nbval-check-output"]
stories = sg.success_stories(tables, goals, f"{before:%Y-%m}")
standing = sg.contest(tables, goals, span, today, country)
display(sg.show_stories(stories), sg.show_contest(standing, rows=3))

# %% tags=["nbval-check-output"]
frames = {"kpi_goals_needed": needs, "follow_up_coverage": coverage, "follow_up_neglected": neglected,
          "follow_up_lag": lag, "meetings_stories": stories, "meetings_contest": standing}
sg.show_agenda(sg.agenda("weekly", frames), currency)

# %% [markdown] tags=["en"]
# ## Your turn
#
# Ask the same question five working days earlier. First guess: would you have known already?
#
# **Exercise 8.1.** How likely was the company's goal, as it stood five working days before `today`? (Leave `period` and
# `day` empty.)

# %% [markdown] tags=["zh"]
# ## 轮到你了
#
# 往前推五个工作日，再问一遍同样的问题。先猜：那时候看得出来吗？
#
# **练习 8.1** 站在 `today` 之前的第五个工作日看，公司完成目标的概率是多少？（`period` 和 `day` 留空。）

# %% tags=["exercise"]
answer = ...
sg.check("8.1", answer, company)

# %% tags=["solution"]
before = sg.working_day_before(today, 5, country)
earlier = sg.pace_board(sg.as_known_on(company.tables, before), goals, span, before, country)
answer = earlier.chance[earlier.by == "all"].iloc[0]
assert sg.check("8.1", answer, company) or period or day
sg.format_chance(answer)

# %% [markdown] tags=["en", "solution"]
# 8.1: put the two chances side by side. Then ask at which chance the group would have acted, and what could have been
# done with those five days.

# %% [markdown] tags=["zh", "solution"]
# 8.1 把两个概率摆在一起。再问：概率降到多少，大家会动手？多出来的这五天，能做什么？

# %% [markdown] tags=["en"]
# **Exercise 8.2.** So many charts are watched each week. If nothing had changed anywhere, how many of them would ring
# falsely within a quarter all the same? Guess first, then add up what `charts` says of each chart.

# %% [markdown] tags=["zh"]
# **练习 8.2** 每周盯着这么多张图。假如哪里都没变，一个季度里也会有几张误响？先猜，再把 `charts` 里每张图的误响概率加起来。

# %% tags=["exercise"]
answer = ...
sg.check("8.2", answer, company)

# %% tags=["solution"]
answer = charts.false_alarms.sum()
assert sg.check("8.2", answer, company) or period or day
f"{answer:.1f}"

# %% [markdown] tags=["en", "solution"]
# 8.2: compare with the number of charts in alarm. Where about as many ring as would ring by themselves, look, but accuse
# nobody. And let the group work out what happens when somebody adds 100 charts more.

# %% [markdown] tags=["zh", "solution"]
# 8.2 请大家跟真正在响的图数比一比。响的张数要是跟本来就会误响的差不多，看看就好，别怪人。再让大家算算：有人又加了 100 张图，会怎样？

# %% [markdown] tags=["en"]
# ## Asked again and again
#
# *How do I make sure that everybody gets there, without shouting?* Not everybody will, and that is no scandal: at goals of
# equal chance some miss theirs by luck alone. What helps is early and small: goals people believe in (lesson 6), a
# milestone each week, help where the board rings, praise on the spot, facts in the meeting.
#
# *Morale is low, nobody believes in the goal.* Take the goal apart down to the day: if the visits it takes fit into a
# week, show it; if they do not, the team is right, and the goal belongs on the table (lesson 9). Ask regularly, in
# 5 short anonymous questions (`sg.write_pulse_form` writes the form), and show what came of it.
#
# ## Quick check
#
# 1. On working day 14 of 21 a team is at 55% of its goal; it usually stands at 54% then. What do you do? **a** read its
#    name out · **b** leave it in peace · **c** raise the goal
# 2. Somebody with 3 deals a month has not sold yet on the 15th. What does that tell? **a** laziness · **b** hardly
#    anything; look at visits and quotes · **c** the month is lost
# 3. The win rate chart rings, the visits are as usual. Where do you start? **a** more visits · **b** sit in on
#    quotes and offers · **c** a contest for visits

# %% [markdown] tags=["zh"]
# ## 常有人问
#
# *怎么保证人人都完成，又不靠吼？* 不会人人都完成，这也不丢人：目标再公平，也总有人单凭运气差一点。有用的是早一点、小一点：
# 目标大家自己认（第 6 课），每周有一站，看板响的地方去帮，做得好当场夸，开会讲事实。
#
# *士气低落，大家不信这个目标，怎么办？* 把目标一直拆到每天：要跑的拜访一周装得下，就摆给大家看；装不下，那是团队说得对，
# 目标该拿出来重新谈（第 9 课）。定期匿名问 5 个小问题（`sg.write_pulse_form` 写出问卷），并且让大家看到问了以后有什么变化。
#
# ## 小测
#
# 1. 21 个工作日过了 14 个，一个团队完成了目标的 55%，平常这时是 54%。怎么办？**a** 点名 · **b** 别去打扰 · **c** 加目标
# 2. 一个人平常每月 3 单，到 15 日还没开张。说明什么？**a** 偷懒 · **b** 几乎说明不了什么，去看拜访和报价 · **c** 这个月完了
# 3. 成交率的图响了，拜访量照旧。从哪儿下手？**a** 多跑拜访 · **b** 陪着做报价、看方案 · **c** 搞一场拜访量 PK

# %% [markdown] tags=["en", "solution"]
# Answers: 1 **b**, 2 **b**, 3 **b**. On question 1 ask which rule would have read the name out.

# %% [markdown] tags=["zh", "solution"]
# 答案：1 **b**、2 **b**、3 **b**。第 1 题可以追问：哪条规则会点这个团队的名？

# %% [markdown] tags=["en"]
# ## With your own data
#
# - set `workspace` to your folder, `period` to the month that is running, and leave `day` empty or name yesterday
# - in a terminal: `salesgoals progress FOLDER --period 2026-07 --day 2026-07-16` prints the board and writes the reports;
#   `--by team` or `--by person` makes one for each, `--measured` prints the table of step 3
# - steps 4 to 6 need visits, quotes or opportunities on record; what is missing is said in a sentence, never guessed
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
#   `--by team` 或 `--by person` 给每个团队、每个人各做一份，`--measured` 打出第 3 步的那张表
# - 第 4 步到第 6 步要有拜访、报价或商机的记录；缺什么就用一句话说明，绝不瞎猜
#
# ## 记住这三点
#
# - 问概率，别问离平均进度差多少；还要知道自己的警报有多少是错的
# - 把还差的数，按每个人自己的比率换算成每周的拜访、跟进和报价
# - 开会靠事实、靠小目标、靠当场表扬；嗓门大不是办法
#
# 下一课：[9 · 目标调整](09_adjust.ipynb)

# %% tags=["versions", "nbval-ignore-output"]
sg.versions()
