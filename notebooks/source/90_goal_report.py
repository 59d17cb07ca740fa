# %% tags=["parameters"]
workspace: str = ""  # folder of a workspace with a plan, empty for the sample company / 有方案的工作区文件夹，留空即样例公司
language: str = "zh"  # zh or en / 界面语言：zh 或 en
by: str = "all"  # all, team or person / 读者：all（全公司）、team（团队）或 person（个人）
name: str = ""  # which team (department/team) or person (id) / 哪个团队（部门/团队）或哪个人（编号）

# %% tags=["setup"]
import salesgoals as sg

sg.use_language(language)
sg.refuse_unknown_parameters(globals())
sg.use_charts()
from salesgoals.show import charts, checks, claims_parts, goal_parts, goal_report, ledger_parts, parts
from salesgoals.show import incentives_parts, market_parts, quality, report_tables, review_parts, team_parts
from salesgoals.show.facts import read_facts

report = goal_report.open_goal_report(workspace, by, name)

# %%
facts = read_facts(report)
parts.headline(report, facts)

# %%
charts.chart_history(report.history, report.forecast, report.plan.goals, report.currency,
                     report.settings.calendar_country)

# %%
if by == "person":
    goal_report.show_section("months", report_tables.months_table(report), parts.stage(report))
else:
    goal_report.show_section("carriers", goal_report.carriers(report, facts),
                             report_tables.people_table(report, facts))

# %%
goal_report.show_section("levels", *goal_parts.levels_section(report))

# %%
goal_report.show_section("chance", charts.chart_chance(report.forecast, facts.goal, report.currency,
                                                       facts.baseline),
                         parts.chance_table(report, facts), parts.double_it(report, facts),
                         parts.board_table(report, facts), new_page=True)

# %%
goal_report.show_section("teams", *goal_report.teams(report, facts))
if by != "person":
    goal_report.show_section("months", report_tables.months_table(report))

# %%
goal_report.show_section("team", *team_parts.team_section(report))

# %%
goal_report.show_section("products",
                         charts.chart_products(report.plan.goals, report.history, report.currency),
                         report_tables.products_table(report))

# %%
goal_report.show_section("market", *market_parts.market_section(report), new_page=True)

# %%
goal_report.show_section("metrics", *goal_parts.metrics_section(report))
goal_report.show_section("milestones", goal_parts.milestones_section(report))

# %%
goal_report.show_section("fairness", *review_parts.fairness_section(report))

# %%
goal_report.show_section("claims", *claims_parts.claims_section(report))

# %%
goal_report.show_section("methods", charts.chart_methods(report.methods))

# %%
goal_report.show_section("pay" if by == "person" else "pay_cost", *incentives_parts.pay_section(report))

# %%
if by == "person":
    parts.display_parts(checks.remarks(report, facts))
else:
    goal_report.show_section("objections", checks.objections(report), checks.remarks(report, facts))
    goal_report.show_section("past_goals", checks.past_objections(report))

# %% [markdown] tags=["en"]
# ## Proof of the sums
#
# Every sum is added up again from the single goals, along the organisation, the months and the product lines.
# A plan is only written when the last column is zero throughout.

# %% [markdown] tags=["zh"]
# ## 加总核对
#
# 每个合计都从最细的目标重新加了一遍：按组织、按月份、按产品线。最后一列全部为零，方案才会写出来。

# %%
report_tables.proof_table(report)

# %%
goal_report.show_section("ledger", *ledger_parts.changes_section(report))

# %%
goal_report.show_section("quality", charts.chart_quality(report.totals), quality.totals_table(report.totals),
                         quality.issues_table(report.issues))

# %% [markdown] tags=["en"]
# ## How this was made
#
# A forecast is not a promise. For a year's total, "the same as the last 12 months" is a baseline that is hard to
# beat, so it stands beside the forecast everywhere in this report. How often the ranges were right on public
# sales series is measured and printed in the file `docs/coverage.md` of salesgoals.

# %% [markdown] tags=["zh"]
# ## 怎么算出来的
#
# 预测不是承诺。就全年合计而言，“和最近 12 个月一样”是一条很难胜过的基线，所以本报告处处把它和预测放在一起。这些区间在公开销售数据上到底有多准，实测结果写在 salesgoals 的 `docs/coverage.md` 文件里。

# %%
parts.display_parts(parts.method_note(report), parts.provenance(report))
