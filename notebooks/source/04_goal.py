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
# > “The owner came back from a conference and banged the table: double it. If I say no, I am the one without
# > ambition. If I say yes, my people will laugh, and by the third month nobody will look at the goal any more.
# > I do not want to argue about courage. I want to lay on the table what that number would take.”
#
# She has to name a total and say how sure she is of it.
#
# ## You will be able to
#
# - put four estimates of next year's total side by side and say what each rests on
# - answer any wished total with its chance, its assumptions, and the totals with 70, 50 and 30%
# - set base and stretch beside the target, goals beside revenue, and find the four classic errors in any plan

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
# - 不管谁报什么总数，都能答出达成概率和它的假定，并给出概率为 70、50、30% 的三个总数
# - 能在目标旁边定出保底和挑战、定出销售额以外的目标，并在任何方案里找出四个常见误区

# %% tags=["parameters"]
language: str = "zh"  # zh or en / 界面语言：zh 或 en
workspace: str = r""  # your folder of exports, empty for the sample company / 放导出表的文件夹，留空即样例公司
wish: float = 2.0  # wished total as a multiple of the last 12 months / 想要的总目标是最近 12 个月的几倍

# %% tags=["setup"]
import salesgoals as sg

sg.use_language(language)
sg.refuse_unknown_parameters(globals())
sg.use_charts(pictures=True)
company = sg.workspace_of(workspace)
tables, currency, country = company.tables, company.settings.currency, company.settings.calendar_country
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
sg.readable(sg.attainment_by_year(tables))

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
# ## Step 2: “Double it!”
#
# The answer to the owner is no yes and no no, but a chance. `wish` stands in the parameters above. And because an
# answer that only says how unlikely something is helps nobody, three totals stand under it: one that is reached in 70%
# of such years, one with even odds, one with 30%. Last come the assumptions: a chance without them is a rumour.

# %% [markdown] tags=["zh"]
# 先看第一行：**单看全年总额，“最近 12 个月”这个基线很难被打败**，别的估算和它不一样，就得说出理由。
# 预测后面的区间，本意是装下 80% 的可能结果。算不出来的估算会写明缺什么，而不是填一个零。
#
# ## 第 2 步：“翻一倍！”
#
# 给老板的回答不是“行”，也不是“不行”，而是一个概率。`wish` 就写在上面的参数里。只说“不太可能”谁也帮不到，
# 所以下面跟着三个总数：一个有 70% 的把握，一个一半对一半，一个有 30%。最后列出假定：不讲假定的概率，跟小道消息差不多。

# %% tags=["nbval-check-output"]
total = wish * forecast.unit["last_12"]
three = sg.totals_at(forecast)
three["change"] = sg.growth_on_last_year(forecast, three.total)
display(sg.say_chance(forecast, total, currency), sg.readable(three), sg.readable(sg.list_assumptions(forecast)))

# %%
sg.chart_chance(forecast, total, currency)

# %% [markdown] tags=["en"]
# In the chart, follow the curve from left to right: each step to a higher total costs chance, and the wish stands at its
# end. Say it to the owner like this: “As we are, doubling is not a goal but a different company. With the people,
# customers and products that we have, these are the totals and their chances. If you want more, tell me what
# changes: people, territory, price or product, and from which month. Then we calculate again.”
#
# How often did such ranges hold? It was measured, and [docs/coverage.md](../../docs/coverage.md) has the good and the
# bad figures. With 24 months of records, 83% of single sellers' years and 79% of their months fell inside a range
# meant to hold 80% (simulated books); so did 82% of the years of 33 cities together, through the crash of 2008. Where
# fewer held than promised, round the promise down, not up.
#
# ## Step 3: base, target, stretch
#
# One figure for everything breaks in three: the budget wants a safe figure, the team a target, the ambitious a
# stretch goal. So take the total with even odds, split it as the past was (lesson 5 does better), and set beside
# each person's target the **base** (reached in seven years of ten) and the **stretch** (three of ten), both from
# the person's own forecast. Then move the slider to another total. Where would you sign?

# %% [markdown] tags=["zh"]
# 图上从左往右看那条曲线：总数每高一步，把握就少一截，老板想要的数站在最末端。可以这样讲给他听：“照现在的样子，
# 翻一倍不是目标，而是另一家公司。以现有的人、客户和产品，这几个总数各有几成把握。想要更多，请告诉我哪一样会变：
# 人、区域、价格还是产品，从几月开始。然后我们重新算。”
#
# 这样的区间过去说中了多少次？我们量过，好的坏的都写在 [docs/coverage.md](../../docs/coverage.md) 里。
# 有 24 个月历史时，本意装下 80% 的区间，装下了单个销售 83% 的年度和 79% 的月份（模拟的业绩本）；
# 33 个城市合在一起、中间碰上 2008 年的大跌，也装下了 82% 的年度。哪里说到没做到，就该把承诺往低处说，而不是往高处说。
#
# ## 第 3 步：保底、目标、挑战
#
# 一个数当三个用，迟早要出事：做预算要稳的数，带队伍要目标，想冲的人要挑战目标。
# 所以先拿一半对一半的那个总数，照以往的比例分下去（第 5 课有更好的分法），再在每个人的目标旁边放上
# **保底**（十年里有七年够得着）和**挑战**（十年里有三年够得着），都按他自己的预测来算。
# 然后拖动滑块换一个总数。你愿意在哪里签字？

# %% tags=["nbval-check-output"]
start = f"{forecast.unit_months.month.iloc[0]:%Y-%m}"
plan = sg.plan_goals(tables, round(three.total[1]), start, country=country)
levels = sg.set_levels(forecast, plan)
sg.readable_levels(sg.add_levels(levels, forecast))

# %% tags=["interactive", "nbval-ignore-output"]
sg.slide_total(forecast, currency, plan)

# %% [markdown] tags=["en"]
# Compare the chances in the first line with those of single teams. If everybody's base is safe to 70%, all bases
# together are safer still, because not everybody has a bad year at once; for the same reason hardly any company sees
# all its stretches in one year. A target beyond somebody's stretch is no target: the sentence above the curve counts
# such people (`sg.chart_levels` shows who they are), so find out before the names are read out.
#
# ## Step 4: not only revenue
#
# Revenue alone can be bought with price cuts. So a few more things should count: gross margin, new customers,
# repeat purchases, customers who buy several product lines. Each is proposed in the ratio to revenue of the last 12
# months, with its chance. Newcomers get growth goals: what to learn and do, by which month.

# %% [markdown] tags=["zh"]
# 把第一行的把握和下面各团队的比一比。每个人的保底有 70% 的把握，加在一起就更稳，因为不会人人同一年走背字；
# 同样的道理，所有人的挑战在同一年全部做到，几乎没有公司见过。目标比本人的挑战还难，就不成其为目标：
# 曲线上面那句话数的就是这样的人（是谁，用 `sg.chart_levels` 看），名单公布之前要先弄清楚。
#
# ## 第 4 步：不只看销售额
#
# 只看销售额，降价也能冲上去。所以还要看几样：毛利、新客户、老客户复购、一次买几条产品线的客户。
# 每一样都按最近 12 个月和销售额的比例给出建议，并写明有几成把握。新人另有成长目标：哪个月之前学会什么、做到什么。

# %% tags=["nbval-check-output"]
planned = sg.plan_metrics(plan, tables, forecast)
display(sg.readable_metrics(planned), sg.readable_milestones(sg.plan_milestones(plan, tables), plan))

# %% [markdown] tags=["en"]
# Read the chance in each line: four goals with even odds each are rarely all reached in one year. Beyond three or four
# metrics nobody knows what counts. The list of milestones is a file, `milestones.toml`; copy it into the workspace
# and make it yours.
#
# ## Step 5: were the last goals any good?
#
# **SMART** asks five things of a goal: is it specific, measurable, achievable, relevant, time-bound? And four
# errors come back everywhere: only revenue counts, the market is left out, one size is cut for all, nothing is
# said about the work itself. These are rules that can fail, so try them on the goals you already had. They see
# only what was on record before those goals began. The last lines say who climbed out of a clear low all the same.

# %% [markdown] tags=["zh"]
# 每一行都看看把握：四个目标各有一半的把握，一年里很少能全部做到。超过三四项，就没人说得清到底看什么了。
# 里程碑清单是一个文件 `milestones.toml`，复制到工作区里改成你们自己的。
#
# ## 第 5 步：上一次的目标定得好吗
#
# **SMART** 对目标问五件事：具体吗、可衡量吗、可达成吗、相关吗、有时限吗？还有四个误区到处都能见到：
# 只看销售额、无视市场、一刀切、没有过程指标。这些规则真会判“有问题”，所以拿你们已有的目标来试一试。
# 规则只看目标开始之前就有的记录。最后几行说的是：谁照样从明显的低谷里爬了出来。

# %% tags=["nbval-check-output"]
found = sg.check_past_goals(tables, country=country)
display(sg.readable_findings(found, currency), sg.show_stories(sg.success_stories(tables)))

# %% [markdown] tags=["en"]
# Look at the verdicts first, then at the evidence beside them: at Chengchuan all four errors are found, two of them
# plainly wrong. A story is only told where the low and the climb were both more than luck.
#
# ## Your turn
#
# First guess: by how many percent would the last 12 months have to grow for a goal with a chance of 60%? Then
# change `wish` in the parameters until the answer in step 2 shows 60%, and write down in one line why you would,
# or would not, take this total to the owner.
#
# ## Exercise 4.1
#
# Name a total, in full currency units, that is reached with a chance of 60%.

# %% [markdown] tags=["zh"]
# 先看判断，再看旁边的依据：澄川把四个误区全占了，其中两个是明摆着的错。故事只讲那种低谷和回升都不像碰巧的。
#
# ## 轮到你了
#
# 先猜：有 60% 把握的目标，比最近 12 个月增长百分之几？再去参数里改 `wish`，直到第 2 步的回答显示 60%，
# 然后用一句话写下：这个总数，你会不会报给老板，为什么。
#
# ## 练习 4.1
#
# 写出一个达成概率为 60% 的总目标（以元为单位写全）。

# %% tags=["exercise"]
answer = ...
sg.check("4.1", answer, company)

# %% tags=["solution"]
answer = sg.totals_at(forecast, (0.6,)).total[0]
assert abs(sg.chance(forecast, answer) - 0.6) < 0.001
assert sg.check("4.1", answer, company)
sg.format_money(answer, currency)

# %% [markdown] tags=["en"]
# ## Exercise 4.2
#
# “Let us just grow with the market.” What is the chance of the total in the market row of step 1?

# %% [markdown] tags=["zh"]
# ## 练习 4.2
#
# “跟着市场涨就行了。”第 1 步里市场那一行的总额，达成概率是多少？

# %% tags=["exercise"]
answer = ...
sg.check("4.2", answer, company)

# %% tags=["solution"]
market = board.set_index("estimate").total["market"]
answer = sg.chance(forecast, market) if market > 0 else float("nan")
assert sg.check("4.2", answer, company)
sg.format_chance(answer)

# %% [markdown] tags=["en"]
# ## Exercise 4.3
#
# The total of step 3 has even odds. For how many people does its split still ask more than their own stretch? `levels`
# holds one line a person, and `place` says where the target lies.

# %% [markdown] tags=["zh"]
# ## 练习 4.3
#
# 第 3 步的总数有一半的把握。照这样分下去，仍有多少人的目标比自己的挑战还难？`levels` 里一人一行，`place` 写着目标落在哪里。

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
# count on again. Growth on such a year is a higher wish than it sounds. 4.2 shows that “with the market” is a
# decision like any other: its chance depends on whether our own forecast runs ahead of the market or behind it. Let
# the group say which of the two it would defend before the owner. 4.3 counts people whose last 12 months were
# luckier than their forecast: a split by the past makes luck a duty.
#
# Quick check: 1 **b**, 2 **c**, 3 **b**. In the first ask what the owner's bank would want: the total with 70% or more.

# %% [markdown] tags=["zh", "solution"]
# 4.1 的答案在概率 70 和 50% 的两个总数之间；只靠试数，四五次也能试出来，值得让学员自己试一遍。
# 澄川的答案低于最近 12 个月：那里面有一张特大单，谁也不该指望再来一张。在这样的年份上说增长，要求比听上去更高。
# 4.2 说明“跟着市场走”也是一个决定：概率多大，要看自己的预测跑在市场前面还是后面。让大家说说，在老板面前愿意为哪一个辩护。
# 4.3 数出来的人，最近 12 个月的运气都比自己的预测好：照过去分，就是把运气变成任务。
#
# 小测：1 **b**、2 **c**、3 **b**。第一题可以追问：要是拿给银行看，该用哪个数？把握在 70% 以上的那个。

# %% [markdown] tags=["en"]
# ## Asked again and again
#
# *The goal is high and the mood is low. How do I make people believe in the doubled figure?* Look at step 2: with the
# company as it is, its chance is below 1%. No speech changes that, and people can count. A high goal does not make high
# spirits. What the article advises, held against these data:
#
# - *challenging, but within reach of your own history*: right, and now it has a number. 30% is a stretch; what
#   stays below 1% is a wish, not a goal
# - *work out the way together, per week and per day*: right; lesson 8 counts from the goal back to visits and quotes, and
#   says where the day is too short
# - *reward at once, be it a cinema ticket; lead by example*: harmless and cheap; these records can neither prove nor
#   refute it, so do not promise a figure
# - *tell the story of a colleague who did it*: right, if it is true. Step 5 tells only climbs that are more than luck, and
#   where there is none, tell none
# - *let everybody see the progress in a CRM*: showing helps when the goal is within reach; a bar stuck at 40% does not
#
# A vendor's guide says that goals set from data raise the share at goal by more than 30%, and tells of a company A where
# half of the people missed their goals, and after a change to data and joint planning 85% reached them while turnover
# fell to 10%. These are the vendor's figures, unverified. They do not say how high the goals were: lower the goal, and
# everybody's share at goal rises. [Case A](../../case_studies/company_a/company_a.en.ipynb) takes that story apart.
#
# ## Quick check
#
# 1. A goal has a chance of 30%. What is it good for? **a** the budget · **b** a stretch goal that nobody is
#    punished for missing · **c** nothing
# 2. The forecast says more than the last 12 months. What do you do first? **a** take the higher number · **b**
#    take the mean of both · **c** ask what explains the difference
# 3. Which plan has none of the four classic errors (only revenue, market ignored, one size for all, no process
#    goals)? **a** 15% more revenue for each person · **b** a total with its chance, margin beside revenue, split
#    by what each person can reach, with visits per week · **c** last year's goals once more
#
# ## With your own data
#
# - write the folder's path between the quotes of `workspace`; it needs orders or won deals with date, person and amount,
#   at least 12 months of them, better 24
# - the market row needs a file with month and growth; margin needs costs, customers need customer ids, step 5 needs a
#   table of goals; what is missing is named
# - in a terminal: `salesgoals goal FOLDER --total 180000000` gives the same answer, and
#   `salesgoals plan FOLDER --total 180000000 --from 2026-07 --metric margin` sets a goal beside revenue
#
# ## Take away
#
# - four estimates side by side, the last 12 months first
# - answer every wish with a chance and three totals, and say the assumptions and the measured coverage with it
# - keep base, target and stretch apart, let a few things count beside revenue, and try last year's goals on the four errors
#
# Next: [5 · Split the goal](05_decompose.ipynb)

# %% [markdown] tags=["zh"]
# ## 常有人问
#
# *目标一高，群里气氛就丧。怎么让大家真心相信能翻倍？* 先看第 2 步：公司照现在的样子，翻倍的概率不到 1%。
# 喊口号改变不了这个数，底下人也会算账。目标高，不等于劲头高。文章里的几条建议，拿数据对一对：
#
# - *要有挑战，但别脱离自己的历史*：对，而且现在有了刻度。30% 是挑战，不到 1% 的是愿望，不是目标
# - *一起拆解路径，拆到每周、每天*：对。第 8 课从目标倒推到拜访和报价，哪天的时间不够用也会说出来
# - *及时奖励，哪怕一张电影票；管理者带头冲*：花钱不多，没坏处；但这些记录既证明不了也推翻不了，别拿它许诺数字
# - *请身边做到的人讲讲*：对，前提是真有其事。第 5 步只讲不像碰巧的回升；没有，就别硬编
# - *用 CRM 让大家看到进度*：目标够得着的时候，看得见才管用；进度条天天停在 40%，只会更丧
#
# 某厂商的指南说，用数据定目标能让达标率提升 30% 以上；还讲了 A 公司的故事：原来一半人不达标，引入数据分析和团队共创之后，
# 85% 的人达标，流失率降到 10%。这些都是厂商自己的数字，未经核实。文中也没说目标定得多高：只要把目标调低，
# 谁家的达标率都会上升。[案例 A](../../case_studies/company_a/company_a.zh.ipynb) 把这个故事拆开来看。
#
# ## 小测
#
# 1. 一个目标的达成概率是 30%，它适合做什么？**a** 做预算 · **b** 做挑战目标，达不成也不罚 · **c** 什么都不适合
# 2. 预测比最近 12 个月高，第一件事做什么？**a** 取高的那个 · **b** 取两者平均 · **c** 问清差在哪里
# 3. 四个常见误区是：只看销售额、无视市场、一刀切、没有过程指标。下面哪个方案一个都没犯？**a** 人人业绩加 15% ·
#    **b** 总数写明把握，毛利与销售额并列，按各人够得着的来分，还有每周拜访量 · **c** 照搬去年的目标
#
# ## 换成你自己的数据
#
# - 把文件夹的路径写进 `workspace` 的引号里；要有订单或赢单，带日期、人员、金额，至少 12 个月，最好 24 个月
# - 市场那一行要有一个写着月份和增长率的文件；毛利要有成本，客户数要有客户编号，第 5 步要有目标表；缺什么，都会写明
# - 在终端里输入 `salesgoals goal FOLDER --total 180000000`，得到同样的回答；
#   `salesgoals plan FOLDER --total 180000000 --from 2026-07 --metric margin` 在销售额之外再定一项目标
#
# ## 记住这三点
#
# - 四种估算放在一起看，最近 12 个月排在最前
# - 谁提什么总数，都用概率和三个总数来回答，同时讲清假定和实测的命中率
# - 保底、目标、挑战分开讲，销售额之外再看几样，并拿四个误区去照一照去年的目标
#
# 下一课：[5 · 目标分解](05_decompose.ipynb)

# %% tags=["versions", "nbval-ignore-output"]
sg.versions()
