# %% [markdown] tags=["en"]
# # 9 · Adjust the goals
#
# **Half the year is gone and everything has changed: what happens to the goals?**
#
# | minutes | you need | you leave with |
# |---|---|---|
# | 45 | lessons 5 and 6, a split with its record | goals that follow what happened, still add up, and say who decided what, when and why |

# %% [markdown] tags=["zh"]
# # 9 · 动态调整
#
# **半年过去，情况全变了，目标怎么办？**
#
# | 分钟 | 需要 | 带走 |
# |---|---|---|
# | 45 | 学过第 5、6 课，有一份留了底的分解 | 跟着事实走的目标：照样分毫不差，谁在什么时候、为什么改的，都有记录 |

# %% [markdown] tags=["en"]
# ## The situation
#
# It is the middle of the year. The sales director speaks:
#
# > “One of my best people has resigned. The market is soft. A quarter of the team has given up on goals they cannot
# > reach any more, and they tell me so. And this morning the owner comes in: could we add 10%? Last year we changed
# > goals on the phone, a bit here, a bit there. In December nobody could say any more what had been agreed.”
#
# Holding on to a dead goal is as wrong as changing it whenever somebody complains. Both teach people the same thing:
# that the number means nothing.
#
# ## You will be able to
#
# - turn an event into a proposal that adds up, leaves the past alone and says who takes on what
# - decide when a goal must change, and when it must not
# - keep a record from which every earlier state can be rebuilt

# %% [markdown] tags=["zh"]
# ## 情景
#
# 年中，销售总监说：
#
# > “一个骨干刚提了离职，行情又软。团队里四分之一的人对着够不着的目标，已经不想干了，话都说到我面前来了。
# > 偏偏今天早上老板进来问：能不能再加 10%？去年我们也改过目标，都是电话里说一声，这边减一点、那边加一点，
# > 到了年底，谁也说不清当初定的到底是多少。”
#
# 死磕一个已经没用的目标是错的，谁喊得响就给谁改也是错的。两种做法教给大家的是同一件事：这个数不算数。
#
# ## 学完这一课
#
# - 能把一件事变成一份提案：层层分毫不差，过去的一分不动，谁多扛了多少写得明明白白
# - 分得清什么时候必须改，什么时候不能改
# - 能留一份台账，从前任何一天的目标都能还原

# %% tags=["parameters"]
language: str = "zh"  # zh or en / 界面语言：zh 或 en
workspace: str = r""  # your folder of exports, empty for the sample company / 放导出表的文件夹，留空即样例公司
growth: float = 0.15  # growth that the goals asked for / 当初定目标时要求的增长
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
# So that there is something to adjust, goals are set here as they would have been set half a year ago: from the
# records of that time, with `growth` on top, split by history. Since then 6 months have been sold. We work on a copy of
# the workspace.
#
# The table has two chances: of the **whole** year, what was sold so far counted, and of the **rest** alone. Which of the
# two would you show to a team that is far behind?

# %% [markdown] tags=["zh"]
# ## 先看一看
#
# 为了有东西可调，这里先按半年前的情形定一份目标：只用当时的记录，加上 `growth`，按历史分。从那以后已经卖了 6 个月。
# 我们在工作区的副本上练习。
#
# 表里的概率有两个：**全年**的（已完成的算进去），和**剩余部分**单独的。一个落后很多的团队，你会给他们看哪一个？

# %% tags=["nbval-check-output"]
saved, day = sg.practice_year(company, growth, unit)
sg.save_plan(company, saved)
leaver = sg.largest_seller(saved)
assert (saved.plan.proof.difference == 0).all()
sg.show_standing(company, day)

# %% [markdown] tags=["en"]
# At Chengchuan the year is as good as lost, but the rest is not hopeless everywhere: look for teams whose chance of the
# rest is far above that of the whole. For them the past is what weighs, not the goal that is left.
#
# ## Step 1: somebody leaves
#
# The person with the largest goal is gone from tomorrow on. What was due before stays with that person, to the unit. The
# rest goes to somebody, month by month and product line by product line, so that the company's sums stay. The first
# proposal: colleagues of the team take it over, each in proportion to what they can be expected to sell. Below it stand
# other answers: the whole company helps, the seat stays vacant, or nobody takes it and the total comes down.

# %% [markdown] tags=["zh"]
# 澄川这一年的总目标基本没戏了，但剩余部分并不是处处没希望：找一找剩余概率比全年概率高出一大截的团队。压着他们的是过去，
# 不是剩下的目标。
#
# ## 第 1 步：有人离开
#
# 目标最大的那个人，明天起不在了。以前的那部分留在本人名下，一分不动。剩下的得有人接：一个月一个月、一条产品线一条产品线地交过去，
# 公司的各项合计就不会变。第一个提案：由同团队的同事接，按各人预计能卖的多少来分。最下面是另外几种办法：全公司一起扛；
# 岗位空着等人来；或者没有人接，总数下调。

# %% tags=["nbval-check-output"]
left = sg.propose_adjustment(company, sg.Leave(leaver, day))
assert (left.proof.difference == 0).all()
assert left.change == 0
takers = ("team", "all", "vacancy", "nobody")
others = sg.compare_events(company, [sg.Leave(leaver, day, to) for to in takers])
display(sg.show_adjustment(left), others)

# %% [markdown] tags=["en"]
# Nothing has been changed yet; this is a proposal. Read the doubts first: whom does it push below 10%? One assumption
# stands there openly: how much customers go on buying once their seller is gone. Nobody knows it, so the company's chance
# is told for both ends. In the last table the vacancy looks harmless, because nobody gets a higher goal. Look at the
# chance: it is the most expensive answer, for nobody works on that part. The cheapest for everybody is to lower the total,
# and it must be said aloud that this is what happens.
#
# ## Step 2: the market falls
#
# The market is down by 20%. Either the total follows it: then goals stay as hard as they were, only smaller. Or the
# total is kept: then every goal stays, and every chance falls.

# %% [markdown] tags=["zh"]
# 到这里什么都还没改，只是提案。先看存疑的几条：它把谁推到了 10% 以下？还有一个假设摆在明处：人走了，客户还会接着买多少？
# 谁也不知道，所以公司的概率两头都报出来。最后一张表里，空着岗位看起来谁都不得罪，没有一个人的目标变大。再看概率：
# 它其实最贵，因为那一块根本没人在做。对大家最轻的是下调总数，但要把话说明白：总数就是降了。
#
# ## 第 2 步：市场跌了
#
# 行情跌了 20%。要么总数跟着走：目标变小了，难度还和原来一样；要么总数不动：每个人的目标照旧，概率全往下掉。

# %% tags=["nbval-check-output"]
falls = [sg.MarketShock(-0.2, day), sg.MarketShock(-0.2, day, total="kept")]
sg.compare_events(company, falls)

# %% [markdown] tags=["en"]
# There is no third line in which both stay. But a fall need not hit everybody alike:
# `sg.MarketShock(-0.2, day, "segment", name)` changes only goals of those who sell there, by as much as they sell there.
#
# ## Step 3: goals out of reach
#
# Out of reach is not a feeling but a figure: with everything sold so far counted, the chance of the whole goal is below
# 10%. Such a goal moves nobody any more. It comes down to a level with a stated chance, here 50% **of the rest**. What
# was missed before stays missed and stays on record: an adjustment is not a pardon.
#
# And if the total must stand? Then colleagues would have to take over the difference, but only as far as they keep the
# same chance themselves. The last table says how much room there is, and refuses where it is not enough.

# %% [markdown] tags=["zh"]
# 两头都保住的第三行是没有的。不过市场跌了，不一定人人都受影响：`sg.MarketShock(-0.2, day, "segment", name)`
# 只动在那一块有销售的人，那一块占他多少业绩就动多少。
#
# ## 第 3 步：目标够不着
#
# 够不着不是感觉，是一个数：把已经卖出的都算上，全年目标的达成概率还不到 10%。这样的目标已经推不动人了。
# 把它降到有明确把握的水平，这里是让**剩余部分**有 50% 的把握。以前欠下的还是欠着，记录里也还在：调整不是一笔勾销。
#
# 要是总数非保住不可呢？那就得由同事接过差额，但接完以后，他们自己也要有同样的把握。最后一张表写着还有多少余地，不够就不给过。

# %% tags=["nbval-check-output"]
reach = sg.propose_adjustment(company, sg.OutOfReach(day))
past = reach.proof[reach.proof.level == "past"]
assert (past.difference == 0).all()
kept = sg.compare_events(company, [sg.OutOfReach(day), sg.OutOfReach(day, total="kept")])
display(sg.show_adjustment(reach), kept)

# %%
sg.chart_chances_change(reach.chances, rest=True)

# %% [markdown] tags=["en"]
# The chart shows the chance of the rest before and after: whose goals came down has something to play for again, and
# nobody else's chance has moved.
#
# ## Step 4: the owner wants 10% more
#
# A wish is allowed. It gets the same treatment as every other event: what it means for the rest of the year, what it
# does to the chance, and whom it hits. First guess: 10% more on the year, in the middle of the year. By how much do the
# goals rise that are left?

# %% [markdown] tags=["zh"]
# 图上是剩余部分的概率，调整前和调整后：目标降下来的人又有了奔头，其他人的概率一点没动。
#
# ## 第 4 步：老板要再加 10%
#
# 提要求是可以的。它和别的事一样过一遍：对剩下的半年意味着什么，概率变成多少，落在谁头上。
# 先猜一猜：全年加 10%，现在是年中，剩下的目标要涨多少？

# %% tags=["nbval-check-output"]
wish = sg.propose_adjustment(company, sg.Wish("all", "+10%", day))
assert abs(wish.change - 0.1 * wish.before.goal.sum()) <= unit
sg.show_adjustment(wish)

# %% [markdown] tags=["en"]
# The doubts at the top name two things: whom the wish pushes below 10%, and who is ahead and would be punished for it.
# The program does not forbid either. It says so, with names, before anybody signs.
#
# ## Step 5: approve, and keep the record
#
# Two decisions are made now: the leaver's goal is shared by everybody, and goals out of reach come down. Each becomes an
# entry in the ledger: who, when, why, valid from which day, from which sum to which. If somebody changed the goals since
# the proposal was made, approval is refused. What held before can still be rebuilt, and an adjustment is taken back by a
# new entry, never by deletion.
#
# The table says what has changed since the first entry. Under it is your desk: choose what happens, to whom, and who
# takes it on. The proposal follows at once; the ledger only when you approve.

# %% [markdown] tags=["zh"]
# 最上面的存疑写了两件事：这个要求把谁推到了 10% 以下；谁正跑在前头，却要因此吃亏。程序不会拦着，但会在签字之前把名字点出来。
#
# ## 第 5 步：批准，留底
#
# 现在拍板两件事：离开的人的目标由全公司分担；够不着的目标往下调。每一件都是台账里的一条：谁、什么时候、为什么、从哪天起生效、
# 合计从多少变成多少。提案做好以后要是有人又改过目标，就不给批。从前的目标随时能还原；要收回一次调整，再记一条就是，从来不删。
#
# 下表列出第一条记录以来改了什么。再往下是你的调整台：选发生了什么、落在谁身上、由谁接。提案马上出来，台账要等你批准才动。

# %% tags=["nbval-check-output"]
for event, why in [(sg.Leave(leaver, day, "all"), "lesson.why_left"), (sg.OutOfReach(day), "lesson.why_reach")]:
    found = sg.propose_adjustment(company, event)
    if len(found.who_absorbs):
        sg.approve_adjustment(company, found, sg.say("lesson.trainer"), sg.say(why))
with sg.open_ledger(company) as ledger:
    assert ledger.as_of(1).goal.sum() == saved.plan.goals.goal.sum()
    assert ledger.as_of(version="proposed").goal.sum() == sg.load_plan(company).plan.goals.goal.sum()
sg.ledger_diff(company, 1, rows=8)

# %% tags=["interactive", "nbval-ignore-output"]
sg.adjust_desk(company, day)

# %% [markdown] tags=["en"]
# ## Step 6: are the goals out of control?
#
# Adjusting again and again is a symptom. The article behind this course names five ways in which goals get out of
# control. The records can recognise each, or say openly that they cannot; each has its own remedy, and lowering goals
# is the remedy for only one of them.

# %% [markdown] tags=["zh"]
# ## 第 6 步：目标失控了吗？
#
# 老是在调，本身就是症状。这门课所依据的文章列出了目标失控的五种情形。记录认得出来的就指出来，认不出来的也直说；
# 每一种都有对症的办法，而下调目标只治其中一种。

# %% tags=["nbval-check-output"]
span = f"{saved.parameters['start']}..{left.frozen_until:%Y-%m}"
control = sg.judge_control(company, span)
assert len(control) == 5
sg.show_control(control)

# %% [markdown] tags=["en"]
# Read the column of evidence before the verdict, and take the questions for people into the next meeting.
#
# ## Your turn
#
# Can you find an answer to the resignation that pushes nobody below 10%? Predict first, then try it on the desk of step
# 5, approve it, take it back, and look at `sg.ledger_history(company)`. Write down in one sentence which answer you would
# give, and what you would say to whoever takes on more.
#
# ## Exercise 9.1
#
# The owner asks for 10% more on the goal of the year as it stands now, and nobody absorbs it. By what share do the goals
# rise that are left from `day` on?

# %% [markdown] tags=["zh"]
# 先看依据，再看结论；“要问人的”那一列，带到下一次会上去问。
#
# ## 轮到你了
#
# 有没有一种接法，不把任何人推到 10% 以下？先猜，再到第 5 步的调整台上试：批准，再收回，看看 `sg.ledger_history(company)` 里写了什么。
# 最后写一句话：你会选哪种接法，对多扛的人怎么说？
#
# ## 练习 9.1
#
# 老板要求在现在的全年目标上再加 10%，没有人分担。从 `day` 起剩下的目标，要涨百分之多少？

# %% tags=["exercise"]
answer = ...
sg.check("9.1", answer, company)

# %% tags=["solution"]
found = sg.propose_adjustment(company, sg.Wish("all", "+10%", day))
answer = found.change / found.chances.open_before[0]
assert sg.check("9.1", answer, company)
sg.format_growth(answer, 1)

# %% [markdown] tags=["en"]
# ## Exercise 9.2
#
# “Be generous”, says the head of HR: goals that are out of reach should get a chance of 70% for the rest, not 50%. As the
# goals stand now, what share of the goal of the whole year would be given up?

# %% [markdown] tags=["zh"]
# ## 练习 9.2
#
# 人事总监说：“大方一点。”够不着的目标，剩余部分的把握不要 50%，要给到 70%。照现在的目标算，全年总目标要放弃百分之多少？

# %% tags=["exercise"]
answer = ...
sg.check("9.2", answer, company)

# %% tags=["solution"]
found = sg.propose_adjustment(company, sg.OutOfReach(day, chance=0.7))
answer = abs(found.change) / found.before.goal.sum()
assert sg.check("9.2", answer, company)
f"{answer:.1%}"

# %% [markdown] tags=["en"]
# ## Asked again and again
#
# *Everybody knows that the goal is dead. Do we stick to it until December?* No. A goal with a chance below 10% costs
# twice: people stop trying, and the forecast that others rely on is wrong. Bring it down to a stated chance from a day
# on, leave the past on record, and write down why. Then look for the reason (lesson 10).
#
# *And when must a goal not change?*
#
# | the wish | why not | instead |
# |---|---|---|
# | raise those who are ahead | the **ratchet**: in company records goals rise more after a good year than they fall after a bad one (Leone, Misra and Zimmerman), and sellers who expect it hold back, as a field experiment with a beverage company in Chile found | leave them the gain, raise with the next period |
# | lower whoever asks loudest | honest claims lose; next time everybody claims low and asks late | lower only what new facts have put out of reach, for everybody by the same rule |
# | change what is already known | goals that follow results are no goals | start after the last day of the records |
# | change after a single bad month | with few deals a bad month is mostly chance | wait until an alarm of lesson 8 rings, or the chance is below 10% |
#
# ## Quick check
#
# 1. A seller leaves in the middle of a month. What happens to the goal of that month? **a** it is deleted · **b** it is
#    split by working days; what is past stays with the leaver · **c** the successor gets all of it
# 2. A team is 30% ahead in June. The owner raises its goal at once. What follows next year? **a** it holds back ·
#    **b** the team is ahead even earlier · **c** nothing
# 3. An adjustment was wrong. What do you do? **a** delete the entry · **b** change the plan by hand · **c** take it
#    back by a new entry

# %% [markdown] tags=["zh"]
# ## 常有人问
#
# *人人都知道这个目标没戏了，还要死磕到年底吗？* 不要。概率不到 10% 的目标有两重代价：人不使劲了，别人靠它做的预测也是错的。
# 从某一天起把它降到有明确把握的水平，过去的留在记录里，写下为什么。然后去找原因（第 10 课）。
#
# *那什么时候不能改？*
#
# | 要求 | 为什么不行 | 该怎么办 |
# |---|---|---|
# | 给跑在前头的人加码 | **鞭打快牛**：有企业的记录显示，好年景之后目标涨得多，差年景之后却降得少（Leone、Misra、Zimmerman）；智利一家饮料公司的实地实验发现，销售料到会这样，就留一手 | 超出来的归本人，要加从下一期加 |
# | 谁喊得响给谁减 | 老实认领的人吃亏；下回人人往低了报，再慢慢来喊 | 只减新的事实让它够不着的，对所有人用同一条规则 |
# | 改结果已经出来的 | 跟着结果走的目标，就不是目标了 | 从记录的最后一天之后开始 |
# | 一个月不好就改 | 单子少的时候，一个月不好多半是碰巧 | 等第 8 课的警报响了，或者概率不到 10% 再说 |
#
# ## 小测
#
# 1. 有人月中离开，这个月的目标怎么办？**a** 删掉 · **b** 按工作日拆开，过去的留在本人名下 · **c** 全部给接手的人
# 2. 一个团队到年中超前了 30%，老板马上给它加目标。下一年会怎样？**a** 留一手 · **b** 更早超前 · **c** 没什么影响
# 3. 有一次调整调错了，怎么办？**a** 删掉那一条 · **b** 直接改方案里的数 · **c** 再记一条，把它收回

# %% [markdown] tags=["en", "solution"]
# **Why.** 9.1: the later in the year a wish comes, the harder it hits. Let the group work out what the same 10% means in
# November. 9.2 prices generosity. Ask the group who pays for it: not the people whose goals come down, but whoever
# planned with the total. Then let them try `chance=0.5` again: nothing is left to lower, because the rule looks only at
# the rest and does not forgive what was missed.
#
# **Answers:** 1 **b**, 2 **a**, 3 **c**. On question 2 ask for an example from their own company; there always is one.

# %% [markdown] tags=["zh", "solution"]
# **为什么。** 9.1：要求提得越晚，压得越重。可以让大家算一算，同样的 10%，到十一月才提出来意味着什么。
# 9.2 给“大方”标了价。问问大家谁来付：不是目标下调的人，而是照着总数做安排的人。再试一次 `chance=0.5`：已经没有可降的了，
# 因为规则只看剩下的，不赦免欠下的。
#
# **答案：** 1 **b**、2 **a**、3 **c**。第 2 题可以请大家举自己公司的例子，总会有的。

# %% [markdown] tags=["en"]
# ## With your own data
#
# - set `workspace` to the folder of your workspace; the lesson works on a copy with goals made for practice
# - in a terminal: `salesgoals adjust FOLDER --leave ID --from 2026-09-01` shows the proposal, `--approve --who --why` puts
#   it into force; `--join`, `--move`, `--customers`, `--shock`, `--reach` and `--wish` work alike
# - it also takes a plan that was made before the latest exports came in, and goals that came with the exports
#
# ## Take away
#
# - the past is not touched, every sum stays exact, and somebody is named who takes on the rest, at a stated chance
# - lower what facts have put out of reach, by one rule for all; leave those who are ahead what they gained
# - every change has who, when and why, and is taken back only by a new entry
#
# Next: [10 · Look back](10_retro.ipynb)

# %% [markdown] tags=["zh"]
# ## 换成你自己的数据
#
# - 把 `workspace` 改成你的工作区文件夹；这一课在副本上练习，用的是为练习定的目标
# - 在终端里：`salesgoals adjust FOLDER --leave ID --from 2026-09-01` 给出提案，`--approve --who --why` 让它生效；
#   `--join`、`--move`、`--customers`、`--shock`、`--reach`、`--wish` 用法一样
# - 新的导出文件来之前做的方案也能调，随导出文件来的目标也能调
#
# ## 记住这三点
#
# - 过去的一分不动，合计分毫不差；剩下的由谁扛要点名，扛了以后还有多大把握要讲明
# - 事实让它够不着的才减，对所有人一条规则；跑在前头的，多出来的归他
# - 每次改动都有谁、什么时候、为什么；要收回，只能再记一条
#
# 下一课：[10 · 复盘](10_retro.ipynb)

# %% tags=["versions", "nbval-ignore-output"]
sg.versions()
