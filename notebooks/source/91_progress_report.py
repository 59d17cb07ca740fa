# %% tags=["parameters"]
workspace: str = ""  # folder of a workspace, empty for the sample company / 工作区文件夹，留空即样例公司
language: str = "zh"  # zh or en / 界面语言：zh 或 en
by: str = "all"  # all, team or person / 读者：all（全公司）、team（团队）或 person（个人）
name: str = ""  # which team (department/team) or person (id) / 哪个团队（部门/团队）或哪个人（编号）
period: str = ""  # such as 2026-06 or 2026-Q2, empty for the last one on record / 如 2026-06、2026-Q2，留空即最近一期
day: str = ""  # the last day that is known, empty for the last one / 数据看到哪一天，留空即最后一天

# %% tags=["setup"]
import salesgoals as sg

sg.use_language(language)
sg.refuse_unknown_parameters(globals())
sg.use_charts()
from salesgoals.show import adjust_parts, process_sections, progress_report
from salesgoals.show.goal_report import show_section

report = progress_report.open_progress_report(workspace, period, day, by, name)

# %%
progress_report.headline(report)

# %%
show_section("progress_alarms", *process_sections.alarms_section(report))

# %%
show_section("progress_pace", *process_sections.pace_section(report))

# %%
show_section("progress_work", *process_sections.work_section(report))

# %%
show_section("progress_kpis", *process_sections.kpis_section(report))

# %%
show_section("progress_weeks", *process_sections.weeks_section(report))

# %%
show_section("progress_pipeline", *process_sections.pipeline_section(report))

# %%
show_section("progress_customers", *process_sections.customers_section(report))

# %%
show_section("progress_team", *process_sections.team_section(report))

# %%
show_section("progress_changes", *adjust_parts.changes_section(report))

# %%
show_section("progress_agenda", *process_sections.agenda_section(report))

# %%
show_section("progress_data", *process_sections.data_section(report))

# %% [markdown] tags=["en"]
# ## How this was made
#
# Pace is held against the usual course of such a period on its working days, not against the share of days that is
# gone. A chance rests on how far past months strayed; where deals are few, none is told. Whoever is not named here
# has nothing to explain.

# %% [markdown] tags=["zh"]
# ## 怎么算出来的
#
# 进度是跟这样的时段平常在工作日上的走法比，不是跟过了几分之几的天数比。概率看的是以往各月偏离多少；单子太少的，不给概率。
# 没有点到的人，没有什么需要解释的。

# %%
display(*process_sections.method_section(report))
