# %% [markdown] tags=["en"]
# # A case of your own
#
# **How were goals set, how will they be set, and what can be expected of that?**
#
# | minutes | you need | you leave with |
# |---|---|---|
# | 60 | a folder with sales by day, person and amount; `case.toml` filled in | the same way as in the three cases, on the client's own records |

# %% [markdown] tags=["zh"]
# # 自己的案例
#
# **目标过去怎么定，以后怎么定，能指望什么？**
#
# | 分钟 | 需要 | 带走 |
# |---|---|---|
# | 60 | 一个文件夹，里面的销售记录有日期、人员、金额；填好的 `case.toml` | 和三个案例同样的一条路，用的是客户自己的记录 |

# %% [markdown] tags=["en"]
# ## The situation
#
# > (Write down what the director says, word for word.)
#
# ## You will be able to
#
# - judge the past goals by what was known when they were set
# - set a total with its chance and a split that can be defended
# - say what a new way of setting goals can bring, and what nobody can know

# %% [markdown] tags=["zh"]
# ## 情景
#
# > （照着总监的原话写下来，不要替他改词。）
#
# ## 学完这一课
#
# - 会用当时知道的东西评判过去的目标
# - 会定一个写明把握的总数，和敢辩护的分法
# - 说得出新做法能带来什么，哪些谁也没法知道

# %% tags=["parameters"]
language: str = "zh"  # zh or en / 界面语言：zh 或 en
workspace: str = ""  # folder of the case, empty for this notebook's own / 案例的文件夹，留空即本 notebook 所在的文件夹
period: str = ""  # to look back at, such as 2025-H1; empty: the last half-year / 回看哪一段，例如 2025-H1；留空即最近半年
teams: int = 2000  # how many teams the model plays / 模型推演多少个团队

# %% tags=["setup"]
import salesgoals as sg

sg.use_language(language)
sg.refuse_unknown_parameters(globals())
sg.use_charts(pictures=True)
company = sg.practice_workspace(sg.open_workspace(workspace or "."))
sg.lesson_needs_sales(company)
case, tables, currency = sg.case_of(company), company.tables, company.settings.currency

# %% [markdown] tags=["en"]
# ## Look first
#
# What is on record, and what has been published about it, if anything. A step for which the data lack something says so in a
# sentence and lets the others go on.

# %% [markdown] tags=["zh"]
# ## 先看一看
#
# 手里有哪些记录；有没有公开的数字可以并排看。哪一步缺数据，就用一句话说明，后面的照常走。

# %%
display(sg.readable(sg.count_tables(company)), sg.show_published(case))

# %% [markdown] tags=["en"]
# ## Step 1: collect

# %% [markdown] tags=["zh"]
# ## 第 1 步：收集

# %%
collected = sg.collect_folder(company)
sg.show_collected(company.issues, collected.totals)

# %% [markdown] tags=["en"]
# ## Step 2: past goals
#
# Both readings of the rate: **attainment** is sales over goal, **share at goal** is how many people reached theirs.

# %% [markdown] tags=["zh"]
# ## 第 2 步：过去的目标
#
# 两种读法：**达成率**是销售额除以目标，**达标率**是做到自己目标的人占多少。

# %%
figures = sg.year_figures(tables)
sg.show_years(figures)

# %% [markdown] tags=["en"]
# ## Step 3: what was wrong with them
#
# The rules first, then each person's chance on the first day of the period. Where no goals are on record, goals to practise with stand in for
# them: what is usual and 5% more.

# %% [markdown] tags=["zh"]
# ## 第 3 步：问题出在哪里
#
# 先过规则，再看这一段的第一天，各人有几成把握。没有目标记录的，用练习目标代替：平常的水平再加 5%。

# %%
found = sg.check_past_goals(tables, country=company.settings.calendar_country)
sg.or_say(sg.readable_findings, found, currency) if len(found) else sg.show_years(figures)

# %%
chosen = sg.period_to_review(tables, period)
goals = sg.practice_goals(company, chosen)
verdicts = sg.or_say(sg.goal_or_work, tables, goals, chosen)
sg.or_say(sg.chart_goal_or_work, verdicts, currency, tables["people"])

# %% [markdown] tags=["en"]
# ## Step 4: the new way
#
# The **total**: estimates side by side, three totals with their chances.

# %% [markdown] tags=["zh"]
# ## 第 4 步：新的做法
#
# **总数**：几种估算摆在一起，三个总数各写明把握。

# %%
forecast, board = sg.estimate(company)
three = sg.totals_at(forecast)
display(sg.readable(board), sg.readable(three), sg.chart_chance(forecast, three.total[0], currency))

# %% [markdown] tags=["en"]
# The **split**: the same total in every way that the records allow, then the one with the same chance for all, and whether anybody is
# treated worse.

# %% [markdown] tags=["zh"]
# **怎么分**：同一个总数，数据支持的每种分法各分一遍；再看把握相同的那一种，有没有人吃亏。

# %%
start = f"{forecast.months.month.min():%Y-%m}"
total = round(three.total[0] / company.settings.unit) * company.settings.unit
saved = sg.make_plan(company, total, start, method="equal_chance")
assert (saved.plan.proof.difference == 0).all()
fairness = sg.judge_fairness(saved.plan, saved.forecast, tables, saved.weights)
display(sg.chart_methods(saved.methods), sg.show_fairness(fairness, currency))

# %% [markdown] tags=["en"]
# **Co-creation**: everybody answers before it is final. These answers are made up; replace them by those of your claiming session.

# %% [markdown] tags=["zh"]
# **共创**：定稿之前人人回话。这里的回答是代编的，请换成你们认领会上的。

# %%
sg.save_plan(company, saved)
claims = sg.practice_claims(saved.forecast, saved.plan.people, company.settings.unit)
if len(claims):
    sg.record_claims(company, claims, who=sg.say("lesson.trainer"), why=sg.say("lesson.why_claimed"))
sg.gap_table(sg.claim_gap(company))

# %% [markdown] tags=["en"]
# ## Step 5: looking back
#
# The last period with goals: from the goal, step by step, to the result.

# %% [markdown] tags=["zh"]
# ## 第 5 步：回头看
#
# 最近一段有目标的时间：从目标一步步走到结果。

# %%
gap = sg.or_say(sg.gap_report, tables, goals, chosen)
sg.or_say(sg.chart_gap_steps, gap, "all", "all", currency)

# %% [markdown] tags=["en"]
# ## Step 6: what the model makes of it
#
# A team like this one, thousands of times, under the old way and the new one, as `case.toml` describes them. The model shows what is possible; it is
# explained in `docs/model.md`.

# %% [markdown] tags=["zh"]
# ## 第 6 步：模型怎么看
#
# 一个和它相像的团队，按 `case.toml` 里写的旧做法和新做法，各推演几千遍。模型只说明可能性，说明在 `docs/model.md`。

# %%
outcomes = sg.simulate_case(case, teams, case.seed)
beside = sg.beside_published(case, outcomes, figures)
display(sg.show_outcomes(outcomes), sg.chart_outcomes(outcomes, beside if len(beside) else None))

# %% [markdown] tags=["en"]
# ## Step 7: what came from what, and what it hangs on

# %% [markdown] tags=["zh"]
# ## 第 7 步：哪一块功劳归谁，结论靠的是什么

# %%
explained = sg.explain_change(case.team, case.before, case.after, teams, case.seed)
display(sg.show_explained(explained), sg.or_say(sg.chart_what_came_from_what, explained),
        sg.show_assumptions(sg.what_it_hangs_on(case, max(teams // 5, 50), case.seed)))

# %% [markdown] tags=["en"]
# ## Your turn
#
# Predict, then set it: which one change would this team gain most from, in sales and not only in the rate?

# %% [markdown] tags=["zh"]
# ## 轮到你了
#
# 先猜，再调：只改一样，这个团队改哪一样得益最大？看销售额，别只看率。

# %% tags=["interactive", "nbval-ignore-output"]
sg.try_policies(case.team, case.before, case.seed)

# %%
sg.chart_cliff(sg.level_curve(case.team, case.before, teams=max(teams // 4, 50), seed=case.seed))

# %% [markdown] tags=["en"]
# ## What this case does not prove
#
# - that the new way brings what the model says: most of its numbers are assumptions
# - that what was measured in the past will hold; a forecast knows no new product and no lost customer
# - (add what only the client can know)
#
# ## Take away
#
# - (three sentences for the client, in the order of the objectives)

# %% [markdown] tags=["zh"]
# ## 这个案例证明不了什么
#
# - 证明不了新做法真能带来模型里的结果：里面的数大半是假定
# - 证明不了过去量出来的会照旧；预测不知道新产品，也不知道丢掉的客户
# - （补上只有客户自己才知道的）
#
# ## 记住这三点
#
# - （写给客户的三句话，按学习目标的顺序）

# %% tags=["versions", "nbval-ignore-output"]
sg.versions()
