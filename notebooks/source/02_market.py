# %% [markdown] tags=["en"]
# # 2 · Read the market
#
# **How much of our growth is ours, and how much did the market give?**
#
# | minutes | you need | you leave with |
# |---|---|---|
# | 45 | lesson 1, figures of your market if you have them | strengths and weaknesses that the figures can carry |

# %% [markdown] tags=["zh"]
# # 2 · 看市场
#
# **增长里有多少是我们自己的，有多少是市场给的？**
#
# | 分钟 | 需要 | 带走 |
# |---|---|---|
# | 45 | 学过第 1 课；有市场数据更好 | 经得起数字检验的优势和短板 |

# %% [markdown] tags=["en"]
# ## The situation
#
# The sales director speaks:
#
# > “We grew well, and everybody has an explanation. The owner says it is the brand. The team leaders say it is their
# > people. The buyer says any fool can grow in such a market. Before I ask for more next year I want to know three
# > things: what the market gave us, what we won, and where we are buying sales with our margin.”
#
# She has to say where next year's growth can come from, and where it must not come from.
#
# ## You will be able to
#
# - take growth apart into what the market gave and what went beyond it
# - say why sales and margin changed: pieces, prices, costs, products
# - tell a strength from the luck of a few customers

# %% [markdown] tags=["zh"]
# ## 情景
#
# 销售总监说：
#
# > “我们涨得不错，人人都有一套说法。老板说是品牌，团队主管说是手下的人，采购说这种行情傻子也能涨。
# > 明年要多少之前，我想弄清三件事：市场给了多少，我们自己挣了多少，哪里是拿毛利换来的销售额。”
#
# 她要说清楚：明年的增长可以从哪里来，又绝不能从哪里来。
#
# ## 学完这一课
#
# - 能把增长拆成市场给的和快于市场的两块
# - 能说出销售额和毛利率为什么变：销量、价格、成本，还是产品
# - 能分清什么是优势，什么只是几个客户的运气

# %% tags=["parameters"]
language: str = "zh"  # zh or en / 界面语言：zh 或 en
workspace: str = r""  # your folder of exports, empty for the sample company / 放导出表的文件夹，留空即样例公司
months: int = 12  # how many months are compared with the same a year before / 拿几个月和上一年同月比

# %% tags=["setup"]
import salesgoals as sg

sg.use_language(language)
sg.refuse_unknown_parameters(globals())
sg.use_charts(pictures=True)
company = sg.workspace_of(workspace)
tables, currency = company.tables, company.settings.currency

# %% [markdown] tags=["en"]
# ## Look first
#
# One line for the whole company: the last months, the same months a year before, and what the market did meanwhile.

# %% [markdown] tags=["zh"]
# ## 先看一看
#
# 全公司一行：最近这些月、上一年同月，以及这段时间里市场怎样。

# %% tags=["nbval-check-output"]
sg.show_market(sg.growth_against_market(tables, by=None, months=months))

# %% [markdown] tags=["en"]
# Chengchuan grew far faster than its market. That is the sentence everybody likes. Keep it for a moment, and look at
# the column with the range: it is empty, because one customer made so much of the difference that nobody can say how
# the year would have gone without luck.
#
# ## Step 1: growth = market + the rest
#
# The same, segment by segment. The growth of a segment is taken apart: what the whole market gave, what its own market
# gave more or less than that (mix), and what went beyond its market or fell behind it. The parts add up to the change,
# to the last unit. In the chart below the table, grey is the market's share of the growth, colour is the rest;
# divide by something else, or choose another period, and see whether the picture holds.

# %% [markdown] tags=["zh"]
# 澄川的增长远远快过市场。这句话人人爱听，先别急着用：看看区间那一列，是空的。
# 差别里有太大一块出自一个客户，没有这份运气这一年会怎样，谁也说不准。
#
# ## 第 1 步：增长 = 市场 + 其余
#
# 同样的问题，按客户类型看。每一类的增长拆成几块：随整个市场涨的；自己那块市场比整个市场多涨或少涨的（结构）；
# 快于或落后于自己那块市场的。几块加起来正好等于全部变化，一分不差。
# 表下面的图里，灰色是市场给的，彩色是其余。换一种分法、换一段时间，看看结论还在不在。

# %% tags=["nbval-check-output"]
sg.show_market(sg.growth_against_market(tables, by="segment", months=months))

# %% tags=["interactive", "nbval-ignore-output"]
sg.choose_market(tables, currency)

# %% [markdown] tags=["en"]
# Two segments stand out, and only one of them is good news. Where the range is given, many customers carry the
# growth. Where it is missing, a handful does: one order of a manufacturer is most of that bar.
#
# ## Step 2: can the market's figures be trusted?
#
# Whoever publishes a market's size changes now and then which companies are counted. Then this year's size divided by
# last year's is not the growth. The published growth compares like with like, so it goes first. Here are the first
# months in which the two readings disagree, then how many such months each segment has.

# %% [markdown] tags=["zh"]
# 有两类客户特别显眼，但好消息只有一个。给出了区间的，增长由许多客户撑着；没有区间的，只靠少数几个：
# 制造企业那一条里，大半是一张单。
#
# ## 第 2 步：市场数据信得过吗？
#
# 发布市场规模的机构，时不时会换统计范围。这时拿今年的规模除以去年的，得到的不是增速。
# 公布的增速是同口径相比的，所以先用它。下面先看两种读法对不上的头几个月，再看每块市场一共有几个月对不上。

# %% tags=["nbval-check-output"]
display(sg.show_market(sg.market_disagreements(tables), rows=4), sg.show_market(sg.benchmarks(tables)))

# %% [markdown] tags=["en"]
# Read the last column of the second table first: a whole year is affected. China's retail sales of May 2018 are a
# public example: the published growth was 8.5%, the growth of the levels 3.1%. Whoever plans with the second
# figure takes a market for weak that is not.
#
# ## Step 3: why sales changed, and what was left of it
#
# First the walk from last year's sales to this year's: more pieces, dearer products, other prices, new or lost
# products, returns; every step adds up. Then the margin of each product line, half-year by half-year, and what
# moved it: price is ours to decide, cost is the buyer's, mix is what customers chose.

# %% [markdown] tags=["zh"]
# 先看第二张表的最后一列：整整一年都受影响。公开数据里就有例子：2018 年五月中国社会消费品零售总额，公布的增速是 8.5%，
# 用规模相除只有 3.1%。拿后一个数做计划，就会把一个不弱的市场看弱了。
#
# ## 第 3 步：销售额为什么变，最后剩下多少
#
# 先从去年的销售额一步一步走到今年：卖得更多、产品更贵、价格变了、新产品和停售产品、退货，每步都加得上。
# 再看每条产品线每半年的毛利率，以及是什么在动：价格由我们自己定，成本要问采购，结构是客户选的。

# %%
sg.chart_bridge(sg.price_volume_mix(tables, months=months), currency)

# %%
sg.chart_margins(sg.margin_course(tables))

# %% tags=["nbval-check-output"]
sg.show_market(sg.margin_causes(tables, months=months))

# %% [markdown] tags=["en"]
# In the walk, look at the price step; in the margins, at the one line that falls; in the table, at its row. The largest
# product line sells more every half-year and earns less on each piece: its prices fall while its costs rise. In a
# plan that counts sales only, this line is the hero.
#
# ## Step 4: on whom the year rests, and when it is made
#
# How many customers make most of the sales; then who came, who left and who bought less; then how strong each month is
# per working day (an index of 1 is normal). Per working day, because February is short and Spring Festival moves.

# %% [markdown] tags=["zh"]
# 第一张图看价格那一步，第二张图看唯一往下走的那条线，表里看它那一行。最大的一条产品线，每半年都卖得更多，
# 每一件却赚得更少：价格往下，成本往上。如果计划里只看销售额，它就是功臣。
#
# ## 第 4 步：这一年靠谁，又靠哪几个月
#
# 先看大部分销售额出自多少客户；再看谁来了、谁走了、谁买得少了；最后看每个月平均一个工作日卖多少，指数 1 是平常。
# 之所以按工作日算，是因为二月天数少，而春节年年挪位置。

# %%
sg.chart_customers(sg.customer_shares(tables, months=months))

# %% tags=["nbval-check-output"]
display(sg.show_market(sg.customer_changes(tables, months=months)),
        sg.show_market(sg.season_indices(tables, company.settings.calendar_country)))

# %% [markdown] tags=["en"]
# Look at the second and the last line of customers: those who stayed and bought less cost more than those who left. A
# goal that speaks only of new customers looks the wrong way.
#
# ## Step 5: strengths and weaknesses that hold
#
# Look at thirty parts and one will shine by chance. So a difference is only named here when the luck of a few customers
# cannot explain it, however many parts were looked at; in simulated companies without any strength, fewer than 5 in
# 100 got a false one. Orders that alone bend the year stand on a line of their own.

# %% [markdown] tags=["zh"]
# 看客户表的第二行和最后一行：留下来却买得更少的，比走掉的损失更大。只谈开发新客户的目标，方向就看错了。
#
# ## 第 5 步：站得住的优势和短板
#
# 看三十个部分，总有一个碰巧冒尖。所以只有用几个客户的运气解释不了的差别才列在这里，看了多少部分都已算进去；
# 在本来没有任何优势的模拟公司里，每 100 家有不到 5 家被误报。一张单就能把全年带歪的，单列一行。

# %% tags=["nbval-check-output"]
sg.say_findings(sg.strengths_and_weaknesses(tables, months=months), currency)

# %% [markdown] tags=["en"]
# So few lines, and each with its evidence. What these figures cannot know: who the competitors are, what customers
# think, how large the part of the market is that nobody serves yet. Ask the people who see customers; write down who
# said it and when.
#
# ## Your turn
#
# First guess: how much of Chengchuan's change would have come without any effort, from the market alone? Then change
# `months` in the parameters to 6 and write down in one line whether the story stays the same.
#
# ## Exercise 2.1
#
# The company as one: how much, in full currency units, came with the whole market?

# %% [markdown] tags=["zh"]
# 就这么几行，每一行都有凭据。这些数字不知道的事：对手是谁，客户怎么想，还没人服务的那块市场有多大。
# 去问见客户的人，并记下谁说的、什么时候说的。
#
# ## 轮到你了
#
# 先猜：澄川的变化里，什么都不做、光靠市场就能拿到的有多少？再去参数里把 `months` 改成 6，用一句话写下结论变没变。
#
# ## 练习 2.1
#
# 把全公司当作一个整体：随整个市场来的有多少（以元为单位写全）？

# %% tags=["exercise"]
answer = ...
sg.check("2.1", answer, company)

# %% tags=["solution"]
whole = sg.growth_against_market(tables, by=None)
answer = whole.market[0] if len(whole) else float("nan")
assert sg.check("2.1", answer, company)
sg.format_money(answer, currency)

# %% [markdown] tags=["en"]
# ## Exercise 2.2
#
# Which product line cost the company most profit by its falling margin?

# %% [markdown] tags=["zh"]
# ## 练习 2.2
#
# 哪条产品线因为毛利率下降，让公司少赚得最多？

# %% tags=["exercise"]
answer = ...
sg.check("2.2", answer, company)

# %% tags=["solution"]
causes = sg.margin_causes(tables)
named = causes[causes.part != ""].set_index("part").money.dropna()
answer = named.idxmin() if len(named) else ""
assert sg.check("2.2", answer, company)
answer

# %% [markdown] tags=["en", "solution"]
# 2.1: whoever divides the market's levels gets a smaller figure and believes that more was won; the check says so. 2.2:
# let the group find it in the chart first, then in money: points of margin lost times sales. Ask who in the room pays
# commission on exactly this line.
#
# Quick check: 1 **b**, 2 **a**, 3 **c**. In the second ask how many customers would be enough; there is no magic
# number, but a dozen that count is the least.

# %% [markdown] tags=["zh", "solution"]
# 2.1：拿市场规模两年相除的人会得到更小的数，于是以为自己赢得更多；检查会指出来。
# 2.2：让大家先在图上找，再换成钱：降了几个百分点，乘上卖了多少。问一问在座的，谁家正给这条线发提成。
#
# 小测：1 **b**、2 **a**、3 **c**。第二题可以追问：多少个客户才够？没有标准答案，但有分量的客户至少要有十来个。

# %% [markdown] tags=["en"]
# ## Asked again and again
#
# *We have no figures of our market. What now?* Take what is public, from the statistics office or the trade body, even
# if it fits only roughly, and write down the source. Without any, the lesson shows your own growth and says that the
# market is missing: a gap that is named is better than a figure that is made up.
#
# *A competitor claims to have doubled. Must we double, too?* Ask from what level, in which segment and with how many
# customers. Such a story often comes down to a small base or to one order; this lesson shows how to tell.
#
# ## Quick check
#
# 1. Own growth 12%, the market 15%. What is true? **a** we grew, all is well · **b** we lost market share · **c** the
#    market must be measured wrongly
# 2. A segment doubled; 4 customers make nearly all of it. What do you write? **a** nothing yet: too few customers to
#    say · **b** a strength · **c** a weakness
# 3. Sales of a product line rise by 20%, its margin falls by 8 points. What do you ask first? **a** how to sell more
#    of it · **b** who its best seller is · **c** whether price, cost or mix moved

# %% [markdown] tags=["zh"]
# ## 常有人问
#
# *我们没有市场数据，怎么办？* 先用公开的：统计局的、行业协会的，口径只对得上个大概也行，但要写明出处。
# 实在没有，这一课就只显示自己的增长，并写明缺市场数据：缺口写在明处，好过编一个数。
#
# *对手说他们翻了一倍，我们也得翻吗？* 先问清楚：从多少翻起，在哪一类客户，靠几个客户。
# 这种故事，常常不是基数小，就是一张大单；用这一课的办法就能分清。
#
# ## 小测
#
# 1. 自己增长 12%，市场增长 15%。哪句对？**a** 涨了就好 · **b** 我们丢了份额 · **c** 一定是市场数据错了
# 2. 某类客户翻了一倍，几乎全靠 4 个客户。你怎么写？**a** 先不写：客户太少，说明不了什么 · **b** 优势 · **c** 短板
# 3. 一条产品线的销售额涨了 20%，毛利率降了 8 个百分点。先问什么？**a** 怎样卖得更多 · **b** 谁卖得最好 · **c** 动的是价格、成本还是结构

# %% [markdown] tags=["en"]
# ## With your own data
#
# - write the folder's path between the quotes of `workspace`; growth needs the same months of two years, margins need a
#   cost column, volume and price need quantities and products
# - put the market's figures beside the exports as a file with the columns month, segment, level, growth, source; a
#   segment is compared with its own market when both have the same name
# - what is missing is said in a sentence; in a terminal `salesgoals market FOLDER` gives the same
#
# ## Take away
#
# - take off what the market gave before you praise or blame
# - sales without margin are half of the story; ask whether price, cost or mix moved
# - few customers prove nothing, and one order is not a strength
#
# Next: [3 · Take stock of the team](03_team.ipynb)

# %% [markdown] tags=["zh"]
# ## 换成你自己的数据
#
# - 把文件夹的路径写进 `workspace` 的引号里；看增长要有两年的同月记录，看毛利要有成本列，拆量价要有数量和产品
# - 市场数据也放进这个文件夹，一个文件，列名：月份、细分市场、市场规模、同比增速、数据来源；细分市场和客户类型同名，就和自己那块市场比
# - 缺什么，会用一句话说出来；在终端里输入 `salesgoals market FOLDER`，得到同样的结果
#
# ## 记住这三点
#
# - 表扬或批评之前，先减掉市场给的那一块
# - 只看销售额不看毛利，故事只讲了一半；问清动的是价格、成本还是结构
# - 客户太少什么也证明不了，一张单不算优势
#
# 下一课：[3 · 团队盘点](03_team.ipynb)

# %% tags=["versions", "nbval-ignore-output"]
sg.versions()
