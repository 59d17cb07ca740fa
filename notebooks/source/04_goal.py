# %% [markdown] tags=["en"]
# # 4 · Set the goal
#
# **What total can we reach, how sure are we, and what must count beside it?**
#
# | minutes | you need | you leave with |
# |---|---|---|
# | 60 | lesson 0, collected records | a total with its chance, base and stretch, goals beside revenue |

# %% [markdown] tags=["zh"]
# # 4 · 定总目标
#
# **多大的总数够得着？把握有几成？除了总数还该看什么？**
#
# | 分钟 | 需要 | 带走 |
# |---|---|---|
# | 60 | 学过第 0 课，数据已收集好 | 一个写明把握的总目标，保底和挑战，以及销售额以外的目标 |

# %% [markdown] tags=["en"]
# ## The situation
#
# The sales director speaks:
#
# > "The owner came back from a conference and banged the table: double it. If I say no, I am the one without
# > ambition. If I say yes, my people will laugh, and by the third month nobody will look at the goal any more.
# > I do not want to argue about courage. I want to lay on the table what that number would take."
#
# She has to name a total and say how sure she is of it.
#
# ## You will be able to
#
# - put four estimates of next year's total side by side and say what each rests on
# - answer any wished total with its chance, and name the totals with 70, 50 and 30%
# - say what the chance assumes and how often its range held in the past
# - set base and stretch beside the target, and goals beside revenue, and find the four classic errors in any plan

# %% [markdown] tags=["zh"]
# ## 情景
#
# 销售总监说：
#
# > “老板开会回来一拍桌子：翻一倍。我说不行，就成了没魄力的那个；我说行，底下人会笑，
# > 不出三个月就没人再看目标了。我不想争谁更有胆量，我想把这个数意味着什么摆到桌面上。”
#
# 她要报一个总数，并且说清楚有几成把握。
#
# ## 学完这一课
#
# - 能把四种总额估算放在一起看，并说出各自的依据
# - 不管谁报什么总数，都能答出达成概率，并给出概率为 70、50、30% 的三个总数
# - 能讲清这个概率有哪些假定，它的区间过去有多少次说中了
# - 能在目标旁边定出保底和挑战、定出销售额以外的目标，并在任何方案里找出四个常见误区

# %% tags=["parameters"]
language: str = "zh"  # zh or en / 界面语言：zh 或 en
workspace: str = ""  # folder of a workspace, empty for the sample company / 工作区文件夹，留空即样例公司
wish: float = 2.0  # wished total as a multiple of the last 12 months / 想要的总目标是最近 12 个月的几倍

# %% tags=["setup"]
import salesgoals as sg

sg.use_language(language)
sg.refuse_unknown_parameters(globals())
sg.use_charts(pictures=True)
company = sg.open_workspace(workspace) if workspace else sg.sample_workspace()
currency = company.settings.currency
sg.lesson_needs_sales(company)

# %% [markdown] tags=["en"]
# ## Look first
#
# Last time everybody got the same rise on the year before. What came of it? One line for each year of goals:
# the sum of the goals, what was sold in the same months by the same people, and how many people got there.

# %% [markdown] tags=["zh"]
# ## 先看一看
#
# 上一次的做法是在前一年的基础上人人涨一样多，结果如何？每年一行：目标合计、同一批人在同样月份里实际卖了多少、多少人达标。

# %% tags=["nbval-check-output"]
sg.readable(sg.attainment_by_year(company.tables))

# %% [markdown] tags=["en"]
# Two rates that are often mixed up. **Attainment** is sales divided by goal. **Share at goal** is how many people
# reached 100%. In its first year with goals Chengchuan as a whole was above them, and still more than half of the
# people missed theirs: the total was right, the split was not. (Splitting is lesson 5.)
#
# ## Step 1: four estimates, side by side
#
# Nobody knows next year. But four plain ways of looking at it can be laid beside each other: what was sold in
# the last 12 months, a forecast from the months so far, the last 12 months moved with the market, and what the
# people on board can carry.

# %% [markdown] tags=["zh"]
# 有两个率常被混为一谈。**达成率**是销售额除以目标；**达标率**是完成 100% 的人占多少。
# 有目标的第一年，澄川整体超过了目标，却有一半以上的人没达标：总数没错，错在怎么分。（怎么分，是第 5 课。）
#
# ## 第 1 步：四种估算放在一起看
#
# 明年会怎样，谁也不知道。但可以把四个朴素的角度摆在一起：最近 12 个月的销售额、根据以往各月做的预测、
# 最近 12 个月跟着市场走、现有人手扛得动多少。

# %% tags=["nbval-check-output"]
forecast, board = sg.estimate(company)
sg.readable(board)

# %% [markdown] tags=["en"]
# Start with the first row: **for a year's total the last 12 months are hard to beat**, and every other estimate
# has to explain why it differs. The range of the forecast is meant to hold 80% of outcomes. An estimate that
# cannot be made says what it lacks instead of showing a zero.
#
# ## Step 2: "Double it!"
#
# The answer to the owner is no yes and no no, but a chance. `wish` stands in the parameters above.

# %% [markdown] tags=["zh"]
# 先看第一行：**单看全年总额，“最近 12 个月”这个基线很难被打败**，别的估算和它不一样，就得说出理由。
# 预测后面的区间，本意是装下 80% 的可能结果。算不出来的估算会写明缺什么，而不是填一个零。
#
# ## 第 2 步：“翻一倍！”
#
# 给老板的回答不是“行”，也不是“不行”，而是一个概率。`wish` 就写在上面的参数里。

# %% tags=["nbval-check-output"]
total = wish * forecast.unit["last_12"]
sg.say_chance(forecast, total, currency)

# %% [markdown] tags=["en"]
# An answer that only says how unlikely something is does not help anyone. So put three totals beside it: one
# that is reached in 70% of such years, one with even odds, one with 30%.

# %% [markdown] tags=["zh"]
# 只说“不太可能”，谁也帮不到。所以旁边要放上三个总数：一个有 70% 的把握，一个一半对一半，一个有 30%。

# %% tags=["nbval-check-output"]
three = sg.totals_at(forecast)
sg.readable(three.assign(change=sg.growth_on_last_year(forecast, three.total)))

# %%
sg.chart_chance(forecast, total, currency)

# %% [markdown] tags=["en"]
# Read it to the owner like this: "As we are, doubling is not a goal but a different company. With the people,
# customers and products that we have, these are the totals and their chances. If you want more, tell me what
# changes: people, territory, price or product, and from which month. Then we calculate again."
#
# ## Step 3: what the chance assumes
#
# A chance without its assumptions is a rumour. This one assumes that next year is made as the past years were:
# no new product line, no lost key account, no second sales team. It knows that good and bad years come to
# everybody at once, and that a bad level lasts for months.

# %% [markdown] tags=["zh"]
# 可以这样讲给老板听：“照现在的样子，翻一倍不是目标，而是另一家公司。以现有的人、客户和产品，
# 这几个总数各有几成把握。想要更多，请告诉我哪一样会变：人、区域、价格还是产品，从几月开始。然后我们重新算。”
#
# ## 第 3 步：这个概率假定了什么
#
# 不讲假定的概率，跟小道消息差不多。这里假定明年的路数和过去一样：没有全新的产品线，没有丢掉大客户，也没有多出一支队伍。
# 它也考虑到：好年景坏年景往往是大家一起碰上的；业绩一旦走低，常常要低上好几个月。

# %% tags=["nbval-check-output"]
sg.readable(sg.list_assumptions(forecast))

# %% [markdown] tags=["en"]
# How often did such ranges hold? It was measured, and [docs/coverage.md](../../docs/coverage.md) has the good and the
# bad figures. With 24 months of records, 83% of single sellers' years and 79% of their months fell inside a range
# meant to hold 80% (simulated books); so did 82% of the years of 33 cities together, through the crash of 2008. A range that is meant to hold 80% of
# outcomes and held fewer is a reason to round the promise down, not up.
#
# ## Step 4: base, target, stretch
#
# One figure for everything breaks in three: the budget wants a safe figure, the team a target, the ambitious a
# stretch goal. So take the total with even odds, split it as the past was (lesson 5 does better), and set beside
# each person's target the **base** (reached in seven years of ten) and the **stretch** (three of ten), both from
# the person's own forecast.

# %% [markdown] tags=["zh"]
# 这样的区间过去说中了多少次？我们量过，好的坏的都写在 [docs/coverage.md](../../docs/coverage.md) 里。
# 有 24 个月历史时，本意装下 80% 的区间，装下了单个销售 83% 的年度和 79% 的月份（模拟的业绩本）；
# 33 个城市合在一起、中间碰上 2008 年的大跌，也装下了 82% 的年度。说好装下 80%，实际装下的更少，那就该把承诺往低处说，而不是往高处说。
#
# ## 第 4 步：保底、目标、挑战
#
# 一个数当三个用，迟早要出事：做预算要稳的数，带队伍要目标，想冲的人要挑战目标。
# 所以先拿一半对一半的那个总数，照以往的比例分下去（第 5 课有更好的分法），再在每个人的目标旁边放上
# **保底**（十年里有七年够得着）和**挑战**（十年里有三年够得着），都按他自己的预测来算。

# %% tags=["nbval-check-output"]
start = f"{forecast.unit_months.month.iloc[0]:%Y-%m}"
plan = sg.plan_goals(company.tables, round(three.total[1]), start, country=company.settings.calendar_country)
levels = sg.set_levels(forecast, plan)
sg.readable_levels(sg.add_levels(levels, forecast))

# %%
sg.chart_levels(levels, currency)

# %% [markdown] tags=["en"]
# The table adds people up. If everybody's base is safe to 70%, all bases together are safer still, because
# not everybody has a bad year at once; for the same reason hardly any company sees all its stretches in one
# year. And a target beyond the stretch is no target: find out who it is before the names are read out.
#
# Move the slider and watch the chance fall and the number of such people grow. Where would you sign?

# %% [markdown] tags=["zh"]
# 表里是把人加起来的数。每个人的保底有 70% 的把握，加在一起就更稳，因为不会人人同一年走背字；
# 同样的道理，所有人的挑战在同一年全部做到，几乎没有公司见过。目标比挑战还难，就不成其为目标：名单公布之前，先看看是谁。
#
# 拖动滑块，看概率怎么往下掉，这样的人怎么变多。你愿意在哪里签字？

# %% tags=["interactive", "nbval-ignore-output"]
sg.slide_total(forecast, currency, plan)

# %% [markdown] tags=["en"]
# ## Step 5: not only revenue
#
# Revenue alone can be bought with price cuts. So a few more things should count: gross margin, new customers,
# repeat purchases by existing customers, customers who buy several product lines. The proposal below keeps each in the ratio to revenue of
# the last 12 months and says how likely it is. Newcomers get growth goals: what to learn and do, by which month.

# %% [markdown] tags=["zh"]
# ## 第 5 步：不只看销售额
#
# 只看销售额，降价也能冲上去。所以还要看几样：毛利、新客户、老客户复购、一次买几条产品线的客户。
# 下面的建议让每一样和销售额保持最近 12 个月的比例，并写明有几成把握。新人另有成长目标：哪个月之前学会什么、做到什么。

# %% tags=["nbval-check-output"]
planned = sg.plan_metrics(plan, company.tables, forecast)
sg.readable_metrics(planned)

# %%
sg.chart_metrics(planned.months, planned.totals, currency)

# %% tags=["nbval-check-output"]
sg.readable_milestones(sg.plan_milestones(plan, company.tables), plan)

# %% [markdown] tags=["en"]
# Not too many, though: beyond three or four metrics nobody knows what counts. The list of milestones is a
# file, `milestones.toml`; copy it into the workspace and make it yours.
#
# ## Step 6: were the last goals any good?
#
# **SMART** asks five things of a goal: is it specific, measurable, achievable, relevant, time-bound? And four
# errors come back everywhere: only revenue counts, the market is left out, one size is cut for all, nothing is
# said about the work itself. These are rules that can fail, so try them on the goals you already had. They see
# only what was on record before those goals began.

# %% [markdown] tags=["zh"]
# 但也别贪多：超过三四项，就没人说得清到底看什么了。里程碑清单是一个文件 `milestones.toml`，复制到工作区里改成你们自己的。
#
# ## 第 6 步：上一次的目标定得好吗
#
# **SMART** 对目标问五件事：具体吗、可衡量吗、可达成吗、相关吗、有时限吗？还有四个误区到处都能见到：
# 只看销售额、无视市场、一刀切、没有过程指标。这些都是真会判“不合格”的规则，所以拿你们已有的目标来试一试。
# 规则只看目标开始之前就有的记录。

# %% tags=["nbval-check-output"]
found = sg.check_past_goals(company.tables, country=company.settings.calendar_country)
sg.readable_findings(found, currency)

# %% [markdown] tags=["en"]
# ## Your turn
#
# First guess: by how many percent would the last 12 months have to grow for a goal with a chance of 60%? Then
# change `wish` in the parameters until the answer in step 2 shows 60%, and write down in one line why you would,
# or would not, take this total to the owner.
#
# **Exercise 4.1.** Name a total, in full currency units, that is reached with a chance of 60%.

# %% [markdown] tags=["zh"]
# ## 轮到你了
#
# 先猜：有 60% 把握的目标，比最近 12 个月增长百分之几？再去参数里改 `wish`，直到第 2 步的回答显示 60%，
# 然后用一句话写下：这个总数，你会不会报给老板，为什么。
#
# **练习 4.1** 写出一个达成概率为 60% 的总目标（以元为单位写全）。

# %% tags=["exercise"]
answer = ...
sg.check("4.1", answer, company)

# %% tags=["solution"]
answer = sg.totals_at(forecast, (0.6,)).total[0]
assert abs(sg.chance(forecast, answer) - 0.6) < 0.001
assert sg.check("4.1", answer, company)
sg.format_money(answer, currency)

# %% [markdown] tags=["en"]
# **Exercise 4.2.** "Let us just grow with the market." What is the chance of the total in the market row?

# %% [markdown] tags=["zh"]
# **练习 4.2** “跟着市场涨就行了。”市场那一行的总额，达成概率是多少？

# %% tags=["exercise"]
answer = ...
sg.check("4.2", answer, company)

# %% tags=["solution"]
market = board.set_index("estimate").total["market"]
answer = sg.chance(forecast, market) if market > 0 else float("nan")
assert sg.check("4.2", answer, company)
sg.format_chance(answer)

# %% [markdown] tags=["en"]
# **Exercise 4.3.** The total of step 4 has even odds. For how many people does its split still ask more than
# their own stretch?

# %% [markdown] tags=["zh"]
# **练习 4.3** 第 4 步的总数有一半的把握。照这样分下去，仍有多少人的目标比自己的挑战还难？

# %% tags=["exercise"]
answer = ...
sg.check("4.3", answer, company)

# %% tags=["solution"]
answer = (levels.place == "above_stretch").sum()
assert sg.check("4.3", answer, company)
int(answer)

# %% [markdown] tags=["en", "solution"]
# 4.1 lies between the totals with 70 and 50%; whoever only tries numbers finds it in four or five steps, which
# is worth seeing. At Chengchuan it lies below the last 12 months: they hold one huge order that nobody should
# count on again. Growth on such a year is a higher wish than it sounds. 4.2 shows that "with the market" is a decision like any other: its chance depends on whether
# our own forecast runs ahead of the market or behind it. Let the group say which of the two it would defend
# before the owner. 4.3 counts people whose last 12 months were luckier than their forecast: a split by the past
# makes luck a duty. At Chengchuan step 6 finds all four errors, two of them plainly wrong; ask which of them the
# group's own company would not be found guilty of.

# %% [markdown] tags=["zh", "solution"]
# 4.1 的答案在概率 70 和 50% 的两个总数之间；只靠试数，四五次也能试出来，值得让学员自己试一遍。
# 澄川的答案低于最近 12 个月：那里面有一张特大单，谁也不该指望再来一张。在这样的年份上说增长，要求比听上去更高。
# 4.2 说明“跟着市场走”也是一个决定：概率多大，要看自己的预测跑在市场前面还是后面。让大家说说，在老板面前愿意为哪一个辩护。
# 4.3 数出来的人，最近 12 个月的运气都比自己的预测好：照过去分，就是把运气变成任务。
# 第 6 步在澄川把四个误区全查出来了，其中两个是明摆着的错；可以问问大家，自己公司敢说哪一个没犯。

# %% [markdown] tags=["en"]
# ## Asked again and again
#
# *The goal is high and the mood is low. How do I make people believe in it?* Not by speeches. People believe a
# goal when they see that it rests on their own records, that somebody like them has reached such a number, and
# what it means for this week. So: show the three totals, keep the stretch goal apart from the plan, break the
# plan down to weeks (lesson 8), reward the first stage at once, and tell the story of the colleague who did it.
#
# A vendor's guide says that goals set from data raise the share at goal by more than 30%, and tells of a
# company A where half of the people missed their goals, and after a change to data and joint planning 85%
# reached them while turnover fell to 10%. These are the vendor's figures, unverified. They do not say how high
# the goals were: lower the goal, and everybody's share at goal rises.

# %% [markdown] tags=["zh"]
# ## 常有人问
#
# *目标一高，群里气氛就丧。怎么让大家相信做得到？* 靠喊是没用的。大家信一个目标，是因为看到它出自自己的数据，
# 看到身边真有人做到过，看到它落到这一周是多少。所以：把三个总数亮出来；挑战目标和计划分开；把计划拆到每周（第 8 课）；
# 第一个阶段一到就兑现奖励；再请做到的同事讲讲他是怎么做到的。
#
# 某厂商的指南说，用数据定目标能让达标率提升 30% 以上；还讲了 A 公司的故事：原来一半人不达标，
# 引入数据分析和团队共创之后，达标率到了 85%，流失率降到 10%。这些都是厂商自己的数字，未经核实。
# 文中也没说目标定得多高：只要把目标调低，谁家的达标率都会上升。

# %% [markdown] tags=["en"]
# ## Quick check
#
# 1. A goal has a chance of 30%. What is it good for? **a** the budget · **b** a stretch goal that nobody is
#    punished for missing · **c** nothing
# 2. The forecast says more than the last 12 months. What do you do first? **a** take the higher number · **b**
#    take the mean of both · **c** ask what explains the difference
# 3. Which plan has none of the four classic errors (only revenue, market ignored, one size for all, no process
#    goals)? **a** 15% more revenue for each person · **b** a total with its chance, margin beside revenue, split
#    by what each person can reach, with visits per week · **c** last year's goals once more

# %% [markdown] tags=["zh"]
# ## 小测
#
# 1. 一个目标的达成概率是 30%，它适合做什么？**a** 做预算 · **b** 做挑战目标，达不成也不罚 · **c** 什么都不适合
# 2. 预测比最近 12 个月高，第一件事做什么？**a** 取高的那个 · **b** 取两者平均 · **c** 问清差在哪里
# 3. 四个常见误区是：只看销售额、无视市场、一刀切、没有过程指标。下面哪个方案一个都没犯？**a** 人人业绩加 15% ·
#    **b** 总数写明把握，毛利与销售额并列，按各人够得着的来分，还有每周拜访量 · **c** 照搬去年的目标

# %% [markdown] tags=["en", "solution"]
# Answers: 1 **b**, 2 **c**, 3 **b**. In question 1 ask what the owner's bank would want: the total with 70% or
# more.

# %% [markdown] tags=["zh", "solution"]
# 答案：1 **b**、2 **c**、3 **b**。第 1 题可以追问：要是拿给银行看，该用哪个数？把握在 70% 以上的那个。

# %% [markdown] tags=["en"]
# ## With your own data
#
# - set `workspace` to the folder of your workspace; it needs orders or won opportunities with date, person and
#   amount, at least 12 months of them, better 24
# - the market row needs a file with month and growth in the inbox; without it the row says so
# - margin needs a column with costs, customers need customer ids, step 6 needs a table of goals; what is missing
#   is named
# - in a terminal: `salesgoals goal FOLDER --total 180000000` gives the same answer, and
#   `salesgoals plan FOLDER --total 180000000 --from 2026-07 --metric margin` sets a goal beside revenue
#
# ## Take away
#
# - four estimates side by side, the last 12 months first
# - answer every wish with a chance and three totals, and say the assumptions and the measured coverage with it
# - keep base, target and stretch apart, and let a few things count beside revenue
#
# Next: [5 · Split the goal](05_decompose.ipynb)

# %% [markdown] tags=["zh"]
# ## 换成你自己的数据
#
# - 把 `workspace` 改成你的工作区文件夹；里面要有订单或赢单，带日期、人员、金额，至少 12 个月，最好 24 个月
# - 市场那一行需要收件箱里有一个写着月份和增长率的文件；没有的话，这一行会说明
# - 毛利要有成本列，客户数要有客户编号，第 6 步要有目标表；缺什么，都会写明
# - 在终端里输入 `salesgoals goal FOLDER --total 180000000`，得到同样的回答；
#   `salesgoals plan FOLDER --total 180000000 --from 2026-07 --metric margin` 在销售额之外再定一项目标
#
# ## 记住这三点
#
# - 四种估算放在一起看，最近 12 个月排在最前
# - 谁提什么总数，都用概率和三个总数来回答，同时讲清假定和实测的命中率
# - 保底、目标、挑战分开讲；销售额之外，再看几样
#
# 下一课：[5 · 目标分解](05_decompose.ipynb)

# %% tags=["versions", "nbval-ignore-output"]
sg.versions()
