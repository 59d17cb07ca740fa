# %% [markdown] tags=["en"]
# # 6 · Review the goals
#
# **Is the split fair, and will the people stand behind it?**
#
# | minutes | you need | you leave with |
# |---|---|---|
# | 60 | lesson 5, a split | goals that people have claimed and agreed to, with a record of who said what, when and why |

# %% [markdown] tags=["zh"]
# # 6 · 目标评审
#
# **分得公平吗？大家认不认？**
#
# | 分钟 | 需要 | 带走 |
# |---|---|---|
# | 60 | 学过第 5 课，有一份分解方案 | 大家认领并确认过的目标，谁在什么时候、为什么这么定，都有记录 |

# %% [markdown] tags=["en"]
# ## The situation
#
# The sales director speaks:
#
# > "The split adds up and I can explain it. But when I showed it, nobody said a word, and I know that silence. Ask
# > them for their own numbers and everybody says less than they can. Last time each head of department had
# > quietly put something on top, to be safe, and in the end only a third of the people got there."
#
# She wants numbers that people have named themselves, and she wants them honest.
#
# ## You will be able to
#
# - say whether a split is fair, and how sure that judgement is
# - hold a claiming session in which the honest number pays best
# - agree on goals that add up and keep what was proposed, claimed and agreed apart

# %% [markdown] tags=["zh"]
# ## 情景
#
# 销售总监说：
#
# > “分得平平整整，我也说得清。可方案一亮，没人吭声，这种安静我太熟了。让他们自己报数吧，个个往低了报。
# > 上次更糟，每个部门经理都悄悄多加了一点保险，层层一加，最后只有三分之一的人达标。”
#
# 她要大家自己报出来的数，而且要报真话。
#
# ## 学完这一课
#
# - 能判断一份分解公不公平，也说得出这个判断有多大把握
# - 能开一场目标认领会，让报真话的人最划算
# - 能把目标定到分毫不差，并把提议、认领、确认的数分开留底

# %% tags=["parameters"]
language: str = "zh"  # zh or en / 界面语言：zh 或 en
workspace: str = ""  # folder of a workspace, empty for the sample company / 工作区文件夹，留空即样例公司
growth: float = 0.08  # growth on the last 12 months / 比最近 12 个月增长多少
unit: int = 100  # goals are whole multiples of it / 目标取整到它的倍数

# %% tags=["setup"]
import salesgoals as sg

sg.use_language(language)
sg.refuse_unknown_parameters(globals())
sg.use_charts(pictures=True)
company = sg.practice_workspace(sg.open_workspace(workspace) if workspace else sg.sample_workspace())
sg.lesson_needs_sales(company)
currency = company.settings.currency

# %% [markdown] tags=["en"]
# ## Look first
#
# This is the proposal: the last 12 months plus `growth`, split by history. We work on a copy of the workspace, so
# that nothing said here gets into the real one. Whose goal looks hardest to you?

# %% [markdown] tags=["zh"]
# ## 先看一看
#
# 这是提议的方案：最近 12 个月加上 `growth`，按历史分。我们在工作区的副本上练习，这里说的话不会进到真的工作区里。你觉得谁的目标最难？

# %%
forecast, board = sg.estimate(company)
wanted = forecast.unit["last_12"] * (1 + growth)
step = max(unit, 10 ** (len(f"{wanted:.0f}") - 3))
saved = sg.make_plan(company, round(wanted / step) * step, f"{forecast.months.month.min():%Y-%m}", unit=unit)
sg.save_plan(company, saved)
people = saved.plan.people

# %% tags=["nbval-check-output"]
sg.readable(people.sort_values("chance")[["person", "team", "last_12", "goal", "growth", "chance"]], rows=8)

# %% [markdown] tags=["en"]
# ## Step 1: is the split fair?
#
# (fairness)

# %% [markdown] tags=["zh"]
# ## 第 1 步：分得公平吗？
#
# （公平性）

# %% [markdown] tags=["en"]
# ## Step 2: the claiming session
#
# Everybody names the own goal, with a reason. A claim does not overwrite the proposal: both are kept, each with who
# and when. Whoever has not claimed yet is shown as that; it is not taken for zero.

# %% [markdown] tags=["zh"]
# ## 第 2 步：开一场目标认领会
#
# 每个人自己报目标，并说明理由。认领的数不覆盖提议的数，两个都留着，各自记下是谁、什么时候说的。还没认领的，就显示“还没认领”，不当成零。

# %% [markdown] tags=["en"]
# ## Step 6: the hedge
#
# (hedge)

# %% [markdown] tags=["zh"]
# ## 第 6 步：加码
#
# （加码）

# %% tags=["versions", "nbval-ignore-output"]
sg.versions()
