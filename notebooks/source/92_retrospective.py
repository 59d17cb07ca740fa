# %% tags=["parameters"]
workspace: str = ""  # folder of a workspace, empty for the sample company / 工作区文件夹，留空即样例公司
language: str = "zh"  # zh or en / 界面语言：zh 或 en
by: str = "all"  # all, team or person / 读者：all（全公司）、team（团队）或 person（个人）
name: str = ""  # which team (department/team) or person (id) / 哪个团队（部门/团队）或哪个人（编号）
period: str = ""  # such as 2026-Q2 or 2026-06; empty: the last half-year / 例如 2026-Q2、2026-06；留空即最近半年

# %% tags=["setup"]
import salesgoals as sg

sg.use_language(language)
sg.refuse_unknown_parameters(globals())
sg.use_charts()
from salesgoals.show import retro_findings, retro_report, retro_sections, session_parts
from salesgoals.show.goal_report import show_section

report = retro_report.open_retro_report(workspace, period, by, name)

# %%
retro_report.headline(report)

# %%
show_section("retro_gap", *retro_report.gap_section(report))

# %%
show_section("retro_units", *retro_report.units_section(report))

# %%
show_section("retro_verdict", *retro_findings.verdict_section(report), new_page=by == "all")

# %%
show_section("retro_lines", *retro_sections.lines_section(report))

# %%
show_section("retro_kpi", *retro_findings.kpi_section(report))

# %%
show_section("retro_forecast", *retro_findings.forecast_section(report))

# %%
show_section("retro_people", *retro_sections.people_section(report))

# %%
show_section("retro_rules", *retro_sections.rules_section(report), new_page=True)

# %%
show_section("retro_control", *retro_sections.control_section(report))

# %%
show_section("retro_session", *session_parts.session_section(report))

# %%
show_section("retro_next", *session_parts.next_section(report))

# %% [markdown] tags=["en"]
# ## How this was made
#
# A gap is taken apart along a chain of steps, from time at work to price. The effect of each step is the mean over all orders in which the
# steps could have changed (Shapley value), so that no order favours anybody and the parts add up to the gap. What
# is not on record is held at base. How often a planted cause was found, and how often one was named that was not there, is measured
# and printed in the file `docs/retro.md` of salesgoals.

# %% [markdown] tags=["zh"]
# ## 怎么算出来的
#
# 差距沿着一串环节拆开，从在岗时间一直到价格。每一环的影响，取所有先后顺序的平均（沙普利值），所以哪种顺序都不占便宜，各项加起来正好等于差距。
# 没有记录的环节按基准算。事先埋下的原因有多大机会找得出来，没有的原因有多大机会被冤枉，实测结果写在 salesgoals 的 `docs/retro.md` 文件里。

# %%
retro_report.provenance(report)
